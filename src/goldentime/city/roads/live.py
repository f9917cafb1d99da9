"""How long the roads take now: speeds and closures swapped in whole, and the ways, times and reach that follow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.closed_links import found_again
from goldentime.city.roads.closures import Closure
from goldentime.city.roads.conditions import Conditions, Measured, make_conditions
from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.roads.line import LinkId
from goldentime.city.roads.profiles import CLEARANCE_METRES
from goldentime.city.roads.route import Route, traced
from goldentime.city.roads.search import Rows, spread
from goldentime.core.place import LonLat
from goldentime.core.text import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_AROUND = 64  # links around a closed scene that are looked at
MOST_ENDS = 12  # of them, those that are driven to: each costs a search
_NOWHERE = np.zeros(0, dtype=np.int64)


class Taken(NamedTuple):
    """How many speeds were for links of this network, and how many for others."""

    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Reached:
    """One link within reach: seconds until its beginning is passed, and the share of it that can be driven."""

    link: LinkId
    seconds: float
    share: float


class LiveRoads:
    """A road network as it can be driven now; every answer is from one whole state, never from half of a change."""

    def __init__(self, graph: RoadGraph) -> None:
        """Nothing measured, nothing closed: an empty town at its usual speeds."""
        self.graph = graph
        self._measured = Measured.nothing(len(graph))
        self._closures: tuple[Closure, ...] = ()  # as they were made, on this network or on another
        self._here: tuple[Closure, ...] = ()  # the same with the links that they close here
        self._forecast: Floats | None = None
        self._changing = Lock()  # writers only
        self._at: datetime | None = None
        self.now: Conditions = make_conditions(graph, self._measured, (), None, None)

    # what changes

    def set_speeds(self, speeds: Mapping[LinkId, float], at: datetime) -> Taken:
        """Take the speeds in km/h measured at that time for the links they name; an older one never wins."""
        rows = self.rows(speeds)
        kmh = np.fromiter(speeds.values(), np.float64, len(speeds))
        known = rows >= 0
        self.set_measured(rows[known], kmh[known], np.full(int(known.sum()), at.timestamp()), now=at)
        return Taken(int(known.sum()), int((~known).sum()))

    def set_measured(self, rows: Ints, kmh: Floats, at: Floats, *, now: datetime) -> None:
        """Take speeds in km/h of link rows, each once, measured at these Unix seconds; an older one never wins."""
        with self._changing:
            self._measured = self._measured.with_speeds(rows, kmh, at)
            self._swap(now)

    def rows(self, links: Collection[LinkId]) -> Ints:
        """The row of each link, -1 for those of another network."""
        return np.fromiter((self.graph.row_of.get(link, -1) for link in links), np.int64, len(links))

    def set_closures(self, closures: Iterable[Closure], at: datetime) -> None:
        """These, and no others, are what is closed; those that no longer hold at that time are left out."""
        with self._changing:
            self._close(closures)
            self._swap(at)

    def put_closure(self, closure: Closure, at: datetime) -> None:
        """Take in one closure in place of what was known under its id; one that is opened goes."""
        with self._changing:
            others = tuple(one for one in self._closures if one.id != closure.id)
            self._close((*others, closure) if closure.opened_at is None else others)
            self._swap(at)

    def set_forecast(self, kmh: Floats | None, at: datetime) -> None:
        """Speeds `(links,)` to reckon with where none was measured lately; NaN where nothing was learned."""
        with self._changing:
            self._forecast = kmh
            self._swap(at)

    def renew(self, at: datetime) -> None:
        """Let what has grown old by that time go: measured speeds, and closures whose end has come."""
        with self._changing:
            self._swap(at)

    def on(self, graph: RoadGraph) -> "LiveRoads":
        """The same speeds and closures on another network, joined by link id, closures by their place too.

        A forecast has to be set anew.
        """
        other = LiveRoads(graph)
        other._measured = self._measured.on([self.graph.row_of.get(link, -1) for link in graph.ids])
        other._close(self._closures)
        other._swap(self._at)
        return other

    def _close(self, closures: Iterable[Closure]) -> None:
        self._closures = tuple(closures)
        self._here = tuple(found_again(self.graph, one) for one in self._closures)

    @property
    def closures(self) -> tuple[Closure, ...]:
        """What is closed now."""
        return self.now.closures

    @property
    def known_closures(self) -> tuple[Closure, ...]:
        """Also those whose end has come unnoticed."""
        return self._closures

    @property
    def measured(self) -> Measured:
        """What was measured last, however long ago."""
        return self._measured

    @property
    def kmh(self) -> Floats:
        """Km/h `(links,)` now, closed or not."""
        return self.now.kmh(self.graph)

    def speed(self, link: LinkId) -> float:
        """Km/h now on a link of this network, closed or not; raises KeyError for another."""
        row = self.graph.row_of[link]
        return float(self.graph.metres[row] * 3.6 / self.now.driven[row]) if self.now.driven[row] else 0.0

    def _swap(self, at: datetime | None) -> None:
        self._at = at
        self.now = make_conditions(self.graph, self._measured, self._here, self._forecast, at)

    # what is asked

    def route(self, a: Spot, b: Spot, *, emergency: bool = False, vehicle_width_m: float | None = None) -> Route | None:
        """The quickest way from a to b, None when there is none (`why_not` says why)."""
        return _Asked(self.graph, self.now, emergency, vehicle_width_m).route(a, b)

    def times_to(
        self,
        scene: Spot,
        origins: Sequence[Spot],
        *,
        emergency: bool = False,
        vehicle_width_m: float | None = None,
        as_if_open: bool = False,
    ) -> Floats:
        """Seconds `(n,)` from each origin to the scene, infinite where there is no way; one search backwards.

        `as_if_open` reckons as if nobody had closed a road.
        """
        now = self.now.without_closures(self.graph) if as_if_open else self.now
        return _Asked(self.graph, now, emergency, vehicle_width_m).times_to(scene, origins)

    def scene_spots(self, place: LonLat) -> tuple[Spot, ...]:
        """Where a siren may drive to for that place, nearest first: the plain spot; beyond a closure, open ones.

        The plain spot too where all near are closed; empty off the roads.
        """
        spot = self.graph.snap(place) if len(self.graph) else None
        if spot is None or np.isfinite(self.now.siren[spot.link]):
            return (spot,) if spot else ()
        near = self.graph.snaps(place, most=MOST_AROUND)
        spots = sorted((s for s in near if np.isfinite(self.now.siren[s.link])), key=lambda s: s.metres_off)
        return tuple(spots[:MOST_ENDS]) or (spot,)

    def reach(self, spot: Spot, seconds: float, *, emergency: bool = False) -> tuple[Reached, ...]:
        """The links that can be driven within so many seconds from the spot, in the network's order."""
        return _Asked(self.graph, self.now, emergency, None).reach(spot, seconds)

    def why_not(
        self, a: Spot, b: Spot, *, emergency: bool = False, vehicle_width_m: float | None = None
    ) -> Text | None:
        """Why there is no way from a to b; None when there is one."""
        now = self.now

        def ways(conditions: Conditions, width: float | None, *, siren: bool) -> bool:
            return bool(np.isfinite(_Asked(self.graph, conditions, siren, width).times_to(b, [a])[0]))

        if ways(now, vehicle_width_m, siren=emergency):
            return None
        if ways(now, None, siren=emergency):
            return Text("차폭에 맞는 길이 없습니다.", "No road there is wide enough for the vehicle.")
        if not emergency and ways(now, None, siren=True):
            return Text("긴급차량만 지나갈 수 있습니다.", "Only emergency vehicles get through.")
        open_roads = now.without_closures(self.graph)
        if ways(open_roads, None, siren=emergency):
            return Text("통제된 도로로 막혀 있습니다.", "Closed roads are in the way.")
        return Text("이어지는 길이 없습니다.", "The road network does not connect the two.")


class _Asked:
    """One question: which state of the roads, for whom, how wide."""

    def __init__(self, graph: RoadGraph, now: Conditions, siren: bool, width: float | None) -> None:  # noqa: FBT001  inner
        self.graph, self.siren, self.now = graph, siren, now
        self.seconds = now.siren if siren else now.everyday
        self.driven = now.driven_siren if siren else now.driven
        if width is not None:
            self.seconds = np.where(graph.width < width + CLEARANCE_METRES, np.inf, self.seconds)

    def route(self, a: Spot, b: Spot) -> Route | None:
        direct = self._direct(a, b)
        if np.isfinite(direct):
            return Route(self.graph, (a, b), [a.link], [direct])
        through, ends = self._through(a.link, b.link), self.graph.states_of(b.link)
        if not np.isfinite(through[b.link]):
            return None
        first = float((1.0 - a.along) * self.driven[a.link])
        best, came = self._spread(through, (np.array([a.link]), np.array([first])), ends, enough=1)
        end = int(ends[np.argmin(best[ends])])
        if not np.isfinite(best[end]):
            return None
        states = traced(came, end)
        entered, drive = best[states].tolist(), through[states].tolist()
        left = [first, *(enter + seconds for enter, seconds in zip(entered, drive, strict=True))]
        drive[-1] *= b.along
        # the seconds of a turn are told with the link it leads into
        taken = [enter - before + seconds for enter, before, seconds in zip(entered, left[:-1], drive, strict=True)]
        rows = [a.link, *self.graph.turns.link_of[states].tolist()]
        return Route(self.graph, (a, b), rows, [first, *taken])

    def times_to(self, scene: Spot, origins: Sequence[Spot]) -> Floats:
        times = np.array([self._direct(origin, scene) for origin in origins], dtype=np.float64)
        links = np.array([origin.link for origin in origins], dtype=np.int64)
        along = np.array([origin.along for origin in origins], dtype=np.float64)
        yards = self.graph.yard[links] if not self.siren else np.zeros_like(links)
        for yard in np.unique(yards).tolist():  # mostly one: whoever stands on a public road
            some = np.flatnonzero(yards == yard)
            through = self._through(scene.link, int(links[some[0]]))
            if not np.isfinite(through[scene.link]):
                continue
            spent, roots = scene.along * through[scene.link], self.graph.states_of(scene.link)
            wanted = np.unique(links[some])
            seconds, _ = self._spread(
                through, (roots, np.full(roots.size, spent)), wanted, enough=wanted.size, back=True
            )
            total = (1.0 - along[some]) * self.driven[links[some]] + seconds[links[some]]
            times[some] = np.minimum(times[some], total)
        return times

    def reach(self, spot: Spot, seconds: float) -> tuple[Reached, ...]:
        through = self._through(spot.link)
        rest = (1.0 - spot.along) * self.driven[spot.link]
        roots = (np.array([spot.link]), np.array([rest]))
        best, _ = self._spread(through, roots, _NOWHERE, limit=seconds)
        entered = np.full(len(self.graph), np.inf)
        np.minimum.at(entered, self.graph.turns.link_of, best)
        rows = np.flatnonzero((entered < seconds) & np.isfinite(self.seconds))
        share = np.minimum(1.0, (seconds - entered[rows]) / np.maximum(self.seconds[rows], 1e-9))
        found = {
            row: (since, part)
            for row, since, part in zip(*map(np.ndarray.tolist, (rows, entered[rows], share)), strict=True)
        }
        own = min(1.0, spot.along + seconds / max(float(self.driven[spot.link]), 1e-9))
        if found.get(spot.link, (0.0, 0.0))[1] < own:
            found[spot.link] = (0.0, own)
        return tuple(Reached(self.graph.ids[row], *found[row]) for row in sorted(found))

    def _through(self, *ends: int) -> Floats:
        """Seconds of every state; private roads are for whoever sets out or arrives there."""
        graph, seconds = self.graph, self.seconds
        if not self.siren and graph.private.any():
            foreign = graph.private & ~np.isin(graph.yard, graph.yard[list(ends)])
            seconds = np.where(foreign, np.inf, seconds)
        link_of = graph.turns.link_of
        return seconds if link_of.size == len(graph) else np.ascontiguousarray(seconds[link_of])

    def _direct(self, a: Spot, b: Spot) -> float:
        return float((b.along - a.along) * self.driven[a.link]) if a.link == b.link and b.along >= a.along else np.inf

    def _spread(
        self,
        through: Floats,
        roots: tuple[Ints, Floats],
        wanted: Ints,
        *,
        enough: int = 0,
        back: bool = False,
        limit: float = np.inf,
    ) -> tuple[Floats, Rows]:
        rows = self.graph.turns.back if back else self.graph.turns.onward
        cost = rows.siren if self.siren else rows.everyday
        return spread((rows.start, rows.other, cost), through, roots, (wanted, enough, limit))
