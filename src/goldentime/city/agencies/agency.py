"""What an agency is, which senders speak for it and on what ground it may look."""

from dataclasses import dataclass, field
from datetime import datetime

from goldentime.core.ids import AgencyId
from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency; `senders` are the sendCd codes it may use; `origins` may embed its viewer or be called back.

    One that the settings name no longer is kept for the record, `named` False, and has no right.
    """

    id: AgencyId
    name: Text
    senders: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()  # Service values it may report and watch
    legal_basis: Text = field(
        default_factory=lambda: Text("개인정보 보호법 제18조", "Personal Information Protection Act, art. 18")
    )
    origins: frozenset[str] = frozenset()
    named: bool = True


@dataclass(frozen=True, slots=True)
class AgencyKey:
    """An API key of an agency; only its digest is kept. `valid_until` None while it has not been rotated out."""

    id: str
    agency: AgencyId
    digest: bytes  # SHA-256 of the key
    sandbox: bool
    valid_from: datetime
    valid_until: datetime | None = None


def is_valid(key: AgencyKey, at: datetime) -> bool:
    """Whether the key opens anything at that time."""
    return key.valid_from <= at and (key.valid_until is None or at < key.valid_until)
