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


class Route:
    """A way from one spot to another; `link_seconds` is how long each of `links` takes with the turn before it.

    `metres`, `line` and `steps` are made when first asked for: who only compares times needs none of them.
    """

    __slots__ = ("_ends", "_graph", "_line", "_parts", "_rows", "_steps", "link_seconds", "links", "seconds")

    def __init__(
        self, graph: RoadGraph, ends: tuple[Spot, Spot], rows: Sequence[int], seconds: Sequence[float]
    ) -> None:
        """The route over these link rows, each taking so many seconds; first and last are driven in part only."""
        self._graph, self._ends, self._rows = graph, ends, rows
        self._line: tuple[tuple[float, float], ...] | None = None
        self._steps: tuple[Step, ...] | None = None
        self._parts: list[float] | None = None
        self.links: tuple[LinkId, ...] = tuple([graph.ids[row] for row in rows])
        self.link_seconds = tuple(seconds)
        self.seconds = float(sum(seconds))

    @property
    def link_metres(self) -> list[float]:
        """How much of each link is driven."""
        if self._parts is None:
            whole = self._graph.metres[self._rows].tolist()
            self._parts = [
                length * (until - since) for length, (since, until) in zip(whole, self._shares(), strict=True)
            ]
        return self._parts

    @property
    def metres(self) -> float:
        """How far it is."""
        return float(sum(self.link_metres))

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """Where it leads, (lon, lat)."""
        if self._line is None:
            line: list[tuple[float, float]] = []
            for row, (since, until) in zip(self._rows, self._shares(), strict=True):
                part = self._graph.shapes.part(row, since, until)
                line.extend(part[1:] if line and line[-1] == part[0] else part)
            self._line = tuple(line)
        return self._line

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the driver is told."""
        if self._steps is None:
            self._steps = _steps(self._graph, self._ends, self._rows, (self.link_metres, self.link_seconds))
        return self._steps

    def _shares(self) -> list[tuple[float, float]]:
        """From and to which share of each link is driven."""
        shares = [(0.0, 1.0)] * len(self._rows)
        shares[-1] = (0.0, self._ends[1].along)
        shares[0] = (self._ends[0].along, shares[0][1])
        return shares


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
