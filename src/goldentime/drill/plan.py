"""What a drill was asked to be and where it stands, kept in its own folder, so that a stopped one goes on as itself."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from goldentime.core.clock import SpedClock
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.staged import empty_own

MARK = ".goldentime-drill"  # only a folder with this mark is ever emptied


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
