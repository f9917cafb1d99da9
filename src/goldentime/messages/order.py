"""What an order to units is once it leaves us, whatever protocol carries it to the agency."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.core.place import LonLat


@dataclass(frozen=True, slots=True)
class Order:
    """One order of one agency's units to one incident; `units` are the codes that agency knows them by.

    An order with `cancelled` takes back what an earlier one of the same number said to these units.
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
    cancelled: bool = False
