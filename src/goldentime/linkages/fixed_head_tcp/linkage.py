"""The fixed-head message over TCP as a linkage: cutting, reading, answering and writing under one site's settings."""

from datetime import datetime

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.framing import Framer, ShapeFramer
from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.replies import reply_of
from goldentime.linkage_kit.safety_net.words import OK, outcome_words, type_code_of
from goldentime.linkages.fixed_head_tcp.explain import explain
from goldentime.linkages.fixed_head_tcp.framing import FixedHeadShape
from goldentime.linkages.fixed_head_tcp.head import HEAD_BYTES, read_head
from goldentime.linkages.fixed_head_tcp.parse import Reading, open_message, read_api_key
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings
from goldentime.linkages.fixed_head_tcp.writing import Writer
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage
from goldentime.messages.news import News, Reply
from goldentime.messages.order import Order
from goldentime.messages.report import Report

NAME = "fixed_head_tcp"
_LOGGED_IN = Text("로그인되었습니다.", "Logged in.")


class FixedHeadTcp:
    """Implements linkage_kit's StreamLinkage."""

    name = NAME

    def __init__(self, settings: FixedHeadSettings | None = None) -> None:
        """Speak the site's variant; our reading of the public ones by default."""
        self.settings = settings or FixedHeadSettings()
        self._shape = FixedHeadShape(self.settings)
        self._writer = Writer(self.settings)
        kinds = self.settings.kinds.items()
        self._tells_positions = frozenset(layout for layout, kind in kinds if kind.service == "position")

    def framer(self) -> Framer:
        """A framer for one connection."""
        return ShapeFramer(self._shape, largest=self.settings.max_body)

    def parse(self, raw: RawMessage) -> Report:
        """The report in the message; raises BadMessage."""
        return Reading(open_message(raw.body, self.settings), raw, self.settings, Ledger()).report()

    def explain(self, raw: RawMessage) -> Explanation:
        """What was understood, for the integrator's page; never raises."""
        return explain(raw, self.settings)

    def deliver(self, outcome: Outcome) -> Answer:
        """What was done, as the agency reads it; the head is put before it by `reply`."""
        words = outcome_words(outcome, self.settings.answer_cameras)
        return self.deliver_problem(type_code_of(outcome), words)

    def deliver_error(self, error: BadMessage) -> Answer:
        """What is wrong with the message, as the agency reads it."""
        return self.deliver_problem(error.type_code, error.text)

    def deliver_problem(self, type_code: str, text: Text) -> Answer:
        """A verdict in words."""
        words = text.in_language("ko" if self.settings.language == "ko" else "en")
        body = self._writer.verdict(type_code, words)
        return Answer(body, "application/octet-stream", type_code, type_code == OK)

    def deliver_session(self, session_key: str) -> Answer:  # noqa: ARG002  (the connection is the session)
        """A successful login; this wire has no place for a session key."""
        return self.deliver_problem(OK, _LOGGED_IN)

    def reply(self, frame: bytes, answer: Answer, at: datetime) -> bytes:
        """The answer behind the head of what it answers, turned round."""
        return self._writer.answer(frame, answer.body, ok=answer.ok, at=at)

    def fingerprint(self, raw: RawMessage) -> bytes:
        """The message without SND_DTM, which a sender writes anew when it sends it again."""
        return raw.body[:24] + raw.body[38:] if len(raw.body) >= HEAD_BYTES else raw.body

    def may_be_position(self, raw: RawMessage) -> bool:
        """Whether its head names a kind that the site's settings make one of positions; by default there is none."""
        head = read_head(raw.body) if self._tells_positions else None
        return head is not None and f"{head.message_type}/{head.sender}" in self._tells_positions

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:  # noqa: ARG002
        """Nothing: this wire has no callbacks."""
        return None

    def read_login(self, frame: bytes) -> str | None:
        """The API key of a login (type 99); raises BadMessage when it has none."""
        return read_api_key(frame, self.settings)

    def find_session(self, frame: bytes) -> str | None:  # noqa: ARG002  (there is none in a message)
        """None: the connection is the session."""
        return None

    def finished(self, written: bytes, session: str, aria_key: str) -> bytes:  # noqa: ARG002
        """As it was written: this wire has neither session key nor cipher."""
        return written

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The login with our key."""
        return self._writer.login(api_key, at)

    def read_reply(self, frame: bytes) -> Reply:
        """What the other side answered; raises BadMessage."""
        opened = open_message(frame, self.settings)
        _, type_code, words = (*opened.texts, "", "", "")[:3]
        ok = opened.head.state == self.settings.answer_ok
        return reply_of("0" if ok else "1", words, type_code)

    def order(self, order: Order) -> bytes:
        """An order to units (type 20)."""
        return self._writer.order(order)

    def news(self, news: News) -> bytes:
        """Our word about the agency's own occurrence (type 10)."""
        return self._writer.news(news)
