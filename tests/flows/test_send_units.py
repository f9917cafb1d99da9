"""An order is one change, told on each agency's own wire; units then move on and are called back."""

from dataclasses import replace

import pytest

from fakes.fleet import Fleet, RememberingWire
from fakes.room import CROSSING
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import Ending
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Conflict, Invalid, NotFound, Refused
from goldentime.core.ids import UnitId
from goldentime.flows.units.call_back_units import call_back, take_back_orders
from goldentime.flows.units.change_unit_state import agency_says, change_unit_state, unit_arrived
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.watch_camera import watch_camera


async def test_an_order_is_one_change_state_record_grant_and_the_agency_s_own_wire() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "L1", "P1")
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
    incident = await fleet.sent("fire:P1", "P1")
    (fire,), (police,) = fleet.orders(FIRE), fleet.orders(POLICE)
    assert (fire.units, police.units) == (("P1",), ("P1",))
    now = fleet.clock.now()
    await agency_says(fleet.dispatch, FIRE, "P1", Step.DEPART, order=fire.number, at=now)
    assert (fleet.unit("fire:P1").state, fleet.unit("P1").state) == (UnitState.EN_ROUTE, UnitState.ORDERED)
    await agency_says(fleet.dispatch, POLICE, "P1", Step.ARRIVE, order=police.number, at=now)
    assert (fleet.unit("fire:P1").state, fleet.unit("P1").state) == (UnitState.EN_ROUTE, UnitState.ON_SCENE)
    with pytest.raises(NotFound):
        await agency_says(fleet.dispatch, POLICE, "fire:P1", Step.ARRIVE, order=fire.number, at=now)
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
    incident = await fleet.sent("E1")
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
    incident = await fleet.sent("E1", "L1")
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


async def test_what_one_key_ordered_is_taken_back_as_one_change_and_told_once_to_each_agency() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "L1", "P1")
    orders = list(fleet.store.rows.orders)
    back = await take_back_orders(fleet.dispatch, await fleet.operator(), incident, orders)
    assert {unit.id for unit in back} == {"E1", "L1", "P1"}
    assert {fleet.unit(n).state for n in ("E1", "L1", "P1")} == {UnitState.AVAILABLE}
    (_, fire), (_, police) = fleet.orders(FIRE), fleet.orders(POLICE)
    assert (fire.units, fire.withdrawn, police.withdrawn) == ((), ("E1", "L1"), ("P1",))
    assert len(fleet.store.entries("OrderTakenBack")) == 3


async def test_orders_are_taken_back_all_or_none() -> None:
    fleet = Fleet()
    incident = await fleet.sent("E1", "L1", "P1")
    orders, operator = list(fleet.store.rows.orders), await fleet.operator()
    await unit_arrived(fleet.dispatch, UnitId("P1"))
    with pytest.raises(Conflict):
        await take_back_orders(fleet.dispatch, operator, incident, orders)
    assert {fleet.unit(n).state for n in ("E1", "L1")} == {UnitState.ORDERED}
    assert fleet.store.entries("OrderTakenBack") == []
    other = await fleet.fire(occurrence="2")
    with pytest.raises(NotFound):
        await take_back_orders(fleet.dispatch, operator, other, orders)
    with pytest.raises(NotFound):  # another agency's
        await take_back_orders(fleet.dispatch, await fleet.room.caller("jung"), incident, orders)


async def test_no_unit_is_sent_to_what_is_closed() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    await fleet.close(incident)
    with pytest.raises(Conflict):
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("P1")])


async def test_a_crew_moves_its_own_unit_and_no_other() -> None:
    fleet = Fleet()
    await fleet.sent("E1", "L1")
    crew = await fleet.crew("E1")
    await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.DEPART)
    assert (fleet.unit("E1").state, fleet.unit("E1").state_by) == (UnitState.EN_ROUTE, "crew")
    with pytest.raises(NotFound):
        await change_unit_state(fleet.dispatch, crew, UnitId("L1"), Step.DEPART)
    with pytest.raises(Refused):
        await change_unit_state(fleet.dispatch, crew, UnitId("E1"), Step.CANCEL)


async def test_its_position_at_the_scene_says_it_has_arrived_once() -> None:
    fleet = Fleet()
    await fleet.sent("E1")
    arrived = await unit_arrived(fleet.dispatch, UnitId("E1"))
    assert arrived is not None
    assert (arrived.state, arrived.state_by) == (UnitState.ON_SCENE, "arrival")
    assert await unit_arrived(fleet.dispatch, UnitId("E1")) is None
    assert await unit_arrived(fleet.dispatch, UnitId("L1")) is None
    assert await unit_arrived(fleet.dispatch, UnitId("nobody's")) is None
    assert len(fleet.store.facts("UnitArrived")) == 1


async def test_what_an_agency_tells_late_of_the_last_call_does_not_put_its_unit_on_the_scene_of_the_next() -> None:
    fleet = Fleet()
    await fleet.sent("P1")
    first = fleet.unit("P1").order
    assert first is not None

    async def says(step: Step, order: str) -> UnitState:
        return (await agency_says(fleet.dispatch, POLICE, "P1", step, order=order, at=fleet.clock.now())).state

    for step in (Step.DEPART, Step.ARRIVE, Step.CLEAR):
        fleet.clock.pass_(seconds=60)
        await says(step, first)
    assert await says(Step.ARRIVE, first) is UnitState.CLEAR  # told again: nothing changes
    incident = await fleet.fire(occurrence="2")
    await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("P1")])
    with pytest.raises(Conflict):
        await says(Step.ARRIVE, first)
    assert fleet.unit("P1").state is UnitState.ORDERED
    second = fleet.unit("P1").order
    assert await says(Step.ARRIVE, str(second)) is UnitState.ON_SCENE
    assert await says(Step.DEPART, str(second)) is UnitState.ON_SCENE  # overtaken by the arrival


async def test_what_an_agency_tells_keeps_its_time_and_is_on_record_as_its_own() -> None:
    fleet = Fleet()
    await fleet.sent("P1")
    fleet.clock.pass_(seconds=90)
    pressed = fleet.clock.now()
    fleet.clock.pass_(seconds=200)
    await agency_says(fleet.dispatch, POLICE, "P1", Step.DEPART, order=str(fleet.unit("P1").order), at=pressed)
    assert fleet.unit("P1").state_at == pressed
    (entry,) = fleet.store.entries("UnitDeparted")
    assert (entry.actor, entry.data["who"]) == (POLICE, "agency_key")
