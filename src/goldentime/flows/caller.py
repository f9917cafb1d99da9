"""Who is asking: the signed-in person every flow is told about."""

from dataclasses import dataclass

from goldentime.city.agencies.agency import Agency
from goldentime.city.people.account import Account, Session


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with a live session; `agency` only for the agency role."""

    account: Account
    session: Session
    agency: Agency | None = None

    @property
    def person(self) -> str:
        """The name that goes on watermarks and records."""
        return self.session.person
