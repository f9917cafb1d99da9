"""Whether a tap that comes late or twice still means what it meant when it was pressed."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.units.states import STEP_WORDS, TABLE, Step
from goldentime.city.units.unit import STATE_WORDS, Unit, UnitState
from goldentime.core.errors import Conflict
from goldentime.core.ids import OrderId
from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class Tap:
    """When a button was pressed, on which order, and in which state the crew saw its unit (`before`)."""

    at: datetime
    order: OrderId
    before: UnitState


def is_taken(unit: Unit, step: Step, tap: Tap) -> bool:
    """Whether the unit is already where the tap was to bring it, so that nothing is left to do.

    Raises Conflict for a tap of another order, one that its state never had, and a step back from a state it has left.
    """
    after = _after(tap.before, step)
    is_back = step is Step.RETURN and unit.order is None and unit.state is after  # its order ended with that step
    if unit.order != tap.order and not is_back:
        name = unit.call_sign
        raise Conflict(
            Text(
                f"{name}: 이미 끝났거나 바뀐 출동지령에서 누른 것이라 처리하지 않았습니다.",
                f"{name}: this was pressed on an order that is over or has changed; it was not taken.",
            )
        )
    if unit.state is not tap.before and unit.state is after:
        return True
    if after is None or (step is Step.TAKE_BACK and unit.state is not tap.before):
        now, pressed, wanted = STATE_WORDS[unit.state], STATE_WORDS[tap.before], STEP_WORDS[step]
        raise Conflict(
            Text(
                f"{unit.call_sign}: '{pressed.ko}' 상태에서 누른 '{wanted.ko}'입니다. "
                f"지금은 '{now.ko}' 상태라 처리하지 않았습니다.",
                f"{unit.call_sign}: '{wanted.en}' was pressed while {pressed.en}; it is {now.en} now, "
                "so it was not taken.",
            )
        )
    return False


def is_past(unit: Unit, step: Step, order: OrderId | None) -> bool:
    """Whether a step its agency's system tells of on that order leaves nothing to do: told again, late or overtaken.

    Raises Conflict for a step on another order than the unit's.
    """
    if step is Step.RETURN and unit.order is None and unit.state is UnitState.AVAILABLE:
        return True  # its order ended with that step
    if order is None or unit.order != order:
        raise Conflict(
            Text(
                f"{unit.call_sign}: 이미 끝났거나 바뀐 출동지령의 상태라 처리하지 않았습니다.",
                f"{unit.call_sign}: this is of an order that is over or has changed; it was not taken.",
            )
        )
    brings = _BRINGS.get(step)
    return brings is not None and _CALL.index(unit.state) >= _CALL.index(brings)


_CALL = (UnitState.ORDERED, UnitState.EN_ROUTE, UnitState.ON_SCENE, UnitState.CLEAR, UnitState.AVAILABLE)
_BRINGS = {Step.DEPART: UnitState.EN_ROUTE, Step.ARRIVE: UnitState.ON_SCENE, Step.CLEAR: UnitState.CLEAR}


def _after(before: UnitState, step: Step) -> UnitState | None:
    found = TABLE.get((before, step))
    return None if found is None else found[0]
