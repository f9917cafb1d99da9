"""What came in and went out over the linkages, newest first: found by what is known of it, or by words in its bytes."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Literal
from urllib.parse import quote_from_bytes

from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Reading
from goldentime.messages.kept import KeptMessage
from goldentime.messages.outgoing import OutgoingMessage

PAGE = 100
SCANNED_AT_MOST = 5_000  # rows looked through for one page; the next page goes on from there
UNSEALED_AT_MOST = 400  # messages whose bytes are opened for one page
PIECE = 500
NUMBER_AT = len("msg-")  # behind it an id's letters tell its time, whatever it is of
Direction = Literal["in", "out"]
Row = KeptMessage | OutgoingMessage


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which messages, newest first; None or "" means any. `before` is where an earlier page ended.

    People type what they see: `incident` is a number or its end, `words` stand somewhere in the bytes as they came.
    """

    direction: Direction | None = None
    linkage: str = ""
    agency: str = ""
    state: str = ""
    occurrence: str = ""
    incident: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some messages and where to go on; `next` None at the beginning of the log. `scanned` rows were looked through."""

    items: tuple[Row, ...]
    next: str | None
    scanned: int
    unsealed: int


def time_of(row: Row) -> datetime:
    """When it came in, or was put to go out."""
    return row.received_at if isinstance(row, KeptMessage) else row.made_at


def subject_of(row: Row) -> str:
    """Whose key seals its bytes."""
    return f"message/{row.id}" if isinstance(row, KeptMessage) else f"outgoing/{row.id}"


def search_messages(look: Reading, query: LogQuery) -> LogPage:
    """One page; it may hold nothing and still have a next one, when much had to be looked through."""
    fits, holds = _fitting(look, query), _holding(look, query.words)
    found: list[Row] = []
    scanned = unsealed = 0
    below = query.before
    for row in islice(_rows(look, query), SCANNED_AT_MOST + 1):
        if len(found) == min(query.limit, PAGE) or scanned == SCANNED_AT_MOST or unsealed == UNSEALED_AT_MOST:
            return LogPage(tuple(found), below, scanned, unsealed)
        if query.since is not None and time_of(row) < query.since:
            break
        scanned, below = scanned + 1, row.id[NUMBER_AT:]
        if not fits(row):
            continue
        if query.words:
            unsealed += 1
            if not holds(row):
                continue
        found.append(row)
    return LogPage(tuple(found), None, scanned, unsealed)


def _rows(look: Reading, query: LogQuery) -> Iterator[Row]:
    """Both kinds as one list, newest first."""
    lists: list[Iterator[Row]] = []
    if query.direction != "out":
        lists.append(_pieces(lambda before: look.list_messages(before=before, limit=PIECE), query.before, "msg-"))
    if query.direction != "in":
        lists.append(_pieces(lambda before: look.list_outgoing(before=before, limit=PIECE), query.before, "out-"))
    return merge(*lists, key=lambda row: row.id[NUMBER_AT:], reverse=True)


def _pieces(read: Callable[[str | None], Sequence[Row]], before: str | None, prefix: str) -> Iterator[Row]:
    below = prefix + before if before else None
    while True:
        piece = read(below)
        yield from piece
        if len(piece) < PIECE:
            return
        below = piece[-1].id


def _fitting(look: Reading, query: LogQuery) -> Callable[[Row], bool]:
    incidents = _incidents(look, query.incident)
    occurrences = {occurrence for one in incidents for _, occurrence in look.list_sources(one)}

    def fits(row: Row) -> bool:
        agency = row.sender if isinstance(row, KeptMessage) else row.agency
        about = str(row.incident or "") in incidents or (bool(row.occurrence) and row.occurrence in occurrences)
        return (
            query.linkage in ("", row.linkage)
            and query.agency in ("", agency)
            and query.state in ("", row.state)
            and (not query.occurrence or query.occurrence in row.occurrence)
            and (not query.incident or about)
            and (query.until is None or time_of(row) < query.until)
        )

    return fits


def _incidents(look: Reading, typed: str) -> set[IncidentId]:
    if not typed:
        return set()
    if look.find_incident(IncidentId(typed)) is not None:
        return {IncidentId(typed)}
    return {one.id for one in look.list_incidents_numbered(typed)}


def _holding(look: Reading, words: str) -> Callable[[Row], bool]:
    """Whether the bytes of a message hold the words in any of the ways they are written on these wires."""
    plain = [words.encode(), words.encode("cp949", "ignore")]
    written = [*plain, *(quote_from_bytes(one).encode() for one in plain), json.dumps(words)[1:-1].encode()]
    wanted = {one.lower() for one in written if one}

    def holds(row: Row) -> bool:
        body = (look.unseal(subject_of(row), "body") or b"").lower()
        return any(one in body for one in wanted)

    return holds
