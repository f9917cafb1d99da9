"""How a dispatcher sends units and calls them back: state, order, the crew's right to look and the wire, all as one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Incident
from goldentime.city.people.account import Act, must
from goldentime.city.units.states import Said, Step, Who, stepped
from goldentime.city.units.unit import Unit, UnitOrder
from goldentime.core.clock import KST
from goldentime.core.errors import Conflict, Invalid, NotFound
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, CameraId, IncidentId, OrderId, UnitId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.close_incident import cut
from goldentime.flows.dispatch import NO_UNIT, Dispatch, get_open_incident, get_unit, must_be_sent
from goldentime.flows.end_crew_look import end_crew_grant
from goldentime.flows.grant_crew import grant_crew
from goldentime.flows.number_incident import next_order_number
from goldentime.flows.ports import Change
from goldentime.flows.suggest_units import card_of
from goldentime.flows.tell_order import OrderWords, keep_order_words, read_order_words, tell_order
from goldentime.flows.words import read_words
from goldentime.flows.world import ViewsEnded

MOST_AT_ONCE = 40
NO_ORDER = Text("지령을 찾을 수 없습니다.", "No such order.")


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
