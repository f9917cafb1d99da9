"""That somebody has turned signal priority off: for one unit's order, or for everyone."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.core.ids import OrderId

EVERYONE = ""  # in place of a unit


@dataclass(frozen=True, slots=True)
class PriorityOff:
    """For this unit while it has this order, or for everyone until somebody turns it on."""

    unit: str
    order: OrderId | None
    since: datetime
