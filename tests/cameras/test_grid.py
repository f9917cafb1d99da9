"""Where the index finds cameras, against the ellipsoid and against looking at each of them."""

import numpy as np
import pyproj
import pytest

from goldentime.city.cameras import weigh
from goldentime.city.cameras.choose import Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Purpose, Status
from goldentime.city.cameras.search import search
from goldentime.city.cameras.warm import warm
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat

GEOD = pyproj.Geod(ellps="GRS80")


def scattered(count, lon, lat, *, seed=3):
    rng = np.random.default_rng(seed)
    return [
        Camera(
            CameraId(f"c{i}"),
            SiteId(f"s{i // 3}"),
            i % 3 + 1,
            LonLat(lon + float(rng.uniform(-0.05, 0.05)), lat + float(rng.uniform(-0.05, 0.05))),
            Purpose.CRIME,
            bearing=float(rng.uniform(0, 360)) if i % 2 else None,
            reach=float(rng.uniform(50, 400)),
        )
        for i in range(count)
    ]


@pytest.mark.parametrize(("lon", "lat"), [(127.03, 37.26), (128.08, 35.18), (130.87, 37.5), (24.94, 60.17)])
def test_distance_and_bearing_are_those_of_the_ellipsoid_anywhere(lon, lat):
    index = CameraIndex(scattered(2_000, lon, lat))
    found = index.within(LonLat(lon, lat), 3_000)
    here = np.full(len(found.rows), [lon]), np.full(len(found.rows), [lat])
    bearing, _, metres = GEOD.inv(*here, *index.places[found.rows].T)
    turned = np.degrees(np.arctan2(found.east, found.north)) - bearing
    assert len(found.rows) > 100
    assert np.abs(found.distance - metres).max() < 0.001
    assert np.abs((turned + 180) % 360 - 180).max() < 0.0001


def test_exactly_the_cameras_within_the_radius_are_found():
    cameras = scattered(3_000, 127.03, 37.26)
    index = CameraIndex(cameras)
    for radius in (1.0, 80.0, 500.0, 4_000.0, 20_000.0):
        found = {index.cameras[row].id for row in index.within(LonLat(127.04, 37.27), radius).rows}
        lon, lat = np.array([[c.place.lon, c.place.lat] for c in cameras]).T
        metres = GEOD.inv(np.full(len(lon), 127.04), np.full(len(lon), 37.27), lon, lat)[2]
        assert found == {c.id for c, m in zip(cameras, metres, strict=True) if m <= radius}


def test_looking_at_finds_sectors_that_hold_the_place_and_all_of_unknown_direction():
    cameras = scattered(3_000, 127.03, 37.26)
    index, sectors = CameraIndex(cameras), 0
    lon, lat = np.array([[c.place.lon, c.place.lat] for c in cameras]).T
    rng = np.random.default_rng(1)
    for _ in range(60):
        place = LonLat(127.03 + float(rng.uniform(-0.04, 0.04)), 37.26 + float(rng.uniform(-0.04, 0.04)))
        found = {index.cameras[row].id for row in index.looking_at(place, 400).rows}
        bearing, _, metres = GEOD.inv(lon, lat, np.full(len(lon), place.lon), np.full(len(lon), place.lat))
        expected = set()
        for c, toward, distance in zip(cameras, bearing, metres, strict=True):
            turned = abs((toward - (c.bearing or 0) + 180) % 360 - 180)
            if distance <= 400 and (c.bearing is None or (distance <= c.reach and turned <= c.field / 2)):
                expected.add(c.id)
                sectors += c.bearing is not None
        assert found == expected
    assert sectors > 10


def test_points_far_outside_the_city_do_not_hurt(camera, scene_place):
    index = CameraIndex([camera("a", 10, 0), camera("typo", -2_600_000, 0), camera("south", 0, -3_900_000)])
    assert [index.cameras[r].site_id for r in index.within(scene_place, 500).rows] == ["a"]


@pytest.mark.parametrize("place", [LonLat(180, 90), LonLat(-180, -90), LonLat(0, 0), LonLat(179.9999, 0)])
def test_the_corners_of_the_globe_are_places_too(camera, place):
    assert len(CameraIndex([camera("a", 0, 0)]).within(place, 500).rows) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"bearing": float("nan")},
        {"reach": float("inf")},
        {"reach": 0.0},
        {"field": 0.0},
        {"field": 361.0},
        {"megapixels": float("nan")},
        {"field": float("nan")},
    ],
)
def test_a_sector_that_is_none_is_refused(camera, wrong):
    with pytest.raises(ValueError, match="a-1"):
        CameraIndex([camera("a", 0, 0, **wrong)])
    with pytest.raises(ValueError, match="a-1"):
        CameraIndex([camera("a", 0, 0)]).with_changed([camera("a", 0, 0, **wrong)])


def test_the_same_camera_twice_counts_once_and_two_under_one_id_are_refused(camera):
    assert len(CameraIndex([camera("a", 0, 0), camera("a", 0, 0)])) == 1
    with pytest.raises(ValueError, match="two different"):
        CameraIndex([camera("a", 0, 0), camera("a", 1, 0)])


@pytest.mark.parametrize("radius", [float("nan"), 0.0, -1.0, float("inf")])
def test_a_radius_that_is_none_is_refused(camera, scene_place, radius):
    with pytest.raises(ValueError, match="radius"):
        CameraIndex([camera("a", 0, 0)]).within(scene_place, radius)


def test_a_changed_index_is_the_same_as_one_built_anew(camera, scene_place):
    before = [camera(s, 10 * n, 5 * n, k) for n, s in enumerate("abcd") for k in (1, 2, 3)]
    changes = [
        camera("a", 0, 0, 2, bearing=10.0),
        camera("b", 10, 5, 1, status=Status.FAILED),
        camera("c", 20, 10, 3, purpose=Purpose.TRAFFIC, field=360),
    ]
    changed_ids = {c.id for c in changes}
    anew = CameraIndex([*(c for c in before if c.id not in changed_ids), *changes])
    changed = CameraIndex(before).with_changed(changes)
    assert changed.cameras == anew.cameras
    for name in ("places", "sectors", "rows", "status", "purpose", "order", "keys", "site"):
        assert np.array_equal(getattr(changed, name), getattr(anew, name)), name
    moved = CameraIndex(before).with_changed([camera("d", 900, 900, 1), camera("new", 1, 1)])
    assert len(moved) == 13
    assert moved.get(CameraId("d-1")).place == camera("d", 900, 900, 1).place


def test_find_may_miss_and_get_raises(camera):
    index = CameraIndex([camera("a", 0, 0)])
    assert index.find(CameraId("a-1")) == camera("a", 0, 0)
    assert index.find(CameraId("b-1")) is None
    with pytest.raises(KeyError):
        index.get(CameraId("b-1"))


def test_numbers_without_a_decimal_point_need_nothing_compiled_anew():
    warm()
    index = CameraIndex(scattered(100, 127, 37))
    index.looking_at(LonLat(127, 37), 500)
    rank_cameras(Scene(LonLat(127, 37), uncertain_metres=60), index)
    assert (len(search.signatures), len(weigh.choose.signatures)) == (1, 1)
