"""Which turns there are from link to link, what each costs, and which are forbidden, also after several links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.line import LinkId, Roads, TurnBan
from goldentime.core.text import Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Turn(IntEnum):
    """What a driver does where one link ends."""

    STRAIGHT = 0
    RIGHT = 1
    LEFT = 2
    U_TURN = 3


# Seconds a turn costs beside the driving, and what a traffic light adds: OSRM's car profile (turn_penalty 7.5,
# turn_bias 1.075 at 90 degrees, u_turn_penalty 20, traffic_light_penalty 2). The wait at the light itself is in the
# link's speed: Korea's link speeds are measured from node to node, standing time included.
TURN_SECONDS: Mapping[Turn, float] = {Turn.STRAIGHT: 0.0, Turn.RIGHT: 2.0, Turn.LEFT: 5.4, Turn.U_TURN: 20.0}
LIGHT_SECONDS = 2.0
TURN_WORDS: Mapping[Turn, Text] = {
    Turn.STRAIGHT: Text("직진", "Continue"),
    Turn.RIGHT: Text("우회전", "Turn right"),
    Turn.LEFT: Text("좌회전", "Turn left"),
    Turn.U_TURN: Text("유턴", "Make a U-turn"),
}
_STRAIGHT_DEGREES, _BACK_DEGREES = 30.0, 150.0
_Way = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Turns by state: those of state s are `other[start[s]:start[s + 1]]`; `everyday` inf where only a siren may."""

    start: NDArray[np.int32]
    other: NDArray[np.int32]
    everyday: Floats
    siren: Floats


@dataclass(frozen=True, slots=True)
class Turns:
    """All turns, forwards and backwards; a state is a link, or a link come to by the way of a longer ban."""

    link_of: Ints
    onward: Rows
    back: Rows


def kinds_of(heading_in: Floats, heading_out: Floats, returns: NDArray[np.bool_]) -> Ints:
    """The kind of each turn from the bearings before and after it; `returns`: it leads back to where one came from."""
    angle = (heading_out - heading_in + 180.0) % 360.0 - 180.0
    kind = np.where(np.abs(angle) <= _STRAIGHT_DEGREES, Turn.STRAIGHT, np.where(angle > 0, Turn.RIGHT, Turn.LEFT))
    return np.where(returns & (np.abs(angle) > _BACK_DEGREES), Turn.U_TURN, kind).astype(np.int64)


def seconds_of(kinds: Ints, lights: NDArray[np.bool_]) -> Floats:
    """What turns of these kinds cost, with a light there or without."""
    table = np.array([TURN_SECONDS[Turn(kind)] for kind in range(len(Turn))])
    return np.asarray(table[kinds] + np.where(lights, LIGHT_SECONDS, 0.0), dtype=np.float64)


class _Bans:
    """The forbidden ways as link rows; `only` bans become a "no" for every other way on."""

    def __init__(self, roads: Roads, row_of: Mapping[LinkId, int], follow: Mapping[int, Sequence[int]]) -> None:
        self.ways: dict[_Way, bool] = {}  # the whole way -> whether a siren may all the same
        for ban in roads.turns:
            way = tuple(row_of.get(link, -1) for link in (ban.from_link, *ban.via_links, ban.to_link))
            if -1 not in way:
                self._take(ban, way, follow)
        self.begun = {way[:length] for way in self.ways for length in range(2, len(way))}

    def _take(self, ban: TurnBan, way: _Way, follow: Mapping[int, Sequence[int]]) -> None:
        forbidden: Iterable[_Way] = (way,)
        if ban.kind == "only":
            others = follow.get(way[-2], ())
            # an order to take a way that does not exist would lock everyone in
            forbidden = [(*way[:-1], other) for other in others if other != way[-1]] if way[-1] in others else ()
        for one in forbidden:
            self.ways[one] = self.ways.get(one, True) and ban.except_emergency

    def state_after(self, way: _Way) -> _Way:
        """The longest end of the way that begins a forbidden one; at least its last link."""
        for start in range(len(way) - 1):
            if way[start:] in self.begun:
                return way[start:]
        return way[-1:]

    def verdict(self, way: _Way) -> bool | None:
        """None: allowed; else whether a siren may."""
        found = [self.ways[way[start:]] for start in range(len(way) - 1) if way[start:] in self.ways]
        return all(found) if found else None


def make_turns(roads: Roads, row_of: Mapping[LinkId, int], pairs: tuple[Ints, Ints, Floats]) -> Turns:
    """The turns of a network: `pairs` are all (from, to, seconds) that the nodes allow, sorted by from."""
    count = len(roads.links)
    origin, other, cost = pairs
    if not roads.turns:
        return _turns(np.arange(count, dtype=np.int64), (origin, other, cost, cost))
    follow = _follow(origin, other)
    price = dict(zip(zip(origin.tolist(), other.tolist(), strict=True), cost.tolist(), strict=True))
    bans = _Bans(roads, row_of, follow)
    states: list[_Way] = [(row,) for row in range(count)]
    number_of = {way: number for number, way in enumerate(states)}
    for way in sorted(bans.begun):
        number_of[way] = len(states)
        states.append(way)
    found: list[tuple[int, int, float, float]] = []
    for number, way in enumerate(states):
        for to in follow.get(way[-1], ()):
            siren_may = bans.verdict((*way, to))
            if siren_may is False:
                continue
            seconds = price[way[-1], to]
            after = number_of[bans.state_after((*way, to))]
            found.append((number, after, np.inf if siren_may else seconds, seconds))
    table = np.array(found, dtype=np.float64).reshape(-1, 4)
    link_of = np.array([way[-1] for way in states], dtype=np.int64)
    rows = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2].copy(), table[:, 3].copy())
    return _turns(link_of, rows)


def _follow(origin: Ints, other: Ints) -> dict[int, list[int]]:
    follow: dict[int, list[int]] = {}
    for start, to in zip(origin.tolist(), other.tolist(), strict=True):
        follow.setdefault(start, []).append(to)
    return follow


def _turns(link_of: Ints, table: tuple[Ints, Ints, Floats, Floats]) -> Turns:
    origin, other, everyday, siren = table
    forwards = _rows(link_of.size, origin, other, (everyday, siren))
    backwards = _rows(link_of.size, other, origin, (everyday, siren))
    return Turns(link_of, forwards, backwards)


def _rows(count: int, by: Ints, other: Ints, costs: tuple[Floats, Floats]) -> Rows:
    order = np.argsort(by, kind="stable")
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(by, minlength=count), out=start[1:])
    rows = start.astype(np.int32), other[order].astype(np.int32)
    return Rows(*rows, costs[0][order].copy(), costs[1][order].copy())
