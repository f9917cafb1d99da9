"""What the closing of a road is: which links, for whom, until when, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from goldentime.city.roads.line import LinkId
from goldentime.core.ids import AccountId
from goldentime.core.place import LonLat

ClosureId = NewType("ClosureId", str)


class Scope(StrEnum):
    """Whom a closure stops."""

    FOR_ALL = "for_all"  # nobody gets through: flooded, fallen in
    EXCEPT_EMERGENCY = "except_emergency"  # police, fire and ambulance may pass: a crowd, an accident


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed links; `until` None is until someone opens them, `place` where it was marked, `by` who did."""

    id: ClosureId
    links: frozenset[LinkId]
    scope: Scope
    reason: str
    closed_at: datetime
    until: datetime | None = None
    by: AccountId | None = None
    place: LonLat | None = None
    radius: float = 0.0
    opened_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the road is closed at that time."""
        return self.opened_at is None and (self.until is None or at < self.until)
