"""A scene whose own road is closed to all still has units that can go, and it is said how near they get."""

from dataclasses import replace
from datetime import timedelta

from fakes.fleet import Fleet
from fakes.roads import both_ways, node_at
from fakes.room import CROSSING
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.line import LinkId, Roads
from goldentime.city.units.recommend import Fitness
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat
from goldentime.flows.crews.look_ahead import look_ahead
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.units.suggest_units import Advice, suggest_units
from goldentime.flows.units.units_on_the_way import find_way

SCENE = LonLat(CROSSING.lon + 0.0002, CROSSING.lat)


def street() -> Roads:
    """One street from west of the crossing over it to the garages in the east, five pieces of 400 m."""
    nodes = [replace(node_at(n, 0), place=LonLat(CROSSING.lon + 0.0045 * (n - 1), CROSSING.lat)) for n in range(6)]
    links = [link for n in range(5) for link in both_ways(f"S{n}", nodes[n], nodes[n + 1])]
    return Roads(tuple(links), tuple(nodes))


def close(fleet: Fleet, *pieces: str) -> None:
    links = frozenset(LinkId(f"{piece}{way}") for piece in pieces for way in "<>")
    now = fleet.clock.now()
    closure = Closure(ClosureId("c"), links, Scope.FOR_ALL, "침수", now - timedelta(minutes=5))
    fleet.world.city.live_roads.set_closures([closure], now)


async def advised(*closed: str) -> tuple[Fleet, IncidentId, Advice]:
    fleet = Fleet()
    fleet.room.city = KnownCity(CityFiles(roads=street()))
    fleet.room.world = fleet.world = replace(fleet.world, city=fleet.room.city)
    fleet.dispatch = replace(fleet.dispatch, world=fleet.world)
    close(fleet, *closed)
    incident = await fleet.fire()
    fleet.store.rows.incidents[incident] = replace(fleet.store.rows.incidents[incident], place=SCENE)
    return fleet, incident, await suggest_units(fleet.dispatch, await fleet.operator(), incident)


def suggested(advice: Advice) -> set[str]:
    return {str(one.unit) for one in advice.suggested if one.fitness is Fitness.SUGGESTED}


async def test_a_closed_scene_is_driven_to_as_near_as_roads_are_open() -> None:
    _, _, open_advice = await advised()
    fleet, _, advice = await advised("S1")
    assert suggested(advice) == suggested(open_advice)
    assert len(suggested(advice)) == 2
    assert [note.ko for note in advice.notes] == [
        "현장 앞 도로가 통제되어, 열린 도로(가장 가까운 곳은 약 20 m 앞)까지 간 뒤 직선거리로 어림했습니다."
    ]
    assert not open_advice.notes
    city = fleet.world.city
    start = city.graph.snap(LonLat(CROSSING.lon + 0.015, CROSSING.lat), 270)
    assert start is not None
    way = find_way(city, start, SCENE, None)
    assert way is not None
    assert way.links[-1] == "S2<"  # the last open piece before the closure, from their side
    assert look_ahead(city, city.graph.snap(LonLat(CROSSING.lon - 0.003, CROSSING.lat)), SCENE, None) is not None


async def test_where_closures_stop_everyone_times_are_those_of_open_roads_and_it_is_said() -> None:
    _, _, advice = await advised("S0", "S1", "S2", "S3", "S4")
    assert len(suggested(advice)) == 2
    assert [note.ko for note in advice.notes] == [
        "통제된 도로 때문에 현장까지 이어지는 길이 없어, 통제가 없을 때의 시간으로 어림했습니다."
    ]
