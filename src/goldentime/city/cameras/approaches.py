"""From which sides roads lead to a scene."""

from math import cos, pi, radians

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras.scene import merged_bearings
from goldentime.core.place import LonLat

AT_THE_ROAD_METRES = 35.0  # how far from the scene a road still is the scene's own
LOOK_METRES = 60.0  # where along the road its bearing is read
LEADING_DEGREES = 40.0
_METRES_A_DEGREE = 6_371_008.8 * pi / 180


def approach_bearings(
    place: LonLat, segments: NDArray[np.float64], *, within: float = AT_THE_ROAD_METRES
) -> tuple[float, ...]:
    """Bearings in degrees, ascending, at which roads leave the scene; empty with no road within `within` metres.

    `segments` is `(n, 4)`: lon, lat, lon, lat of each straight piece of road. A bearing is read where a piece
    that passes the scene, or continues from one that does, crosses the circle of 60 m around it.
    """
    scale = np.array([cos(radians(place.lat)), 1.0] * 2) * _METRES_A_DEGREE
    local = (segments - np.array([place.lon, place.lat] * 2)) * scale
    close = np.abs(local).reshape(-1, 2, 2).min(axis=1).max(axis=1) < 2000
    starts, ways = local[close, :2], local[close, 2:] - local[close, :2]
    length2 = np.maximum((ways**2).sum(axis=1), 1e-9)
    along = np.clip(-(starts * ways).sum(axis=1) / length2, 0, 1)
    nearest = np.hypot(*(starts + ways * along[:, None]).T)
    if not nearest.size or nearest.min() > within:
        return ()
    half = (starts * ways).sum(axis=1)
    rest = half**2 - length2 * ((starts**2).sum(axis=1) - LOOK_METRES**2)
    crossing = rest >= 0
    bearings: list[float] = []
    for sign in (-1, 1):
        at = (-half[crossing] + sign * np.sqrt(rest[crossing])) / length2[crossing]
        inside = (at >= 0) & (at <= 1)
        points = starts[crossing][inside] + ways[crossing][inside] * at[inside, None]
        radial = _leads_to_the_scene(points, ways[crossing][inside])
        bearings += np.degrees(np.arctan2(points[radial, 0], points[radial, 1])).tolist()
    return merged_bearings(bearings)


def _leads_to_the_scene(points: NDArray[np.float64], ways: NDArray[np.float64]) -> NDArray[np.bool_]:
    """`(n,)` whether the road at each point runs towards the scene rather than past it."""
    turned = np.abs((points * ways).sum(axis=1)) / (LOOK_METRES * np.hypot(*ways.T))
    return np.asarray(turned >= cos(radians(LEADING_DEGREES)))
