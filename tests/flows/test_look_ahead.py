"""A crew's way: what it passes, what is slow, narrow or closed on it, and why there is none."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from fakes.roads import block
from goldentime.city.places.along import along_way
from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.line import LinkId
from goldentime.core.place import LonLat
from goldentime.flows.crews.look_ahead import OFF_ROADS, look_ahead, why_no_way
from goldentime.flows.crews.near_scene import Surroundings, find_building, find_hospitals, find_water
from goldentime.flows.known_city import CityFiles, KnownCity

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOUTH_WEST, NORTH_EAST = LonLat(127.0, 37.0001), LonLat(127.0009, 37.001)
FAR = LonLat(128.0, 38.0)


def place(name: str, kind: PlaceKind, lon: float, lat: float) -> Place:
    return Place(PlaceId(name), kind, name, LonLat(lon, lat))


def city(*places: Place, **roads: object) -> KnownCity:
    return KnownCity(CityFiles(roads=block(**roads), places=places))


def test_points_are_found_along_a_way_in_its_order_with_how_far_off_they_are() -> None:
    way = [(127.0, 37.0), (127.0, 37.01)]
    points = np.array([(127.0001, 37.009), (127.0, 37.001), (127.01, 37.005)])
    found = along_way(points, way, within=20)
    assert [row for row, _, _ in found] == [1, 0]
    assert abs(found[0][1] - 111) < 1
    assert abs(found[1][2] - 8.9) < 0.2


def test_the_way_tells_schools_beside_it_and_not_those_elsewhere() -> None:
    beside = place("나루초", PlaceKind.SCHOOL_ZONE, 127.0002, 37.0005)
    away = place("먼초", PlaceKind.SCHOOL_ZONE, 127.05, 37.05)
    known = city(beside, away)
    way = look_ahead(known, known.graph.snap(SOUTH_WEST), NORTH_EAST, None)
    assert way is not None
    assert way.route.seconds > 0
    assert {one.what.id for one in way.schools} == {"나루초"}


def test_a_jam_and_a_narrow_street_show_on_the_pieces_they_are_on() -> None:
    known = city(width_m=3.0)
    free = look_ahead(known, known.graph.snap(SOUTH_WEST), NORTH_EAST, 2.5)
    assert free is not None
    assert {piece.level for piece in free.pieces} == {"free"}
    assert all(piece.narrow and piece.width_m == 3.0 for piece in free.pieces)
    known.live_roads.set_speeds(dict.fromkeys(known.graph.ids, 8.0), NOW)
    jammed = look_ahead(known, known.graph.snap(SOUTH_WEST), NORTH_EAST, 2.5)
    assert jammed is not None
    assert {piece.level for piece in jammed.pieces} == {"jammed"}


def test_a_closure_is_told_and_turned_away_from() -> None:
    known = city()
    start = known.graph.snap(LonLat(127.0002, 37.0), 270.0)  # westward on the south street, near its western corner
    scene = LonLat(127.0002, 37.00097)  # south of the north street's middle, near the same side of the block
    before = look_ahead(known, start, scene, None)
    assert before is not None
    assert before.route.links == ("D>", "A>", "B>")
    assert before.closures == ()
    closure = Closure(ClosureId("c"), frozenset({LinkId("A>"), LinkId("A<")}), Scope.FOR_ALL, "침수", NOW)
    known.live_roads.set_closures([closure], NOW)
    after = look_ahead(known, start, scene, None)
    assert after is not None
    assert after.route.links == ("D>", "D<", "C<", "B<", "B>"), "it turns and goes round the block"
    assert after.closures == (closure,)
    assert after.route.seconds > before.route.seconds


def test_where_every_way_is_closed_there_is_none_and_it_says_why() -> None:
    known = city()
    start = known.graph.snap(LonLat(127.0002, 37.0), 270.0)
    scene = LonLat(127.0002, 37.00097)
    shut = frozenset(LinkId(f"{street}{way}") for street in "AC" for way in "<>")
    known.live_roads.set_closures([Closure(ClosureId("c"), shut, Scope.FOR_ALL, "침수", NOW)], NOW)
    assert look_ahead(known, start, scene, None) is None
    assert why_no_way(known, start, scene, None).ko == "통제된 도로로 막혀 있습니다."


def test_far_from_every_road_there_is_no_way_and_it_says_so() -> None:
    known = city()
    assert look_ahead(known, known.graph.snap(FAR), NORTH_EAST, None) is None
    assert why_no_way(known, known.graph.snap(FAR), NORTH_EAST, None) == OFF_ROADS


def test_water_within_hoses_reach_is_all_told_and_with_none_there_how_far_one_is() -> None:
    near = place("가", PlaceKind.HYDRANT, 127.0005, 37.001)
    next_ = place("나", PlaceKind.HYDRANT, 127.0009, 37.0025)
    far, farther = place("다", PlaceKind.HYDRANT, 127.02, 37.001), place("라", PlaceKind.HYDRANT, 127.0009, 37.0175)
    both = find_water((far, next_, near, farther), NORTH_EAST)
    assert ([one.place.name for one in both.near], both.beyond, both.listed) == (["가", "나"], None, True)
    beyond = find_water((farther, far), NORTH_EAST).beyond  # farther in degrees is nearer in metres
    assert beyond is not None
    assert (beyond.place.name, 1600 < beyond.metres < 1750, round(beyond.bearing)) == ("다", True, 90)
    nothing = find_water((place("초", PlaceKind.SCHOOL_ZONE, 127.0009, 37.001),), NORTH_EAST)
    assert (nothing.near, nothing.beyond, nothing.listed) == ((), None, False)


def test_hospitals_come_by_driving_time() -> None:
    here = place("병원1", PlaceKind.EMERGENCY_ROOM, 127.0, 37.0)
    there = replace(here, id=PlaceId("병원2"), name="병원2", place=LonLat(127.001, 37.0009))
    rooms = find_hospitals(city(here, there), NORTH_EAST)
    assert [one.place.name for one in rooms] == ["병원2", "병원1"]
    assert rooms[0].seconds is not None


def test_the_building_is_the_one_whose_point_is_close_and_none_is_guessed() -> None:
    here = place("나루빌딩", PlaceKind.BUILDING, 127.001, 37.0011)
    away = place("먼빌딩", PlaceKind.BUILDING, 127.003, 37.003)
    found = find_building((away, here), NORTH_EAST)
    assert found is not None
    assert found.place.name == "나루빌딩"
    assert find_building((away,), NORTH_EAST) is None


def test_what_is_near_a_scene_is_remembered_until_the_city_s_lists_change() -> None:
    here, there = place("가", PlaceKind.HYDRANT, 127.0005, 37.001), place("나", PlaceKind.HYDRANT, 127.0005, 37.001)
    surroundings, before = Surroundings(), city(here)
    first = surroundings.around(before, NORTH_EAST)
    assert surroundings.around(before, NORTH_EAST) is first
    after = surroundings.around(city(here, there), NORTH_EAST)
    assert ([len(one.water.near) for one in (first, after)]) == [1, 2]


def test_what_is_near_a_scene_is_found_anew_once_a_road_is_closed() -> None:
    surroundings, here = Surroundings(), city(place("병원", PlaceKind.EMERGENCY_ROOM, 127.0005, 37.001))
    (before,) = surroundings.around(here, SOUTH_WEST).hospitals
    closed = frozenset(here.graph.ids)
    here.live_roads.put_closure(Closure(ClosureId("c"), closed, Scope.FOR_ALL, "침수", NOW), NOW)
    (after,) = surroundings.around(here, SOUTH_WEST).hospitals
    assert before.seconds is not None
    assert after.seconds is None
