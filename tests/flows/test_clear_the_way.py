"""A unit's signals are asked for, kept on record and given back, whatever happens on the way."""

from dataclasses import replace
from typing import Any

import pytest

from fakes.green_street import GreenStreet, street
from goldentime.city.incidents.incident import Disposition, Severity
from goldentime.city.roads.closures import Scope
from goldentime.city.roads.line import LinkId
from goldentime.city.signals.request import Reason, State
from goldentime.city.units.states import Step
from goldentime.core.errors import NotFound, Refused, StorageFailed
from goldentime.core.ids import UnitId
from goldentime.edges.wire.timeline import timeline
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.roads.close_road import RoadToClose, close_road, open_road
from goldentime.flows.signals.clear_the_way import release_those_of_the_last_run
from goldentime.flows.signals.clearing import make_clear_the_way
from goldentime.flows.signals.signal_centre import LinkLost
from goldentime.flows.signals.turn_priority_off import turn_all_off, turn_all_on, turn_priority_off, turn_priority_on
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.send_units import send_units
from goldentime.flows.units.units_on_the_way import Wanted

FIRST, SECOND = "sig-1", "sig-2"


async def on_the_way(*, metres: float = 320) -> GreenStreet:
    here = GreenStreet()
    await here.sets_out("E1")
    here.drives_at("E1", metres)
    await here.beat()
    return here


def facts(here: GreenStreet) -> list[tuple[str, object]]:
    kinds = ("SignalRequested", "SignalConfirmed", "SignalTurnedGreen", "SignalReleased", "SignalRefused")
    return [(f.kind, f.data["junction"]) for kind in kinds for f in here.fleet.store.facts(kind)]


async def test_nothing_is_asked_for_before_the_unit_has_departed() -> None:
    here = GreenStreet()
    here.incident = await here.fleet.fire()
    here.drives_at("E1", 100)
    await here.beat()
    assert here.clearing.book == {}


async def test_the_signals_on_the_way_are_asked_for_and_the_whole_story_is_on_the_timeline() -> None:
    here = await on_the_way()
    assert here.centre.of("request") == [FIRST, SECOND]
    first = here.held()[0]
    await here.beat(here.say(first.id, State.CONFIRMED))
    await here.beat(here.say(first.id, State.ACTIVE))
    here.drives_at("E1", 430)
    await here.beat()
    assert here.centre.of("release") == [FIRST]
    await here.beat(here.say(first.id, State.RELEASED))
    assert ("SignalReleased", FIRST) in facts(here)
    rows = await here.fleet.store.read(lambda look: timeline(look, here.incident, agency=None))
    told = [row["text"]["ko"] for row in rows if str(row["kind"]).startswith("Signal")]
    assert told == ["E1호 우선신호 해제 — sig-1 (통과함)", "E1호 우선신호 녹색 — sig-1"]
    assert [kind for kind, junction in facts(here) if junction == FIRST] == [
        "SignalRequested", "SignalConfirmed", "SignalTurnedGreen", "SignalReleased",
    ]  # fmt: skip
    kept = await here.fleet.store.read(lambda look: look.list_signal_requests(here.incident))
    assert {(one.junction, one.state, one.reason) for one in kept} == {
        (FIRST, State.RELEASED, Reason.PASSED),
        (SECOND, State.REQUESTED, None),
    }


async def test_what_is_held_is_renewed_so_that_it_does_not_expire() -> None:
    here = await on_the_way()
    for second in range(8):
        here.drives_at("E1", 320 + second)
        await here.beat()
    assert here.centre.of("renew").count(FIRST) >= 2


async def test_a_unit_that_turns_off_gives_back_what_is_no_longer_on_its_way() -> None:
    here = await on_the_way(metres=395)
    here.drives_at("E1", 800, north=0.002)  # on the side street of the second crossing, coming from the north
    await here.beat()
    reasons = {(one.junction, one.approach, one.reason) for one in here.clearing.book.values()}
    assert (FIRST, "0-1", Reason.REROUTED) in reasons
    assert (SECOND, "1-2", Reason.REROUTED) in reasons


async def test_a_closed_road_gives_back_the_old_way_s_greens_at_the_next_beat_and_its_opening_the_new_way_s() -> None:
    here = GreenStreet(street(back=True))
    await here.sets_out("E1")
    here.drives_at("E1", 320)
    await here.beat()
    assert {one.approach for one in here.held()} == {"0-1", "1-2"}
    operator = await here.fleet.operator()
    asked = RoadToClose(Scope.FOR_ALL, "침수", links=[LinkId("1-2"), LinkId("2-1")])
    closure = await close_road(here.fleet.world, operator, asked)
    await here.beat()
    book = here.clearing.book.values()
    assert [one.reason for one in book if one.approach == "1-2"] == [Reason.REROUTED]
    assert here.centre.of("release") == [SECOND]
    assert {one.approach for one in book if not one.is_over and one.reason is None} == {"0-1", "2n-2"}
    await open_road(here.fleet.world, operator, closure.id)
    await here.beat()
    assert [one.reason for one in here.clearing.book.values() if one.approach == "2n-2"] == [Reason.REROUTED]


async def test_a_unit_nobody_hears_of_loses_its_greens() -> None:
    here = await on_the_way()
    await here.beat(seconds=11)
    assert {one.reason for one in here.held()} == {Reason.LOST_LINK}
    assert here.centre.of("release") == [FIRST, SECOND]


async def test_a_lost_link_ends_every_request_and_they_are_asked_for_again_when_it_is_back() -> None:
    here = await on_the_way()
    here.centre.is_up = False
    await here.beat(LinkLost())
    assert here.held() == []
    assert {one.reason for one in here.clearing.book.values() if one.is_over} == {Reason.LOST_LINK}
    here.centre.is_up = True
    here.drives_at("E1", 330)
    await here.beat(seconds=10)
    assert here.centre.of("request") == [FIRST, SECOND, FIRST, SECOND]


async def test_the_end_of_the_incident_gives_everything_back() -> None:
    here = await on_the_way()
    await close_incident(here.fleet.world, await here.fleet.operator(), here.incident, disposition=Disposition.HANDLED)
    await here.beat()
    assert {one.reason for one in here.held()} == {Reason.CLOSED}


async def test_an_operator_turns_it_off_for_a_unit_and_on_again() -> None:
    here = await on_the_way()
    operator = await here.fleet.operator()
    await turn_priority_off(here.clearing, operator, UnitId("E1"))
    assert here.centre.of("release") == [FIRST, SECOND]
    await here.beat(*(here.say(one.id, State.RELEASED) for one in here.held()))
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND]
    await turn_priority_on(here.clearing, operator, UnitId("E1"))
    here.drives_at("E1", 330)
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND, FIRST, SECOND]
    assert len(here.fleet.store.entries("SignalPriorityOff")) == len(here.fleet.store.entries("SignalPriorityOn")) == 1


async def test_turned_off_for_one_order_it_is_on_again_for_the_next() -> None:
    here = await on_the_way()
    fleet, operator = here.fleet, await here.fleet.operator()
    await turn_priority_off(here.clearing, operator, UnitId("E1"))
    going = here.held()
    await call_back(fleet.dispatch, operator, UnitId("E1"))
    await send_units(fleet.dispatch, operator, here.incident, [UnitId("E1")])
    await change_unit_state(fleet.dispatch, await fleet.crew("E1"), UnitId("E1"), Step.DEPART)
    here.drives_at("E1", 330)
    await here.beat()
    await here.beat(*(here.say(one.id, State.RELEASED) for one in going))
    assert here.clearing.off == {}
    assert here.centre.of("request") == [FIRST, SECOND, FIRST, SECOND]


async def anew(here: GreenStreet) -> None:
    """The platform restarts: nothing is in memory, and the centre has dropped what was asked for."""
    here.clearing = make_clear_the_way(here.fleet.dispatch, here.centre)
    await release_those_of_the_last_run(here.clearing)
    here.centre.told.clear()


async def test_turned_off_for_one_order_it_stays_off_over_a_restart_and_no_longer_than_the_order() -> None:
    here = await on_the_way()
    fleet, operator = here.fleet, await here.fleet.operator()
    await turn_priority_off(here.clearing, operator, UnitId("E1"))
    await anew(here)
    here.drives_at("E1", 330)
    await here.beat()
    assert here.centre.of("request") == []
    await call_back(fleet.dispatch, operator, UnitId("E1"))
    await send_units(fleet.dispatch, operator, here.incident, [UnitId("E1")])
    await change_unit_state(fleet.dispatch, await fleet.crew("E1"), UnitId("E1"), Step.DEPART)
    await anew(here)
    assert here.clearing.off == {}
    assert await fleet.store.read(lambda look: look.list_priority_off()) == []
    here.drives_at("E1", 330)
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND]


async def test_turned_on_again_it_is_on_after_a_restart_too() -> None:
    here = await on_the_way()
    operator = await here.fleet.operator()
    await turn_priority_off(here.clearing, operator, UnitId("E1"))
    await turn_priority_on(here.clearing, operator, UnitId("E1"))
    await anew(here)
    here.drives_at("E1", 330)
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND]


async def test_the_control_room_turns_it_off_for_all_over_a_restart_until_it_is_on_again() -> None:
    here = await on_the_way()
    operator = await here.fleet.operator()
    await turn_all_off(here.clearing, operator)
    assert here.centre.of("release") == [FIRST, SECOND]
    await here.beat(*(here.say(one.id, State.RELEASED) for one in here.held()))
    here.drives_at("E1", 325)
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND]
    await anew(here)
    here.drives_at("E1", 330)
    await here.beat()
    assert here.centre.of("request") == []
    with pytest.raises(Refused):
        await turn_all_on(here.clearing, await here.fleet.room.caller("jung"))
    await turn_all_on(here.clearing, operator)
    here.drives_at("E1", 335)
    await here.beat()
    assert here.centre.of("request") == [FIRST, SECOND]
    assert [len(here.fleet.store.entries(f"AllSignalPriority{way}")) for way in ("Off", "On")] == [1, 1]


async def test_what_the_centre_said_while_the_store_was_down_is_on_record_once_it_is_up() -> None:
    here = await on_the_way()
    first = here.held()[0]
    here.fleet.store.broken = True
    for state in (State.CONFIRMED, State.ACTIVE):
        with pytest.raises(StorageFailed):
            await here.beat(here.say(first.id, state))
    here.fleet.store.broken = False
    await here.beat()
    assert here.clearing.book[first.id].state is State.ACTIVE
    assert ("SignalTurnedGreen", FIRST) in facts(here)
    assert here.clearing.unheard == []


async def test_only_who_dispatches_the_unit_may_turn_it_off() -> None:
    here = await on_the_way()
    with pytest.raises((NotFound, Refused)):
        await turn_priority_off(here.clearing, await here.fleet.room.caller("jung"), UnitId("E1"))  # the police's
    with pytest.raises(Refused):
        await turn_priority_off(here.clearing, await here.fleet.crew("E1"), UnitId("E1"))
    assert here.centre.of("release") == []


async def test_after_a_restart_what_the_last_run_asked_for_is_ended_first() -> None:
    here = await on_the_way()
    anew = make_clear_the_way(here.fleet.dispatch, here.centre)
    assert await release_those_of_the_last_run(anew) == 2
    kept = await here.fleet.store.read(lambda look: look.list_signal_requests(here.incident))
    assert {(one.state, one.reason) for one in kept} == {(State.RELEASED, Reason.RESTARTED)}


async def test_a_word_that_comes_too_late_changes_nothing() -> None:
    here = await on_the_way()
    first = here.held()[0]
    await here.beat(here.say(first.id, State.RELEASED))
    over = here.clearing.book[first.id]
    await here.beat(here.say(first.id, State.ACTIVE), here.say(replace(first).id, State.CONFIRMED))
    assert here.clearing.book[first.id] == over


@pytest.mark.parametrize(
    ("change", "wanted", "asked"),
    [
        ({"drill": True}, Wanted(), []),
        ({"drill": True}, Wanted(drills=True), [FIRST, SECOND]),
        ({"severity": Severity.CAUTION}, Wanted(), []),
        ({"severity": Severity.CAUTION}, Wanted(frozenset({Severity.CAUTION})), [FIRST, SECOND]),
        ({"severity": Severity.WARNING}, Wanted(), [FIRST, SECOND]),
    ],
)
async def test_greens_are_asked_for_what_is_grave_and_for_a_drill_only_where_a_city_wants_it(
    change: dict[str, Any], wanted: Wanted, asked: list[str]
) -> None:
    here = GreenStreet()
    here.clearing = make_clear_the_way(here.fleet.dispatch, here.centre, wanted=wanted)
    await here.sets_out("E1")
    incidents = here.fleet.store.rows.incidents
    incidents[here.incident] = replace(incidents[here.incident], **change)
    here.drives_at("E1", 320)
    await here.beat()
    assert here.centre.of("request") == asked
