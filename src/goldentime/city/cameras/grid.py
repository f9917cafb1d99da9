"""Where the cameras lie: an index in arrays that finds those around a scene, in any input order the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, isfinite, radians

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras import search as arrays
from goldentime.city.cameras.inventory import Camera, Purpose, Status
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat

STATUSES = tuple(Status)
PURPOSES = tuple(Purpose)
USUAL_MEGAPIXELS = 2.0  # what 4,926 of Suwon's 4,934 sites have
LONE_SHARE = 0.5  # a camera alone at its site looks towards the scene as likely as away from it


@dataclass(frozen=True, slots=True)
class Candidates:
    """`(n,)` row numbers in the index, metres east and north of the place, and distance in metres."""

    rows: NDArray[np.int64]
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    distance: NDArray[np.float64]


class CameraIndex:
    """The cameras of a city, sorted by grid cell; immutable."""

    def __init__(self, cameras: Iterable[Camera]) -> None:
        """Raise ValueError for a sector that is none, or one id that means two cameras; equal ones count once."""
        known: dict[CameraId, Camera] = {}
        for camera in cameras:
            if known.setdefault(camera.id, camera) != camera:
                msg = f"{camera.id} names two different cameras"
                raise ValueError(msg)
            _refuse_nonsense(camera)
        ordered = sorted(known.values(), key=lambda c: (c.site_id, c.number, c.id))
        lon = np.array([c.place.lon for c in ordered])
        lat = np.array([c.place.lat for c in ordered])
        self.lat_cell = arrays.CELL_METRES / 111_000.0
        middle = float(np.median(lat)) if ordered else 0.0
        self.lon_cell = self.lat_cell / max(cos(radians(middle)), 0.01)
        keys = arrays.cell_keys(lon, lat, self.lon_cell, self.lat_cell)
        by_cell = np.argsort(keys, kind="stable")
        self.keys = keys[by_cell]
        self.cameras = tuple(ordered[i] for i in by_cell)
        self.order = by_cell.astype(np.int64)  # a row's place by id: what breaks ties
        self._fill()

    def _fill(self) -> None:
        self._row_of = {camera.id: row for row, camera in enumerate(self.cameras)}
        sharing = Counter(c.site_id for c in self.cameras if _sight(c) == arrays.UNKNOWN)
        rows = [_row(camera, sharing) for camera in self.cameras]
        self.rows = np.array(rows, dtype=np.float64).reshape(len(rows), arrays.COLUMNS)
        self.status = np.array([STATUSES.index(c.status) for c in self.cameras], dtype=np.int64)
        self.purpose = np.array([PURPOSES.index(c.purpose) for c in self.cameras], dtype=np.int64)
        self.sharing = sharing

    def __len__(self) -> int:
        return len(self.cameras)

    def find(self, camera_id: CameraId) -> Camera | None:
        """The camera, or None when the index does not hold it."""
        row = self._row_of.get(camera_id)
        return None if row is None else self.cameras[row]

    def get(self, camera_id: CameraId) -> Camera:
        """The camera; raises KeyError when the index does not hold it."""
        return self.cameras[self._row_of[camera_id]]

    def find_row(self, camera_id: CameraId) -> int | None:
        """The camera's row number in the arrays, or None."""
        return self._row_of.get(camera_id)

    def with_changed(self, changed: Iterable[Camera]) -> "CameraIndex":
        """An index in which these cameras, new or known by id, are as given."""
        news = {camera.id: camera for camera in changed}
        return CameraIndex([*(c for c in self.cameras if c.id not in news), *news.values()])

    def within(self, place: LonLat, radius: float) -> Candidates:
        """Every camera within `radius` metres, whatever its state or direction."""
        return self._search(place, radius, seeing=False)

    def looking_at(self, place: LonLat, radius: float) -> Candidates:
        """The cameras within `radius` metres whose sector holds the place, or whose direction nobody knows."""
        return self._search(place, radius, seeing=True)

    def _search(self, place: LonLat, radius: float, *, seeing: bool) -> Candidates:
        return Candidates(
            *arrays.search(
                self.keys, self.rows, self.lon_cell, self.lat_cell, place.lon, place.lat, radius, seeing=seeing
            )
        )


def is_all_round(camera: Camera) -> bool:
    """Whether the camera sees the whole circle, so that its bearing does not matter."""
    return camera.field >= 360.0


def _sight(camera: Camera) -> float:
    if is_all_round(camera):
        return arrays.ALL_ROUND
    return arrays.UNKNOWN if camera.bearing is None else arrays.SECTOR


def _row(camera: Camera, sharing: Counter[SiteId]) -> tuple[float, ...]:
    sight = _sight(camera)
    turn = radians(camera.bearing or 0.0)
    share = 1.0
    if sight == arrays.UNKNOWN:
        share = min(LONE_SHARE, 1.0 / sharing[camera.site_id])
    pixels = (camera.megapixels or USUAL_MEGAPIXELS) / USUAL_MEGAPIXELS
    sharpness = min(2.0, max(0.5, pixels**0.5))
    half = radians(min(camera.field, 360.0) / 2)
    return (
        camera.place.lon,
        camera.place.lat,
        float(np.sin(turn)),
        float(np.cos(turn)),
        cos(half),
        camera.reach,
        share,
        sight,
        sharpness,
    )


def _refuse_nonsense(camera: Camera) -> None:
    numbers = [camera.field, camera.reach]
    numbers += [n for n in (camera.bearing, camera.megapixels) if n is not None]
    if not all(isfinite(n) for n in numbers):
        msg = f"{camera.id}: bearing, field, reach and megapixels must be finite"
        raise ValueError(msg)
    if not (0 < camera.field <= 360 and camera.reach > 0):
        msg = f"{camera.id}: a sector needs a field up to 360 degrees and a reach, not {camera.field}, {camera.reach}"
        raise ValueError(msg)
