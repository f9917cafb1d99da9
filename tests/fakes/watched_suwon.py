"""Real camera sites and roads of Suwon with directions drawn by lot: what would chosen cameras truly have shown?"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from goldentime.city.cameras.approaches import approach_bearings
from goldentime.city.cameras.choose import Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Purpose, Status, camera_id
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat, bearing_degrees, between_degrees, distance_metres

PURPOSES = {
    "생활방범": Purpose.CRIME,
    "교통단속": Purpose.ENFORCEMENT,
    "어린이보호": Purpose.CHILD,
    "교통정보수집": Purpose.TRAFFIC,
    "재난재해": Purpose.DISASTER,
    "시설물관리": Purpose.FACILITY,
}
TRUE_FIELD, TRUE_REACH = 70.0, 100.0
DOWN_THE_ROAD = 45.0
Directions = Mapping[CameraId, float]


@dataclass(frozen=True)
class Watched:
    """Means over scenes: share of approaches shown, share of scenes shown, different sides (of six) shown."""

    approaches: float
    scene: float
    sides: float


@dataclass(frozen=True)
class Spot:
    """A place, the arms that lead to it, and which of them the city's road file knows."""

    place: LonLat
    arms: tuple[float, ...]
    known: tuple[float, ...]


def read_cameras(city: Path) -> list[Camera]:
    """Every camera of the standard file that lies in the city, all taken to work."""
    cameras = []
    with (city / "suwon_cctv_standard_20251024.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            place = LonLat(float(row["WGS84경도"]), float(row["WGS84위도"]))
            if not (126.9 < place.lon < 127.1 and 37.2 < place.lat < 37.35):
                continue
            site, purpose = SiteId(row["관리번호"]), PURPOSES[row["설치목적구분"]]
            cameras += [
                Camera(camera_id(site, n), site, n, place, purpose, Status.WORKING)
                for n in range(1, int(row["카메라대수"]) + 1)
            ]
    return cameras


def read_segments(city: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    """`(n, 4)` straight pieces of the city's roads."""
    links = json.loads((city / "suwon_link.geojson").read_bytes())["features"]
    lines = [line for link in links for line in link["geometry"]["coordinates"]]
    return np.array([(*a[:2], *b[:2]) for line in lines for a, b in pairwise(line)])


def crossings(city: Path, index: CameraIndex, count: int, *, seed: int) -> list[Spot]:
    """Crossings of the main roads with a camera within 100 m; arms from the road file."""
    rng, segments, spots = np.random.default_rng(seed), read_segments(city), []
    nodes = json.loads((city / "suwon_node.geojson").read_bytes())["features"]
    for node in rng.permutation(len(nodes)):
        place = LonLat(*np.ravel(nodes[node]["geometry"]["coordinates"])[:2].tolist())
        arms = approach_bearings(place, segments)
        if len(arms) >= 3 and len(index.within(place, 100).rows):
            spots.append(Spot(place, arms, arms))
        if len(spots) == count:
            break
    return spots


def lanes(index: CameraIndex, count: int, *, seed: int) -> list[Spot]:
    """Places some 50 m from a camera, in lanes no file knows: four arms at right angles, turned by lot."""
    rng, spots = np.random.default_rng(seed), []
    for _ in range(count):
        near = index.cameras[rng.integers(len(index))].place
        east, north, turn = *rng.normal(0, 40, 2).tolist(), float(rng.uniform(0, 90))
        place = LonLat(near.lon + east / 88_700, near.lat + north / 111_000)
        spots.append(Spot(place, tuple(turn + 90 * n for n in range(4)), ()))
    return spots


def draw_directions(cameras: Iterable[Camera], *, seed: int) -> Directions:
    """A site's cameras spread around the circle, give or take 10 degrees, from a direction drawn by lot."""
    rng, sites = np.random.default_rng(seed), dict[SiteId, list[Camera]]()
    for camera in cameras:
        sites.setdefault(camera.site_id, []).append(camera)
    drawn = {}
    for members in sites.values():
        start = rng.uniform(0, 360)
        for n, camera in enumerate(members):
            drawn[camera.id] = float((start + n * 360 / len(members) + rng.normal(0, 10)) % 360)
    return drawn


def tell(cameras: Sequence[Camera], truth: Directions, share: float, *, seed: int) -> CameraIndex:
    """An index in which the directions of a share of the sites are known."""
    rng = np.random.default_rng(seed)
    told = {site for site in sorted({c.site_id for c in cameras}) if rng.random() < share}
    return CameraIndex(
        replace(c, bearing=truth[c.id], field=TRUE_FIELD, reach=TRUE_REACH) if c.site_id in told else c for c in cameras
    )


def nearest(index: CameraIndex, place: LonLat, count: int) -> list[Camera]:
    """What a plain list by distance gives."""
    around = index.within(place, 500)
    order = np.lexsort((index.order[around.rows], around.distance))
    return [index.cameras[row] for row in around.rows[order[:count]]]


def chosen(index: CameraIndex, spot: Spot, count: int) -> list[Camera]:
    """What the ranking gives."""
    choice = rank_cameras(Scene(spot.place, "112UC001", spot.known), index, wanted=count)
    return [index.get(pick.camera_id) for pick in choice.picks]


def watched(spots: Sequence[Spot], truth: Directions, pick: Callable[[Spot], list[Camera]]) -> Watched:
    """How much of the spots the picked cameras truly show."""
    results = [_watched(spot, truth, pick(spot)) for spot in spots]
    return Watched(*(float(value) for value in np.mean(results, axis=0)))


def _watched(spot: Spot, truth: Directions, cameras: list[Camera]) -> tuple[float, bool, int]:
    points = [_moved(spot.place, arm) for arm in spot.arms]
    covered = [any(_shows(c, truth, point) for c in cameras) for point in points]
    sides = {int(bearing_degrees(spot.place, c.place) // 60) for c in cameras if _shows(c, truth, spot.place)}
    return float(np.mean(covered)), bool(sides), len(sides)


def _moved(place: LonLat, bearing: float) -> LonLat:
    east, north = DOWN_THE_ROAD * np.sin(np.radians(bearing)), DOWN_THE_ROAD * np.cos(np.radians(bearing))
    return LonLat(place.lon + float(east) / 88_700, place.lat + float(north) / 111_000)


def _shows(camera: Camera, truth: Directions, point: LonLat) -> bool:
    distance = distance_metres(camera.place, point)
    if distance > TRUE_REACH:
        return False
    turned = between_degrees(bearing_degrees(camera.place, point), truth[camera.id])
    return distance < 1 or turned <= TRUE_FIELD / 2
