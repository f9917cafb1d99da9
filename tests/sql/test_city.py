"""What an import replaces, and what it must leave alone."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from goldentime.adapters.sql import SqlStore
from goldentime.city.cameras.inventory import Site, Status, camera_id
from goldentime.city.places.boundary import Boundary, Layer, Part
from goldentime.city.places.imported import Imported
from goldentime.city.places.place import Place as CityPlace
from goldentime.city.places.place import PlaceId, PlaceKind
from goldentime.city.roads.line import Access, LinkId, NodeId, RoadLink, RoadNode, Roads, Structure, TurnBan
from goldentime.core.errors import SendersError
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat
from sql import samples as s
from sql.conftest import Place

RING = ((127.0, 37.1), (127.1, 37.1), (127.1, 37.2), (127.0, 37.1))
HOLE = ((127.05, 37.12), (127.06, 37.12), (127.06, 37.13), (127.05, 37.12))


def record(what: str = "cameras") -> Imported:
    return Imported(what, "수원.csv", "ab" * 32, s.NOW, '{"rows_read": 2}')


def cameras_of(store: SqlStore) -> dict[str, Status]:
    return {one.id: one.status for one in store.read_now(lambda look: look.list_cameras())}


def test_sites_come_back_exactly_with_cameras_numbered_from_one(store: SqlStore) -> None:
    city = store.city()
    scarce, full = s.site(), s.full_site()
    city.replace_sites([full, scarce], [], [], record())
    assert dict(city.load_sites()) == {"S-full": full, "S1": scarce}
    assert store.read_now(lambda look: look.find_site(SiteId("S-full"))) == full
    assert cameras_of(store) == dict.fromkeys(["S-full-1", "S-full-2", "S-full-3", "S1-1", "S1-2"], Status.UNREGISTERED)
    one = store.read_now(lambda look: look.find_camera(CameraId("S-full-2")))
    assert (one.place, one.purpose, one.bearing, one.field, one.megapixels) == (
        full.place, full.purpose, 123.4, 360.0, 2.1,
    )  # fmt: skip


def test_a_site_that_loses_cameras_keeps_their_rows_and_gets_them_back(store: SqlStore) -> None:
    city = store.city()
    city.replace_sites([s.site(cameras=3)], [], [], record())
    city.replace_sites([], [s.site(cameras=1)], [], record())
    assert list(cameras_of(store)) == ["S1-1"]
    assert store.read_now(lambda look: look.find_camera(CameraId("S1-3"))) is None
    city.replace_sites([], [s.site(cameras=4)], [], record())
    assert list(cameras_of(store)) == ["S1-1", "S1-2", "S1-3", "S1-4"]


def test_a_removed_site_is_gone_with_its_cameras_until_it_comes_back(place: Place) -> None:
    store = place.open()
    city = store.city()
    city.replace_sites([s.site("S1"), s.site("S2", 1)], [], [], record())
    city.replace_sites([], [], [SiteId("S1")], record())
    assert list(city.load_sites()) == ["S2"]
    assert list(cameras_of(store)) == ["S2-1"]
    assert place.tamper("UPDATE site SET name = name WHERE id = ? AND removed_at IS NOT NULL", "S1") == 1
    back = replace(s.site("S1", 2), name="다시 세운 곳")
    city.replace_sites([back], [], [], record())
    assert city.load_sites()[SiteId("S1")] == back
    assert list(cameras_of(store)) == ["S1-1", "S1-2", "S2-1"]


def test_a_direction_set_by_hand_and_a_failed_status_outlive_an_import(store: SqlStore) -> None:
    city = store.city()
    city.replace_sites([s.site()], [], [], record())
    city.replace_streams([s.stream("S1-1")], [], record("streams"))
    aimed = store.read_now(lambda look: look.find_camera(CameraId("S1-1")))
    aimed = replace(aimed, bearing=77.0, field=50.0, reach=140.0, aimed_by_hand=True, status=Status.FAILED)
    store.change_now(lambda tx: tx.put_camera(aimed))
    moved = replace(s.site(), place=LonLat(127.03, 37.27), bearing=180.0)
    city.replace_sites([], [moved], [], record())
    one, other = store.read_now(lambda look: look.list_cameras())
    assert one == replace(aimed, place=moved.place)
    assert (other.place, other.bearing, other.aimed_by_hand) == (moved.place, 180.0, False)


def test_streams_make_cameras_work_and_never_change_with_sites(store: SqlStore) -> None:
    city = store.city()
    city.replace_sites([s.site()], [], [], record())
    city.replace_streams([s.stream("S1-1"), s.full_stream()], [], record("streams"))
    assert cameras_of(store) == {"S1-1": Status.WORKING, "S1-2": Status.WORKING}
    assert dict(city.load_streams()) == {"S1-1": s.stream("S1-1"), "S1-2": s.full_stream()}
    assert store.read_now(lambda look: look.find_stream(CameraId("S1-2"))) == s.full_stream()
    city.replace_sites([], [replace(s.site(), cameras=3)], [], record())
    assert cameras_of(store) == {"S1-1": Status.WORKING, "S1-2": Status.WORKING, "S1-3": Status.UNREGISTERED}
    changed = replace(s.stream("S1-1"), password="new")
    city.replace_streams([changed], [CameraId("S1-2")], record("streams"))
    assert dict(city.load_streams()) == {"S1-1": changed}
    assert cameras_of(store)["S1-2"] is Status.UNREGISTERED


def test_a_camera_that_appears_after_its_stream_works_at_once(store: SqlStore) -> None:
    city = store.city()
    city.replace_streams([s.stream("S1-1")], [], record("streams"))
    city.replace_sites([s.site()], [], [], record())
    assert cameras_of(store) == {"S1-1": Status.WORKING, "S1-2": Status.UNREGISTERED}


def test_places_of_one_kind_are_replaced_and_others_stay(store: SqlStore) -> None:
    city = store.city()
    where = LonLat(127.01, 37.26)
    box = CityPlace(PlaceId("p1"), PlaceKind.POLICE_BOX, "역전파출소", where)
    room = CityPlace(
        PlaceId("p1"), PlaceKind.EMERGENCY_ROOM, "아주대병원", where, "월드컵로 164", "031",
        {"병상": "40", "구분": "권역"}, estimated=True, flagged="경계 밖",
    )  # fmt: skip
    city.replace_places(PlaceKind.POLICE_BOX, [box], record("places"))
    city.replace_places(PlaceKind.EMERGENCY_ROOM, [room], record("places"))
    assert list(city.load_places()) == [room, box]
    city.replace_places(PlaceKind.POLICE_BOX, [], record("places"))
    assert list(city.load_places()) == [room]


def test_the_boundary_and_the_roads_come_back_and_are_replaced_whole(store: SqlStore) -> None:
    city = store.city()
    assert city.load_boundary() is None
    assert city.load_roads() == Roads()
    boundary = Boundary(
        ((RING, HOLE),), (Part(Layer.ADMIN_DONG, "인계동", ((RING,),), "4111566000"), Part(Layer.CITY, "수원", ()))
    )
    links = (
        RoadLink(LinkId("2"), NodeId("a"), NodeId("b"), "효원로", "107", (RING, HOLE), 2, 50.0, "43"),
        RoadLink(LinkId("1"), NodeId("b"), NodeId("a"), "", "101", ((),)),
        RoadLink(
            LinkId("0"), NodeId("b"), NodeId("a"), "", "108", ((),), None, None, "", 30.0, 3.5, 4.5, 43.2,
            Access.EMERGENCY, Structure.UNDERPASS, "service", ramp=True, roundabout=True,
            told_from=NodeId("c"), told_to=NodeId("d"),
        ),
    )  # fmt: skip
    nodes = (
        RoadNode(NodeId("a"), LonLat(127.0, 37.1), "101", "시청앞"),
        RoadNode(NodeId("b"), LonLat(127.1, 37.1), "102", signal=True, made=True),
    )
    turns = (
        TurnBan(LinkId("2"), NodeId("b"), LinkId("1")),
        TurnBan(LinkId("1"), NodeId("a"), LinkId("2"), "only", (LinkId("0"),), except_emergency=True),
    )
    city.replace_boundary(boundary, record("boundary"))
    city.replace_roads(Roads(links, nodes, turns), record("roads"))
    assert city.load_boundary() == boundary
    assert city.load_roads() == Roads(links[::-1], nodes, turns)
    city.replace_boundary(Boundary(((RING,),)), record("boundary"))
    city.replace_roads(Roads((), nodes[:1]), record("roads"))
    assert city.load_boundary() == Boundary(((RING,),))
    assert city.load_roads() == Roads((), nodes[:1])


def test_every_import_is_kept_and_tells_followers(store: SqlStore) -> None:
    city = store.city()
    city.replace_sites([s.site()], [], [], record())
    city.replace_streams([s.stream()], [], record("streams"))
    assert list(city.list_imports()) == [record(), record("streams")]
    facts = store.read_now(lambda look: look.list_facts(subject="city"))
    assert [one.fact.kind for one in facts] == ["CitySitesImported", "CityStreamsImported"]
    assert facts[0].fact.data == {"digest": "ab" * 32, "added": 1, "changed": 0, "removed": 0}


def test_an_import_that_fails_in_the_middle_leaves_the_old_city(store: SqlStore) -> None:
    city = store.city()
    city.replace_sites([s.site("S1")], [], [], record())
    unstorable = replace(s.site("S3"), name="\ud800")
    with pytest.raises(SendersError):
        city.replace_sites([s.site("S2"), unstorable], [], [SiteId("S1")], record())
    assert list(city.load_sites()) == ["S1"]
    assert list(cameras_of(store)) == ["S1-1", "S1-2"]
    assert len(city.list_imports()) == 1
    assert store.read_now(lambda look: look.last_position()) == 1


async def test_another_process_importing_is_seen_by_a_running_server(place: Place) -> None:
    server, command_line = place.open(), place.open()
    before = await server.read(lambda look: look.last_position())
    command_line.city().replace_sites([s.site()], [], [], record())
    assert await server.read(lambda look: look.last_position()) == before + 1
    assert [one.id for one in await server.read(lambda look: look.list_cameras())] == ["S1-1", "S1-2"]


def test_a_city_of_sixteen_thousand_cameras_is_imported_in_a_second(new_place: Callable[[str], Place]) -> None:
    store = new_place("sqlite").open()
    sites: list[Site] = [replace(s.full_site(), id=SiteId(f"S-{n:05d}"), cameras=1 + n % 5) for n in range(5_300)]
    begun = time.process_time()
    store.city().replace_sites(sites, [], [], record())
    taken = time.process_time() - begun
    assert len(store.read_now(lambda look: look.list_cameras())) == sum(one.cameras for one in sites) > 15_000
    assert store.read_now(lambda look: look.find_camera(camera_id(SiteId("S-00004"), 5))) is not None
    assert taken < 1
