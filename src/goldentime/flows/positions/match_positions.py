"""How the units that moved are put on their roads: all of them in one go, once a second."""

from collections.abc import Iterable
from math import hypot

import numpy as np

from goldentime.city.roads.candidates import LinkCandidates
from goldentime.city.units.matching import OFF_ROAD, Belief, Candidates, Observed, match
from goldentime.city.units.track import METRES_PER_DEGREE, Motion
from goldentime.core.place import LonLat
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.positions.tracked import Matched, Seen

MOST = 6  # candidates of one unit
ROOM = 256  # rows added at a time


class RoadMatcher:
    """What is believed of every unit's link, a row each; forgets it all when the city's roads are others."""

    def __init__(self) -> None:
        """Nothing is believed yet."""
        self._roads: LinkCandidates | None = None
        self._row: dict[str, int] = {}
        self._before: dict[str, Motion] = {}
        self._belief = _nothing(0)

    def match(self, positions: Positions, roads: LinkCandidates | None, keys: Iterable[str]) -> int:
        """Put these units on their roads; how many are on one."""
        if roads is not self._roads:
            self._roads, self._row, self._before, self._belief = roads, {}, {}, _nothing(0)
        found = [seen for key in keys if (seen := positions.find_seen(key)) is not None and seen.motion is not None]
        if roads is None or not found:
            return 0
        rows = np.array([self._row_of(seen) for seen in found], dtype=np.int64)
        motions = [seen.motion for seen in found if seen.motion is not None]
        near = roads.near(np.array([(one.lon, one.lat) for one in motions]), most=MOST)
        candidates = Candidates(*(getattr(near, name) for name in Candidates.__slots__))
        driven = [_driven(self._before.get(seen.key), now) for seen, now in zip(found, motions, strict=True)]
        observed = Observed(
            course=np.array([np.nan if one.heading is None else one.heading for one in motions]),
            speed=np.array([one.speed for one in motions]),
            driven=np.array(driven),
            spread=np.sqrt([one.var_place for one in motions]),
        )
        earlier = Belief(self._belief.candidates.rows(rows), self._belief.score[rows], self._belief.off_road[rows])
        belief = match(earlier, candidates, observed)
        self._keep(rows, belief)
        best = belief.best.tolist()
        for number, (seen, motion) in enumerate(zip(found, motions, strict=True)):
            self._before[seen.key] = motion
            seen.matched = _matched(roads, candidates, number, best[number])
        return sum(seen.matched is not None for seen in found)

    def _row_of(self, seen: Seen) -> int:
        row = self._row.setdefault(seen.key, len(self._row))
        if row >= len(self._belief.off_road):
            more, old = _nothing(ROOM), self._belief
            both = [
                np.concatenate([getattr(old.candidates, n), getattr(more.candidates, n)]) for n in Candidates.__slots__
            ]
            score = np.concatenate([old.score, more.score])
            self._belief = Belief(Candidates(*both), score, np.concatenate([old.off_road, more.off_road]))
        return row

    def _keep(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]], belief: Belief) -> None:
        for name in Candidates.__slots__:
            getattr(self._belief.candidates, name)[rows] = getattr(belief.candidates, name)
        self._belief.score[rows] = belief.score
        self._belief.off_road[rows] = belief.off_road


def _nothing(rows: int) -> Belief:
    def nowhere() -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
        return np.full((rows, MOST), -1, dtype=np.int64)

    def zero() -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        return np.zeros((rows, MOST))

    empty = Candidates(
        nowhere(), zero(), zero(), zero(), zero(), from_node=nowhere(), to_node=nowhere(), lon=zero(), lat=zero()
    )
    return Belief(empty, np.full((rows, MOST), -np.inf), np.full(rows, -np.inf))


def _driven(before: Motion | None, now: Motion) -> float:
    """Metres between the two, as the crow flies."""
    if before is None:
        return 0.0
    east = (now.lon - before.lon) * METRES_PER_DEGREE * now.shrink
    return hypot(east, (now.lat - before.lat) * METRES_PER_DEGREE)


def _matched(roads: LinkCandidates, found: Candidates, number: int, best: int) -> Matched | None:
    if best == OFF_ROAD or found.link[number, best] < 0:
        return None
    place = LonLat(float(found.lon[number, best]), float(found.lat[number, best]))
    along, off = float(found.along[number, best]), float(found.off[number, best])
    return Matched(roads.ids[int(found.link[number, best])], place, along, off)
