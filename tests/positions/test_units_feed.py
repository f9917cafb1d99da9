"""Who hears which units move: operators all, an agency its own and those on an incident it reads, nobody too much."""

import asyncio
import json
from dataclasses import replace

import pytest

from fakes.room import CROSSING, Room
from fakes.town import FIRE, POLICE
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.place import LonLat
from goldentime.edges.live.feed import Feed
from goldentime.edges.live.units import BITE, UnitFeed
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.messages.position import Position

CAR = Unit(UnitId("순12"), POLICE, "순12", UnitKind.PATROL, CROSSING)
ENGINE = Unit(UnitId("팔달1"), FIRE, "팔달1", UnitKind.ENGINE, CROSSING)


class Screens:
    """A room with units on the move and whoever listens."""

    def __init__(self) -> None:
        self.room = Room()
        self.clock = self.room.town.clock
        self.positions = Positions(self.clock)
        self.feed = Feed(self.room.store, list, self.clock)
        self.units = UnitFeed(self.feed, self.positions, self.room.store, self.clock)
        self.know(CAR, ENGINE)

    def know(self, *units: Unit) -> None:
        self.positions.know_units(units)

    def moves(self, code: str, agency: AgencyId, east: float = 0.0) -> None:
        place = LonLat(CROSSING.lon + east / 88_500, CROSSING.lat)
        self.positions.take([Position(code, agency, place, self.clock.now(), 36.0, 90.0)])

    async def beat(self) -> None:
        await self.units.tell(self.positions.pop_moved())
        self.clock.pass_(seconds=1)

    async def of_fire(self):
        caller = await self.room.caller("jung")
        agency = self.room.store.rows.agencies[FIRE]
        return replace(caller, agency=agency, session=replace(caller.session, agency=FIRE))


def told(listener):
    events, listener.waiting = listener.waiting, []
    assert all(event.startswith(b"event: units\n") for event in events)
    return [json.loads(event.split(b"data: ", 1)[1]) for event in events]


@pytest.fixture
def screens():
    return Screens()


async def test_whoever_joins_hears_of_every_unit_and_then_of_those_that_moved(screens):
    screens.moves("순12", POLICE)
    screens.moves("팔달1", FIRE)
    await screens.beat()
    operator = screens.feed.join(await screens.room.caller("kim"))
    await screens.beat()
    (first,) = told(operator)
    assert first["full"]
    assert {row["id"]: (row["kind"], row["state"]) for row in first["units"]} == {
        "순12": ("patrol", "available"),
        "팔달1": ("engine", "available"),
    }
    assert first["at"][0][:5] == ["순12", CROSSING.lon, CROSSING.lat, 90, 36]
    screens.moves("순12", POLICE, east=10)
    await screens.beat()
    (then,) = told(operator)
    assert (then["full"], then["units"], [row[0] for row in then["at"]]) == (False, [], ["순12"])
    await screens.beat()
    assert told(operator) == []


async def test_a_unit_nobody_registered_is_shown_as_such(screens):
    operator = screens.feed.join(await screens.room.caller("kim"))
    screens.moves("순99", POLICE)
    await screens.beat()
    (event,) = told(operator)
    assert [(row["id"], row["call_sign"], row["kind"]) for row in event["units"]] == [("police/순99", "순99", None)]


async def test_an_agency_hears_its_own_units_and_others_only_on_an_incident_it_reads(screens):
    police, fire = screens.feed.join(await screens.room.caller("jung")), screens.feed.join(await screens.of_fire())
    for code, agency in (("순12", POLICE), ("팔달1", FIRE)):
        screens.moves(code, agency)
    await screens.beat()
    assert [[row[0] for row in one["at"]] for one in told(police)] == [["순12"]]
    assert [[row[0] for row in one["at"]] for one in told(fire)] == [["팔달1"]]
    await screens.room.hear(place=[CROSSING.lon, CROSSING.lat])
    (incident,) = screens.room.incidents
    screens.know(CAR, replace(ENGINE, state=UnitState.ORDERED, incident=incident.id, version=2))
    await screens.beat()
    (seen,) = told(police)  # it reported the incident and may read it
    assert [(row["id"], row["state"], row["incident"]) for row in seen["units"]] == [("팔달1", "ordered", incident.id)]
    assert [row["id"] for one in told(fire) for row in one["units"]] == ["팔달1"]
    screens.know(replace(CAR, state=UnitState.EN_ROUTE, incident=incident.id, version=2), ENGINE)
    await screens.beat()
    (lost,) = told(police)
    assert lost["gone"] == ["팔달1"]
    assert all(row["id"] != "순12" for one in told(fire) for row in one["units"])  # fire has no grant
    await share_incident(screens.room.world, await screens.room.caller("kim"), incident.id, FIRE)
    await screens.beat()
    (seen,) = told(fire)
    assert [row["id"] for row in seen["units"]] == ["순12"]


async def test_a_codes_viewer_hears_of_the_units_on_its_incident_only(screens):
    await screens.room.hear(place=[CROSSING.lon, CROSSING.lat])
    (incident,) = screens.room.incidents
    jung = await screens.room.caller("jung")
    viewer = screens.feed.join(replace(jung, session=replace(jung.session, incident=incident.id, kind="viewer")))
    screens.know(CAR, replace(ENGINE, state=UnitState.EN_ROUTE, incident=incident.id))
    for code, agency in (("순12", POLICE), ("팔달1", FIRE)):
        screens.moves(code, agency)
    await screens.beat()
    (seen,) = told(viewer)
    assert [row["id"] for row in seen["units"]] == ["팔달1"]


async def test_who_sees_no_incidents_sees_no_units(screens):
    officer = screens.feed.join(await screens.room.caller("park"))
    screens.moves("순12", POLICE)
    await screens.beat()
    assert told(officer) == []


async def test_others_get_their_turn_while_a_thousand_maps_are_told(screens):
    maps = [screens.feed.join(await screens.room.caller("kim")) for _ in range(200)]
    screens.moves("순12", POLICE)
    told_at_turns: list[int] = []

    async def look_on() -> None:
        while sum(bool(one.waiting) for one in maps) < len(maps):
            told_at_turns.append(sum(bool(one.waiting) for one in maps))
            await asyncio.sleep(0)

    looking = asyncio.create_task(look_on())
    await screens.beat()
    await looking
    assert len({count for count in told_at_turns if 0 < count < len(maps)}) >= len(maps) / BITE - 2
    assert all(len(told(one)) == 1 for one in maps)
