"""A crew's look lasts as its order says, and what is taken from its agency is taken from it; it is its agency's."""

import pytest

from fakes.fleet import Fleet
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import ENDING_WORDS, Ending, Grant
from goldentime.city.units.states import Step
from goldentime.core.errors import Refused
from goldentime.core.ids import CameraId, IncidentId, UnitId
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.people.name_agencies import name_agencies
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.own_view import get_own_view, leave_view
from goldentime.flows.watching.revoke_grant import extend_grant, revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera


async def sent(fleet: Fleet, *, agency_minutes: float = 20) -> tuple[IncidentId, CameraId]:
    """An engine ordered, its agency's own grant ending so many minutes from now."""
    incident = await fleet.fire()
    fleet.clock.pass_(minutes=fleet.world.rules.agency_grant.total_seconds() / 60 - agency_minutes)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    return incident, fleet.store.rows.picks[incident][0][0].camera_id


def agency_grant(fleet: Fleet) -> Grant:
    return max((g for g in fleet.store.rows.grants.values() if g.agency == FIRE), key=lambda g: g.expires_at)


async def test_a_crew_under_way_keeps_the_scene_when_the_time_of_its_agency_s_desks_runs_out() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    until = fleet.clock.now() + fleet.dispatch.rules.crew_longest
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    fleet.clock.pass_(minutes=25)
    assert agency_grant(fleet).expires_at < fleet.clock.now()
    brief = await brief_crew(fleet.dispatch, crew)
    assert brief.scene is not None
    assert brief.scene.grant.expires_at == until
    assert (await get_own_view(fleet.world, crew, view.id)).expires_at > fleet.clock.now()
    assert (await watch_camera(fleet.world, crew, camera, incident)).view.incident == incident


async def test_it_ends_the_set_time_after_arrival_and_is_had_again_until_then_only() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    fleet.clock.pass_(minutes=40)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    until = fleet.clock.now() + fleet.dispatch.rules.crew_after_arrival
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    brief = await brief_crew(fleet.dispatch, crew)
    assert brief.scene is not None
    assert brief.scene.grant.expires_at == until
    fleet.clock.pass_(minutes=fleet.dispatch.rules.crew_after_arrival.total_seconds() / 60)
    with pytest.raises(Refused) as refused:
        await watch_camera(fleet.world, crew, camera, incident)
    assert refused.value.code == "grant_ended"


async def test_a_grant_that_has_run_out_can_still_be_taken_from_the_agency_and_its_crews_with_it() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    fleet.clock.pass_(minutes=25)
    await revoke_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id)
    assert fleet.store.rows.views[view.id].ending is Ending.REVOKED
    brief = await brief_crew(fleet.dispatch, crew)
    assert (brief.scene, brief.ended) == (None, ENDING_WORDS[Ending.REVOKED])


@pytest.mark.parametrize("shared_anew", [False, True])  # the earlier grant only ran out, and the newer was taken
async def test_the_crew_that_left_gets_no_look_again_once_its_agency_s_was_taken(*, shared_anew: bool) -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    fleet.clock.pass_(minutes=25)
    if shared_anew:
        await share_incident(fleet.world, await fleet.operator(), incident, FIRE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await revoke_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.TAKE_BACK)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, incident)


async def test_prolonging_an_agency_s_grant_leaves_its_crews_ends_alone() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    view = (await watch_camera(fleet.world, await fleet.crew("E1"), camera, incident)).view
    await extend_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id, 150)
    assert view.id not in fleet.room.video.prolonged
    own = next(g.expires_at for g in fleet.store.rows.grants.values() if g.unit == "E1")
    assert own == fleet.clock.now() + fleet.dispatch.rules.crew_longest


async def test_a_crew_s_looks_opened_refused_and_ended_are_on_record_as_its_agency_s() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet)
    crew = await fleet.crew("E1")
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    await leave_view(fleet.world, crew, view.id)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, None)
    for action in ("ViewOpened", "ViewEnded", "ViewRefused"):
        assert [entry.agency for entry in fleet.store.entries(action)] == [FIRE], action
    assert [fact.data["agency"] for fact in fleet.store.facts("ViewOpened")] == [FIRE]
    assert [fact.data["agency"] for fact in fleet.store.facts("ViewEnded")] == [FIRE]


async def test_an_agency_the_settings_name_no_more_takes_its_crews_looks_with_it() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet)
    await watch_camera(fleet.world, await fleet.crew("E1"), camera, incident)
    fleet.store.seed(lambda tx: name_agencies(tx, [tx.find_agency(POLICE)], fleet.clock.now()))
    assert [g.ending for g in fleet.store.rows.grants.values() if g.unit == "E1"] == [Ending.REVOKED]
    assert [v.ending for v in fleet.store.rows.views.values()] == [Ending.REVOKED]
