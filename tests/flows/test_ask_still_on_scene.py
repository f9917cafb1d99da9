"""After the close, who is on the way is called back and who is still there is asked."""

from fakes.fleet import Fleet
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.ids import UnitId
from goldentime.flows.units.ask_still_on_scene import ask_still_on_scene
from goldentime.flows.units.change_unit_state import change_unit_state, still_on_scene, unit_arrived


async def test_closing_calls_back_who_is_on_the_way_and_leaves_who_is_there() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "L1", "A1")
    await change_unit_state(fleet.dispatch, await fleet.crew("L1"), UnitId("L1"), Step.DEPART)
    await unit_arrived(fleet.dispatch, UnitId("A1"))
    await fleet.close(incident)
    states = {name: fleet.unit(name).state for name in ("E1", "L1", "A1")}
    assert states == {"E1": UnitState.AVAILABLE, "L1": UnitState.CLEAR, "A1": UnitState.ON_SCENE}
    assert all(grant.ended_at for grant in fleet.store.rows.grants.values() if grant.unit)


async def test_who_is_still_on_the_scene_after_the_close_is_asked_and_asked_again() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    await fleet.close(incident)
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
    incident = await fleet.sent("E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    await fleet.close(incident)
    fleet.clock.pass_(minutes=11)
    await ask_still_on_scene(fleet.dispatch)
    fleet.clock.pass_(minutes=31)
    assert await ask_still_on_scene(fleet.dispatch) == (0, 1)
    assert (fleet.unit("E1").state, fleet.unit("E1").state_by) == (UnitState.CLEAR, "system")
    assert fleet.store.facts("UnitCleared")[-1].data["who"] == "system"
    (entry,) = fleet.store.entries("UnitCleared")
    assert (entry.actor, entry.agency, entry.incident) == ("system", fleet.unit("E1").agency, incident)
    assert entry.data == {"unit": "E1", "step": "clear", "who": "system"}


async def test_nobody_is_asked_while_the_incident_is_open() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    await unit_arrived(fleet.dispatch, UnitId("E1"))
    fleet.clock.pass_(hours=3)
    assert await ask_still_on_scene(fleet.dispatch) == (0, 0)
