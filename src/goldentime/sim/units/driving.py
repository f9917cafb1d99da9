"""How a simulated vehicle drives a way through the roads, second by second, and what its receiver makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import cos, exp, hypot, radians, sqrt
from random import Random

from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import Structure
from goldentime.city.roads.route import Route
from goldentime.core.place import LonLat, bearing_degrees

METRES_PER_DEGREE = 111_195.0
SLOWEST_KMH = 8.0
HASTE = 0.15  # drivers go so much faster or slower than the road's speed, a mood that changes slowly
MOOD_LASTS = 20.0  # seconds
ERROR_LASTS = 5.0  # seconds for which a receiver errs in one direction


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of a way: metres of the whole way at its end, metres a second, whether the sky is hidden."""

    until: float
    speed: float
    hidden: bool


class Way:
    """A route as metres from its beginning."""

    def __init__(self, route: Route, graph: RoadGraph) -> None:
        """Lay out the line and how fast each link is driven."""
        self.links = route.links
        line = [p for number, p in enumerate(route.line) if number == 0 or p != route.line[number - 1]]
        self._line = line if len(line) > 1 else [*line, *line]
        shrink = cos(radians(self._line[0][1]))
        steps = [hypot((b[0] - a[0]) * shrink, b[1] - a[1]) * METRES_PER_DEGREE for a, b in pairwise(self._line)]
        self._ends = list(accumulate(steps))
        self.metres = self._ends[-1] if self._ends else 0.0
        self._legs = _legs(route, graph, self.metres)

    def place(self, metres: float) -> tuple[LonLat, float]:
        """Where one is so far along, and which way the road runs there."""
        begun = 0.0
        for (a, b), ends in zip(pairwise(self._line), self._ends, strict=True):
            if metres <= ends or ends == self.metres:
                share = min(1.0, max(0.0, (metres - begun) / (ends - begun))) if ends > begun else 0.0
                place = LonLat(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
                return place, bearing_degrees(LonLat(*a), LonLat(*b))
            begun = ends
        return LonLat(*self._line[-1]), 0.0

    def leg(self, metres: float) -> Leg:
        """The stretch one is on."""
        return next((leg for leg in self._legs if metres < leg.until), self._legs[-1])

    def ahead(self, metres: float) -> Sequence[str]:
        """The links still to be driven."""
        return [link for link, leg in zip(self.links, self._legs, strict=False) if leg.until > metres]


def _legs(route: Route, graph: RoadGraph, metres: float) -> list[Leg]:
    rows = [graph.row_of[link] for link in route.links]
    lengths = [float(graph.metres[row]) for row in rows]
    if len(rows) > 1:  # first and last are driven in part
        rest = metres - sum(lengths[1:-1])
        both = lengths[0] + lengths[-1]
        lengths[0], lengths[-1] = rest * lengths[0] / both, rest * lengths[-1] / both
    elif rows:
        lengths = [metres]
    legs, until = [], 0.0
    for row, length, seconds in zip(rows, lengths, route.link_seconds, strict=True):
        until += max(0.0, length)
        speed = max(SLOWEST_KMH / 3.6, length / seconds if seconds > 0 else 14.0)
        legs.append(Leg(until, min(speed, 45.0), graph.links[row].structure is Structure.TUNNEL))
    return legs or [Leg(metres, 10.0, hidden=False)]


@dataclass(frozen=True, slots=True)
class Told:
    """What the receiver says: degrees, km/h and metres."""

    place: LonLat
    speed_kmh: float
    heading: float | None
    accuracy_m: float


class Vehicle:
    """A vehicle on its way, or standing; `at` is the truth, `told` what its receiver makes of it."""

    def __init__(self, place: LonLat, chance: Random, *, noise: float = 5.0) -> None:
        """Standing at `place`; `noise` is the receiver's error in metres of one axis."""
        self.at, self.heading, self.speed = place, 0.0, 0.0
        self.way: Way | None = None
        self.along = 0.0
        self.hidden = False
        self._chance, self._noise = chance, noise
        self._mood = 0.0
        self._east, self._north = chance.gauss(0, noise), chance.gauss(0, noise)

    def set_out(self, way: Way) -> None:
        """Drive this way from its beginning."""
        self.way, self.along = way, 0.0

    def stop(self) -> None:
        """Stand where it is."""
        self.way, self.speed = None, 0.0

    def drive(self, seconds: float) -> bool:
        """Go on for so long; whether it came to the end of its way now."""
        self._drift(seconds)
        way = self.way
        if way is None:
            self.speed = 0.0
            return False
        left = seconds
        before = self.along
        while left > 0 and self.along < way.metres:
            leg = way.leg(self.along)
            speed = leg.speed * exp(self._mood)
            step = min(speed * left, max(0.1, leg.until - self.along))
            self.along += step
            left -= step / speed
        self.along = min(self.along, way.metres)
        self.speed = (self.along - before) / seconds
        self.at, self.heading = way.place(self.along)
        self.hidden = way.leg(min(self.along, way.metres - 0.01)).hidden
        if self.along >= way.metres:
            self.stop()
            return True
        return False

    def told(self) -> Told | None:
        """What its receiver says; None in a tunnel."""
        if self.hidden:
            return None
        shrink = cos(radians(self.at.lat))
        place = LonLat(
            self.at.lon + self._east / (METRES_PER_DEGREE * shrink), self.at.lat + self._north / METRES_PER_DEGREE
        )
        speed = max(0.0, self.speed + self._chance.gauss(0, 0.3)) if self.speed > 0 else 0.0
        heading = (self.heading + self._chance.gauss(0, 4)) % 360.0 if self.speed > 1 else None
        return Told(place, speed * 3.6, heading, max(3.0, self._noise))

    def _drift(self, seconds: float) -> None:
        """Mood and error wander as first-order Gauss-Markov processes."""
        keep = exp(-seconds / MOOD_LASTS)
        self._mood = keep * self._mood + sqrt(1 - keep * keep) * self._chance.gauss(0, HASTE)
        keep = exp(-seconds / ERROR_LASTS)
        fresh = sqrt(1 - keep * keep) * self._noise
        self._east = keep * self._east + fresh * self._chance.gauss(0, 1)
        self._north = keep * self._north + fresh * self._chance.gauss(0, 1)
