"""Where the cameras lie: an index in arrays that finds those around a scene, in any input order the same."""

from collections import Counter
from collections.abc import Iterable
from copy import copy
from math import cos, inf, isfinite, radians, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras.inventory import Camera, Purpose, Status
from goldentime.city.cameras.search import CELL_METRES, EVERY_WAY, cell_keys, search
from goldentime.city.cameras.weigh import COLUMNS
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat, bearing_degrees, distance_metres

STATUSES = tuple(Status)
PURPOSES = tuple(Purpose)
USUAL_MEGAPIXELS = 2.0  # what 4,926 of Suwon's 4,934 sites have
FAR_METRES = 64_000.0  # beyond, the expansion at the scene is off by metres
# How far a sector fades out past its edge, in cosine: words such as 남동 are 45 degrees coarse, a drag is not.
FADE_FROM_FILE, FADE_AIMED = 0.35, 0.1
WIDEST_SHARE = 0.25  # cameras that share a circle take 360/n each, but none watches more than a quarter of it


class Candidates(NamedTuple):  # a frozen dataclass costs a fifth of the whole search here
    """`(n,)` row numbers in the index, metres east and north of the place, and distance in metres."""

    rows: NDArray[np.int64]
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    distance: NDArray[np.float64]

    def only(self, position: int) -> "Candidates":
        """The candidate at one position, alone."""
        here = slice(position, position + 1)
        return Candidates(self.rows[here], self.east[here], self.north[here], self.distance[here])


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
        self.lat_cell = CELL_METRES / 111_000.0
        middle = float(np.median(lat)) if ordered else 0.0
        self.lon_cell = self.lat_cell / max(cos(radians(middle)), 0.01)
        keys = cell_keys(lon, lat, self.lon_cell, self.lat_cell)
        by_cell = np.argsort(keys, kind="stable")
        self.keys = keys[by_cell]
        self.places = np.column_stack([lon, lat])[by_cell]  # (n, 2) lon/lat
        self.cameras: tuple[Camera, ...] = tuple(ordered[i] for i in by_cell.tolist())
        self.order = by_cell.astype(np.int64)  # a row's place by id: what breaks ties
        self._row_of = {camera.id: row for row, camera in enumerate(self.cameras)}
        self._rows_of_site: dict[SiteId, list[int]] = {}
        for row, camera in enumerate(self.cameras):
            self._rows_of_site.setdefault(camera.site_id, []).append(row)
        self.sharing = Counter(c.site_id for c in self.cameras if shares_a_circle(c))
        site_number = {site: number for number, site in enumerate(self._rows_of_site)}
        self.site = np.array([site_number[c.site_id] for c in self.cameras], dtype=np.int64)
        self.sectors = np.array([_sector(c) for c in self.cameras], dtype=np.float64).reshape(-1, 4)
        rows = [_row(camera, self.sharing) for camera in self.cameras]
        self.rows = np.array(rows, dtype=np.float64).reshape(len(rows), COLUMNS)
        self.status = np.array([STATUSES.index(c.status) for c in self.cameras], dtype=np.int64)
        self.purpose = np.array([PURPOSES.index(c.purpose) for c in self.cameras], dtype=np.int64)

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
        """An index in which these cameras, new or known by id, are as given; raises ValueError like the first.

        Cheap (some ms among 100,000) as long as they are known and stay where they are.
        """
        news = {camera.id: camera for camera in changed}
        if not all(self._stays(camera) for camera in news.values()):
            return CameraIndex([*(c for c in self.cameras if c.id not in news), *news.values()])
        for camera in news.values():
            _refuse_nonsense(camera)
        other = copy(self)
        cameras = list(self.cameras)
        other.rows, other.sectors, other.status = self.rows.copy(), self.sectors.copy(), self.status.copy()
        other.purpose, other.sharing = self.purpose.copy(), self.sharing.copy()
        for camera in news.values():
            row = self._row_of[camera.id]
            cameras[row] = camera
            other.status[row], other.purpose[row] = STATUSES.index(camera.status), PURPOSES.index(camera.purpose)
        for site in {camera.site_id for camera in news.values()}:
            siblings = self._rows_of_site[site]
            other.sharing[site] = sum(shares_a_circle(cameras[row]) for row in siblings)
            for row in siblings:
                other.rows[row], other.sectors[row] = _row(cameras[row], other.sharing), _sector(cameras[row])
        other.cameras = tuple(cameras)
        return other

    def _stays(self, camera: Camera) -> bool:
        before = self.find(camera.id)
        if before is None:
            return False
        return (before.place, before.site_id, before.number) == (camera.place, camera.site_id, camera.number)

    def within(self, place: LonLat, radius: float) -> Candidates:
        """Every camera within `radius` metres, whatever its state or direction."""
        return self._search(place, radius, seeing=False)

    def looking_at(self, place: LonLat, radius: float) -> Candidates:
        """The cameras within `radius` metres whose sector holds the place, or whose direction nobody knows."""
        return self._search(place, radius, seeing=True)

    def find_nearest(self, place: LonLat, status: Status, *, beyond: float) -> Candidates | None:
        """The nearest camera of that status, in a candidate of its own; None when the city has none.

        Looks in rings from `beyond` metres on, each twice as wide, and over the whole city only past 64 km.
        """
        if not (self.status == STATUSES.index(status)).any():
            return None
        radius = beyond
        while radius < FAR_METRES:
            radius *= 2
            around = self.within(place, radius)
            rows = np.flatnonzero(self.status[around.rows] == STATUSES.index(status))
            if rows.size:
                best = rows[np.lexsort((self.order[around.rows[rows]], around.distance[rows]))[0]]
                return around.only(int(best))
        return self._find_far(place, status)

    def _find_far(self, place: LonLat, status: Status) -> Candidates | None:
        rows = np.flatnonzero(self.status == STATUSES.index(status))
        if not rows.size:
            return None
        far = min(rows.tolist(), key=lambda r: (distance_metres(place, self.cameras[r].place), self.order[r]))
        metres = distance_metres(place, self.cameras[far].place)
        turn = radians(bearing_degrees(place, self.cameras[far].place))
        return Candidates(
            np.array([far]), np.array([metres * sin(turn)]), np.array([metres * cos(turn)]), np.array([metres])
        )

    def _search(self, place: LonLat, radius: float, *, seeing: bool) -> Candidates:
        if not (isfinite(radius) and radius > 0):
            msg = f"a radius is a number of metres above 0, not {radius}"
            raise ValueError(msg)
        # a whole number would be compiled for anew, for seconds, while a report waits
        lon, lat, metres = float(place.lon), float(place.lat), float(radius)
        return Candidates(
            *search(self.keys, self.places, self.sectors, self.lon_cell, self.lat_cell, lon, lat, metres, seeing)
        )


def is_all_round(camera: Camera) -> bool:
    """Whether the camera sees the whole circle, so that its bearing does not matter."""
    return camera.field >= 360.0


def shares_a_circle(camera: Camera) -> bool:
    """Whether nobody knows where the camera looks."""
    return camera.bearing is None and not is_all_round(camera)


def _sector(camera: Camera) -> tuple[float, float, float, float]:
    """A row for the search: whoever may look anywhere holds every place within the radius."""
    if camera.bearing is None or is_all_round(camera):
        return 0.0, 0.0, EVERY_WAY, inf
    turn = radians(camera.bearing)
    return sin(turn), cos(turn), cos(radians(camera.field / 2)), camera.reach


def _row(camera: Camera, sharing: Counter[SiteId]) -> tuple[float, ...]:
    """A row for the weighing, in the order of its columns."""
    east, north, cos_half, _ = _sector(camera)
    circle = shares_a_circle(camera)
    share = min(WIDEST_SHARE, 1.0 / sharing[camera.site_id]) if circle else 1.0
    pixels = (camera.megapixels or USUAL_MEGAPIXELS) / USUAL_MEGAPIXELS
    sharpness = min(2.0, max(0.5, pixels**0.5))
    fade = FADE_AIMED if camera.aimed_by_hand else FADE_FROM_FILE
    return east, north, cos_half, camera.reach, share, sharpness, fade, float(circle)


def _refuse_nonsense(camera: Camera) -> None:
    numbers = [camera.field, camera.reach]
    numbers += [n for n in (camera.bearing, camera.megapixels) if n is not None]
    if not all(isfinite(n) for n in numbers):
        msg = f"{camera.id}: bearing, field, reach and megapixels must be finite"
        raise ValueError(msg)
    if not (0 < camera.field <= 360 and camera.reach > 0):
        msg = f"{camera.id}: a sector needs a field up to 360 degrees and a reach, not {camera.field}, {camera.reach}"
        raise ValueError(msg)
