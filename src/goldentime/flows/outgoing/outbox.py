"""How a message of ours is put with the change that causes it: in the agency's own words, numbered and sealed."""

from dataclasses import dataclass, replace
from hashlib import sha256

from goldentime.city.incidents.incident import Incident
from goldentime.core.errors import Refused
from goldentime.core.ids import AgencyId, OutgoingId, new_id
from goldentime.core.text import Text
from goldentime.flows.incidents.number_incident import next_apart_occurrence
from goldentime.flows.ports import Change
from goldentime.flows.world import Speaking, World
from goldentime.messages.exchange import Outgoing
from goldentime.messages.news import News, Topic
from goldentime.messages.order import Order
from goldentime.messages.outgoing import Lane, OutgoingMessage
from goldentime.messages.report import ENDING, ReportState


@dataclass(frozen=True, slots=True)
class Dispatchable:
    """Something to be told to one agency about one incident; the outbox numbers what is news."""

    agency: AgencyId
    incident: Incident
    what: News | Order


def put_outgoing(tx: Change, world: World, told: Dispatchable) -> OutgoingMessage | None:
    """The message, waiting, in the caller's own transaction; None when the agency has no wire of ours that can say it.

    Nothing of a sandbox or of an agency that the settings name no longer ever leaves, and of a drill only what answers
    an agency's own report, where its wire is not marked for drills; raises Refused for an order.
    """
    linkage = world.wires.get(told.agency)
    agency = tx.find_agency(told.agency)
    if linkage is None or agency is None or not agency.named or told.incident.sandbox:
        return None
    if not _may_hear(world, told):
        if isinstance(told.what, Order):
            raise drill_refused(told.agency)
        return None
    sequence = tx.last_sequence(told.agency, "wire", told.incident.id) + 1
    occurrence = told.what.occurrence
    is_first = not tx.has_told(told.agency, told.incident.id, occurrence)
    what = _begun(replace(told.what, sequence=sequence), is_first=is_first)
    body = _written(linkage, what)
    if body is None:
        return None
    topic = Topic.ORDER if isinstance(what, Order) else what.topic
    message = _row(world, told.agency, told.incident, "wire", linkage=linkage.name)
    message = replace(message, occurrence=occurrence, sequence=sequence, topic=topic, size=len(body))
    _keep(tx, message, body)
    was_told = _note_state(tx, world, told, what.state, is_first=is_first)
    if not is_first and what.state not in ENDING:
        number = next_apart_occurrence(tx, world.clock.now(), drill=told.incident.drill)
        apart = _written(linkage, replace(what, apart=number))
        if apart is not None:
            name = "apart_again" if was_told else "apart"
            tx.seal(subject_of(message.id), name, apart, ends_at=message.ends_at)
    return message


def _note_state(tx: Change, world: World, told: Dispatchable, state: ReportState, *, is_first: bool) -> bool:
    """Keep in which states the agency was told this number; whether this one is among those before, or may be."""
    subject, name = f"incident/{told.incident.id}", f"told/{told.agency}/{told.what.occurrence}"
    kept = b"" if is_first else tx.unseal(subject, name)
    if kept is not None and state.value.encode() not in kept.split():
        ends_at = told.incident.opened_at + world.rules.personal_data_kept
        tx.seal(subject, name, kept + b" " + state.value.encode(), ends_at=ends_at)
        return False
    return True


def _begun(what: News | Order, *, is_first: bool) -> News | Order:
    """The same, but what an agency is first told under a number of ours begins that occurrence for it."""
    if isinstance(what, News) and is_first and not what.sender and what.state not in ENDING:
        return replace(what, state=ReportState.OCCURRED)
    return what


def _written(linkage: Speaking, what: News | Order) -> bytes | None:
    return linkage.order(what) if isinstance(what, Order) else linkage.news(what)


def _may_hear(world: World, told: Dispatchable) -> bool:
    """Whether a drill is nothing new at the other end: its wire is marked for drills, or it answers its own report."""
    marked = not told.incident.drill or told.agency in world.rules.drill_wires
    return marked or (isinstance(told.what, News) and bool(told.what.sender))


def drill_refused(agency: AgencyId) -> Refused:
    """That what is only a drill is not sent where real crews would take it for real."""
    return Refused(
        Text(
            f"훈련 상황의 지령과 소식은 {agency}에 보내지 않습니다. 이 기관의 연계는 훈련용이 아닙니다.",
            f"Nothing of a drill is sent to {agency}: its wire is not marked for drills.",
        ),
        code="drill_wire",
    )


@dataclass(frozen=True, slots=True)
class Callback:
    """Our answer for the address the sender named; its linkage has held the origin against the allowed ones."""

    agency: AgencyId
    incident: Incident
    linkage: str
    occurrence: str
    answer: Outgoing


def put_callback(tx: Change, world: World, told: Callback) -> OutgoingMessage:
    """The answer, waiting, in the caller's own transaction."""
    answer = told.answer
    message = _row(world, told.agency, told.incident, "callback", linkage=told.linkage)
    sequence = tx.last_sequence(told.agency, "callback", told.incident.id) + 1
    message = replace(message, occurrence=told.occurrence, sequence=sequence, topic=Topic.ANSWER)
    message = replace(message, size=len(answer.body), address=sha256(answer.url.encode()).hexdigest()[:16])
    _keep(tx, message, answer.body)
    tx.seal(subject_of(message.id), "url", answer.url.encode(), ends_at=message.ends_at)
    tx.seal(subject_of(message.id), "content_type", answer.content_type.encode(), ends_at=message.ends_at)
    return message


def subject_of(message: OutgoingId) -> str:
    """Whose key seals the message's bytes."""
    return f"outgoing/{message}"


def _row(world: World, agency: AgencyId, incident: Incident, lane: Lane, *, linkage: str) -> OutgoingMessage:
    now = world.clock.now()
    return OutgoingMessage(
        id=OutgoingId(new_id("out", now, world.randomness)),
        agency=agency,
        lane=lane,
        linkage=linkage,
        incident=incident.id,
        incident_number=incident.number,
        occurrence="",
        sequence=0,
        topic=Topic.STATUS,
        size=0,
        made_at=now,
        next_at=now,
        ends_at=now + world.rules.personal_data_kept,
    )


def _keep(tx: Change, message: OutgoingMessage, body: bytes) -> None:
    tx.put_outgoing(message)
    tx.seal(subject_of(message.id), "body", body, ends_at=message.ends_at)
