"""What a scenario file says: who reports, what happens there, where, and how each occurrence goes on."""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file; unknown keys are refused."""


class Agency(Strict, frozen=True):
    """Who sends and how; `send_code`, `system` and `receive_code` are the safety net's sendCd, sysCd and rcvCd."""

    name: str
    send_code: str
    receive_code: str
    system: str
    wire: Literal["json", "form"] = "json"
    charset: Literal["utf-8", "cp949"] = "utf-8"
    users: tuple[str, ...] = ("상황실",)
    aria_key: str = ""  # seals its messages (encAt=Y); empty sends them open


class Hotspot(Strict, frozen=True):
    """A place where things happen; points are drawn within `spread` metres of it."""

    name: str
    lon: float
    lat: float
    spread: float = 60.0
    weight: float = 1.0


class Step(Strict, frozen=True):
    """What follows, `after` seconds after the step before."""

    after: float
    state: str
    content: tuple[str, ...] = ()  # empty: the first content again
    items: dict[str, str] = {}
    chance: float = 1.0


class Story(Strict, frozen=True):
    """One sort of occurrence; texts may hold {place}, {name}, {phone}, {plate} and {age}."""

    kind: str
    kind_name: str
    detail: str
    content: tuple[str, ...]
    detail_code: str = ""
    grade: str = "10"
    weight: float = 1.0
    items: dict[str, str] = {}
    place: Literal["point", "words"] = "point"  # words: without coordinates, as a caller who cannot be located
    steps: tuple[Step, ...] = ()


class Scenario(Strict, frozen=True):
    """A whole file."""

    agency: Agency
    hotspots: tuple[Hotspot, ...]
    stories: tuple[Story, ...]


def load_scenario(name_or_path: str) -> Scenario:
    """The scenario of a file, or a bundled one by name ("112", "119"); raises OperatorsError with what is wrong."""
    path = Path(name_or_path)
    try:
        if path.suffix == ".toml":
            text = path.read_text("utf-8")
        else:
            text = (files("goldentime.sim") / "scenarios" / f"{path.name}.toml").read_text("utf-8")
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except OSError as missing:
        problem = Text(f"시나리오를 찾을 수 없습니다: {name_or_path}", f"No such scenario: {name_or_path}")
        raise OperatorsError(problem, code="not_found") from missing
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as wrong:
        problem = Text(f"시나리오 {name_or_path} 오류: {wrong}", f"Scenario {name_or_path}: {wrong}")
        raise OperatorsError(problem) from wrong
    if not scenario.hotspots or not scenario.stories:
        problem = Text("시나리오에 장소와 사건이 하나씩은 있어야 합니다.", "A scenario needs a hotspot and a story.")
        raise OperatorsError(problem)
    return scenario


def placed_at(scenario: Scenario, hotspots: Sequence[Hotspot], *, receive_code: str | None = None) -> Scenario:
    """The same stories in another city."""
    agency = scenario.agency if receive_code is None else replace(scenario.agency, receive_code=receive_code)
    return replace(scenario, agency=agency, hotspots=tuple(hotspots))
