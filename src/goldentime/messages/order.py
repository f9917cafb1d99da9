"""What an order to units is once it leaves us, whatever protocol carries it to the agency."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.core.place import LonLat
from goldentime.messages.report import ReportState


@dataclass(frozen=True, slots=True)
class Order:
    """One order of one agency's units to one incident; `units` are the codes that agency knows them by.

    `number` is the order's and stays; `sequence` counts our messages to this agency about this incident, as for news.
    `units` are those the order stands for now, `withdrawn` those it was taken back from: without any left it is over.
    """

    number: str
    incident_number: str
    agency: str
    units: tuple[str, ...]
    place: LonLat | None
    place_words: str
    kind: str
    content: str
    at: datetime
    withdrawn: tuple[str, ...] = ()
    sequence: int = 1

    @property
    def message_number(self) -> str:
        """The message's own number, by which a receiver knows it again."""
        return f"{self.number}-{self.sequence}"

    @property
    def state(self) -> ReportState:
        """New, changed because units were taken back, or cancelled because all were."""
        if not self.withdrawn:
            return ReportState.OCCURRED
        return ReportState.CHANGED if self.units else ReportState.CANCELLED
