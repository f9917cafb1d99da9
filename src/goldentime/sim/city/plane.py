"""Where the sample city lies: metres east and north of a point in the Yellow Sea, where no real street can be."""

from math import cos, radians

from goldentime.core.place import LonLat

ORIGIN = LonLat(125.62, 36.2)
_METRES_PER_DEGREE = 111_195.0
_SHRINK = cos(radians(ORIGIN.lat))

Point = tuple[float, float]  # metres east, metres north


def to_lonlat(point: Point) -> tuple[float, float]:
    """(lon, lat) of a point in the plane, to 0.1 m."""
    lon = ORIGIN.lon + point[0] / (_METRES_PER_DEGREE * _SHRINK)
    return round(lon, 6), round(ORIGIN.lat + point[1] / _METRES_PER_DEGREE, 6)
