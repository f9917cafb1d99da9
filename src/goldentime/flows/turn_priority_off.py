"""How an operator stops a unit's signal priority, or lets it begin again."""

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.city.signals.plan import given_back
from goldentime.city.signals.request import Reason, State
from goldentime.core.ids import UnitId
from goldentime.flows.caller import Caller
from goldentime.flows.clear_the_way import ClearTheWay, tell
from goldentime.flows.dispatch import get_unit
from goldentime.flows.ports import Change
from goldentime.flows.record_signals import keep_requests


async def turn_priority_off(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Give back every green the unit has and ask for none; raises NotFound, or Refused for whom it is not to say."""
    async with clearing.lock:
        now = clearing.dispatch.world.clock.now()
        own = [one for one in clearing.book.values() if one.unit == unit_id and not one.is_over]
        steps = [given_back(one, Reason.CANCELLED, now) for one in own if one.state is not State.RELEASING]

        def decide(tx: Change) -> None:
            _audit(clearing, tx, caller, unit_id, "SignalPriorityOff")
            keep_requests(tx, [step.request for step in steps], now, clearing.names)

        await clearing.dispatch.world.store.change(decide)
        clearing.off.add(str(unit_id))
        for step in steps:
            clearing.book[step.request.id] = step.request
            tell(clearing, step, now)


async def turn_priority_on(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Ask for the unit's greens again, from the next beat on; raises NotFound or Refused."""
    async with clearing.lock:
        await clearing.dispatch.world.store.change(lambda tx: _audit(clearing, tx, caller, unit_id, "SignalPriorityOn"))
        clearing.off.discard(str(unit_id))
        for one in list(clearing.book.values()):
            if one.unit == unit_id and one.is_over and one.reason is Reason.CANCELLED:
                del clearing.book[one.id]


def _audit(clearing: ClearTheWay, tx: Change, caller: Caller, unit_id: UnitId, action: str) -> None:
    must(caller.account.role, Act.DISPATCH)
    unit, _ = get_unit(tx, unit_id, caller)
    now = clearing.dispatch.world.clock.now()
    tx.audit(Entry(now, action, caller.account.id, unit.agency, unit.incident, data={"unit": unit_id}))
