"""What becomes of an order on its agency's own wire: its code, number, mark in a drill, words and end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fakes.clock import TickingClock
from fakes.fleet import Fleet
from fakes.room import Room
from fakes.town import FIRE, POLICE, Town
from goldentime.city.incidents.incident import Disposition
from goldentime.core.ids import IncidentId, UnitId
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.outgoing.tell_order import read_order_words
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.dispatch import DispatchRules
from goldentime.flows.units.send_units import send_units
from goldentime.flows.world import Rules
from goldentime.linkages.fixed_head_tcp.linkage import FixedHeadTcp
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp
from goldentime.messages.order import Order
from goldentime.sim.agencies.receiver import is_time, read_frame

HEAD = 48  # bytes


def ticking(**more: object) -> Fleet:
    return Fleet(Room(Town(clock=TickingClock()), **more))  # type: ignore[arg-type]


async def sent(fleet: Fleet, *names: str, **said: object) -> IncidentId:
    incident = await fleet.fire(**said)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId(one) for one in names], words="정문으로")
    return incident


async def close(fleet: Fleet, incident: IncidentId) -> None:
    await close_incident(fleet.world, await fleet.operator(), incident, disposition=Disposition.HANDLED)


def on_safety_net(order: Order) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Body and items as a strict receiver takes them."""
    _, body = read_frame(SafetyNetTcp().order(order))
    parts = body["ocrEvtItem"].split("\xd2")
    return body, list(zip(parts[::2], parts[1::2], strict=True))


def on_fixed_head(order: Order) -> Mapping[str, str]:
    wire = FixedHeadTcp()
    frame = wire.order(order)
    return dict(zip(wire.settings.order_fields, frame[HEAD:-1].decode().split("\x1e"), strict=True))


async def test_closing_an_incident_cancels_on_the_wire_the_order_of_who_had_not_arrived() -> None:
    fleet = ticking()
    await close(fleet, await sent(fleet, "E1", "P1"))
    for agency in (FIRE, POLICE):
        first, last = fleet.orders(agency)
        assert (first.state, last.state, last.units) == ("occurred", "cancelled", ())
        assert last.occurrence == first.occurrence
    assert {order.withdrawn for order in fleet.store.rows.orders.values()} == {frozenset({"E1"}), frozenset({"P1"})}


async def test_closing_an_incident_ends_on_the_wire_the_order_of_who_is_there() -> None:
    fleet = ticking()
    incident = await sent(fleet, "E1", "L1")
    unit = fleet.unit("E1")
    fleet.store.seed(lambda tx: tx.put_unit(replace(unit, state=type(unit.state).ON_SCENE)))
    await close(fleet, incident)
    assert [(one.state, one.units, one.withdrawn) for one in fleet.orders(FIRE)] == [
        ("occurred", ("E1", "L1"), ()),
        ("ended", ("E1",), ("L1",)),
    ]
    body, _ = on_safety_net(fleet.orders(FIRE)[-1])
    assert (body["ocrSts"], bool(body["ocrEvtEndTime"])) == ("91", True)


async def test_an_order_that_was_called_back_is_not_told_to_be_over_again() -> None:
    fleet = ticking()
    incident = await sent(fleet, "E1")
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("E1"))
    await close(fleet, incident)
    assert [one.state for one in fleet.orders(FIRE)] == ["occurred", "cancelled"]


async def test_orders_of_one_day_of_two_years_never_share_a_number_and_each_is_a_time() -> None:
    numbers, occurrences = set(), set()
    for year in (2026, 2027):
        clock = TickingClock(datetime(year, 11, 23, 3, 0, tzinfo=UTC))
        fleet = Fleet(Room(Town(clock=clock)))
        await sent(fleet, "E1", "P1")
        for order in fleet.orders(FIRE) + fleet.orders(POLICE):
            numbers |= {order.number, order.message_number}
            occurrences.add(order.occurrence)
            assert is_time(order.occurrence)
            assert order.occurrence[:8] == f"{year}1123"
            assert on_fixed_head(order)["SEND_NUM"] == order.number
    assert (len(numbers), len(occurrences)) == (8, 4)


async def test_each_service_is_sent_its_own_code_and_the_words_stay_apart_from_it() -> None:
    fleet = ticking()
    await sent(fleet, "E1", "P1", kind_name="화재", detail_words="주택 화재")
    (fire,), (police,) = fleet.orders(FIRE), fleet.orders(POLICE)
    assert [on_safety_net(one)[0]["evtId"] for one in (fire, police)] == ["119UC001", "112UC120"]
    assert [on_safety_net(one)[0]["evtNm"] for one in (fire, police)] == ["119 긴급출동", "112 긴급출동"]
    assert "주택 화재" in on_safety_net(fire)[0]["ocrEvtDtl"]
    assert on_fixed_head(fire)["EVT_TYP"] == "주택 화재"


async def test_an_agency_s_own_service_decides_over_what_its_units_are() -> None:
    fleet = ticking()
    named = replace(fleet.store.rows.agencies[FIRE], services=frozenset({"112_dispatch", "disaster"}))
    fleet.store.seed(lambda tx: tx.put_agency(named))
    await sent(fleet, "E1")
    assert fleet.orders(FIRE)[0].service == "112_dispatch"


@pytest.mark.parametrize("drill", [True, False])
async def test_an_order_of_a_drill_is_marked_on_both_wires(*, drill: bool) -> None:
    fleet = ticking(rules=Rules(drill_wires=frozenset({FIRE, POLICE})))
    await sent(fleet, "E1", drill=drill)
    (order,) = fleet.orders(FIRE)
    assert (("DRILL_YN", "Y") in on_safety_net(order)[1]) is drill
    assert on_fixed_head(order)["DRILL_YN"] == ("Y" if drill else "")


async def test_the_dispatcher_s_words_are_kept_and_told_again_with_a_partial_call_back() -> None:
    fleet = ticking(rules=Rules())
    await sent(fleet, "E1", "L1", content="불이 났습니다")
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("E1"))
    assert [one.content for one in fleet.orders(FIRE)] == ["정문으로"] * 2
    (order,) = fleet.store.rows.orders.values()
    assert (await fleet.store.read(lambda look: read_order_words(look, order))).words == "정문으로"
    assert "정문으로" not in repr(fleet.store.rows.orders)


async def test_the_words_are_kept_where_no_wire_carried_them() -> None:
    fleet = Fleet(Room(Town(clock=TickingClock())), wires={}, rules=DispatchRules())
    await sent(fleet, "E1")
    (order,) = fleet.store.rows.orders.values()
    said = await fleet.store.read(lambda look: read_order_words(look, order))
    assert (said.words, said.on_wire) == ("정문으로", False)


# the reporting agency's word


@pytest.mark.parametrize("state", ["ended", "ended_automatically", "cancelled"])
async def test_an_agency_s_end_calls_back_no_other_s_units_and_asks_the_operator(state: str) -> None:
    fleet = ticking()
    incident = await sent(fleet, "E1", "P1")
    await fleet.room.hear(place=None, state=state)
    known = fleet.store.rows.incidents[incident]
    assert (known.state, known.sender_state) == ("open", state)
    assert {fleet.unit(one).state for one in ("E1", "P1")} == {"ordered"}
    assert [one.state for one in fleet.orders(FIRE)] == ["occurred"]
    assert [fact.data["state"] for fact in fleet.store.facts("EndingAsked")] == [state]
    grants = [one for one in fleet.store.rows.grants.values() if one.agency is not None]
    assert {one.agency: one.ended_at is None for one in grants} == {POLICE: False, FIRE: True}
    crews = [one for one in fleet.store.rows.grants.values() if one.unit is not None]
    assert {one.unit: one.ended_at is None for one in crews} == {"P1": False, "E1": True}, "and its crews with it"
    await close(fleet, incident)
    assert [one.state for one in fleet.orders(FIRE)] == ["occurred", "cancelled"]


async def test_an_agency_s_end_closes_it_when_only_its_own_units_drive() -> None:
    fleet = ticking()
    incident = await sent(fleet, "P1")
    await fleet.room.hear(place=None, state="ended")
    assert fleet.store.rows.incidents[incident].state == "closed"
    assert [one.state for one in fleet.orders(POLICE)] == ["occurred", "cancelled"]


async def test_the_crew_reads_what_the_dispatcher_said_with_its_order() -> None:
    fleet = ticking()
    await sent(fleet, "E1", content="불이 났습니다")
    brief = await brief_crew(fleet.dispatch, await fleet.crew("E1"))
    assert brief.scene is not None
    assert (brief.scene.words["order"], brief.scene.words["content"]) == ("정문으로", "불이 났습니다")
