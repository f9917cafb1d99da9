"""What a way through the roads is to whoever drives it: links, time, length, line, and the turns in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.roads.line import LinkId
from goldentime.city.roads.turns import TURN_WORDS, Turn
from goldentime.core.place import LonLat
from goldentime.core.text import Text

_NO_NAME = Text("이름 없는 길", "an unnamed road")
_KINDS = [turn.name.lower() for turn in Turn]
DEPART, ARRIVE = "depart", "arrive"


@dataclass(frozen=True, slots=True)
class Step:
    """From `place` so many metres and seconds along one road, after the turn named by `kind`."""

    kind: str  # depart, straight, right, left, u_turn, arrive
    road: str
    metres: float
    seconds: float
    place: LonLat
    text: Text


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one spot to another; `link_seconds` is how long each of `links` takes with the turn before it."""

    links: tuple[LinkId, ...]
    seconds: float
    metres: float
    line: tuple[tuple[float, float], ...]
    steps: tuple[Step, ...]
    link_seconds: tuple[float, ...]


def make_route(graph: RoadGraph, ends: tuple[Spot, Spot], rows: Sequence[int], seconds: Sequence[float]) -> Route:
    """The route over these link rows, each taking so many seconds; first and last are driven in part only."""
    a, b = ends
    last = len(rows) - 1
    shares = [(a.along if at == 0 else 0.0, b.along if at == last else 1.0) for at in range(len(rows))]
    line: list[tuple[float, float]] = []
    for row, (since, until) in zip(rows, shares, strict=True):
        part = graph.shapes.part(row, since, until)
        line.extend(part[1:] if line and line[-1] == part[0] else part)
    whole = graph.metres[rows].tolist()
    metres = [length * (until - since) for length, (since, until) in zip(whole, shares, strict=True)]
    return Route(
        links=tuple(graph.ids[row] for row in rows),
        seconds=float(sum(seconds)),
        metres=float(sum(metres)),
        line=tuple(line),
        steps=_steps(graph, ends, rows, (metres, seconds)),
        link_seconds=tuple(map(float, seconds)),
    )


def traced(came: NDArray[np.int32], state: int) -> list[int]:
    """The states from the search's first to this one."""
    way = [state]
    while came[way[-1]] >= 0:
        way.append(int(came[way[-1]]))
    return way[::-1]


def _steps(
    graph: RoadGraph, ends: tuple[Spot, Spot], rows: Sequence[int], taken: tuple[Sequence[float], Sequence[float]]
) -> tuple[Step, ...]:
    """A step for every turn and every new road name; what goes straight on under one name is one step."""
    metres, seconds = taken
    names = [graph.links[row].name for row in rows]
    begun, kinds = [0], [DEPART]
    for at, turn in enumerate(graph.turn_kind.along(np.asarray(rows)).tolist(), 1):
        if turn != Turn.STRAIGHT or (names[at] != names[at - 1] and names[at]):
            begun.append(at)
            kinds.append(_KINDS[turn])
    steps = []
    for number, (at, kind_name) in enumerate(zip(begun, kinds, strict=True)):
        until = begun[number + 1] if number + 1 < len(begun) else len(rows)
        name = next(filter(None, names[at:until]), "")
        place = ends[0].place if at == 0 else LonLat(*graph.shapes.lines[rows[at]][0])
        length = float(sum(metres[at:until]))
        steps.append(
            Step(kind_name, name, length, float(sum(seconds[at:until])), place, _words(kind_name, name, length))
        )
    steps.append(Step(ARRIVE, steps[-1].road, 0.0, 0.0, ends[1].place, Text("도착", "Arrive")))
    return tuple(steps)


def _words(kind: str, name: str, metres: float) -> Text:
    far = f"{metres / 1000:.1f} km" if metres >= 950 else f"{max(10, round(metres / 10) * 10)} m"
    road = Text(name, name) if name else _NO_NAME
    if kind == DEPART:
        return Text(f"출발: {road.ko} {far}", f"Depart along {road.en}, {far}")
    turn = TURN_WORDS[Turn[kind.upper()]]
    return Text(f"{turn.ko} 후 {road.ko} {far}", f"{turn.en} onto {road.en}, {far}")
