"""Which incidents a caller finds in lists and searches, and how much of one incident is told them."""

from datetime import datetime

from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.sight import Sight
from goldentime.city.people.account import Act, may, must
from goldentime.core.errors import NotFound, Refused
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.ports import Reading


def sight_of(caller: Caller, *, in_force_at: datetime | None = None) -> Sight:
    """Operators find every live incident, an agency those it has or had a grant for, a code's viewer its own.

    With `in_force_at` an agency finds only those it may read at that time. Raises Refused for a role that sees no
    incidents, and for an agency's account whose agency is gone.
    """
    if caller.agency is None:
        must(caller.account.role, Act.HANDLE_INCIDENTS)
    must(caller.account.role, Act.SEE_INCIDENTS)
    incident = IncidentId(caller.session.incident) if caller.session.incident is not None else None
    if caller.agency is None:
        return Sight(incident=incident)
    return Sight(caller.agency.id, incident, in_force_at)


def reading_of(look: Reading, incident: Incident, caller: Caller, at: datetime) -> Standing:
    """How much of the incident the caller reads: all of it, that its time to look has ended, or not that it exists."""
    if incident.sandbox or caller.session.incident not in (None, incident.id):
        return Standing.NONE
    if caller.agency is None:
        return Standing.IN_FORCE if may(caller.account.role, Act.HANDLE_INCIDENTS) else Standing.NONE
    return standing_of(look.list_grants(incident=incident.id), caller.agency.id, at)


def get_seen(look: Reading, incident_id: IncidentId, caller: Caller, at: datetime) -> tuple[Incident, Standing]:
    """The incident and how much of it the caller reads; raises NotFound when it is not there for them."""
    incident = get_incident(look, incident_id)
    standing = reading_of(look, incident, caller, at)
    if standing is Standing.NONE:
        raise NotFound(Text("그런 상황이 없습니다.", "There is no such incident."))
    return incident, standing


def must_read(look: Reading, incident_id: IncidentId, caller: Caller, at: datetime) -> None:
    """Raise NotFound for an incident that is not there for the caller, Refused when their time to look has ended."""
    if get_seen(look, incident_id, caller, at)[1] is not Standing.IN_FORCE:
        raise Refused(Text("열람권한이 끝났습니다.", "The grant has ended."), code="grant_ended")
