"""How an operator stops signal priority for a unit or for everyone, or lets it begin again; both outlast a restart."""

from collections.abc import Callable

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.city.signals.off import EVERYONE, PriorityOff
from goldentime.city.signals.plan import given_back
from goldentime.city.signals.request import Reason, State
from goldentime.city.units.unit import Unit
from goldentime.core.errors import Refused
from goldentime.core.ids import OrderId, UnitId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change
from goldentime.flows.signals.clear_the_way import tell
from goldentime.flows.signals.clearing import ClearTheWay, TurnedOff
from goldentime.flows.signals.record_signals import keep_requests
from goldentime.flows.units.dispatch import get_unit


async def turn_priority_off(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Give back every green the unit has and ask for none while its order lasts.

    Raises NotFound, or Refused for whom it is not to say.
    """
    await _stop(clearing, caller, unit_id, lambda tx: _audit(clearing, tx, caller, unit_id, "SignalPriorityOff").order)


async def turn_priority_on(clearing: ClearTheWay, caller: Caller, unit_id: UnitId) -> None:
    """Ask for the unit's greens again, from the next beat on; raises NotFound or Refused."""

    def decide(tx: Change) -> None:
        _audit(clearing, tx, caller, unit_id, "SignalPriorityOn")
        tx.drop_priority_off(unit_id)

    async with clearing.lock:
        await clearing.dispatch.world.store.change(decide)
        clearing.off.pop(unit_id, None)


async def turn_all_off(clearing: ClearTheWay, caller: Caller) -> None:
    """Give back every green and ask for none until it is turned on again; raises Refused for who is no operator."""

    def audit(tx: Change) -> OrderId | None:
        _audit_all(clearing, tx, caller, "AllSignalPriorityOff")
        return None

    await _stop(clearing, caller, EVERYONE, audit)


async def turn_all_on(clearing: ClearTheWay, caller: Caller) -> None:
    """Ask again for all whose own priority is not off; raises Refused for who is no operator."""

    def decide(tx: Change) -> None:
        _audit_all(clearing, tx, caller, "AllSignalPriorityOn")
        tx.drop_priority_off(EVERYONE)

    async with clearing.lock:
        await clearing.dispatch.world.store.change(decide)
        clearing.off.pop(EVERYONE, None)


async def _stop(clearing: ClearTheWay, caller: Caller, unit: str, audit: Callable[[Change], OrderId | None]) -> None:
    async with clearing.lock:
        now = clearing.dispatch.world.clock.now()
        own = [one for one in clearing.book.values() if unit in (EVERYONE, one.unit) and not one.is_over]
        steps = [given_back(one, Reason.CANCELLED, now) for one in own if one.state is not State.RELEASING]

        def decide(tx: Change) -> OrderId | None:
            order = audit(tx)
            keep_requests(tx, [step.request for step in steps], now, clearing.names)
            tx.put_priority_off(PriorityOff(unit, order, now))
            return order

        clearing.off[unit] = await clearing.dispatch.world.store.change(decide)
        clearing.turned_off[unit] = TurnedOff(now, caller.person, caller.agency is None)
        for step in steps:
            clearing.book[step.request.id] = step.request
            tell(clearing, step, now)


def _audit(clearing: ClearTheWay, tx: Change, caller: Caller, unit_id: UnitId, action: str) -> Unit:
    must(caller.account.role, Act.DISPATCH)
    unit, _ = get_unit(tx, unit_id, caller)
    now = clearing.dispatch.world.clock.now()
    tx.audit(Entry(now, action, caller.account.id, unit.agency, unit.incident, data={"unit": unit_id}))
    return unit


def _audit_all(clearing: ClearTheWay, tx: Change, caller: Caller, action: str) -> None:
    must(caller.account.role, Act.DISPATCH)
    if caller.agency is not None:
        words = Text("전체 우선신호는 관제센터만 끄고 켭니다.", "Only the control room switches priority for all.")
        raise Refused(words, code="control_room_only")
    tx.audit(Entry(clearing.dispatch.world.clock.now(), action, caller.account.id))
