"""What a point on the map is and how far and in which direction others lie from it."""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, isfinite, radians, sin, sqrt
from typing import NewType

Metres = NewType("Metres", float)
Degrees = NewType("Degrees", float)

EARTH_RADIUS_METRES = 6_371_008.8  # IUGG mean radius R1


@dataclass(frozen=True, slots=True)
class LonLat:
    """A WGS84 point in degrees; raises ValueError outside the globe or for NaN."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        """Refuse what is not a place."""
        if not (isfinite(self.lon) and isfinite(self.lat)):
            msg = "lon and lat must be finite"
            raise ValueError(msg)
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            msg = f"not on the globe: lon {self.lon}, lat {self.lat}"
            raise ValueError(msg)


def distance_metres(a: LonLat, b: LonLat) -> Metres:
    """Great-circle distance by the haversine formula; within 0.6 % of the ellipsoid."""
    dlat, dlon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return Metres(2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(h))))


def bearing_degrees(a: LonLat, b: LonLat) -> Degrees:
    """Initial bearing from a to b, clockwise from north, in [0, 360)."""
    dlon = radians(b.lon - a.lon)
    y = sin(dlon) * cos(radians(b.lat))
    x = cos(radians(a.lat)) * sin(radians(b.lat)) - sin(radians(a.lat)) * cos(radians(b.lat)) * cos(dlon)
    return Degrees(degrees(atan2(y, x)) % 360 % 360)  # a hair below north is 360 after the first


def between_degrees(a: float, b: float) -> Degrees:
    """Smallest angle between two bearings, in [0, 180]."""
    return Degrees(abs((a - b + 180) % 360 - 180))
