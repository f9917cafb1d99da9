"""A street to put cameras on: metres east and north of a scene instead of degrees."""

from collections.abc import Callable
from math import atan2, degrees, hypot

import pyproj
import pytest

from goldentime.city.cameras.inventory import Camera, Purpose, Status, camera_id
from goldentime.core.ids import SiteId
from goldentime.core.place import LonLat

SCENE = LonLat(127.0286, 37.2636)
GEOD = pyproj.Geod(ellps="GRS80")


@pytest.fixture(scope="session")
def scene_place() -> LonLat:
    return SCENE


@pytest.fixture(scope="session")
def at() -> Callable[..., LonLat]:
    """A place so many metres east and north of the scene, or of another origin."""

    def place(east: float, north: float, origin: LonLat = SCENE) -> LonLat:
        bearing = degrees(atan2(east, north))
        lon, lat, _ = GEOD.fwd(origin.lon, origin.lat, bearing, hypot(east, north))
        return LonLat(lon, lat)

    return place


@pytest.fixture(scope="session")
def camera(at: Callable[..., LonLat]) -> Callable[..., Camera]:
    """A working camera `number` of `site`, metres east and north of the scene."""

    def make(site: str, east: float, north: float, number: int = 1, **more: object) -> Camera:
        place = at(east, north, more.pop("origin", SCENE))
        given = {"purpose": Purpose.CRIME, "status": Status.WORKING, **more}
        return Camera(camera_id(SiteId(site), number), SiteId(site), number, place, **given)  # type: ignore[arg-type]

    return make
