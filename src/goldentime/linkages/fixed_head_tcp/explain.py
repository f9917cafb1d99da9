"""What an integrator is told about a fixed-head test message: every field, every problem, and what would be done."""

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import ExplainedField, Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.explaining import REFUSED, would_words
from goldentime.linkages.fixed_head_tcp.parse import Reading, open_message
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings
from goldentime.messages.exchange import RawMessage


def explain(raw: RawMessage, settings: FixedHeadSettings) -> Explanation:
    """What was understood; problems are in it, never raised."""
    ledger = Ledger(explaining=True)
    try:
        opened = open_message(raw.body, settings)
        report = Reading(opened, raw, settings, ledger).report()
    except BadMessage as wrong:
        unread = Text("메시지를 읽을 수 없음", "the message cannot be read")
        problem = ExplainedField(wrong.field or "HEAD", "", unread, wrong.text)
        return Explanation(
            understood=False, fields=(*ledger.fields, problem), report=None, type_code=wrong.type_code, would=REFUSED
        )
    fields = tuple(ledger.fields)
    if ledger.refusals:
        code = ledger.refusals[0].type_code
        return Explanation(understood=False, fields=fields, report=None, type_code=code, would=REFUSED)
    known = settings.kinds.get(f"{opened.head.message_type}/{opened.head.sender}")
    name = Text(known.ko, known.en) if known else Text(report.kind_name, report.kind)
    would = would_words(report, name)
    return Explanation(understood=True, fields=fields, report=report, type_code="2000", would=would)
