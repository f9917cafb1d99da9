"""What a one-time code is: opens one viewer, once, for a named person of an agency and one incident."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.core.ids import AccountId, AgencyId, IncidentId


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """Only the digest of the code is kept; `person` is the name the agency gave, `account` the pseudonym on record."""

    digest: bytes
    agency: AgencyId
    incident: IncidentId
    person: str
    made_at: datetime
    expires_at: datetime
    account: AccountId
