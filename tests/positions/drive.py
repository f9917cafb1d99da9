"""A vehicle that truly drives the links of a network, and what its receiver tells of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from random import Random

from goldentime.city.roads.line import RoadLink
from goldentime.city.units.track import METRES_PER_DEGREE, Fix


@dataclass(frozen=True)
class Second:
    """One second of a drive: the truth, and the fix of it."""

    link: str
    lon: float
    lat: float
    course: float
    fix: Fix


class Line:
    """A link as metres along."""

    def __init__(self, link: RoadLink) -> None:
        self.link = link
        points = [p for line in link.lines for p in line]
        self.points = [points[0], *(b for a, b in pairwise(points) if a != b)]
        self.shrink = cos(radians(points[0][1]))
        self.steps = [
            hypot((b[0] - a[0]) * self.shrink, b[1] - a[1]) * METRES_PER_DEGREE for a, b in pairwise(self.points)
        ]
        self.length = sum(self.steps)

    def at(self, metres: float) -> tuple[float, float, float]:
        """Lon, lat and course so far along."""
        for (a, b), step in zip(pairwise(self.points), self.steps, strict=True):
            if metres <= step:
                share = metres / step
                course = degrees(atan2((b[0] - a[0]) * self.shrink, b[1] - a[1])) % 360
                return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), course
            metres -= step
        return (*self.points[-1], self.at(max(0.0, self.length - 0.5))[2] if self.length > 1 else 0.0)


def drive(
    links: Sequence[RoadLink], chance: Random, *, seconds: int, kmh: float = 45.0, noise: float = 6.0
) -> list[Second]:
    """Onwards from link to link, turning back only where a road ends; noise is metres of one axis, slowly wandering."""
    following = defaultdict(list)
    for link in links:
        following[link.from_node].append(link)
    link = chance.choice([one for one in links if following[one.to_node]])
    line, along, told = Line(link), 0.0, []
    east = north = 0.0
    for second in range(seconds):
        speed = kmh / 3.6 * (0.75 + 0.5 * chance.random())
        along += speed
        while along > line.length:
            along -= line.length
            ways = following[line.link.to_node]
            onwards = [one for one in ways if one.to_node != line.link.from_node] or ways
            if not onwards:
                return told
            line = Line(chance.choice(onwards))
        lon, lat, course = line.at(along)
        east = 0.8 * east + 0.6 * chance.gauss(0, noise)  # receivers err for seconds in one direction
        north = 0.8 * north + 0.6 * chance.gauss(0, noise)
        fix = Fix(
            float(second + 1),
            lon + east / (METRES_PER_DEGREE * line.shrink),
            lat + north / METRES_PER_DEGREE,
            noise,
            max(0.0, speed + chance.gauss(0, 0.5)),
            (course + chance.gauss(0, 6)) % 360,
        )
        told.append(Second(line.link.id, lon, lat, course, fix))
    return told
