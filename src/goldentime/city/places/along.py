"""Which points lie along a way: how far off it they are, and how far from its beginning."""

from collections.abc import Sequence
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

_METRES_PER_DEGREE = 111_195.0  # of a great circle on the sphere of core/place

Floats = NDArray[np.float64]


def along_way(points: Floats, way: Sequence[tuple[float, float]], *, within: float) -> list[tuple[int, float, float]]:
    """`(row, metres along, metres off)` of the points `(n, 2)` lon/lat so near to the way (lon, lat), in its order.

    Reckoned in a plane about the way's middle: good to 0.1 % over a city.
    """
    if len(way) < 2 or not len(points):
        return []
    line = np.array(way, dtype=np.float64)
    low, high = line.min(axis=0), line.max(axis=0)
    scale = np.array([cos(radians(float(low[1] + high[1]) / 2)), 1.0]) * _METRES_PER_DEGREE
    rows = np.flatnonzero(np.all((points >= low - within / scale) & (points <= high + within / scale), axis=1))
    flat = shapely.linestrings((line - low) * scale)
    beside = flat.buffer(within * 1.1, quad_segs=2)  # a little more than asked: its round ends have corners
    shapely.prepare(beside)
    metres = (points[rows] - low) * scale
    inside = shapely.contains_xy(beside, metres[:, 0], metres[:, 1])  # most are not, and this is a tenth of a distance
    rows, spots = rows[inside], shapely.points(metres[inside])
    off = shapely.distance(flat, spots)
    near = off <= within
    found = zip(
        rows[near].tolist(), shapely.line_locate_point(flat, spots[near]).tolist(), off[near].tolist(), strict=True
    )
    return sorted(found, key=lambda one: (one[1], one[0]))
