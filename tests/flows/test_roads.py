"""Closing and opening roads, taking speeds, and what of it a restart remembers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.roads import block, node_at
from fakes.room import Room
from fakes.town import POLICE
from goldentime.city.roads.closures import ClosureId, Scope
from goldentime.city.roads.line import LinkId
from goldentime.core.errors import Conflict, Invalid, NotFound, Refused
from goldentime.core.place import LonLat
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.roads.close_road import RoadToClose, close_road, open_road
from goldentime.flows.roads.keep_roads import RoadKeeper, recall_roads
from goldentime.flows.roads.take_speeds import SERVICE, SpeedTold, may_tell_speeds, take_speeds
from goldentime.messages.exchange import Sender

CORNER = node_at(0, 0).place


def a_room() -> Room:
    """A control room whose city has four streets around a block, each both ways."""
    room = Room()
    room.world.city.__dict__.update(KnownCity(CityFiles(roads=block(max_kmh=45.0))).__dict__)
    return room


def after_a_restart(room: Room) -> Room:
    """The same store and clock, with a city that remembers nothing."""
    other = Room(town=room.town)
    other.world.city.__dict__.update(KnownCity(CityFiles(roads=block(max_kmh=45.0))).__dict__)
    return other


def seconds(room: Room, *, emergency: bool = False) -> float:
    """From the middle of A northwards to the middle of B eastwards."""
    roads = room.world.city.live_roads
    a, b = roads.graph.spot(LinkId("A>"), 0.5), roads.graph.spot(LinkId("B>"), 0.5)
    return float(roads.times_to(b, [a], emergency=emergency)[0])


def told(room: Room, link: str, kmh: float, *, ago: float = 0.0) -> SpeedTold:
    return SpeedTold(link, kmh, room.town.clock.now() - timedelta(seconds=ago))


async def test_a_closed_road_is_driven_around_at_once_and_opened_again():
    room = a_room()
    caller, usual = await room.caller("kim"), seconds(room)
    closure = await close_road(room.world, caller, RoadToClose(Scope.FOR_ALL, "침수", links=[LinkId("B>")]))
    assert seconds(room) == float("inf")
    assert [one.fact.kind for one in room.store.rows.facts][-1] == "RoadClosed"
    await open_road(room.world, caller, closure.id)
    assert seconds(room) == usual
    assert [link.entry.action for link in room.store.rows.links][-2:] == ["RoadClosed", "RoadOpened"]
    with pytest.raises(Conflict):
        await open_road(room.world, caller, closure.id)


async def test_a_closure_except_for_emergencies_lets_sirens_through():
    room = a_room()
    asked = RoadToClose(Scope.EXCEPT_EMERGENCY, "행사", links=[LinkId("B>")])
    await close_road(room.world, await room.caller("kim"), asked)
    assert seconds(room) == float("inf")
    assert seconds(room, emergency=True) < float("inf")


async def test_a_place_and_a_radius_close_every_link_around_it():
    room = a_room()
    asked = RoadToClose(Scope.FOR_ALL, "가스 누출", place=CORNER, radius=20.0)
    closure = await close_road(room.world, await room.caller("kim"), asked)
    assert closure.links == {"A>", "A<", "D>", "D<"}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (RoadToClose(Scope.FOR_ALL, "", links=[LinkId("none")]), "links"),
        (RoadToClose(Scope.FOR_ALL, ""), "links"),
        (RoadToClose(Scope.FOR_ALL, "", place=LonLat(120.0, 30.0)), "links"),
        (RoadToClose(Scope.FOR_ALL, "", place=CORNER, radius=9999.0), "radius"),
        (RoadToClose(Scope.FOR_ALL, "", until=datetime(2020, 1, 1, tzinfo=UTC), links=[LinkId("A>")]), "until"),
    ],
)
async def test_what_cannot_be_closed_is_refused_by_the_field_at_fault(asked, field):
    room = a_room()
    with pytest.raises(Invalid) as refused:
        await close_road(room.world, await room.caller("kim"), asked)
    assert refused.value.field == field


async def test_nobody_opens_what_is_not_closed():
    room = a_room()
    with pytest.raises(NotFound):
        await open_road(room.world, await room.caller("kim"), ClosureId("closure-none"))


async def test_a_closure_whose_end_has_come_is_opened_on_record():
    room = a_room()
    until = room.town.clock.now() + timedelta(minutes=10)
    asked = RoadToClose(Scope.FOR_ALL, "공사", until=until, links=[LinkId("B>")])
    await close_road(room.world, await room.caller("kim"), asked)
    keeper = RoadKeeper(room.world)
    await keeper.tend()
    assert seconds(room) == float("inf")
    room.town.clock.pass_(seconds=601)
    await keeper.tend()
    assert seconds(room) < float("inf")
    assert room.store.rows.links[-1].entry.action == "RoadOpened"
    assert room.store.rows.links[-1].entry.actor == "system"


async def test_a_closure_made_by_another_process_is_followed():
    room = a_room()
    beside = after_a_restart(room)
    closure = await close_road(
        beside.world, await room.caller("kim"), RoadToClose(Scope.FOR_ALL, "", links=[LinkId("B>")])
    )
    keeper = RoadKeeper(room.world)
    await keeper.tend()
    assert seconds(room) == float("inf")
    await open_road(beside.world, await room.caller("kim"), closure.id)
    await keeper.tend()
    assert seconds(room) < float("inf")


async def test_speeds_are_in_force_at_once_and_bad_ones_are_named():
    room = a_room()
    usual = seconds(room)
    answer = take_speeds(
        room.world,
        [
            told(room, "B>", 10.0),
            told(room, "A>", float("nan")),
            told(room, "A>", 20.0, ago=-600),
            SpeedTold("A>", 20.0, datetime(2026, 1, 1)),  # noqa: DTZ001  (that is what is wrong with it)
            told(room, "elsewhere", 30.0),
        ],
        sandbox=False,
    )
    assert (answer.taken, answer.unknown, answer.bad) == (1, 1, 3)
    assert [(at, link) for at, link, _ in answer.refused] == [(1, "A>"), (2, "A>"), (3, "A>")]
    assert seconds(room) > usual


async def test_of_two_speeds_the_newer_wins_whichever_came_first():
    room = a_room()
    take_speeds(room.world, [told(room, "B>", 10.0), told(room, "B>", 50.0, ago=60)], sandbox=False)
    take_speeds(room.world, [told(room, "B>", 70.0, ago=30)], sandbox=False)
    assert room.world.city.live_roads.speed(LinkId("B>")) == pytest.approx(10.0)


async def test_a_sandbox_changes_nothing():
    room = a_room()
    usual = seconds(room)
    assert take_speeds(room.world, [told(room, "B>", 5.0)], sandbox=True).taken == 1
    assert seconds(room) == usual


async def test_an_old_speed_gives_way_to_the_usual_one():
    room = a_room()
    usual, keeper = seconds(room), RoadKeeper(room.world)
    take_speeds(room.world, [told(room, "B>", 5.0)], sandbox=False)
    await keeper.tend()
    assert seconds(room) > usual
    room.town.clock.pass_(seconds=16 * 60)
    await keeper.tend()
    assert seconds(room) == usual


async def test_speeds_and_closures_outlive_a_restart_and_so_does_what_was_learned():
    room = a_room()
    usual = seconds(room)
    for _ in range(3):
        take_speeds(room.world, [told(room, "B>", 5.0)], sandbox=False)
        room.town.clock.pass_(seconds=60)
    slow = seconds(room)
    await close_road(room.world, await room.caller("kim"), RoadToClose(Scope.FOR_ALL, "", links=[LinkId("D>")]))
    await RoadKeeper(room.world).keep()
    later = after_a_restart(room)
    assert seconds(later) == usual
    assert await recall_roads(later.world) == 1
    assert seconds(later) == pytest.approx(slow)
    assert [one.links for one in later.world.city.live_roads.closures] == [frozenset({"D>"})]
    room.town.clock.pass_(seconds=20 * 60)  # no longer live: now the quarter of an hour before stands in for this one
    await RoadKeeper(later.world).tend()
    assert seconds(later) == pytest.approx(slow)


async def test_closures_and_speeds_outlive_an_import_of_the_same_roads():
    room = a_room()
    take_speeds(room.world, [told(room, "B>", 5.0)], sandbox=False)
    await close_road(room.world, await room.caller("kim"), RoadToClose(Scope.FOR_ALL, "", links=[LinkId("D>")]))
    slow = seconds(room)

    async def build() -> KnownCity:
        roads = block(max_kmh=45.0)
        return KnownCity(CityFiles(roads=replace(roads, links=roads.links[::-1])))

    await room.world.city.renew(build)
    assert seconds(room) == pytest.approx(slow)
    assert [one.links for one in room.world.city.live_roads.closures] == [frozenset({"D>"})]


async def test_only_an_agency_named_for_it_may_tell_speeds():
    room = a_room()
    with pytest.raises(Refused):
        await may_tell_speeds(room.world, None)
    with pytest.raises(Refused):
        await may_tell_speeds(room.world, Sender(POLICE))
    police = room.store.rows.agencies[POLICE]
    await room.store.change(lambda tx: tx.put_agency(replace(police, services=frozenset({SERVICE}))))
    assert await may_tell_speeds(room.world, Sender(POLICE)) == Sender(POLICE)
