"""How long links are, where along them a point lies and which way they head: their lines as arrays in local metres."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.compiled import compiled
from goldentime.city.roads.line import RoadLink
from goldentime.core.place import EARTH_RADIUS_METRES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
METRES_PER_DEGREE = EARTH_RADIUS_METRES * np.pi / 180.0
_HEADING_METRES = 12.0  # a kink shorter than a car's turning says nothing about where a road goes


class Shapes:
    """The lines of all links, end to end: those of link i are rows `start[i]` to `start[i + 1]`."""

    def __init__(self, links: Sequence[RoadLink]) -> None:
        """Lay every link's runs one behind the other; a link without a line is a point at 0, 0 of no length."""
        self.lines: list[tuple[tuple[float, float], ...]] = [_joined(link) for link in links]
        counts = np.array([len(line) for line in self.lines], dtype=np.int64)
        self.start = np.zeros(len(links) + 1, dtype=np.int64)
        np.cumsum(counts, out=self.start[1:])
        flat = np.fromiter(chain.from_iterable(chain.from_iterable(self.lines)), np.float64, int(counts.sum()) * 2)
        self.lonlat = flat.reshape(-1, 2)
        self.origin = tuple(np.median(self.lonlat, axis=0).tolist()) if len(links) else (0.0, 0.0)
        self.east = METRES_PER_DEGREE * max(cos(radians(self.origin[1])), 0.01)
        self.x = np.ascontiguousarray((self.lonlat[:, 0] - self.origin[0]) * self.east)
        self.y = np.ascontiguousarray((self.lonlat[:, 1] - self.origin[1]) * METRES_PER_DEGREE)
        self.along, self.metres, self.heading_in, self.heading_out = _measure(
            self.start, self.lonlat, (self.x, self.y), _HEADING_METRES, EARTH_RADIUS_METRES
        )

    def to_metres(self, lon: float, lat: float) -> tuple[float, float]:
        """Metres east and north of the network's middle."""
        return (lon - self.origin[0]) * self.east, (lat - self.origin[1]) * METRES_PER_DEGREE

    def place_at(self, link: int, along: float) -> tuple[float, float]:
        """The lon and lat at a share of the link's length."""
        line, metres = self.lines[link], along * float(self.metres[link])
        behind = self.along[self.start[link] : self.start[link + 1]].tolist()
        row = min(max(bisect_right(behind, metres) - 1, 0), len(line) - 2)
        length = behind[row + 1] - behind[row]
        share = min(1.0, max(0.0, (metres - behind[row]) / length)) if length else 0.0
        (lon, lat), (next_lon, next_lat) = line[row], line[row + 1]
        return lon + share * (next_lon - lon), lat + share * (next_lat - lat)

    def part(self, link: int, since: float, until: float) -> tuple[tuple[float, float], ...]:
        """The link's line between two shares of its length, ends included."""
        line = self.lines[link]
        if since <= 0.0 and until >= 1.0:
            return line
        low, high = since * float(self.metres[link]), until * float(self.metres[link])
        behind = self.along[self.start[link] : self.start[link + 1]].tolist()
        between = [point for point, metres in zip(line, behind, strict=True) if low < metres < high]
        return (self.place_at(link, since), *between, self.place_at(link, until))


def _joined(link: RoadLink) -> tuple[tuple[float, float], ...]:
    if not any(link.lines):
        return ((0.0, 0.0), (0.0, 0.0))
    if len(link.lines) == 1 and len(link.lines[0]) > 1:
        return link.lines[0]
    points = list(chain.from_iterable(link.lines))
    line = tuple(point for row, point in enumerate(points) if row == 0 or point != points[row - 1])
    return line if len(line) > 1 else (points[0], points[0])


@compiled
def _bearing(x: float, y: float) -> float:
    """Degrees clockwise from north of a step east and north; -1 for no step."""
    if x == 0.0 and y == 0.0:
        return -1.0
    return float(np.degrees(np.arctan2(x, y)) % 360.0)


@compiled
def _measure(
    start: Ints, lonlat: Floats, plane: tuple[Floats, Floats], far: float, radius: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Metres from each link's beginning to each of its points (haversine), its length, and its bearings at both ends.

    `heading_in` is how one arrives at the link's end, `heading_out` how one leaves its beginning.
    """
    x, y = plane
    count = start.size - 1
    along = np.zeros(x.size)
    metres, heading_in, heading_out = np.zeros(count), np.zeros(count), np.zeros(count)
    for link in range(count):
        first, last = start[link], start[link + 1] - 1
        for row in range(first + 1, last + 1):
            lat_a, lat_b = np.radians(lonlat[row - 1, 1]), np.radians(lonlat[row, 1])
            half_lon = np.sin(np.radians(lonlat[row, 0] - lonlat[row - 1, 0]) / 2.0)
            h = np.sin((lat_b - lat_a) / 2.0) ** 2 + np.cos(lat_a) * np.cos(lat_b) * half_lon**2
            along[row] = along[row - 1] + 2.0 * radius * np.arcsin(min(1.0, np.sqrt(h)))
        metres[link] = along[last]
        row = first + 1
        while row < last and along[row] < far:
            row += 1
        heading_out[link] = _bearing(x[row] - x[first], y[row] - y[first])
        row = last - 1
        while row > first and metres[link] - along[row] < far:
            row -= 1
        heading_in[link] = _bearing(x[last] - x[row], y[last] - y[row])
    return along, metres, heading_in, heading_out
