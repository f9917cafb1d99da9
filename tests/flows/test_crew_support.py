"""A crew calls for support for as long as it is on its order, whether or not it may still look at the scene."""

import pytest

from fakes.fleet import Fleet
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Conflict
from goldentime.core.ids import IncidentId, OrderId, UnitId
from goldentime.flows.caller import Caller
from goldentime.flows.crews.ask_support import OVER, SupportCall, ask_support
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.watching.revoke_grant import revoke_grant

E1 = UnitId("E1")


async def on_scene(fleet: Fleet, *, minutes: float) -> tuple[IncidentId, Caller]:
    """An engine that arrived so many minutes ago, and its crew."""
    incident = await fleet.sent("E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, E1, Step.ARRIVE)
    fleet.clock.pass_(minutes=minutes)
    return incident, crew


def call(fleet: Fleet, request: str = "a-request-1") -> SupportCall:
    return SupportCall(request, OrderId(fleet.unit("E1").order or ""), fleet.clock.now())


async def test_a_crew_whose_look_has_ended_still_calls_for_support_and_says_that_it_is_done() -> None:
    fleet = Fleet()
    _, crew = await on_scene(fleet, minutes=45)
    brief = await brief_crew(fleet.dispatch, crew)
    assert (brief.scene, brief.may_call) == (None, True)
    assert brief.ended is not None
    assert Step.CLEAR in brief.steps
    assert await ask_support(fleet.dispatch, crew, call(fleet))
    assert fleet.unit("E1").support_at == fleet.clock.now()
    assert len(fleet.store.facts("SupportAsked")) == 1
    assert (await change_unit_state(fleet.dispatch, crew, E1, Step.CLEAR)).state is UnitState.CLEAR


async def test_a_crew_whose_look_was_revoked_still_calls_for_support() -> None:
    fleet = Fleet()
    _, crew = await on_scene(fleet, minutes=5)
    await revoke_grant(fleet.world, await fleet.operator(), fleet.looks("E1")[-1].id)
    assert (await brief_crew(fleet.dispatch, crew)).may_call
    assert await ask_support(fleet.dispatch, crew, call(fleet))


async def test_at_an_incident_that_is_over_the_button_is_closed_and_the_words_ask_for_no_press() -> None:
    fleet = Fleet()
    incident, crew = await on_scene(fleet, minutes=5)
    pressed = call(fleet)
    await fleet.close(incident)
    brief = await brief_crew(fleet.dispatch, crew)
    assert (brief.unit.state, brief.may_call) == (UnitState.ON_SCENE, False)
    with pytest.raises(Conflict) as refused:
        await ask_support(fleet.dispatch, crew, pressed)
    assert refused.value.text == OVER
    assert ("무전" in OVER.ko, "다시 누르" in OVER.ko, "radio" in OVER.en) == (True, False, True)


async def test_an_order_called_back_takes_no_call_for_support() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, E1, Step.DEPART)
    pressed = call(fleet)
    await call_back(fleet.dispatch, await fleet.operator(), E1)
    assert not (await brief_crew(fleet.dispatch, crew)).may_call
    with pytest.raises(Conflict):
        await ask_support(fleet.dispatch, crew, pressed)


async def test_a_call_that_comes_after_the_unit_left_is_passed_on_as_one_of_an_earlier_order_is() -> None:
    fleet = Fleet()
    _, crew = await on_scene(fleet, minutes=5)
    pressed = call(fleet)
    await change_unit_state(fleet.dispatch, await fleet.operator(), E1, Step.CLEAR)
    assert not (await brief_crew(fleet.dispatch, crew)).may_call
    assert await ask_support(fleet.dispatch, crew, pressed)
    assert not await ask_support(fleet.dispatch, crew, pressed)
