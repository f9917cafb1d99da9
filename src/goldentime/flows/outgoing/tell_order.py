"""How an order is told to its agency as it now stands, and what of it is kept: the dispatcher's words, sealed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from goldentime.city.incidents.incident import Incident, Service
from goldentime.city.units.unit import UnitKind, UnitOrder, code_of
from goldentime.core.ids import OrderId
from goldentime.flows.incidents.number_incident import order_occurrence
from goldentime.flows.outgoing.outbox import Dispatchable, put_outgoing
from goldentime.flows.ports import Change, Reading
from goldentime.flows.words import read_words
from goldentime.flows.world import World
from goldentime.messages.order import Order

DISPATCHED_TO = (Service.DISPATCH_112, Service.DISPATCH_119)


@dataclass(frozen=True, slots=True)
class OrderWords:
    """What was said with an order: what to (`title`), the dispatcher's own note, and whether the wire carried it."""

    title: str = ""
    words: str = ""
    on_wire: bool = True


def keep_order_words(world: World, tx: Change, incident: Incident, order: OrderId, said: OrderWords) -> None:
    """Seal what was said under the incident's key: a dispatcher's note may name people."""
    told = {"title": said.title, "words": said.words, "on_wire": said.on_wire}
    ends_at = incident.opened_at + world.rules.personal_data_kept
    body = json.dumps(told, ensure_ascii=False).encode()
    tx.seal(f"incident/{incident.id}", f"order/{order}", body, ends_at=ends_at)


def read_order_words(look: Reading, order: UnitOrder) -> OrderWords:
    """What was said; empty when its time has come and the key is destroyed."""
    sealed = look.unseal(f"incident/{order.incident}", f"order/{order.id}")
    return OrderWords(**json.loads(sealed)) if sealed else OrderWords()


def tell_order(
    world: World, tx: Change, incident: Incident, order: UnitOrder, said: OrderWords, *, is_over: bool = False
) -> bool:
    """Put the order as it stands into the agency's own wire's outbox; False when that wire cannot say it."""
    told = read_words(tx, incident.id)
    message = Order(
        number=order.number,
        occurrence=order_occurrence(order.number, order.at, drill=incident.drill),
        incident_number=incident.number,
        agency=order.agency,
        service=_service_of(tx, order),
        units=tuple(code_of(unit, order.agency) for unit in order.units if unit not in order.withdrawn),
        at=world.clock.now(),
        place=incident.place,
        place_words=str(told.get("place_words") or ""),
        title=said.title or incident.title,
        content=said.words or str(told.get("content") or ""),
        withdrawn=tuple(code_of(unit, order.agency) for unit in order.units if unit in order.withdrawn),
        is_over=is_over,
        drill=incident.drill,
    )
    return put_outgoing(tx, world, Dispatchable(order.agency, incident, message)) is not None


def end_orders(world: World, tx: Change, incident: Incident, orders: Sequence[UnitOrder]) -> int:
    """Tell the agencies that these orders of a closed incident are over; how many messages were put."""
    put = 0
    for order in orders:
        said = read_order_words(tx, order)
        unsaid = incident.drill and order.agency not in world.rules.drill_wires
        if said.on_wire and not unsaid:
            put += tell_order(world, tx, incident, order, said, is_over=True)
    return put


def _service_of(look: Reading, order: UnitOrder) -> str:
    """Which of the dispatching services the agency is; one that is both, or neither by name, is what its units are."""
    agency = look.find_agency(order.agency)
    theirs = [one.value for one in DISPATCHED_TO if agency is not None and one.value in agency.services]
    if len(theirs) == 1:
        return theirs[0]
    units = [unit for unit in map(look.find_unit, order.units) if unit is not None]
    patrols = any(unit.kind is UnitKind.PATROL for unit in units)
    return (Service.DISPATCH_112 if patrols else Service.DISPATCH_119).value
