"""How each audit entry is bound to the one before it, and where a chain first breaks."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on record: ids and salted digests only, never personal data. `at` is aware."""

    at: datetime
    action: str  # ViewOpened, ViewRefused, ViewEnded, IncidentClosed, SignedIn ...
    actor: str  # account id, agency id or "system"
    agency: str | None = None
    incident: str | None = None
    camera: str | None = None
    data: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place: `position` from 1, the digest before it and its own."""

    position: int
    entry: Entry
    previous: bytes
    digest: bytes


def chained(entry: Entry, *, position: int, previous: bytes) -> Link:
    """The entry bound to its place by SHA-256 over position, the previous digest and its canonical JSON."""
    return Link(position, entry, previous, _digest(entry, position, previous))


def find_first_broken(
    links: Iterable[Link], *, head: tuple[int, bytes] | None = None, after: tuple[int, bytes] = (0, GENESIS)
) -> int | None:
    """The position of the first entry that is altered, missing or out of order; None when the chain holds.

    `head` is the position and digest the chain must end with; a cut tail is then found too. `after` is the position
    and digest the links come behind, when the part before was found sound already.
    """
    previous, expected = after[1], after[0] + 1
    for link in links:
        sound = link.position == expected and link.previous == previous
        if not sound or link.digest != _digest(link.entry, link.position, previous):
            return expected
        previous, expected = link.digest, expected + 1
    if head is not None and head != (expected - 1, previous):
        return expected
    return None


def find_unvouched(broken: int | None, last: int, *, vouched: bool) -> int | None:
    """The first broken position, or the one behind the last entry when the master key does not vouch for the head.

    Then someone cut the end, or forged the whole, and wrote the head anew.
    """
    return last + 1 if broken is None and not vouched else broken


def _digest(entry: Entry, position: int, previous: bytes) -> bytes:
    body = json.dumps(
        [
            position,
            entry.at.isoformat(),
            entry.action,
            entry.actor,
            entry.agency,
            entry.incident,
            entry.camera,
            dict(entry.data),
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    return hashlib.sha256(previous + body).digest()
