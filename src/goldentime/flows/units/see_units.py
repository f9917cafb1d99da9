"""Which units' places a person is told: operators all, an agency its own and those on an incident it may read now."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.people.account import Act, may
from goldentime.city.units.unit import BUSY
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Reading
from goldentime.flows.positions.tracked import Tracked


def incident_of(tracked: Tracked) -> IncidentId | None:
    """The incident the unit is ordered to, on its way to or at."""
    unit = tracked.unit
    return unit.incident if unit is not None and unit.state in BUSY else None


def incidents_read(look: Reading, incidents: Iterable[IncidentId], agency: AgencyId, at: datetime) -> set[IncidentId]:
    """Those of the incidents that the agency may read at that time."""
    return {one for one in incidents if standing_of(look.list_grants(incident=one), agency, at) is Standing.IN_FORCE}


def may_see_unit(tracked: Tracked, agency: AgencyId, read: set[IncidentId], only: str | None = None) -> bool:
    """Whether the agency is told of this unit; `only` limits a code's viewer to the units of its one incident."""
    incident = incident_of(tracked)
    if only is not None:
        return incident == only and incident in read
    return tracked.agency == agency or (incident is not None and incident in read)


def list_seen_units(look: Reading, everyone: Sequence[Tracked], caller: Caller, at: datetime) -> list[Tracked]:
    """Those of the units that the caller is told of; none for a role that sees no incidents."""
    if not may(caller.account.role, Act.SEE_INCIDENTS):
        return []
    if caller.agency is None:
        return list(everyone) if may(caller.account.role, Act.HANDLE_INCIDENTS) else []
    busy = {incident for one in everyone if (incident := incident_of(one)) is not None}
    read = incidents_read(look, busy, caller.agency.id, at)
    return [one for one in everyone if may_see_unit(one, caller.agency.id, read, caller.session.incident)]
