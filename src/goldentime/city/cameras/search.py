"""How the cameras around a point are found in arrays sorted by grid cell."""

from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Columns of a sector, here and nowhere else: numba's disk cache does not notice when another file's constants change.
S_EAST, S_NORTH, S_COS_HALF, S_REACH = range(4)
EVERY_WAY = -2.0  # the cosine of half of a field that nothing is outside of

CELL_METRES = 250.0
_A = 6_378_137.0  # GRS80 and WGS84
_E2 = 0.006_694_38
_METRES_A_DEGREE = 110_500.0  # the shortest degree of latitude, so that no window is ever too small


@compiled
def cell_keys(lon: Floats, lat: Floats, lon_cell: float, lat_cell: float) -> Ints:
    """`(n,)` keys that grow by row (latitude), then column (longitude)."""
    columns = int(360.0 / lon_cell) + 1
    keys = np.empty(lon.size, np.int64)
    for i in range(lon.size):
        keys[i] = int((lat[i] + 90.0) / lat_cell) * columns + int((lon[i] + 180.0) / lon_cell)
    return keys


@compiled
def _first_at_least(keys: Ints, key: int) -> int:
    low, high = 0, keys.size
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _sees(sector: Floats, x: float, y: float, distance: float) -> bool:
    """Whether the sector holds the scene; x, y are metres east and north of the scene."""
    facing = -(x * sector[S_EAST] + y * sector[S_NORTH]) >= sector[S_COS_HALF] * distance - 1e-9
    return bool(facing & (distance <= sector[S_REACH]))


@compiled
def search(  # noqa: PLR0913, PLR0917  (compiled code takes plain arrays and numbers)
    keys: Ints,
    places: Floats,
    sectors: Floats,
    lon_cell: float,
    lat_cell: float,
    lon: float,
    lat: float,
    radius: float,
    seeing: bool,  # noqa: FBT001  (keywords cost a microsecond here)
) -> tuple[Ints, Floats, Floats, Floats]:
    """Row numbers, metres east, metres north and distance of the cameras within `radius` metres of the point.

    `places` is `(n, 2)` lon/lat, apart from the `(n, 4)` sectors so that passing over a camera touches 16 bytes.
    Metres are an azimuthal expansion at the point, to the second order: within 1 mm of the ellipsoid at 3 km.
    With `seeing`, only cameras whose sector holds the point, or whose direction nobody knows.
    """
    phi = lat * pi / 180.0
    sine, cosine = sin(phi), cos(phi)
    root = 1.0 - _E2 * sine * sine
    prime = _A / sqrt(root)
    meridian = _A * (1.0 - _E2) / (root * sqrt(root))
    bend = 1.5 * meridian * _E2 * sine * cosine / root
    east_second = meridian * sine
    north_second = 0.5 * prime * sine * cosine

    lat_window = radius / _METRES_A_DEGREE
    narrowest = cos(min(abs(lat) + lat_window, 89.9) * pi / 180.0)
    lon_window = lat_window / narrowest
    columns = int(360.0 / lon_cell) + 1
    west = int((max(lon - lon_window, -180.0) + 180.0) / lon_cell)
    east = int((min(lon + lon_window, 180.0) + 180.0) / lon_cell)
    south = int((max(lat - lat_window, -90.0) + 90.0) / lat_cell)
    north = int((min(lat + lat_window, 90.0) + 90.0) / lat_cell)

    bands = north - south + 1
    starts = np.empty(bands, np.int64)
    stops = np.empty(bands, np.int64)
    total = 0
    for k in range(bands):
        base = (south + k) * columns
        starts[k] = _first_at_least(keys, base + west)
        stops[k] = starts[k]
        while stops[k] < keys.size and keys[stops[k]] <= base + east:
            stops[k] += 1
        total += stops[k] - starts[k]

    found = np.empty(total, np.int64)
    xs, ys, distances = np.empty(total), np.empty(total), np.empty(total)
    n = 0
    for k in range(bands):
        for i in range(starts[k], stops[k]):
            dl = (places[i, 0] - lon) * (pi / 180.0)
            dp = (places[i, 1] - lat) * (pi / 180.0)
            x = dl * (prime * cosine - east_second * dp)
            y = dp * (meridian + bend * dp) + north_second * dl * dl
            found[n], xs[n], ys[n] = i, x, y  # overwritten unless counted: a branch here is mispredicted half the time
            n += x * x + y * y <= radius * radius
    near, n = n, 0
    for k in range(near):
        i, x, y = found[k], xs[k], ys[k]
        distance = sqrt(x * x + y * y)
        found[n], xs[n], ys[n], distances[n] = i, x, y, distance
        n += (not seeing) | _sees(sectors[i], x, y, distance)
    return found[:n], xs[:n], ys[:n], distances[:n]
