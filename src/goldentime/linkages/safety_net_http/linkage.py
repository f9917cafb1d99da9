"""The safety net over HTTP as a linkage: reading and answering under one site's settings."""

from datetime import datetime

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.outgoing import news_message, order_message
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.linkages.safety_net_http.client import finished, read_reply, write_login, write_message
from goldentime.linkages.safety_net_http.deliver import callback_message, deliver, deliver_error
from goldentime.linkages.safety_net_http.fingerprint import fingerprint
from goldentime.linkages.safety_net_http.parse import explain, parse
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage
from goldentime.messages.news import News, Reply
from goldentime.messages.order import Order
from goldentime.messages.report import Report

NAME = "safety_net_http"


class SafetyNetHttp:
    """Implements linkage_kit's Linkage."""

    name = NAME

    def __init__(self, settings: SafetyNetSettings | None = None) -> None:
        """Speak the site's variant; the standard's own by default."""
        self.settings = settings or SafetyNetSettings()
        self._marks = self.settings.position_marks(b'"Y"', b"ENCAT=Y")
        if self.settings.aria_key:
            seal(b"", self.settings.aria_key)  # makes the cipher's tables now, not at the first report

    def parse(self, raw: RawMessage) -> Report:
        """The report in the message; raises BadMessage."""
        return parse(raw, self.settings)

    def deliver(self, outcome: Outcome) -> Answer:
        """What was done, as the agency reads it."""
        return deliver(outcome, self.settings)

    def deliver_error(self, error: BadMessage) -> Answer:
        """What is wrong with the message, as the agency reads it."""
        return deliver_error(error, self.settings)

    def explain(self, raw: RawMessage) -> Explanation:
        """What was understood, for the integrator's page; never raises."""
        return explain(raw, self.settings)

    def fingerprint(self, raw: RawMessage) -> bytes:
        """Equal for the same message sent again, even after a new login."""
        return fingerprint(raw)

    def may_be_position(self, raw: RawMessage) -> bool:
        """Whether a code of such a kind stands in it, or the Y of a sealed body."""
        body = raw.body.upper()
        return any(mark in body for mark in self._marks)

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:
        """The answer for the sender's callback address, if its origin is allowed."""
        return callback_message(report, outcome, origins, self.settings)

    def order(self, order: Order) -> bytes | None:
        """An order as a message of ours."""
        return write_message(order_message(order, self.settings))

    def news(self, news: News) -> bytes | None:
        """Our own word about an occurrence."""
        return write_message(news_message(news, self.settings))

    def finished(self, written: bytes, session: str, aria_key: str) -> tuple[bytes, dict[str, str]]:
        """A message of ours as it goes out now, and the headers that go with it."""
        return finished(written, session, aria_key)

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The body of our login at the other side."""
        return write_login(api_key, at, self.settings)

    def read_reply(self, frame: bytes) -> Reply:
        """What the other side answered us; raises BadMessage."""
        return read_reply(frame)
