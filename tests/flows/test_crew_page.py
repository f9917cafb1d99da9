"""What a crew's page is told of the scene itself: its dangers, its water, on which side its road lies, how far on."""

from typing import Any

from fakes.fleet import Fleet, east
from fakes.roads import both_ways
from fakes.room import CROSSING
from fakes.town import FIRE
from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.city.roads.line import NodeId, RoadNode, Roads
from goldentime.core.ids import UnitId
from goldentime.core.place import LonLat, distance_metres
from goldentime.edges.wire.field import brief_json
from goldentime.edges.wire.timeline import timeline
from goldentime.flows.crews.ask_support import SupportCall, ask_support, hear_support
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.grant_agency import share_incident

NORTH_30 = LonLat(CROSSING.lon, CROSSING.lat + 0.00027)  # metres beside the road through the crossing


def on_a_road(*places: Place) -> Fleet:
    """A fleet in a city of one road from east to west through the crossing, a link each way on either side of it."""
    fleet = Fleet()
    far, west = (RoadNode(NodeId(name), LonLat(CROSSING.lon + by, CROSSING.lat), "101") for name, by in ENDS)
    roads = Roads(both_ways("M", far, west, name="큰길"), (far, west))
    fleet.world.city.__dict__.update(KnownCity(CityFiles(roads=roads, places=places)).__dict__)
    return fleet


ENDS = (("east", 0.025), ("west", -0.012))


def hydrant(name: str, metres_east: float) -> Place:
    return Place(PlaceId(name), PlaceKind.HYDRANT, name, east(metres_east))


async def scene_of(fleet: Fleet, unit: str, at: LonLat = CROSSING, **said: Any) -> dict[str, Any]:
    """What its page is told once it is sent there."""
    await fleet.room.hear(place=[at.lon, at.lat], **said)
    incident = fleet.room.incidents[-1]
    await share_incident(fleet.world, await fleet.operator(), incident.id, FIRE)
    await send_units(fleet.dispatch, await fleet.operator(), incident.id, [UnitId(unit)])
    scene = brief_json(await brief_crew(fleet.dispatch, await fleet.crew(unit)), fleet.world.city)["scene"]
    assert scene is not None
    return dict(scene)


async def test_each_danger_says_whether_the_wind_carries_it() -> None:
    scene = await scene_of(on_a_road(), "P1", content="칼을 든 사람이 가스 냄새가 난다고 함")
    told = {one["ko"]: one["airborne"] for one in scene["hazards"]}
    assert (told["흉기 소지"], told["가스 누출"]) == (False, True)


async def test_an_engine_s_crew_is_told_of_water_within_reach_or_how_far_one_is_or_that_none_is_listed() -> None:
    near = await scene_of(on_a_road(hydrant("가", 80), hydrant("나", -200)), "E1")
    assert [(one["name"], one["direction"]["ko"]) for one in near["water"]] == [("가", "동쪽"), ("나", "서쪽")]
    assert near["hydrants"] == {"listed": True, "within_m": 300, "beyond": None}
    far = await scene_of(on_a_road(hydrant("다", 640)), "E1")
    assert (far["water"], far["hydrants"]["listed"], far["hydrants"]["beyond"]["name"]) == ([], True, "다")
    assert 600 < far["hydrants"]["beyond"]["metres"] < 680
    assert (await scene_of(on_a_road(), "E1"))["hydrants"] == {"listed": False, "within_m": 300, "beyond": None}
    assert (await scene_of(on_a_road(hydrant("다", 640)), "P1"))["hydrants"] is None


async def test_a_scene_on_its_road_has_no_side_and_one_beside_it_has() -> None:
    on_it = (await scene_of(on_a_road(), "P1"))["access"]
    assert (on_it["side"], on_it["road"], on_it["metres"]) == (None, "큰길", 0)
    beside = (await scene_of(on_a_road(), "P1", NORTH_30))["access"]
    assert (beside["side"]["ko"], beside["road"], beside["metres"]) == ("남쪽", "큰길", 30)


async def test_the_way_is_measured_to_the_foot_of_the_scene_on_its_last_link_not_to_that_link_s_end() -> None:
    fleet = on_a_road()
    start = LonLat(east(300).lon, CROSSING.lat + 0.00005)  # on the right of who drives west
    fleet.drives_at("P1", start)
    way = (await scene_of(fleet, "P1", NORTH_30))["way"]
    foot = LonLat(*way["pieces"][-1]["line"][-1])
    assert distance_metres(foot, CROSSING) < 1
    assert abs(way["metres"] - distance_metres(start, CROSSING)) < 2
    assert [step["metres"] for step in way["steps"]] == [way["metres"], 0]


async def test_a_call_for_support_is_told_by_the_unit_s_call_sign_and_to_its_own_agency_only() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    order = fleet.unit("E1").order
    assert order is not None
    await ask_support(fleet.dispatch, await fleet.crew("E1"), SupportCall("r1", order, fleet.clock.now()))
    await hear_support(fleet.dispatch, await fleet.operator(), UnitId("E1"))

    async def told(agency: Any = None) -> list[str]:
        rows = await fleet.store.read(lambda look: timeline(look, incident, agency=agency))
        return [row["text"]["ko"] for row in rows if row["kind"].startswith("Support")]

    assert await told() == ["지원 요청 확인 — E1호", "지원 요청 — E1호"]
    assert [await told(fleet.unit(name).agency) for name in ("E1", "P1")] == [await told(), []]
