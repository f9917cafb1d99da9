"""A step taken back leads to where the unit came from, and nothing is made up on the way."""

import pytest

from fakes.fleet import Fleet
from goldentime.city.units.states import Step
from goldentime.core.ids import UnitId
from goldentime.flows.units.change_unit_state import change_unit_state

BACK = Step.TAKE_BACK


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ((Step.ARRIVE, BACK), ("on_scene", "ordered")),  # it stood there when it was sent: it never set out
        ((Step.DEPART, Step.ARRIVE, BACK, BACK), ("en_route", "on_scene", "en_route", "ordered")),
        ((Step.DEPART, Step.CLEAR, BACK), ("en_route", "clear", "en_route")),  # turned round on the way
        ((Step.ARRIVE, Step.CLEAR, BACK, BACK), ("on_scene", "clear", "on_scene", "ordered")),
        (
            (Step.ARRIVE, BACK, Step.DEPART, Step.ARRIVE, BACK),
            ("on_scene", "ordered", "en_route", "on_scene", "en_route"),
        ),
    ],
)
async def test_a_step_taken_back_leads_to_where_the_unit_came_from(
    steps: tuple[Step, ...], states: tuple[str, ...]
) -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    crew = await fleet.crew("E1")
    been = []
    for step in steps:
        fleet.clock.pass_(seconds=5)
        been.append((await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)).state)
    assert tuple(been) == states
    assert len(fleet.store.facts("UnitDeparted")) == steps.count(Step.DEPART), "no departure is made up"


async def test_an_earlier_order_says_nothing_of_where_the_unit_came_from_under_this_one() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    crew = await fleet.crew("E1")
    for step in (Step.DEPART, Step.ARRIVE, Step.CLEAR, Step.RETURN):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), step)
    await fleet.sent("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.ARRIVE)
    assert (await change_unit_state(fleet.dispatch, crew, UnitId("E1"), BACK)).state == "ordered"
