"""How an operator stops a unit's signal priority, or lets it begin again."""

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.city.signals.plan import given_back
from goldentime.city.signals.request import Reason, State
from goldentime.city.units.unit import Unit
from goldentime.core.ids import OrderId, UnitId
from goldentime.flows.caller import Caller
from goldentime.flows.clear_the_way import ClearTheWay, tell
from goldentime.flows.dispatch import get_unit
from goldentime.flows.ports import Change
from goldentime.flows.record_signals import keep_requests


async def turn_priority_off(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Give back every green the unit has and ask for none while its order lasts.

    Raises NotFound, or Refused for whom it is not to say.
    """
    async with clearing.lock:
        now = clearing.dispatch.world.clock.now()
        own = [one for one in clearing.book.values() if one.unit == unit_id and not one.is_over]
        steps = [given_back(one, Reason.CANCELLED, now) for one in own if one.state is not State.RELEASING]

        def decide(tx: Change) -> OrderId | None:
            unit = _audit(clearing, tx, caller, unit_id, "SignalPriorityOff")
            keep_requests(tx, [step.request for step in steps], now, clearing.names)
            return unit.order

        clearing.off[unit_id] = await clearing.dispatch.world.store.change(decide)
        for step in steps:
            clearing.book[step.request.id] = step.request
            tell(clearing, step, now)


async def turn_priority_on(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Ask for the unit's greens again, from the next beat on; raises NotFound or Refused."""
    async with clearing.lock:
        await clearing.dispatch.world.store.change(lambda tx: _audit(clearing, tx, caller, unit_id, "SignalPriorityOn"))
        clearing.off.pop(unit_id, None)


def _audit(clearing: ClearTheWay, tx: Change, caller: Caller, unit_id: UnitId, action: str) -> Unit:
    must(caller.account.role, Act.DISPATCH)
    unit, _ = get_unit(tx, unit_id, caller)
    now = clearing.dispatch.world.clock.now()
    tx.audit(Entry(now, action, caller.account.id, unit.agency, unit.incident, data={"unit": unit_id}))
    return unit
