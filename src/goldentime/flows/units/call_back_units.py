"""How a dispatcher takes an order back while nobody has arrived: state, the crew's look and the wire, all as one."""

from collections.abc import Sequence
from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending
from goldentime.city.people.account import Act, must
from goldentime.city.units.states import Said, Step, stepped
from goldentime.city.units.unit import Unit
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import CameraId, IncidentId, OrderId, UnitId, ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.outgoing.tell_order import read_order_words, tell_order
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import Dispatch, get_unit
from goldentime.flows.watching.end_crew_look import end_crew_grant
from goldentime.flows.watching.end_views import cut
from goldentime.flows.world import ViewsEnded

NO_ORDER = Text("지령을 찾을 수 없습니다.", "No such order.")


async def call_back(dispatch: Dispatch, caller: Caller, unit_id: UnitId) -> Unit:
    """Take a unit's order back while it has not arrived; raises NotFound, or Conflict when it has."""
    must(caller.account.role, Act.DISPATCH)

    def decide(tx: Change) -> tuple[Unit, ViewsEnded]:
        unit, _ = get_unit(tx, unit_id, caller)
        back, views = _called_back(dispatch, tx, caller, unit)
        _tell_taken_back(dispatch, tx, caller, [unit])
        return back, views

    unit, views = await dispatch.world.store.change(decide)
    await cut(dispatch.world, views, Ending.CALLED_BACK)
    return unit


async def take_back_orders(
    dispatch: Dispatch, caller: Caller, incident_id: IncidentId, order_ids: Sequence[OrderId]
) -> tuple[Unit, ...]:
    """Call back every unit still on these orders of the incident, all or none; each agency is told once an order.

    Raises NotFound for an order that is not the incident's or not the caller's, Conflict for a unit that has arrived.
    """
    must(caller.account.role, Act.DISPATCH)

    def decide(tx: Change) -> tuple[tuple[Unit, ...], ViewsEnded]:
        done: list[Unit] = []
        ended: list[tuple[ViewId, CameraId]] = []
        for order_id in dict.fromkeys(order_ids):
            order = tx.find_order(order_id)
            if order is None or order.incident != incident_id:
                raise NotFound(NO_ORDER)
            theirs = [get_unit(tx, each, caller)[0] for each in order.units]
            units = [unit for unit in theirs if unit.id not in order.withdrawn]
            for unit in units:
                if unit.order != order.id:
                    raise Conflict(Text("출동대가 이미 다른 지령을 받았습니다.", "A unit is on another order by now."))
                back, views = _called_back(dispatch, tx, caller, unit)
                done.append(back)
                ended.extend(views)
            _tell_taken_back(dispatch, tx, caller, units)
        return tuple(done), ended

    units, views = await dispatch.world.store.change(decide)
    await cut(dispatch.world, views, Ending.CALLED_BACK)
    return units


def _called_back(dispatch: Dispatch, tx: Change, caller: Caller, unit: Unit) -> tuple[Unit, ViewsEnded]:
    now, by = dispatch.world.clock.now(), caller.account.id
    _, who = get_unit(tx, unit.id, caller)
    back, fact = stepped(unit, Step.CANCEL, Said(who, now, by))
    views = end_crew_grant(dispatch, tx, unit, Ending.CALLED_BACK, by=by)
    tx.put_unit(back)
    tx.record(fact)
    return back, views


def _tell_taken_back(dispatch: Dispatch, tx: Change, caller: Caller, units: Sequence[Unit]) -> None:
    """Keep who is withdrawn from the one order these units had, and tell their agency what is left of it."""
    order = tx.find_order(units[0].order) if units and units[0].order else None
    if order is None:
        return
    order = replace(order, withdrawn=order.withdrawn | {unit.id for unit in units})
    tx.put_order(order)
    now, by = dispatch.world.clock.now(), caller.account.id
    for unit in units:
        data = {"order": order.id, "unit": unit.id}
        tx.audit(Entry(now, "OrderTakenBack", by, unit.agency, order.incident, data=data))
    incident = tx.find_incident(order.incident)
    if incident is not None:
        tell_order(dispatch.world, tx, incident, order, read_order_words(tx, order))
