"""How things are named: typed ids that sort by the time they were made."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NewType

MessageId = NewType("MessageId", str)
IncidentId = NewType("IncidentId", str)
SiteId = NewType("SiteId", str)
CameraId = NewType("CameraId", str)
AgencyId = NewType("AgencyId", str)
AccountId = NewType("AccountId", str)
GrantId = NewType("GrantId", str)
ViewId = NewType("ViewId", str)
UnitId = NewType("UnitId", str)
OrderId = NewType("OrderId", str)
OutgoingId = NewType("OutgoingId", str)

Randomness = Callable[[int], bytes]
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, lower case
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]  # ten bits at a time
_SHIFTS = tuple(range(90, -1, -10))


def new_id(prefix: str, at: datetime, randomness: Randomness = secrets.token_bytes) -> str:
    """`prefix-` and 20 letters: 45 bits of milliseconds, then 55 random bits; sorts by time."""
    number = (int(at.timestamp() * 1000) & ((1 << 45) - 1)) << 55
    number |= int.from_bytes(randomness(7), "big") & ((1 << 55) - 1)
    return prefix + "-" + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
