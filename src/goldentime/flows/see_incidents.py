"""Which incidents a caller finds in lists and searches."""

from goldentime.city.incidents.sight import Sight
from goldentime.city.people.account import Act, must
from goldentime.core.ids import IncidentId
from goldentime.flows.caller import Caller


def sight_of(caller: Caller) -> Sight:
    """Operators find every live incident, an agency those it has or had a grant for, a code's viewer its own.

    Raises Refused for a role that sees no incidents, and for an agency's account whose agency is gone.
    """
    if caller.agency is None:
        must(caller.account.role, Act.HANDLE_INCIDENTS)
    must(caller.account.role, Act.SEE_INCIDENTS)
    incident = caller.session.incident
    return Sight(caller.agency.id if caller.agency else None, IncidentId(incident) if incident is not None else None)
