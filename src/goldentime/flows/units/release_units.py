"""What becomes of units when their incident is closed: who is on the way turns back, who is there stays to be asked."""

from dataclasses import replace
from datetime import datetime

from goldentime.city.incidents.incident import Incident
from goldentime.city.units.states import Said, Step, Who, may_step, stepped
from goldentime.core.ids import OrderId
from goldentime.flows.outgoing.tell_order import end_orders
from goldentime.flows.ports import Change
from goldentime.flows.world import World


def release_units(world: World, tx: Change, incident: Incident, now: datetime) -> int:
    """Call back, inside the closing transaction, every unit that has not arrived; how many there were.

    Every agency is told on its own wire that its orders are over: cancelled when nobody has arrived, else ended.
    """
    standing = {order.id: order for order in tx.list_orders(incident.id) if set(order.units) - order.withdrawn}
    released = 0
    for unit in tx.list_units(incident=incident.id):
        if not may_step(unit, Step.CANCEL, Who.SYSTEM):
            continue
        back, fact = stepped(unit, Step.CANCEL, Said(Who.SYSTEM, now))
        tx.put_unit(back)
        tx.record(fact)
        released += 1
        order = standing.get(OrderId(unit.order or ""))
        if order is not None:
            standing[order.id] = replace(order, withdrawn=order.withdrawn | {unit.id})
            tx.put_order(standing[order.id])
    end_orders(world, tx, incident, list(standing.values()))
    return released
