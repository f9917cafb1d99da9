"""How a unit's state moves on: by its crew's tap, its dispatcher's key, or its own position at the scene."""

from datetime import datetime, timedelta

from goldentime.city.units.states import Said, Step, Who, may_step, stayed
from goldentime.city.units.taps import Tap, is_past, is_taken
from goldentime.city.units.unit import Unit, ids_of
from goldentime.core.errors import NotFound, Refused
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import NO_UNIT, Dispatch, get_unit
from goldentime.flows.units.step_unit import Changed, settle, step_within

BY_HAND = frozenset({Step.DEPART, Step.ARRIVE, Step.CLEAR, Step.RETURN, Step.TAKE_BACK})
LATE_TAP = timedelta(hours=1)  # a tunnel, a basement, a dead spot
BY_POSITION = frozenset({Step.DEPART, Step.ARRIVE, Step.RETURN})


async def change_unit_state(
    dispatch: Dispatch, caller: Caller, unit_id: UnitId, step: Step, *, tap: Tap | None = None
) -> Unit:
    """The unit after the step; raises NotFound for one not theirs, Conflict for a step its state forbids.

    A `tap` is a crew's, however late: its time is believed as far back as `LATE_TAP` and the unit's last step; one sent
    again changes nothing, and one of another order is a Conflict.
    """
    if step not in BY_HAND:
        raise Refused(Text("이 상태는 바꿀 수 없습니다.", "You may not set this state."), code="not_their_step")

    def decide(tx: Change) -> Changed:
        unit, who = get_unit(tx, unit_id, caller)
        if tap is not None and is_taken(unit, step, tap):
            return Changed(unit)
        at = dispatch.world.clock.now() if tap is None else _believed(dispatch, unit, tap.at)
        return step_within(dispatch, tx, unit, step, Said(who, at, caller.account.id))

    return await settle(dispatch, await dispatch.world.store.change(decide))


async def unit_seen(dispatch: Dispatch, unit_id: UnitId, step: Step) -> Unit | None:
    """Take what a unit's position says: it has left, is at the scene, or is back; None when its state says so already.

    Whoever watches positions may call this at every fix: what is true already changes and records nothing.
    """
    if step not in BY_POSITION:
        msg = f"no position says {step}"
        raise ValueError(msg)

    def decide(tx: Change) -> Changed | None:
        unit = tx.find_unit(unit_id)
        if unit is None or not may_step(unit, step, Who.ARRIVAL):
            return None
        return step_within(dispatch, tx, unit, step, Said(Who.ARRIVAL, dispatch.world.clock.now()))

    changed = await dispatch.world.store.change(decide)
    return None if changed is None else await settle(dispatch, changed)


async def unit_arrived(dispatch: Dispatch, unit_id: UnitId) -> Unit | None:
    """The unit's own position says it is at the scene; None when it is not on its way to one."""
    return await unit_seen(dispatch, unit_id, Step.ARRIVE)


async def agency_says(dispatch: Dispatch, agency: AgencyId, code: str, step: Step, *, order: str, at: datetime) -> Unit:
    """The unit of that code, or id, after a step its agency's system tells of; raises NotFound, else as by hand.

    `order` is the order's id or number, and one of another order a Conflict; what comes again, or behind a later step,
    changes nothing. `at` is believed as a crew's is.
    """

    def decide(tx: Change) -> Changed:
        named = (tx.find_unit(unit_id) for unit_id in ids_of(agency, code))
        unit = next((one for one in named if one is not None and one.agency == agency and not one.removed_at), None)
        if unit is None:
            raise NotFound(NO_UNIT)
        own = tx.find_order(unit.order) if unit.order else None
        if is_past(unit, step, own.id if own is not None and order in {own.id, own.number} else None):
            return Changed(unit)
        said = Said(Who.CREW, _believed(dispatch, unit, at), agency=agency)
        return step_within(dispatch, tx, unit, step, said)

    return await settle(dispatch, await dispatch.world.store.change(decide))


async def still_on_scene(dispatch: Dispatch, caller: Caller, unit_id: UnitId) -> Unit:
    """The answer "yes" to whether a unit is still there though its incident is closed; raises NotFound or Conflict."""

    def decide(tx: Change) -> Unit:
        unit, who = get_unit(tx, unit_id, caller)
        there, fact = stayed(unit, Said(who, dispatch.world.clock.now(), caller.account.id))
        tx.put_unit(there)
        tx.record(fact)
        return there

    return await dispatch.world.store.change(decide)


def _believed(dispatch: Dispatch, unit: Unit, at: datetime) -> datetime:
    """When it was, as far as that can be: not to come, not before the unit's last step, not too long ago."""
    now = dispatch.world.clock.now()
    return min(now, max(at, now - LATE_TAP, unit.state_at or at))
