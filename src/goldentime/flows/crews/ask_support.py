"""How a crew asks for support: on record once, before every dispatcher, and on its agency's wire, till one heard it."""

import json
from dataclasses import dataclass
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.people.account import Act, must
from goldentime.city.units.states import Said, heard, supported
from goldentime.city.units.unit import BUSY, Unit
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact
from goldentime.core.ids import OrderId, UnitId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.outgoing.tell_agencies import Said as ToSay
from goldentime.flows.outgoing.tell_agencies import tell_agencies
from goldentime.flows.ports import Change, Reading
from goldentime.flows.units.dispatch import NO_UNIT, Dispatch, get_unit
from goldentime.messages.news import Topic
from goldentime.messages.report import ReportState

NOT_THEIRS = Text("이 출동대의 출동지령이 아닙니다.", "That was not an order of this unit.")
CALLED_BACK = Text(
    "취소된 출동지령에서 누른 지원 요청이라 보내지 않았습니다.",
    "The call for support was pressed on an order since called back; it was not passed on.",
)
OVER = Text(
    "이미 종결된 상황의 지원 요청이라 보내지 않았습니다. 지금 필요하면 무전이나 전화로 알리십시오.",
    "This incident is over; the call for support was not passed on. If you need help now, use radio or telephone.",
)
RECENT = 200  # facts looked through for the same request


@dataclass(frozen=True, slots=True)
class SupportCall:
    """What was pressed: the page's own number for it, the order it was pressed on, when, and what was said."""

    request: str
    order: OrderId
    at: datetime
    words: str = ""


async def ask_support(dispatch: Dispatch, caller: Caller, call: SupportCall) -> bool:
    """Put the request on the record of the incident it was pressed at, and tell; False when it is there already.

    However late it comes, it is never the unit's next incident's. Raises Conflict for an order that was not the unit's
    or was called back, and for an incident that is over.
    """
    must(caller.account.role, Act.SERVE_UNIT)
    now = dispatch.world.clock.now()

    def decide(tx: Change) -> bool:
        unit = tx.find_unit(caller.account.unit) if caller.account.unit else None
        if unit is None or unit.removed_at is not None:
            raise NotFound(NO_UNIT)
        incident = _incident_of(tx, unit, call.order)
        known = tx.list_newest_facts(incident.id, limit=RECENT)
        if any(one.fact.kind == "SupportAsked" and one.fact.data.get("request") == call.request for one in known):
            return False
        data = {"unit": unit.id, "agency": unit.agency, "by": caller.account.id, "request": call.request}
        position = tx.record(Fact("SupportAsked", incident.id, now, {**data, "pressed_at": call.at.isoformat()}))
        tx.audit(Entry(now, "SupportAsked", caller.account.id, unit.agency, incident.id, data={"unit": unit.id}))
        tx.put_unit(supported(unit, now))
        _tell(dispatch, tx, incident, unit, call.words)
        if call.words:
            body = json.dumps({"text": call.words, "by": unit.call_sign}, ensure_ascii=False).encode()
            ends_at = incident.opened_at + dispatch.world.rules.personal_data_kept
            tx.seal(f"incident/{incident.id}", f"note/{position}", body, ends_at=ends_at)
        return True

    return await dispatch.world.store.change(decide)


def may_call(look: Reading, unit: Unit) -> bool:
    """Whether a call pressed now would be passed on: its unit is on an order that stands, of an open incident."""
    order = look.find_order(unit.order) if unit.order is not None and unit.state in BUSY else None
    incident = None if order is None or unit.id in order.withdrawn else look.find_incident(order.incident)
    return incident is not None and incident.state is not State.CLOSED


async def hear_support(dispatch: Dispatch, caller: Caller, unit_id: UnitId) -> Unit:
    """A dispatcher's "heard" to a crew's call; raises NotFound, Refused, or Conflict when none waits."""

    def decide(tx: Change) -> Unit:
        unit, who = get_unit(tx, unit_id, caller)
        now = dispatch.world.clock.now()
        after, fact = heard(unit, Said(who, now, caller.account.id))
        tx.put_unit(after)
        tx.record(fact)
        tx.audit(
            Entry(now, "SupportAcknowledged", caller.account.id, unit.agency, unit.incident, data={"unit": unit.id})
        )
        return after

    return await dispatch.world.store.change(decide)


def _tell(dispatch: Dispatch, tx: Change, incident: Incident, unit: Unit, words: str) -> None:
    """The crew's own agency hears it over its wire."""
    more = f" — {words}" if words else ""
    said = Text(f"{unit.call_sign} 지원 요청{more}", f"{unit.call_sign} asks for support{more}")
    news = ToSay(Topic.ACTION, ReportState.CHANGED, said)
    tell_agencies(dispatch.world, tx, incident, news, only=unit.agency)


def _incident_of(tx: Change, unit: Unit, order_id: OrderId) -> Incident:
    """The open incident of the unit's own order; whether its crew may still look there is no matter of help."""
    order = tx.find_order(order_id)
    if order is None or unit.id not in order.units:
        raise Conflict(NOT_THEIRS)
    if unit.id in order.withdrawn:
        raise Conflict(CALLED_BACK)
    incident = get_incident(tx, order.incident)
    if incident.state is State.CLOSED:
        raise Conflict(OVER)
    return incident
