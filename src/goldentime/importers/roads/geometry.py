"""How lines are measured, and which of them lie on the globe."""

from itertools import pairwise
from math import cos, hypot, radians

from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]  # lon, lat
Line = tuple[Point, ...]

_METRES_PER_DEGREE = 111_195.0


def lines_of(geometry: BaseGeometry) -> tuple[Line, ...]:
    """The lines in a geometry as (lon, lat) runs of two points or more; empty for points, areas and mixtures."""
    if geometry.geom_type == "LineString":
        run = tuple((float(c[0]), float(c[1])) for c in geometry.coords)
        kept = tuple(p for n, p in enumerate(run) if n == 0 or p != run[n - 1])
        return (kept,) if len(kept) > 1 else ()
    if geometry.geom_type == "MultiLineString":
        return tuple(line for part in geometry.geoms for line in lines_of(part))
    return ()


def on_the_globe(lines: tuple[Line, ...]) -> bool:
    """Whether every point is a longitude and a latitude."""
    return all(-180 <= lon <= 180 and -90 <= lat <= 90 for line in lines for lon, lat in line)


def metres_between(a: Point, b: Point) -> float:
    """Distance on a plane through the two; good to 0.5 % within a country."""
    shrink = cos(radians((a[1] + b[1]) / 2))
    return hypot((a[0] - b[0]) * shrink, a[1] - b[1]) * _METRES_PER_DEGREE


def length_metres(lines: tuple[Line, ...]) -> float:
    """Length of all runs."""
    return sum(metres_between(a, b) for line in lines for a, b in pairwise(line))
