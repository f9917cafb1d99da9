"""What an order to units is once it leaves us, whatever protocol carries it to the agency."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.core.place import LonLat
from goldentime.messages.report import ReportState


@dataclass(frozen=True, slots=True)
class Order:
    """One order of one agency's units to one incident; `units` are the codes that agency knows them by.

    `number` is the order's, `occurrence` the same as the wires number events, a time to the millisecond; both stay and
    never come again. `sequence` counts our messages to this agency about this incident, as for news. `service` is the
    receiving agency's, by which a wire chooses its code; `title` says in words what the units are sent to. `units`
    are those the order stands for now, `withdrawn` those it was taken back from: without any left it is over.
    `is_over` when its incident has ended. `apart` as for news.
    """

    number: str
    occurrence: str
    incident_number: str
    agency: str
    service: str
    units: tuple[str, ...]
    at: datetime
    place: LonLat | None = None
    place_words: str = ""
    title: str = ""
    content: str = ""
    withdrawn: tuple[str, ...] = ()
    is_over: bool = False
    drill: bool = False
    sequence: int = 1
    apart: str = ""

    @property
    def message_number(self) -> str:
        """The message's own number, by which a receiver knows it again."""
        return f"{self.number}-{self.sequence}"

    @property
    def state(self) -> ReportState:
        """New, changed because units were taken back, cancelled because all were, or ended with its incident."""
        if not self.units:
            return ReportState.CANCELLED
        if self.is_over:
            return ReportState.ENDED
        return ReportState.CHANGED if self.withdrawn else ReportState.OCCURRED
