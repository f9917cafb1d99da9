"""All that the author of a linkage (연계) must learn: what comes in, what goes out and how bad messages are refused."""

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.ledger import ExplainedField, Ledger
from goldentime.linkage_kit.linkage import Explanation, Linkage
from goldentime.messages.exchange import Answer, CameraSeen, Outcome, OutcomeKind, RawMessage, Sender, check_sender
from goldentime.messages.report import Report, ReportState, join_parts, keep_every_item

__all__ = [
    "Answer",
    "BadMessage",
    "CameraSeen",
    "ExplainedField",
    "Explanation",
    "Ledger",
    "Linkage",
    "Outcome",
    "OutcomeKind",
    "RawMessage",
    "Report",
    "ReportState",
    "Sender",
    "check_sender",
    "join_parts",
    "keep_every_item",
]
