"""Units are suggested, sent, followed and freed, and their crews look only while they are on the call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.fleet import Fleet, RememberingWire, east
from fakes.room import CROSSING, Room
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import Ending, Grant
from goldentime.city.incidents.incident import Disposition
from goldentime.city.units.recommend import Fitness
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Conflict, Invalid, NotFound, Refused
from goldentime.core.ids import IncidentId, UnitId
from goldentime.flows.ask_still_on_scene import ask_still_on_scene
from goldentime.flows.change_unit_state import agency_says, change_unit_state, still_on_scene, unit_arrived
from goldentime.flows.choose_cameras import confirm_place, widen_ring
from goldentime.flows.close_incident import close_incident
from goldentime.flows.dispatch import DispatchRules
from goldentime.flows.grant_agency import share_incident
from goldentime.flows.name_agencies import name_agencies
from goldentime.flows.revoke_grant import revoke_grant
from goldentime.flows.send_units import call_back, send_units
from goldentime.flows.suggest_units import Advice, suggest_units
from goldentime.flows.watch_camera import watch_camera
from goldentime.flows.world import Rules


async def advised(fleet: Fleet, incident: IncidentId) -> tuple[Advice, dict[str, Fitness]]:
    advice = await suggest_units(fleet.dispatch, await fleet.operator(), incident)
    return advice, {one.unit: one.fitness for one in advice.suggested}


async def sent(fleet: Fleet, *names: str) -> IncidentId:
    incident = await fleet.fire()
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId(n) for n in names], words="정문으로")
    return incident


async def close(fleet: Fleet, incident: IncidentId) -> None:
    await close_incident(fleet.world, await fleet.operator(), incident, disposition=Disposition.HANDLED)


# who should go


async def test_an_urgent_call_is_given_the_two_patrol_cars_that_are_there_first() -> None:
    fleet = Fleet()
    advice, found = await advised(fleet, await fleet.fire())
    assert advice.card is not None
    assert advice.card.id == "police_code_0"
    assert {name for name, fitness in found.items() if fitness is Fitness.SUGGESTED} == {"P1", "P2"}
    assert [note.ko for note in advice.notes] == [
        "도로망에서 현장을 찾지 못해 직선거리로 어림했습니다."
    ]  # this city has no roads


async def test_where_a_unit_says_it_is_counts_and_not_where_it_belongs() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    fleet.drives_at("P3", east(50))
    advice, found = await advised(fleet, incident)
    assert advice.suggested[0].unit == "P3"
    assert any("위치 5초 전" in reason.ko for reason in advice.suggested[0].reasons)
    fleet.drives_at("P3", east(50), seconds_ago=2 * 3600)
    advice, found = await advised(fleet, incident)
    assert found["P3"] is not Fitness.SUGGESTED
    assert any("P3 차고 기준" in reason.ko for one in advice.suggested if one.unit == "P3" for reason in one.reasons)


async def test_an_agency_s_dispatcher_is_shown_its_own_units_only() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    advice = await suggest_units(fleet.dispatch, await fleet.room.caller("jung"), incident)
    assert set(advice.units) == {"P1", "P2", "P3"}


async def test_units_of_an_agency_without_a_right_are_named_as_such_and_not_sent() -> None:
    fleet = Fleet()
    await fleet.room.hear(place=[CROSSING.lon, CROSSING.lat])
    incident = fleet.room.incidents[0].id
    advice, _ = await advised(fleet, incident)
    assert advice.without_right == {FIRE}
    with pytest.raises(Refused) as refused:
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    assert refused.value.code == "agency_without_right"
    assert fleet.unit("E1").state is UnitState.AVAILABLE


async def test_without_a_place_it_is_said_in_words() -> None:
    fleet = Fleet()
    await fleet.room.hear(place=None)
    advice, _ = await advised(fleet, fleet.room.incidents[0].id)
    assert any("위치를 몰라" in note.ko for note in advice.notes)


# sending


async def test_an_order_is_one_change_state_record_grant_and_the_agency_s_own_wire() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1", "L1", "P1")
    assert {fleet.unit(n).state for n in ("E1", "L1", "P1")} == {UnitState.ORDERED}
    (fire,), (police,) = fleet.orders(FIRE), fleet.orders(POLICE)
    assert (fire.units, fire.content, fire.withdrawn, fire.place) == (("E1", "L1"), "정문으로", (), CROSSING)
    assert police.units == ("P1",)
    assert fire.number != police.number
    assert [f.data["on_wire"] for f in fleet.store.facts("OrderSent")] == [True, True]
    assert len(fleet.store.entries("OrderSent")) == 2
    assert {fact.data["unit"] for fact in fleet.store.facts("UnitOrdered")} == {"E1", "L1", "P1"}
    assert fleet.unit("E1").incident == incident
    assert fleet.unit("E1").orders == 1


async def test_an_agency_s_wire_is_told_the_code_it_knows_its_unit_by_and_speaks_of_it_by_that() -> None:
    fleet = Fleet()
    other = replace(fleet.unit("E1"), id=UnitId("fire:P1"), call_sign="펌프P1")
    fleet.store.seed(lambda tx: tx.put_unit(other))
    incident = await sent(fleet, "fire:P1", "P1")
    (fire,), (police,) = fleet.orders(FIRE), fleet.orders(POLICE)
    assert (fire.units, police.units) == (("P1",), ("P1",))
    await agency_says(fleet.dispatch, FIRE, "P1", Step.DEPART)
    assert (fleet.unit("fire:P1").state, fleet.unit("P1").state) == (UnitState.EN_ROUTE, UnitState.ORDERED)
    await agency_says(fleet.dispatch, POLICE, "P1", Step.ARRIVE)
    assert (fleet.unit("fire:P1").state, fleet.unit("P1").state) == (UnitState.EN_ROUTE, UnitState.ON_SCENE)
    with pytest.raises(NotFound):
        await agency_says(fleet.dispatch, POLICE, "fire:P1", Step.ARRIVE)
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("fire:P1"))
    assert fleet.orders(FIRE)[-1].withdrawn == ("P1",)
    assert incident == fleet.unit("P1").incident


async def test_a_wire_that_cannot_say_it_leaves_the_order_standing_and_says_so() -> None:
    fleet = Fleet(wires={POLICE: RememberingWire(orders=False)})
    incident = await fleet.fire()
    done = await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("P1"), UnitId("E1")])
    assert [one.on_wire for one in done] == [False, False]
    assert fleet.unit("E1").state is UnitState.ORDERED


async def test_nobody_is_sent_when_one_of_them_is_not_free() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    with pytest.raises(Conflict):
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("L1"), UnitId("E1")])
    assert fleet.unit("L1").state is UnitState.AVAILABLE
    assert len(fleet.orders(FIRE)) == 1


async def test_an_agency_sends_its_own_units_and_nobody_else_s() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    police = await fleet.room.caller("jung")
    await send_units(fleet.dispatch, police, incident, [UnitId("P1")])
    with pytest.raises(NotFound):
        await send_units(fleet.dispatch, police, incident, [UnitId("E1")])
    with pytest.raises(NotFound):
        await send_units(fleet.dispatch, police, incident, [UnitId("X9")])
    with pytest.raises(Refused):
        await send_units(fleet.dispatch, await fleet.crew("P2"), incident, [UnitId("P2")])
    with pytest.raises(Invalid):
        await send_units(fleet.dispatch, police, incident, [])


async def test_an_order_taken_back_is_told_on_the_same_wire_and_ends_the_crew_s_look() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1", "L1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    view = (await watch_camera(fleet.world, await fleet.crew("E1"), camera, incident)).view.id
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("E1"))
    assert (fleet.unit("E1").state, fleet.unit("L1").state) == (UnitState.AVAILABLE, UnitState.ORDERED)
    first, back = fleet.orders(FIRE)
    assert (back.number, back.units, back.withdrawn) == (first.number, ("L1",), ("E1",))
    assert back.message_number != first.message_number
    assert fleet.store.rows.views[view].ending is Ending.CALLED_BACK
    assert fleet.room.video.kicked == [(view, "revoked")]
    (order,) = fleet.store.rows.orders.values()
    assert order.withdrawn == {"E1"}
    await unit_arrived(fleet.dispatch, UnitId("L1"))
    with pytest.raises(Conflict):
        await call_back(fleet.dispatch, await fleet.operator(), UnitId("L1"))


# states


async def test_a_crew_moves_its_own_unit_and_no_other() -> None:
    fleet = Fleet()
    await sent(fleet, "E1", "L1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    assert (fleet.unit("E1").state, fleet.unit("E1").state_by) == (UnitState.EN_ROUTE, "crew")
    with pytest.raises(NotFound):
        await change_unit_state(fleet.dispatch, crew, UnitId("L1"), Step.DEPART)
    with pytest.raises(Refused):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CANCEL)


async def test_its_position_at_the_scene_says_it_has_arrived_once() -> None:
    fleet = Fleet()
    await sent(fleet, "E1")
    arrived = await unit_arrived(fleet.dispatch, UnitId("E1"))
    assert arrived is not None
    assert (arrived.state, arrived.state_by) == (UnitState.ON_SCENE, "arrival")
    assert await unit_arrived(fleet.dispatch, UnitId("E1")) is None
    assert await unit_arrived(fleet.dispatch, UnitId("L1")) is None
    assert await unit_arrived(fleet.dispatch, UnitId("nobody's")) is None
    assert len(fleet.store.facts("UnitArrived")) == 1


# the crew's look


async def test_a_crew_looks_under_its_unit_s_grant_only_and_its_agency_learns_nothing_by_it() -> None:
    fleet = Fleet()
    await fleet.room.hear(place=[CROSSING.lon, CROSSING.lat])
    incident = fleet.room.incidents[0].id
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("P1"), camera, incident)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("P1")])
    assert (await watch_camera(fleet.world, await fleet.crew("P1"), camera, incident)).view.incident == incident
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("P2"), camera, incident)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("P1"), camera, None)
    other = next(c.id for c in fleet.room.city.index.cameras if c.id not in _picked(fleet, incident))
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("P1"), other, incident)
    grants = [grant for grant in fleet.store.rows.grants.values() if grant.unit == "P1"]
    assert [(grant.agency, grant.person) for grant in grants] == [(None, None)]


async def test_the_look_ends_a_set_time_after_arrival_and_open_views_with_it() -> None:
    fleet = Fleet(room=Room(rules=Rules(agency_grant=timedelta(hours=2))))
    incident = await sent(fleet, "E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    view = (await watch_camera(fleet.world, await fleet.crew("E1"), camera, incident)).view.id
    fleet.clock.pass_(minutes=10)
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    until = fleet.clock.now() + DispatchRules().crew_after_arrival
    assert fleet.room.video.prolonged == {view: until}
    assert fleet.store.rows.views[view].expires_at == until
    fleet.clock.pass_(minutes=31)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("E1"), camera, incident)


async def test_the_look_ends_when_the_crew_is_done_and_begins_again_when_that_is_taken_back() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    view = (await watch_camera(fleet.world, crew, camera, incident)).view.id
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    assert fleet.store.rows.views[view].ending is Ending.LEFT_SCENE
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, incident)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    await watch_camera(fleet.world, crew, camera, incident)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await close(fleet, incident)
    with pytest.raises(Conflict):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)


async def test_taking_a_step_back_never_prolongs_the_look() -> None:
    fleet = Fleet()
    await sent(fleet, "E1")
    crew, until = await fleet.crew("E1"), _look(fleet).expires_at
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    fleet.clock.pass_(minutes=5)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert _look(fleet).expires_at == until
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    shorter = _look(fleet).expires_at
    assert shorter < until
    for again in (Step.TAKE_BACK, Step.ARRIVE, Step.CLEAR, Step.TAKE_BACK, Step.CLEAR, Step.TAKE_BACK):
        fleet.clock.pass_(minutes=3)
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), again)
        assert _look(fleet).expires_at == shorter
    assert _look(fleet).ended_at is None


async def test_a_look_that_ran_out_is_not_had_again_by_taking_a_step_back() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    fleet.clock.pass_(minutes=31)
    await share_incident(fleet.world, await fleet.operator(), incident, FIRE)
    for step in (Step.TAKE_BACK, Step.CLEAR, Step.TAKE_BACK):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
        with pytest.raises(Refused):
            await watch_camera(fleet.world, crew, camera, incident)


async def test_a_look_the_control_room_revoked_is_not_had_again_by_taking_a_step_back() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await revoke_grant(fleet.world, await fleet.operator(), _look(fleet).id)
    for step in (Step.CLEAR, Step.TAKE_BACK, Step.TAKE_BACK):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
        with pytest.raises(Refused):
            await watch_camera(fleet.world, crew, camera, incident)
    assert len([grant for grant in fleet.store.rows.grants.values() if grant.unit == "E1"]) == 1


async def test_a_crew_that_left_gets_no_look_again_once_its_agency_has_lost_its_own() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await _revoke_fire(fleet, incident)
    back = await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert back.state is UnitState.ON_SCENE
    assert _look(fleet).ending is Ending.LEFT_SCENE


async def test_a_unit_called_back_does_not_take_that_back_itself() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("E1"))
    for caller in (crew, await fleet.operator()):
        with pytest.raises(Conflict):
            await change_unit_state(fleet.dispatch, caller, UnitId("E1"), Step.TAKE_BACK)
    assert (fleet.unit("E1").state, _look(fleet).ending) == (UnitState.CLEAR, Ending.CALLED_BACK)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert fleet.unit("E1").state is UnitState.ORDERED


async def test_what_an_agency_has_lost_its_crews_have_lost_and_no_other_s() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1", "L1", "P1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    crew, police = await fleet.crew("E1"), await fleet.crew("P1")
    view = (await watch_camera(fleet.world, crew, camera, incident)).view.id
    kept = (await watch_camera(fleet.world, police, camera, incident)).view.id
    await _revoke_fire(fleet, incident)
    endings = {grant.unit: grant.ending for grant in fleet.store.rows.grants.values() if grant.unit}
    assert endings == {"E1": Ending.REVOKED, "L1": Ending.REVOKED, "P1": None}
    assert fleet.store.rows.views[view].ending is Ending.REVOKED
    assert fleet.store.rows.views[kept].ending is None
    assert fleet.room.video.kicked == [(view, "revoked")]
    assert {f.data.get("unit") for f in fleet.store.facts("GrantEnded")} == {None, "E1", "L1"}
    assert len(fleet.store.entries("GrantEnded")) == 3
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, incident)


async def test_the_look_follows_cameras_chosen_since_and_a_scene_that_moves() -> None:
    room_rules = replace(Fleet().room.rules, radius_metres=50.0, cameras_wanted=2)
    fleet = Fleet(room=type(Fleet().room)(rules=room_rules))
    incident = await sent(fleet, "E1")
    before = _granted(fleet)
    await widen_ring(fleet.world, await fleet.operator(), incident)
    assert before < _granted(fleet) == _picked(fleet, incident)
    await confirm_place(fleet.world, await fleet.operator(), incident, east(-100))
    assert _granted(fleet) == _picked(fleet, incident)


async def test_a_crew_of_an_agency_no_longer_named_gets_no_look() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    fleet.store.seed(lambda tx: name_agencies(tx, [tx.find_agency(POLICE)], fleet.clock.now()))
    with pytest.raises(Refused):
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])


# the end


async def test_closing_calls_back_who_is_on_the_way_and_leaves_who_is_there() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1", "L1", "A1")
    await change_unit_state(fleet.dispatch, await fleet.crew("L1"), UnitId("L1"), Step.DEPART)
    await unit_arrived(fleet.dispatch, UnitId("A1"))
    await close(fleet, incident)
    states = {name: fleet.unit(name).state for name in ("E1", "L1", "A1")}
    assert states == {"E1": UnitState.AVAILABLE, "L1": UnitState.CLEAR, "A1": UnitState.ON_SCENE}
    assert all(grant.ended_at for grant in fleet.store.rows.grants.values() if grant.unit)


async def test_who_is_still_on_the_scene_after_the_close_is_asked_and_asked_again() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    await close(fleet, incident)
    assert await ask_still_on_scene(fleet.dispatch) == (0, 0)
    fleet.clock.pass_(minutes=11)
    assert await ask_still_on_scene(fleet.dispatch) == (1, 0)
    assert fleet.unit("E1").asked_at is not None
    assert await ask_still_on_scene(fleet.dispatch) == (0, 0)
    await still_on_scene(fleet.dispatch, await fleet.crew("E1"), UnitId("E1"))
    assert await ask_still_on_scene(fleet.dispatch) == (0, 0)
    fleet.clock.pass_(minutes=11)
    assert await ask_still_on_scene(fleet.dispatch) == (1, 0)


async def test_who_does_not_answer_is_free_after_a_while_and_the_record_says_by_whom() -> None:
    fleet = Fleet()
    incident = await sent(fleet, "E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    await close(fleet, incident)
    fleet.clock.pass_(minutes=11)
    await ask_still_on_scene(fleet.dispatch)
    fleet.clock.pass_(minutes=31)
    assert await ask_still_on_scene(fleet.dispatch) == (0, 1)
    assert (fleet.unit("E1").state, fleet.unit("E1").state_by) == (UnitState.CLEAR, "system")
    assert fleet.store.facts("UnitCleared")[-1].data["who"] == "system"


async def test_nobody_is_asked_while_the_incident_is_open() -> None:
    fleet = Fleet()
    await sent(fleet, "E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    fleet.clock.pass_(hours=3)
    assert await ask_still_on_scene(fleet.dispatch) == (0, 0)


async def test_no_unit_is_sent_to_what_is_closed() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    await close(fleet, incident)
    with pytest.raises(Conflict):
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("P1")])


def _picked(fleet: Fleet, incident: IncidentId) -> set[str]:
    return {pick.camera_id for pick, _ in fleet.store.rows.picks[incident]}


def _look(fleet: Fleet) -> Grant:
    """The engine's newest look."""
    theirs = [grant for grant in fleet.store.rows.grants.values() if grant.unit == "E1"]
    return max(theirs, key=lambda grant: grant.starts_at)


async def _revoke_fire(fleet: Fleet, incident: IncidentId) -> None:
    grants = fleet.store.rows.grants.values()
    (theirs,) = (one for one in grants if one.agency == FIRE and one.incident == incident and one.ended_at is None)
    await revoke_grant(fleet.world, await fleet.operator(), theirs.id)


def _granted(fleet: Fleet) -> set[str]:
    theirs = [grant for grant in fleet.store.rows.grants.values() if grant.unit == "E1"]
    return {camera for grant in theirs for camera in grant.cameras or ()}
