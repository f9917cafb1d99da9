"""What is kept of a raw message and how it is found again: its row, its bytes in the vault, its answer."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from goldentime.city.audit.chain import Entry
from goldentime.core.ids import AgencyId, IncidentId, MessageId, new_id
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, RawMessage, Sender
from goldentime.messages.kept import KeptMessage, MessageState

Waiting = tuple[KeptMessage, RawMessage | None, Sender]  # the bytes None when they have been destroyed


def new_row(
    world: World, raw: RawMessage, sender: Sender | None, content: bytes, *, provisional: bytes | None = None
) -> KeptMessage:
    """The message's row before anyone has read it; `content` is what tells it from others of the sender.

    The digest is made with the city's own salt, so that nobody tries contents against it, and goes with the body.
    """
    who = str(sender.agency) if sender else ""
    mark = b"sandbox" if sender and sender.sandbox else b""
    told = b"\0".join([raw.linkage.encode(), who.encode(), mark, content])
    # blake2b keeps the interpreter for what is short; OpenSSL would hand it to the writing thread at every message
    digest = blake2b(told, key=world.pepper[:64], digest_size=32).digest()
    return KeptMessage(
        id=MessageId(new_id("msg", raw.received_at, world.randomness)),
        linkage=raw.linkage,
        sender=who,
        content_type=raw.content_type,
        digest=digest,
        size=len(raw.body),
        received_at=raw.received_at,
        ends_at=raw.received_at + world.rules.personal_data_kept,
        provisional=provisional,
        sandbox=bool(sender and sender.sandbox),
    )


def seal(tx: Change, message: KeptMessage, raw: RawMessage) -> None:
    """Keep the bytes, and the headers they came with, under the message's own key."""
    tx.seal(f"message/{message.id}", "body", raw.body, ends_at=message.ends_at)
    if raw.headers:
        headers = json.dumps(dict(raw.headers)).encode()
        tx.seal(f"message/{message.id}", "headers", headers, ends_at=message.ends_at)


def put_with_bytes(tx: Change, messages: Sequence[tuple[KeptMessage, RawMessage]]) -> None:
    """Keep the rows, then the bytes of all: kind by kind is cheaper than message by message."""
    for message, _ in messages:
        tx.put_message(message)
    for message, raw in messages:
        seal(tx, message, raw)


def set_aside(tx: Change, message: KeptMessage, problem: str, at: datetime, *, answer: Answer | None = None) -> None:
    """Act on it no more, on record: what went wrong, and what the sender was told when it was told now."""
    data = {"message": message.id, "reason": problem}
    tx.audit(Entry(at, "MessageFailed", "system", message.sender or None, data=data))
    bad = replace(message, state=MessageState.BAD, problem=problem)
    tx.put_message(bad if answer is None else replace(bad, answer=answer.body, answer_type=answer.type_code))


def forget(tx: Change, message: KeptMessage) -> None:
    """Leave of a message whose key is destroyed what counts it: no answer, which names places, and no digest."""
    tx.put_message(replace(message, answer=b"", provisional=None, digest=b""))


def unseal(look: Reading, message: KeptMessage) -> RawMessage | None:
    """The message as it came; None when it has been destroyed."""
    body = look.unseal(f"message/{message.id}", "body")
    if body is None:
        return None
    headers = json.loads(look.unseal(f"message/{message.id}", "headers") or b"{}")
    return RawMessage(message.linkage, message.sender, message.content_type, headers, body, message.received_at)


def sender_of(look: Reading, message: KeptMessage) -> Sender:
    """Who sent it, with the codes the agency may use today."""
    agency = look.find_agency(AgencyId(message.sender))
    return Sender(AgencyId(message.sender), agency.senders if agency else frozenset({""}), message.sandbox)


def find_waiting(look: Reading, message_id: MessageId) -> Waiting | None:
    """A message nobody has acted on yet, with its bytes and its sender; None when somebody has."""
    message = look.find_message(message_id)
    if message is None or message.state is not MessageState.KEPT:
        return None
    return message, unseal(look, message), sender_of(look, message)


def answered(
    message: KeptMessage,
    answer: Answer,
    *,
    problem: str = "",
    occurrence: str = "",
    incident: IncidentId | None = None,
) -> KeptMessage:
    """The row once its answer is known: READ, or BAD with the type code of the problem."""
    state = MessageState.BAD if problem else MessageState.READ
    return replace(
        message,
        state=state,
        answer=answer.body,
        answer_type=answer.type_code,
        problem=problem,
        occurrence=occurrence,
        incident=incident,
    )


def stored_answer(message: KeptMessage) -> Answer:
    """What was answered then."""
    content_type = "application/json; charset=utf-8"
    return Answer(message.answer, content_type, message.answer_type, ok=not message.problem)
