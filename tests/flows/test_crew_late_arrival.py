"""An arrival that comes late ends the crew's look the set time after the arrival, not after its coming."""

from datetime import datetime, timedelta

import pytest

from fakes.fleet import Fleet
from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.units.states import Step
from goldentime.city.units.taps import Tap
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Refused
from goldentime.core.ids import CameraId, OrderId, UnitId, ViewId
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.units.change_unit_state import agency_says, change_unit_state
from goldentime.flows.watching.watch_camera import watch_camera

E1 = UnitId("E1")


async def arrives_late(fleet: Fleet, *, minutes: float) -> tuple[datetime, ViewId, CameraId]:
    """An engine on its way, looking, whose press "on scene" comes so long after it was made: when, and its view."""
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    camera = fleet.store.rows.picks[incident][0][0].camera_id
    await change_unit_state(fleet.dispatch, crew, E1, Step.DEPART)
    fleet.clock.pass_(minutes=5)
    pressed = fleet.clock.now()
    fleet.clock.pass_(minutes=minutes)
    view = (await watch_camera(fleet.world, crew, camera, incident)).view.id
    order = OrderId(fleet.unit("E1").order or "")
    await change_unit_state(fleet.dispatch, crew, E1, Step.ARRIVE, tap=Tap(pressed, order, UnitState.EN_ROUTE))
    return pressed, view, camera


async def test_it_ends_half_an_hour_after_the_arrival_as_it_is_believed() -> None:
    fleet = Fleet()
    pressed, view, _ = await arrives_late(fleet, minutes=20)
    until = pressed + fleet.rules.crew_after_arrival
    assert fleet.looks("E1")[-1].expires_at == until
    assert fleet.room.video.prolonged == {view: until}
    assert fleet.store.rows.views[view].ended_at is None


async def test_one_that_comes_when_that_time_is_over_ends_the_look_at_once_and_cuts_its_pictures() -> None:
    fleet = Fleet()
    pressed, view, camera = await arrives_late(fleet, minutes=45)
    crew, now = await fleet.crew("E1"), fleet.clock.now()
    assert fleet.unit("E1").state_at == pressed
    assert (fleet.looks("E1")[-1].ending, fleet.looks("E1")[-1].ended_at) == (Ending.EXPIRED, now)
    assert fleet.room.video.kicked == [(view, "expired")]
    assert fleet.store.rows.views[view].ending is Ending.EXPIRED
    assert [entry.data["ending"] for entry in fleet.store.entries("GrantEnded")] == ["expired"]
    brief = await brief_crew(fleet.dispatch, crew)
    assert (brief.scene, brief.ended, brief.may_call) == (None, ENDING_WORDS[Ending.EXPIRED], True)
    for step in (Step.CLEAR, Step.TAKE_BACK):
        await change_unit_state(fleet.dispatch, crew, E1, step)
        with pytest.raises(Refused):
            await watch_camera(fleet.world, crew, camera, brief.unit.incident)


async def test_one_its_agency_tells_late_counts_the_same() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    fleet.clock.pass_(minutes=50)
    at, unit = fleet.clock.now() - timedelta(minutes=10), fleet.unit("E1")
    await agency_says(fleet.dispatch, unit.agency, E1, Step.ARRIVE, order=str(unit.order), at=at)
    assert fleet.looks("E1")[-1].expires_at == at + fleet.rules.crew_after_arrival
