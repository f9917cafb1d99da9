"""Which incidents one person may find at all; whoever sees one of them in full is decided by their grants."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.incidents.incident import State
from goldentime.core.ids import AgencyId, IncidentId


@dataclass(frozen=True, slots=True)
class Sight:
    """Live incidents only, never the sandbox's.

    With `agency` those it holds or held a grant for, with `in_force_at` only where one is in force at that time; with
    `incident` that one at most.
    """

    agency: AgencyId | None = None
    incident: IncidentId | None = None
    in_force_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The incidents of a sight in one state; `closed_since` None means any time."""

    sight: Sight
    state: State
    closed_since: datetime | None = None
