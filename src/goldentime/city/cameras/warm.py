"""When the compiled code is loaded: at start, so that the first report does not wait for it."""

from time import perf_counter

from goldentime.city.cameras.choose import near
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Purpose, Status
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat


def warm() -> float:
    """Seconds it took to load the compiled ranking, or to compile it on a machine's very first start."""
    start = perf_counter()
    place = LonLat(127.0, 37.0)
    camera = Camera(CameraId("warm-1"), SiteId("warm"), 1, place, Purpose.OTHER, Status.WORKING)
    near(CameraIndex([camera]), place)
    return perf_counter() - start
