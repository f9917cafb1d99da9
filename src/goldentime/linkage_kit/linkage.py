"""What every linkage can do, whichever wire its agency speaks."""

from dataclasses import dataclass
from typing import Protocol

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import ExplainedField
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage
from goldentime.messages.news import News
from goldentime.messages.order import Order
from goldentime.messages.report import Report


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was understood of a test message; `report` is None when it would be refused with `type_code`."""

    understood: bool
    fields: tuple[ExplainedField, ...]
    report: Report | None
    type_code: str
    would: Text  # what the platform would do with it


class Linkage(Protocol):
    """Pure translation between one agency's wire and our words; no network, no clock, no storage."""

    @property
    def name(self) -> str:
        """The folder's name, as settings and the interface log use it."""
        ...

    def parse(self, raw: RawMessage) -> Report:
        """The report in the message; raises BadMessage and nothing else."""
        ...

    def deliver(self, outcome: Outcome) -> Answer:
        """What the agency is told about what was done."""
        ...

    def deliver_error(self, error: BadMessage) -> Answer:
        """What the agency is told about a message that cannot be taken."""
        ...

    def explain(self, raw: RawMessage) -> Explanation:
        """What would be understood, for the integrator's page; never raises."""
        ...

    def fingerprint(self, raw: RawMessage) -> bytes:
        """Equal for the same message sent again; without session keys and times of sending."""
        ...

    def may_be_position(self, raw: RawMessage) -> bool:
        """Whether it is worth reading at once for a unit's position; a quick look, and True when in doubt."""
        ...

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:
        """Our answer for the address the sender named, None when it named none or its origin is not allowed."""
        ...

    def order(self, order: Order) -> bytes | None:
        """An order to units (출동지령) as it goes on this wire; None when the wire cannot say it."""
        ...

    def news(self, news: News) -> bytes | None:
        """Our own word about an occurrence (상태, 조치, 종료) on this wire; None when the wire cannot say it."""
        ...
