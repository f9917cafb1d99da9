"""A step that a person has taken back is not taken again by the unit's position, also after a restart."""

from functools import partial

import pytest

from fakes.fleet import Fleet, east
from fakes.town import FIRE
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.ids import UnitId
from goldentime.flows.positions.spot_arrivals import Arrivals
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.units.change_unit_state import change_unit_state, unit_seen
from goldentime.messages.position import Position

ENGINE = UnitId("E1")


class Errand:
    """The engine on its way to a fire at the crossing, watched second by second; its garage is 600 m east."""

    def __init__(self) -> None:
        self.fleet, self.metres = Fleet(), 600.0
        self.begin()

    def begin(self) -> None:
        """The platform starts: no watch is remembered."""
        self.positions = Positions(self.fleet.clock)
        self.arrivals = Arrivals(self.fleet.world, partial(unit_seen, self.fleet.dispatch))

    async def is_at(self, metres: float, *, seconds: int = 1) -> UnitState:
        """So many metres east of the scene for so long; the unit's state then."""
        for _ in range(seconds):
            self.fleet.clock.pass_(seconds=1)
            self.positions.know_units(self.fleet.store.rows.units.values())
            kmh, heading = 3.6 * abs(metres - self.metres), 90.0 if metres > self.metres else 270.0
            self.positions.take([Position("E1", FIRE, east(metres), self.fleet.clock.now(), kmh, heading, 5.0)])
            self.metres = metres
            await self.arrivals.look(self.positions, ["E1"])
        return self.fleet.unit("E1").state

    async def drives(self, since: float, to: float) -> UnitState:
        """Ten metres a second."""
        step = 10 if to > since else -10
        for metres in range(int(since), int(to) + step, step):
            await self.is_at(metres)
        return self.fleet.unit("E1").state

    async def by_hand(self, step: Step) -> None:
        await change_unit_state(self.fleet.dispatch, await self.fleet.crew("E1"), ENGINE, step)


@pytest.fixture
async def errand() -> Errand:
    made = Errand()
    await made.fleet.sent("E1")
    return made


async def test_an_arrival_taken_back_stays_so_until_the_unit_has_left_the_scene_and_come_again(errand: Errand) -> None:
    await errand.drives(600, 20)
    assert await errand.is_at(10, seconds=6) is UnitState.ON_SCENE
    await errand.by_hand(Step.TAKE_BACK)
    assert await errand.is_at(10, seconds=30) is UnitState.EN_ROUTE
    assert await errand.is_at(45, seconds=5) is UnitState.EN_ROUTE  # a fix wanders at the edge
    assert await errand.is_at(35, seconds=10) is UnitState.EN_ROUTE
    await errand.drives(35, 105)
    await errand.drives(105, 25)
    assert await errand.is_at(15, seconds=6) is UnitState.ON_SCENE


async def test_an_arrival_taken_back_stays_so_over_a_restart(errand: Errand) -> None:
    await errand.drives(600, 20)
    assert await errand.is_at(10, seconds=6) is UnitState.ON_SCENE
    await errand.by_hand(Step.TAKE_BACK)
    errand.begin()
    assert await errand.is_at(10, seconds=30) is UnitState.EN_ROUTE


async def test_an_arrival_tapped_by_hand_far_away_and_taken_back_leaves_the_true_one_to_be_seen(errand: Errand) -> None:
    await errand.drives(600, 400)
    await errand.by_hand(Step.ARRIVE)
    await errand.is_at(390)
    await errand.by_hand(Step.TAKE_BACK)
    await errand.drives(390, 20)
    assert await errand.is_at(10, seconds=6) is UnitState.ON_SCENE


async def test_a_departure_taken_back_stays_so_until_the_unit_was_back_where_it_stood(errand: Errand) -> None:
    assert await errand.drives(600, 480) is UnitState.EN_ROUTE
    await errand.by_hand(Step.TAKE_BACK)
    assert await errand.drives(480, 300) is UnitState.ORDERED
    assert await errand.drives(300, 590) is UnitState.ORDERED
    assert await errand.drives(590, 480) is UnitState.EN_ROUTE


async def test_a_departure_taken_back_stays_so_over_a_restart_and_the_arrival_is_still_seen(errand: Errand) -> None:
    await errand.drives(600, 480)
    await errand.by_hand(Step.TAKE_BACK)
    errand.begin()
    assert await errand.drives(480, 300) is UnitState.ORDERED
    await errand.drives(300, 20)
    assert await errand.is_at(10, seconds=6) is UnitState.ON_SCENE


async def test_both_steps_taken_back_at_the_scene_are_left_to_the_crew(errand: Errand) -> None:
    await errand.drives(600, 20)
    await errand.is_at(10, seconds=6)
    await errand.by_hand(Step.TAKE_BACK)
    await errand.by_hand(Step.TAKE_BACK)
    assert await errand.is_at(10, seconds=30) is UnitState.ORDERED
