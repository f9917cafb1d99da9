"""A crew looks only while it is on the call, and loses that with its agency's right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.fleet import Fleet, east
from fakes.room import CROSSING, Room
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import Ending
from goldentime.city.grants.video_control import CameraLock
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Conflict, Refused
from goldentime.core.ids import IncidentId, UnitId
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.people.name_agencies import name_agencies
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.change_unit_state import change_unit_state, unit_arrived
from goldentime.flows.units.dispatch import DispatchRules
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.revoke_grant import revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera
from goldentime.flows.world import Rules


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
    other = next(c.id for c in fleet.room.city.index.cameras if c.id not in fleet.picked(incident))
    with pytest.raises(Refused):
        await watch_camera(fleet.world, await fleet.crew("P1"), other, incident)
    assert [(grant.agency, grant.person) for grant in fleet.looks("P1")] == [(None, None)]


async def test_the_look_ends_a_set_time_after_arrival_and_open_views_with_it() -> None:
    fleet = Fleet(room=Room(rules=Rules(agency_grant=timedelta(hours=2))))
    incident = await fleet.sent("E1")
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
    incident = await fleet.sent("E1")
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
    await fleet.close(incident)
    with pytest.raises(Conflict):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)


async def test_taking_a_step_back_never_prolongs_the_look() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    crew, until = await fleet.crew("E1"), fleet.looks("E1")[-1].expires_at
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    fleet.clock.pass_(minutes=5)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert fleet.looks("E1")[-1].expires_at == until
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    shorter = fleet.looks("E1")[-1].expires_at
    assert shorter < until
    for again in (Step.TAKE_BACK, Step.ARRIVE, Step.CLEAR, Step.TAKE_BACK, Step.CLEAR, Step.TAKE_BACK):
        fleet.clock.pass_(minutes=3)
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), again)
        assert fleet.looks("E1")[-1].expires_at == shorter
    assert fleet.looks("E1")[-1].ended_at is None


async def test_a_look_that_ran_out_is_not_had_again_by_taking_a_step_back() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    for step in (Step.DEPART, Step.ARRIVE):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
    fleet.clock.pass_(minutes=31)
    await share_incident(fleet.world, await fleet.operator(), incident, FIRE)
    for step in (Step.TAKE_BACK, Step.CLEAR, Step.TAKE_BACK):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
        with pytest.raises(Refused):
            await watch_camera(fleet.world, crew, camera, incident)


async def test_a_look_the_control_room_revoked_is_not_had_again_by_taking_a_step_back() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await revoke_grant(fleet.world, await fleet.operator(), fleet.looks("E1")[-1].id)
    for step in (Step.CLEAR, Step.TAKE_BACK, Step.TAKE_BACK):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
        with pytest.raises(Refused):
            await watch_camera(fleet.world, crew, camera, incident)
    assert len(fleet.looks("E1")) == 1


async def test_a_crew_that_left_gets_no_look_again_once_its_agency_has_lost_its_own() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await _revoke_fire(fleet, incident)
    back = await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert back.state is UnitState.ON_SCENE
    assert fleet.looks("E1")[-1].ending is Ending.LEFT_SCENE


async def test_a_unit_called_back_does_not_take_that_back_itself() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    await call_back(fleet.dispatch, await fleet.operator(), UnitId("E1"))
    for caller in (crew, await fleet.operator()):
        with pytest.raises(Conflict):
            await change_unit_state(fleet.dispatch, caller, UnitId("E1"), Step.TAKE_BACK)
    assert (fleet.unit("E1").state, fleet.looks("E1")[-1].ending) == (UnitState.CLEAR, Ending.CALLED_BACK)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    assert fleet.unit("E1").state is UnitState.ORDERED


async def test_what_an_agency_has_lost_its_crews_have_lost_and_no_other_s() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "L1", "P1")
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
    incident = await fleet.sent("E1")
    before = _granted(fleet)
    await widen_ring(fleet.world, await fleet.operator(), incident)
    assert before < _granted(fleet) == fleet.picked(incident)
    await confirm_place(fleet.world, await fleet.operator(), incident, east(-100))
    assert _granted(fleet) == fleet.picked(incident)


async def test_a_locked_camera_is_looked_through_by_its_agency_s_crews_and_no_other_s() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "P1")
    locked, free = (pick.camera_id for pick, _ in fleet.store.rows.picks[incident][:2])
    lock = CameraLock(locked, incident, FIRE, fleet.clock.now())
    fleet.store.seed(lambda tx: tx.put_camera_lock(lock))
    crew, police = await fleet.crew("E1"), await fleet.crew("P1")
    assert (await watch_camera(fleet.world, crew, locked, incident)).view.camera == locked
    with pytest.raises(Refused) as refused:
        await watch_camera(fleet.world, police, locked, incident)
    assert refused.value.code == "camera_locked"
    assert (await watch_camera(fleet.world, police, free, incident)).view.camera == free


async def test_a_crew_of_an_agency_no_longer_named_gets_no_look() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    fleet.store.seed(lambda tx: name_agencies(tx, [tx.find_agency(POLICE)], fleet.clock.now()))
    with pytest.raises(Refused):
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])


async def _revoke_fire(fleet: Fleet, incident: IncidentId) -> None:
    grants = fleet.store.rows.grants.values()
    (theirs,) = (one for one in grants if one.agency == FIRE and one.incident == incident and one.ended_at is None)
    await revoke_grant(fleet.world, await fleet.operator(), theirs.id)


def _granted(fleet: Fleet) -> set[str]:
    return {camera for grant in fleet.looks("E1") for camera in grant.cameras or ()}
