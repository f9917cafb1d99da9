"""All that the author of a linkage (연계) must learn: what comes in, what goes out and how bad messages are refused."""

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.feed import Ask, Feed, is_feed
from goldentime.linkage_kit.framing import MORE, NONE, Frame, Framer, Shape, ShapeFramer
from goldentime.linkage_kit.ledger import ExplainedField, Ledger
from goldentime.linkage_kit.linkage import Explanation, Linkage
from goldentime.linkage_kit.reports_only import ReportsOnly
from goldentime.linkage_kit.settings import read_table
from goldentime.linkage_kit.stream import StreamLinkage, is_stream
from goldentime.messages.exchange import Answer, CameraSeen, Outcome, OutcomeKind, RawMessage, Sender, check_sender
from goldentime.messages.news import News, Reply, Topic, Verdict
from goldentime.messages.order import Order
from goldentime.messages.report import Report, ReportState, join_parts, keep_every_item

__all__ = [
    "MORE",
    "NONE",
    "Answer",
    "Ask",
    "BadMessage",
    "CameraSeen",
    "ExplainedField",
    "Explanation",
    "Feed",
    "Frame",
    "Framer",
    "Ledger",
    "Linkage",
    "News",
    "Order",
    "Outcome",
    "OutcomeKind",
    "RawMessage",
    "Reply",
    "Report",
    "ReportState",
    "ReportsOnly",
    "Sender",
    "Shape",
    "ShapeFramer",
    "StreamLinkage",
    "Topic",
    "Verdict",
    "check_sender",
    "is_feed",
    "is_stream",
    "join_parts",
    "keep_every_item",
    "read_table",
]
