"""How a dispatcher sends units: their state, the order, the crew's right to look and the wire, all as one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.city.units.states import Said, Step, Who, stepped
from goldentime.city.units.unit import Unit, UnitOrder
from goldentime.core.clock import KST
from goldentime.core.errors import Invalid, NotFound
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, IncidentId, OrderId, UnitId, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.number_incident import next_order_number
from goldentime.flows.outgoing.tell_order import OrderWords, keep_order_words, tell_order
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import NO_UNIT, Dispatch, get_open_incident, get_unit, must_be_sent
from goldentime.flows.units.suggest_units import card_of
from goldentime.flows.watching.grant_crew import grant_crew
from goldentime.flows.words import read_words

MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """One agency's order; `on_wire` False when its wire cannot say it, and somebody must by radio."""

    order: UnitOrder
    units: tuple[Unit, ...]
    on_wire: bool


async def send_units(
    dispatch: Dispatch, caller: Caller, incident_id: IncidentId, unit_ids: Sequence[UnitId], *, words: str = ""
) -> tuple[Sent, ...]:
    """Order the units, all or none, one order for each agency.

    Raises NotFound, Refused for an agency without a right to the incident, Conflict for a unit that is not free.
    """
    if not 1 <= len(set(unit_ids)) <= MOST_AT_ONCE:
        raise Invalid(Text("출동대를 하나 이상 고르십시오.", "Choose at least one unit."), field="units")

    def decide(tx: Change) -> tuple[Sent, ...]:
        now = dispatch.world.clock.now()
        incident = get_open_incident(tx, incident_id, caller, now)
        by_agency: dict[AgencyId, list[Unit]] = {}
        for unit_id in dict.fromkeys(unit_ids):
            unit, who = get_unit(tx, unit_id, caller)
            if who is not Who.DISPATCHER:
                raise NotFound(NO_UNIT)
            by_agency.setdefault(unit.agency, []).append(unit)
        for agency in by_agency:
            must_be_sent(tx, agency, incident_id, now)
        return tuple(
            _send(dispatch, tx, caller, incident, units, words=words) for _, units in sorted(by_agency.items())
        )

    return await dispatch.world.store.change(decide)


def _send(
    dispatch: Dispatch, tx: Change, caller: Caller, incident: Incident, units: Sequence[Unit], *, words: str
) -> Sent:
    now, by, agency = dispatch.world.clock.now(), caller.account.id, units[0].agency
    order = UnitOrder(
        id=OrderId(new_id("ord", now, dispatch.world.randomness)),
        number=next_order_number(dispatch.world, tx, now, drill=incident.drill),
        incident=incident.id,
        agency=agency,
        units=tuple(unit.id for unit in units),
        by=by,
        at=now,
    )
    tx.put_order(order)
    sent = []
    for unit in units:
        ordered, fact = stepped(unit, Step.ORDER, Said(Who.DISPATCHER, now, by, incident.id, order.id))
        ordered = _counted(ordered, now.astimezone(KST).strftime("%Y%m%d"))
        tx.put_unit(ordered)
        tx.record(fact)
        grant_crew(dispatch, tx, ordered, incident, by=by)
        sent.append(ordered)
    card = card_of(dispatch, tx, incident)
    title = str(read_words(tx, incident.id).get("title") or (card.name.ko if card else incident.title))
    said = OrderWords(title, words.strip())
    on_wire = tell_order(dispatch.world, tx, incident, order, said)
    keep_order_words(dispatch.world, tx, incident, order.id, replace(said, on_wire=on_wire))
    data: dict[str, FactValue] = {"order": order.id, "agency": agency, "units": len(units), "on_wire": on_wire}
    tx.record(Fact("OrderSent", incident.id, now, {**data, "by": by}))
    tx.audit(Entry(now, "OrderSent", by, agency, incident.id, data=data))
    return Sent(order, tuple(sent), on_wire)


def _counted(unit: Unit, day: str) -> Unit:
    return replace(unit, orders=unit.orders + 1 if unit.orders_on == day else 1, orders_on=day)
