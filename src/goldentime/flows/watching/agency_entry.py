"""Whether an agency's person may be let in to an incident now; what is refused is on record."""

from datetime import datetime
from typing import TypeVar

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Grant, is_in_force
from goldentime.city.incidents.incident import Incident, State
from goldentime.core.errors import NotFound, OperatorsError, Refused
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Text
from goldentime.flows.ports import Change

T = TypeVar("T")


def find_theirs(change: Change, agency: AgencyId, named: str) -> Incident | None:
    """The incident by our id or the agency's own number; another agency's incident only where a grant names them."""
    incident = change.find_incident(IncidentId(named)) or change.find_incident_by_source(agency, named)
    if incident is None or incident.agency == agency:
        return incident
    return incident if any(g.agency == agency for g in change.list_grants(incident=incident.id)) else None


def grant_or_refusal(
    change: Change, agency: AgencyId, incident: Incident | None, at: datetime
) -> Grant | OperatorsError:
    """The agency's grant that lasts longest, or why nobody of theirs may look."""
    if incident is None or incident.sandbox:
        return NotFound(Text("그런 상황이 없습니다.", "There is no such incident."))
    if incident.state is State.CLOSED:
        return Refused(
            Text("종결된 상황은 열람할 수 없습니다.", "A closed incident cannot be viewed."), code="incident_closed"
        )
    theirs = [
        grant
        for grant in change.list_grants(incident=incident.id)
        if grant.agency == agency and grant.person is None and is_in_force(grant, at)
    ]
    if not theirs:
        return Refused(
            Text("이 상황에 대한 기관의 열람권한이 없습니다.", "Your agency has no grant for this incident."),
            code="no_grant",
        )
    return max(theirs, key=lambda grant: (grant.expires_at, grant.id))


def refused(
    change: Change,
    agency: AgencyId,
    incident: Incident | None,
    why: Grant | OperatorsError,
    at: datetime,
    *,
    account: str | None = None,
) -> OperatorsError:
    """The refusal, now on record."""
    refusal = why if isinstance(why, OperatorsError) else NotFound(Text("그런 상황이 없습니다.", "No such incident."))
    data = {"reason": refusal.code, "account": account}
    named = None if incident is None else incident.id
    change.audit(Entry(at, "ViewerRefused", agency, agency=agency, incident=named, data=data))
    return refusal


def returned(outcome: T | OperatorsError) -> T:
    """What was decided; raises the refusal."""
    if isinstance(outcome, OperatorsError):
        raise outcome
    return outcome
