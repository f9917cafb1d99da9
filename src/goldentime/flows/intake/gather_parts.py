"""When a report that was sent in parts is whole: each part is kept, and the last missing one makes it."""

from dataclasses import replace
from typing import Protocol

from goldentime.flows.intake.kept_messages import answered, unseal
from goldentime.flows.ports import Change
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender
from goldentime.messages.kept import KeptMessage, MessageState
from goldentime.messages.report import Report, join_parts


class PartReader(Protocol):
    """What a linkage can do here: read a part that was kept, and word the answer to one."""

    def parse(self, raw: RawMessage) -> Report:
        """What the bytes say; raises BadMessage."""
        ...

    def deliver(self, outcome: Outcome) -> Answer:
        """The answer in the sender's own protocol."""
        ...


def gather_parts(
    tx: Change, linkage: PartReader, message: KeptMessage, report: Report, sender: Sender
) -> Report | Outcome:
    """The whole report when this was the last missing part, else that this part is kept."""
    total = report.part[1]
    kind = "sandbox" if sender.sandbox else "real"
    key = f"{kind}/{report.sender}/{report.occurrence}/{report.state.value}/{total}"
    together = {report.part[0]: report}
    others = tx.list_parts(message.sender, key)
    for other in others:
        raw = unseal(tx, other)
        if raw is not None:
            part = linkage.parse(raw)
            together.setdefault(part.part[0], part)
    if len(together) < total:
        outcome = Outcome(OutcomeKind.PART_KEPT, parts=(len(together), total))
        row = answered(message, linkage.deliver(outcome))
        tx.put_message(replace(row, state=MessageState.PART, occurrence=key))
        return outcome
    for other in others:
        tx.put_message(replace(other, state=MessageState.READ))
    return join_parts(list(together.values()))
