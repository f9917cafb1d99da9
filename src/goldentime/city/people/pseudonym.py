"""How a name becomes a digest that only this city can make: for the record, never the name itself."""

import hashlib
import hmac

from goldentime.core.ids import AccountId, AgencyId

VIEWER_PREFIX = "viewer-"


def salted_digest(pepper: bytes, what: str) -> str:
    """20 hex letters of HMAC-SHA-256; the same person gives the same digest as long as the city keeps its pepper."""
    return hmac.new(pepper, what.encode(), hashlib.sha256).hexdigest()[:20]


def viewer_account_id(pepper: bytes, agency: AgencyId, person: str) -> AccountId:
    """The pseudonym of an agency's person who opens a viewer by a code; `person` is their staff number or name."""
    return AccountId(f"{VIEWER_PREFIX}{agency}-{salted_digest(pepper, f'{agency}/{person}')}")


def is_pseudonym(account: AccountId) -> bool:
    """Whether the account stands for a person of an agency who has no account of their own."""
    return account.startswith(VIEWER_PREFIX)
