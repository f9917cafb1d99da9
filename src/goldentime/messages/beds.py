"""What an emergency room says of its beds just now, as a plain value; a reading, never a fact."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Beds:
    """One emergency room by the service's own `code`; `at` is when the hospital typed it, None when unread.

    `emergency`, `operating` and `intensive` are beds free now, below zero when more patients are there than beds. None
    is not told.
    """

    code: str
    name: str
    phone: str = ""
    at: datetime | None = None
    emergency: int | None = None
    operating: int | None = None
    intensive: int | None = None
    ct: bool | None = None
    ventilator: bool | None = None
    ambulance: bool | None = None


@dataclass(frozen=True, slots=True)
class BedReport:
    """One answer of the service; `listed` is how many rooms it has in all, more than `rooms` when it gave only some."""

    rooms: tuple[Beds, ...]
    listed: int
