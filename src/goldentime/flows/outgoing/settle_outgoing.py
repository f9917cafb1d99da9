"""What becomes of a message of ours by its answer: to be sent again, set apart under its own number, or at its end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import IncidentId
from goldentime.flows.outgoing.carrier import Silence
from goldentime.flows.outgoing.channel import wait_after
from goldentime.flows.outgoing.outbox import subject_of
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage, OutgoingState


async def heed(world: World, message: OutgoingMessage, told: Reply | Silence, parts: Mapping[str, bytes]) -> int:
    """Put down what the answer, or the silence, makes of the message as it was before this sending; how many ended.

    "Already exists" is an earlier message of the same number and state, when ours cannot have arrived, or when there
    is such an earlier one: then it goes under its number of its own, if it has one among its `parts`.
    """
    if isinstance(told, Reply) and told.verdict is Verdict.EXISTS:
        apart = parts.get("apart_again") or (not message.reached and parts.get("apart"))
        if apart:
            await _set_apart(world, message, apart)
            return 0
    if isinstance(told, Reply) and told.verdict is not Verdict.LATER:
        taken = told.verdict is Verdict.TAKEN or (told.verdict is Verdict.EXISTS and message.reached)
        state = OutgoingState.SENT if taken else OutgoingState.REFUSED
        await settle_waiting(world, message, state, "" if taken else told.code or "refused", told=told)
        return 1
    problem = told.why if isinstance(told, Silence) else told.code or "later"
    again_at = world.clock.now() + wait_after(message.tries, world.randomness)
    reached = message.reached or (isinstance(told, Silence) and told.reached)
    again = replace(message, tries=message.tries + 1, next_at=again_at, problem=problem, reached=reached)
    await put_back(world, again)
    return 0


async def put_back(world: World, message: OutgoingMessage) -> None:
    """Keep how far it has come; one that came to its end meanwhile stays as it is."""

    def keep(tx: Change) -> None:
        known = tx.find_outgoing(message.id)
        if known is not None and known.state is OutgoingState.WAITING:  # not given up by hand meanwhile
            tx.put_outgoing(message)

    await world.store.change(keep)


async def settle_waiting(
    world: World, message: OutgoingMessage, state: OutgoingState, problem: str, *, told: Reply | None = None
) -> None:
    """Put down the end of a message that waits.

    One given up by hand while it was on its way stays so, unless the other side took it: then "sent" is the truth.
    """
    now = world.clock.now()

    def end(tx: Change) -> None:
        known = tx.find_outgoing(message.id)
        was_taken = state is OutgoingState.SENT
        if known is not None and (
            known.state is OutgoingState.WAITING or (was_taken and known.state is OutgoingState.GIVEN_UP)
        ):
            settle(tx, known, state, now, problem=problem, told=told)

    await world.store.change(end)


async def _set_apart(world: World, message: OutgoingMessage, body: bytes) -> None:
    """From now on it goes under a number of its own: the other side took it for an earlier one of its state.

    Where a try may have arrived and it knows messages by our own number after all, it will say so once more.
    """

    def keep(tx: Change) -> None:
        known = tx.find_outgoing(message.id)
        if known is not None and known.state is OutgoingState.WAITING:
            tx.put_outgoing(
                replace(known, tries=known.tries + 1, reached=message.reached, problem="exists", size=len(body))
            )
            tx.seal(subject_of(message.id), "body", body, ends_at=message.ends_at)
            for name in ("apart", "apart_again"):
                tx.seal(subject_of(message.id), name, b"", ends_at=message.ends_at)

    await world.store.change(keep)


def settle(
    tx: Change,
    message: OutgoingMessage,
    state: OutgoingState,
    now: datetime,
    *,
    problem: str,
    told: Reply | None = None,
) -> None:
    """Put down how the message came to its end, and what the other side said to it; its receipt is a fact."""
    tries = message.tries + (problem not in ("by_hand", "too_old", "destroyed"))
    tx.put_outgoing(replace(message, state=state, tries=tries, settled_at=now, problem=problem))
    if told is not None and told.words:
        tx.seal(subject_of(message.id), "answer", told.words.encode(), ends_at=message.ends_at)
    if state is OutgoingState.SENT and message.incident and message.lane == "wire":
        code = told.code if told is not None else ""
        receipt: dict[str, FactValue] = {"agency": message.agency, "id": message.id, "topic": message.topic}
        tx.record(Fact("AgencyReceived", IncidentId(message.incident), now, {**receipt, "code": code}))
    if state is not OutgoingState.SENT and message.incident:
        data = {"agency": message.agency, "id": message.id, "topic": message.topic, "reason": problem}
        tx.record(Fact("AgencyNotTold", IncidentId(message.incident), now, data))


def unseal_parts(look: Reading, message: OutgoingMessage) -> Mapping[str, bytes]:
    """What was sealed of it and is not destroyed: body, on the wire apart, for a callback url and content_type."""
    subject = subject_of(message.id)
    names = ("body", "apart", "apart_again") if message.lane == "wire" else ("body", "url", "content_type")
    found = {name: look.unseal(subject, name) for name in names}
    return {name: sealed for name, sealed in found.items() if sealed is not None}
