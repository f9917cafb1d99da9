"""The safety net over TCP as a linkage: cutting, reading, answering and writing under one site's settings."""

from datetime import datetime

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.framing import Framer, ShapeFramer
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.envelope import text_of
from goldentime.linkage_kit.safety_net.outgoing import news_message, order_message
from goldentime.linkage_kit.safety_net.replies import reply_of
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.linkage_kit.safety_net.words import OK, outcome_words, said, type_code_of
from goldentime.linkages.safety_net_tcp.envelope import Opener
from goldentime.linkages.safety_net_tcp.framing import SafetyNetShape
from goldentime.linkages.safety_net_tcp.login import read_api_key
from goldentime.linkages.safety_net_tcp.parse import explain, parse
from goldentime.linkages.safety_net_tcp.settings import TcpSettings
from goldentime.linkages.safety_net_tcp.writing import Writer
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage
from goldentime.messages.news import News, Reply
from goldentime.messages.order import Order
from goldentime.messages.report import Report

NAME = "safety_net_tcp"


class SafetyNetTcp:
    """Implements linkage_kit's StreamLinkage."""

    name = NAME

    def __init__(self, settings: TcpSettings | None = None) -> None:
        """Speak the site's variant; the standard's own by default."""
        self.settings = settings or TcpSettings()
        self._opener = Opener(self.settings)
        self._writer = Writer(self.settings)
        self._shape = SafetyNetShape(self.settings)
        field = self.settings.separator(self.settings.separators.field)
        self._marks = self.settings.position_marks(field + b"Y" + field)
        if self.settings.aria_key:
            seal(b"", self.settings.aria_key)  # makes the cipher's tables now, not at the first report

    def framer(self) -> Framer:
        """A framer for one connection."""
        return ShapeFramer(self._shape, largest=self.settings.max_body)

    def parse(self, raw: RawMessage) -> Report:
        """The report in the message; raises BadMessage."""
        return parse(raw, self._opener, self.settings)

    def explain(self, raw: RawMessage) -> Explanation:
        """What was understood, for the integrator's page; never raises."""
        return explain(raw, self._opener, self.settings)

    def deliver(self, outcome: Outcome) -> Answer:
        """What was done, as the agency reads it."""
        words = outcome_words(outcome, self.settings.answer_cameras)
        return self._answer(type_code_of(outcome), said(words, self.settings))

    def deliver_error(self, error: BadMessage) -> Answer:
        """What is wrong with the message, as the agency reads it."""
        return self._answer(error.type_code, said(error.text, self.settings))

    def deliver_problem(self, type_code: str, text: Text) -> Answer:
        """A refusal that is not the message's fault."""
        return self._answer(type_code, said(text, self.settings))

    def deliver_session(self, session_key: str) -> Answer:
        """A successful login: the session key is the message."""
        return self._answer(OK, session_key)

    def reply(self, frame: bytes, answer: Answer, at: datetime) -> bytes:  # noqa: ARG002  (this wire's answers say neither)
        """The answer as it is: on this wire answers come in the order of the messages."""
        return answer.body

    def fingerprint(self, raw: RawMessage) -> bytes:
        """Equal for the same message sent again, even after a new login."""
        return self._writer.without(raw.body, ("rrKey", "reqDate"))

    def may_be_position(self, raw: RawMessage) -> bool:
        """Whether a code of such a kind stands in it, or the Y of a sealed body."""
        body = raw.body.upper()
        return any(mark in body for mark in self._marks)

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:  # noqa: ARG002
        """Nothing: whoever speaks over TCP is answered there."""
        return None

    def read_login(self, frame: bytes) -> str | None:
        """The API key of an AUTH message; raises BadMessage when it has none."""
        return read_api_key(frame, self._opener, self.settings)

    def find_session(self, frame: bytes) -> str | None:
        """The rrKey of the message's head."""
        try:
            key = text_of(self._opener.head_of(frame).get("rrkey"))
        except BadMessage:
            return None
        return key if key and key.isascii() else None

    def finished(self, written: bytes, session: str, aria_key: str) -> bytes:
        """A message of ours as it goes out now."""
        return self._writer.finished(written, session, aria_key)

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The AUTH message with our key."""
        return self._writer.login(api_key, at)

    def read_reply(self, frame: bytes) -> Reply:
        """What the other side answered; raises BadMessage."""
        result, words, type_code = self._opener.answer_of(frame)[:3]
        return reply_of(result, words, type_code)

    def order(self, order: Order) -> bytes:
        """An order to units as an event of the site's order kind."""
        return self._writer.message(*order_message(order, self.settings))

    def news(self, news: News) -> bytes:
        """Our word about the agency's own occurrence."""
        return self._writer.message(*news_message(news, self.settings))

    def _answer(self, type_code: str, words: str) -> Answer:
        return Answer(self._writer.answer(type_code, words), "application/octet-stream", type_code, type_code == OK)
