"""What a drill was asked to be and where it stands, kept in its own folder, so that a stopped one goes on as itself."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from goldentime.core.clock import SpedClock
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.sim.drill.figures import Figures, Line
from goldentime.staged import empty_own

MARK = ".goldentime-drill"  # only a folder with this mark is ever emptied
FIGURES = "figures.jsonl"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for; kept with the drill, so that a stopped one goes on as itself."""

    reports: int
    speed: float
    burst: float
    seed: int
    city: str | None
    begins: str  # midnight of the played day
    done: int = 0


def begin_anew(data: Path) -> None:
    """Empty the drill's folder; raises OperatorsError for one that is not a drill's, which is never touched."""
    refusal = Text(
        f"{data}은(는) 훈련용 폴더가 아니라 비우지 않습니다. --data로 다른 폴더를 주세요.",
        f"{data} is not a drill's folder and will not be emptied; give another one by --data.",
    )
    empty_own(data, MARK, refusal)
    (data / MARK).write_text("")


def keep(data: Path, plan: Plan, done: int, clock: SpedClock) -> None:
    """Remember where the drill is, so that it can go on."""
    state = {**asdict(plan), "done": done, "reached": clock.now().isoformat()}
    made = data / f"{MARK}.new"
    made.write_text(json.dumps(state, ensure_ascii=False))
    made.replace(data / MARK)  # whole or not at all: a drill may be killed at any moment


def get_kept(data: Path) -> Plan:
    """The drill that was stopped there; raises OperatorsError where none was."""
    state = _state(data)
    if not state:
        raise OperatorsError(Text(f"{data}에 이어 할 훈련이 없습니다.", f"There is no drill to go on with in {data}."))
    return Plan(**{key: value for key, value in state.items() if key != "reached"})


@contextlib.contextmanager
def figures_in(data: Path) -> Iterator[Figures]:
    """The figures of all parts so far; each new one is written down as it is counted, for the next part."""
    file = data / FIGURES
    before = file.read_text() if file.exists() else ""
    with file.open("a", buffering=1) as kept:
        if before and not before.endswith("\n"):
            kept.write("\n")  # the half line of a machine that lost its power stays by itself

        def keep_line(line: Line) -> None:
            kept.write(f"{json.dumps(line, ensure_ascii=False)}\n")

        figures = Figures(keep_line)
        figures.recall(_whole_lines(before))
        yield figures


def _whole_lines(text: str) -> Iterator[list[Any]]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def _state(data: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((data / MARK).read_text()))
    except (OSError, ValueError):
        return {}


def reached_at(plan: Plan, data: Path) -> datetime:
    """When the played day begins, or where a stopped one goes on."""
    reached = _state(data).get("reached")
    return datetime.fromisoformat(str(reached)) if reached else datetime.fromisoformat(plan.begins)


def day_of(plan: Plan, more: int = 0) -> str:
    """The played day, or one `more` days later, as an ISO date."""
    return (datetime.fromisoformat(plan.begins) + timedelta(days=more)).date().isoformat()
