"""A crew looks no longer than its agency may, and what it looked at is on record as its agency's."""

from datetime import timedelta

import pytest

from fakes.fleet import Fleet
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import Ending, Grant
from goldentime.city.units.states import Step
from goldentime.core.errors import Refused
from goldentime.core.ids import CameraId, IncidentId, UnitId
from goldentime.edges.wire.incidents import detail
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.people.name_agencies import name_agencies
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.own_view import get_own_view, leave_view
from goldentime.flows.watching.revoke_grant import extend_grant
from goldentime.flows.watching.watch_camera import watch_camera


async def sent(fleet: Fleet, *, agency_minutes: float = 20) -> tuple[IncidentId, CameraId]:
    """An engine ordered, its agency's own grant ending so many minutes from now."""
    incident = await fleet.fire()
    fleet.clock.pass_(minutes=fleet.world.rules.agency_grant.total_seconds() / 60 - agency_minutes)
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    return incident, fleet.store.rows.picks[incident][0][0].camera_id


def agency_grant(fleet: Fleet) -> Grant:
    return max((g for g in fleet.store.rows.grants.values() if g.agency == FIRE), key=lambda g: g.expires_at)


async def test_a_crew_s_look_ends_when_its_agency_s_runs_out_and_so_do_its_open_views() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    assert view.expires_at == agency_grant(fleet).expires_at
    brief = await brief_crew(fleet.dispatch, crew)
    assert brief.scene is not None
    assert brief.scene.grant.expires_at == agency_grant(fleet).expires_at
    fleet.clock.pass_(minutes=20)
    brief = await brief_crew(fleet.dispatch, crew)
    assert brief.scene is None
    assert brief.ended is not None
    with pytest.raises(Refused) as refused:
        await watch_camera(fleet.world, crew, camera, incident)
    assert refused.value.code == "grant_ended"
    with pytest.raises(Refused):
        await get_own_view(fleet.world, crew, view.id)


async def test_prolonging_an_agency_s_grant_takes_its_crews_looks_and_open_views_along() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    await extend_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id, 30)
    until = agency_grant(fleet).expires_at
    assert until == fleet.clock.now() + timedelta(minutes=50)
    assert fleet.room.video.prolonged[view.id] == until
    assert fleet.store.rows.views[view.id].expires_at == until
    await extend_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id, 150)
    own = next(g.expires_at for g in fleet.store.rows.grants.values() if g.unit == "E1")
    assert fleet.room.video.prolonged[view.id] == own < agency_grant(fleet).expires_at


async def test_sharing_anew_lets_the_crew_look_again_while_its_own_time_lasts() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    fleet.clock.pass_(minutes=25)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, incident)
    await share_incident(fleet.world, await fleet.operator(), incident, FIRE)
    assert (await watch_camera(fleet.world, crew, camera, incident)).view.incident == incident


async def test_arriving_does_not_cut_the_crew_s_time_to_what_its_agency_had_left_then() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=10)
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await extend_grant(fleet.world, await fleet.operator(), agency_grant(fleet).id, 60)
    fleet.clock.pass_(minutes=20)
    view = (await watch_camera(fleet.world, crew, camera, incident)).view
    assert view.expires_at == fleet.clock.now() + timedelta(minutes=10)


async def test_the_crew_that_leaves_after_its_agency_s_time_ran_out_has_no_look_left_to_come_back() -> None:
    fleet = Fleet()
    incident, camera = await sent(fleet, agency_minutes=20)
    crew = await fleet.crew("E1")
    fleet.clock.pass_(minutes=25)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CLEAR)
    await share_incident(fleet.world, await fleet.operator(), incident, FIRE)
    with pytest.raises(Refused):
        await watch_camera(fleet.world, crew, camera, incident)


async def test_the_control_room_is_shown_when_the_crew_s_look_truly_ends() -> None:
    fleet = Fleet()
    incident, _ = await sent(fleet, agency_minutes=20)
    operator, city = await fleet.operator(), fleet.world.city
    shown = await fleet.store.read(
        lambda look: detail(look, look.find_incident(incident), city=city, caller=operator, now=fleet.clock.now())
    )
    ends = {row["unit"]["id"]: row["expires_at"] for row in shown["grants"] if row["unit"]}
    fire = next(row["expires_at"] for row in shown["grants"] if row["agency"] and row["agency"]["id"] == FIRE)
    assert ends == {"E1": fire}


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
