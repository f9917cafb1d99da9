"""How messages are kept that nobody may act on, each with its answer, and how many were too many to keep."""

from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.core.ids import AgencyId
from goldentime.flows.intake.kept_messages import new_row, seal
from goldentime.flows.ports import Change
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, RawMessage, Sender
from goldentime.messages.kept import MessageState


async def keep_refused(world: World, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
    """Keep a message whose sender is not known or not heeded, and the answer it got; it is never acted on."""
    message = replace(
        new_row(world, raw, sender, raw.body),
        state=MessageState.REFUSED,
        problem=reason,
        answer=answer.body,
        answer_type=answer.type_code,
        ends_at=raw.received_at + world.rules.refused_kept,
    )

    def keep(tx: Change) -> None:
        tx.put_message(message)
        seal(tx, message, raw)

    await world.store.change(keep)


async def note_unkept(world: World, agency: AgencyId | None, count: int) -> None:
    """Put on record how many refused messages of an agency, or of strangers, were too many to be kept."""
    entry = Entry(world.clock.now(), "MessagesNotKept", "system", agency, data={"times": count})
    await world.store.change(lambda tx: tx.audit(entry))
