"""What the sample city is built on: its outline, its river, its hills and where people live."""

from dataclasses import dataclass
from math import cos, exp, pi, sin
from random import Random

from shapely import contains_xy, prepare
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from goldentime.sim.city.plane import Point as Spot

RIVER_WIDTH = 110.0


@dataclass(frozen=True, slots=True)
class Centre:
    """A neighbourhood's heart: streets around it follow `turn` (radians) and thin out with `reach` metres."""

    x: float
    y: float
    turn: float
    reach: float
    weight: float
    radial: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """The lie of the land, in metres."""

    outline: Polygon
    river_line: LineString
    river: BaseGeometry
    hills: tuple[Polygon, ...]
    centres: tuple[Centre, ...]

    def density(self, x: float, y: float) -> float:
        """How built up a spot is, 0 to about 1.5; 0 on hills."""
        if any(contains_xy(hill, x, y) for hill in self.hills):
            return 0.0
        return sum(
            c.weight * exp(-((x - c.x) ** 2 + (y - c.y) ** 2) / (2 * (c.reach * 0.9) ** 2)) for c in self.centres
        )


def lay_ground(random: Random) -> Ground:
    """The ground for a seed."""
    outline = _blob(0, 0, (4700, 4100), random, wobble=0.12)
    river_line = _river(random)
    river = river_line.buffer(RIVER_WIDTH / 2).intersection(outline)
    centres = _centres(random)
    hills = tuple(
        hill
        for x, y, size in ((-2750, 2950, 1050), (3550, -2250, 950), (-3850, -900, 750))
        if not (
            hill := _blob(x + random.uniform(-150, 150), y, (size, size * 0.72), random, wobble=0.13)
            .intersection(outline)
            .difference(river_line.buffer(260))
        ).is_empty
        and isinstance(hill, Polygon)
    )
    for geometry in (outline, river, *hills):
        prepare(geometry)
    return Ground(outline, river_line, river, hills, centres)


def _blob(x: float, y: float, size: tuple[float, float], random: Random, *, wobble: float) -> Polygon:
    """A closed curve like a coast or a ridge: a circle with a few random waves."""
    waves = [(k, random.uniform(0, 2 * pi), random.gauss(0, wobble / (k**0.8))) for k in range(2, 14)]
    ring: list[Spot] = []
    for step in range(180):
        angle = 2 * pi * step / 180
        radius = 1 + sum(height * sin(k * angle + phase) for k, phase, height in waves)
        ring.append((x + size[0] * radius * cos(angle), y + size[1] * radius * sin(angle)))
    blob: Polygon = Polygon(ring).buffer(0)
    return blob


def _river(random: Random) -> LineString:
    """A stream from the north-east to the south-west, with bends."""
    a, b = random.uniform(0, 2 * pi), random.uniform(0, 2 * pi)
    spots = []
    for step in range(121):
        t = step / 120
        along = 6200 - 12400 * t
        aside = 620 * sin(2 * pi * 0.95 * t + a) + 210 * sin(2 * pi * 2.6 * t + b)
        spots.append((along * 0.86 - aside * 0.5 + 250, along * 0.5 + aside * 0.86 - 150))
    return LineString(spots)


def _centres(random: Random) -> tuple[Centre, ...]:
    """The old town, radial, and new towns laid out as grids each with a turn of its own."""
    plans = (
        (-250, 750, 1500, 1.0, True),
        (1900, 1500, 1300, 0.9, False),
        (900, -1500, 1250, 0.95, False),
        (-1900, -1300, 1200, 0.85, False),
        (-1700, 1500, 950, 0.65, False),
        (3100, 150, 950, 0.7, False),
        (-500, -3000, 950, 0.6, False),
        (900, 3150, 900, 0.6, False),
        (2500, -3050, 750, 0.45, False),
    )
    return tuple(
        Centre(
            x + random.uniform(-200, 200),
            y + random.uniform(-200, 200),
            random.uniform(-0.6, 0.75),
            reach,
            weight,
            radial,
        )
        for x, y, reach, weight, radial in plans
    )
