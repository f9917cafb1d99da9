"""A linkage over a stream for agencies that only report: its author says how to cut, read and answer, and no more."""

from datetime import datetime
from typing import ClassVar

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.framing import Framer, Shape, ShapeFramer
from goldentime.linkage_kit.ledger import ExplainedField, Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.explaining import REFUSED, would_words
from goldentime.linkage_kit.safety_net.words import OK, outcome_words, type_code_of
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage
from goldentime.messages.news import News, Reply
from goldentime.messages.order import Order
from goldentime.messages.report import Report


class ReportsOnly:
    """Implements StreamLinkage; the three methods that raise NotImplementedError are the author's.

    Senders come from their own addresses, since this wire has no login; nothing of ours is sent over it.
    """

    name: ClassVar[str]
    largest = 64 << 10  # bytes of one message
    cameras_named = 8  # how many cameras an answer names

    def shape(self) -> Shape:
        """What the messages look like in the stream."""
        raise NotImplementedError

    def read(self, raw: RawMessage, ledger: Ledger) -> Report:
        """The report in the message; what is wrong goes to `ledger.refuse`, so that explaining finds all of it."""
        raise NotImplementedError

    def written(self, type_code: str, words: str) -> bytes:
        """An answer as it goes on the wire; "2000" accepts."""
        raise NotImplementedError

    def framer(self) -> Framer:
        """A framer for one connection."""
        return ShapeFramer(self.shape(), largest=self.largest)

    def parse(self, raw: RawMessage) -> Report:
        """The report in the message; raises BadMessage."""
        return self.read(raw, Ledger())

    def explain(self, raw: RawMessage) -> Explanation:
        """What was understood; never raises."""
        ledger = Ledger(explaining=True)
        try:
            report = self.read(raw, ledger)
        except BadMessage as wrong:
            ledger.refusals.append(wrong)
            unread = Text("메시지를 읽을 수 없음", "the message cannot be read")
            ledger.fields.append(ExplainedField(wrong.field or "?", "", unread, wrong.text))
            report = None
        fields = tuple(ledger.fields)
        if report is None or ledger.refusals:
            code = ledger.refusals[0].type_code
            return Explanation(understood=False, fields=fields, report=None, type_code=code, would=REFUSED)
        would = would_words(report, Text(report.kind_name or report.kind, report.kind))
        return Explanation(understood=True, fields=fields, report=report, type_code=OK, would=would)

    def deliver(self, outcome: Outcome) -> Answer:
        """What was done, in Korean."""
        return self.deliver_problem(type_code_of(outcome), outcome_words(outcome, self.cameras_named))

    def deliver_error(self, error: BadMessage) -> Answer:
        """What is wrong with the message."""
        return self.deliver_problem(error.type_code, error.text)

    def deliver_problem(self, type_code: str, text: Text) -> Answer:
        """A verdict in words."""
        return Answer(self.written(type_code, text.ko), "application/octet-stream", type_code, type_code == OK)

    def deliver_session(self, session_key: str) -> Answer:  # noqa: ARG002  (nobody logs in)
        """Never asked for: there is no login."""
        return self.deliver_problem(OK, Text("로그인되었습니다.", "Logged in."))

    def reply(self, frame: bytes, answer: Answer, at: datetime) -> bytes:  # noqa: ARG002  (answers come in order)
        """The answer as it is."""
        return answer.body

    def fingerprint(self, raw: RawMessage) -> bytes:
        """The same message is the same bytes."""
        return raw.body

    def may_be_position(self, raw: RawMessage) -> bool:  # noqa: ARG002  (its reports open incidents)
        """Never."""
        return False

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:  # noqa: ARG002
        """Nothing."""
        return None

    def read_login(self, frame: bytes) -> str | None:  # noqa: ARG002  (there is none)
        """None: the address tells who it is."""
        return None

    def find_session(self, frame: bytes) -> str | None:  # noqa: ARG002  (there is none)
        """None."""
        return None

    def finished(self, written: bytes, session: str, aria_key: str) -> bytes:  # noqa: ARG002  (nothing is sent)
        """As it was written."""
        return written

    def write_login(self, api_key: str, at: datetime) -> bytes:  # noqa: ARG002  (nothing is sent)
        """Nothing: we do not call this agency."""
        return b""

    def read_reply(self, frame: bytes) -> Reply:  # noqa: ARG002  (nothing is sent)
        """Raises BadMessage: there is nothing to be answered."""
        raise BadMessage(Text("이 연계로는 보내지 않습니다.", "Nothing is sent over this linkage."))

    def order(self, order: Order) -> bytes | None:  # noqa: ARG002  (this wire cannot say it)
        """None: this wire cannot say it."""
        return None

    def news(self, news: News) -> bytes | None:  # noqa: ARG002  (the same)
        """None: this wire cannot say it."""
        return None
