"""How our own messages wait, in which order they go out and how they are found; their bytes are in the vault."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam as b
from sqlalchemy import exists, func, literal, select

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed, from_micros, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.tables import outgoing, source
from goldentime.core.ids import AgencyId, IncidentId, OutgoingId
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState

_OUTGOING = Rowed(OutgoingMessage, outgoing)
_ONE = _OUTGOING.select().where(outgoing.c.id == b("id"))
_WAITING = outgoing.c.state == OutgoingState.WAITING.value
_before = outgoing.alias("before")
_IS_HEAD = ~exists().where(
    _before.c.agency == outgoing.c.agency,
    _before.c.lane == outgoing.c.lane,
    _before.c.incident == outgoing.c.incident,
    _before.c.address == outgoing.c.address,
    _before.c.sequence < outgoing.c.sequence,
    _before.c.state == OutgoingState.WAITING.value,
)
_HEADS = (
    _OUTGOING.select()
    .where(_WAITING, outgoing.c.agency == b("agency"), outgoing.c.lane == b("lane"), outgoing.c.next_at <= b("at"))
    .where(_IS_HEAD, b("resting").not_like(literal("%|").concat(outgoing.c.address).concat("|%")))
    .order_by(outgoing.c.next_at, outgoing.c.id)
    .limit(b("most"))
)
_STALE = (
    _OUTGOING.select()
    .where(_WAITING, outgoing.c.agency == b("agency"), outgoing.c.lane == b("lane"), outgoing.c.made_at < b("before"))
    .order_by(outgoing.c.made_at, outgoing.c.id)
    .limit(b("most"))
)
_COUNTS = (
    select(outgoing.c.agency, outgoing.c.lane, func.count(), func.min(outgoing.c.made_at))
    .where(_WAITING)
    .group_by(outgoing.c.agency, outgoing.c.lane)
    .order_by(outgoing.c.agency, outgoing.c.lane)
)
_LAST = select(func.max(outgoing.c.sequence)).where(
    outgoing.c.agency == b("agency"), outgoing.c.lane == b("lane"), outgoing.c.incident == b("incident")
)
_TOLD = (
    select(outgoing.c.id)
    .where(outgoing.c.agency == b("agency"), outgoing.c.lane == "wire", outgoing.c.incident == b("incident"))
    .where(outgoing.c.occurrence == b("occurrence"))
    .limit(1)
)
_NEWEST = _OUTGOING.select().order_by(outgoing.c.id.desc()).limit(b("most"))
_NEWEST_BELOW = _NEWEST.where(outgoing.c.id < b("before"))
_SOURCES = (
    select(source.c.sender, source.c.occurrence)
    .where(source.c.incident == b("incident"))
    .order_by(source.c.sender, source.c.occurrence)
)
_PUT = put(outgoing)


class OutgoingReads:
    """The looks of `flows.ports.Reading` at our own messages."""

    look: Look

    def find_outgoing(self, outgoing: OutgoingId) -> OutgoingMessage | None:
        """By id."""
        row = self.look.one(_ONE, id=outgoing)
        return None if row is None else _OUTGOING.value(row)

    def list_heads(
        self, agency: AgencyId, lane: Lane, at: datetime, *, resting: Sequence[str] = (), limit: int = 100
    ) -> Sequence[OutgoingMessage]:
        """The first that waits of each incident and address, where its time has come; the longest due first."""
        given = {
            "agency": agency,
            "lane": lane,
            "at": to_micros(at),
            "resting": "".join(f"|{one}|" for one in resting),
            "most": limit,
        }
        rows = self.look.rows(_HEADS, **given)
        return [_OUTGOING.value(row) for row in rows]

    def list_stale(
        self, agency: AgencyId, lane: Lane, before: datetime, *, limit: int = 100
    ) -> Sequence[OutgoingMessage]:
        """Those that wait and were made before then, oldest first."""
        rows = self.look.rows(_STALE, agency=agency, lane=lane, before=to_micros(before), most=limit)
        return [_OUTGOING.value(row) for row in rows]

    def count_waiting(self) -> Sequence[tuple[AgencyId, Lane, int, datetime]]:
        """How many wait for each agency and lane, and since when the oldest does."""
        return [(AgencyId(row[0]), row[1], int(row[2]), from_micros(row[3])) for row in self.look.rows(_COUNTS)]

    def last_sequence(self, agency: AgencyId, lane: Lane, incident: str) -> int:
        """The sequence of the newest; 0 when there is none."""
        row = self.look.one(_LAST, agency=agency, lane=lane, incident=incident)
        return 0 if row is None or row[0] is None else int(row[0])

    def has_told(self, agency: AgencyId, incident: IncidentId, occurrence: str) -> bool:
        """Whether any message over its wire was ever put under that number."""
        return self.look.one(_TOLD, agency=agency, incident=incident, occurrence=occurrence) is not None

    def list_outgoing(self, *, before: str | None = None, limit: int = 100) -> Sequence[OutgoingMessage]:
        """Newest first, below that id when given."""
        given = {"most": limit} | ({} if before is None else {"before": before})
        return [_OUTGOING.value(row) for row in self.look.rows(_NEWEST_BELOW if before else _NEWEST, **given)]

    def list_sources(self, incident: IncidentId) -> Sequence[tuple[str, str]]:
        """(sender, occurrence) of every occurrence that belongs to the incident."""
        return [(row[0], row[1]) for row in self.look.rows(_SOURCES, incident=incident)]


class OutgoingWrites(OutgoingReads):
    """The writes of `flows.ports.Change` to our own messages."""

    draft: Draft

    def put_outgoing(self, message: OutgoingMessage) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _OUTGOING.row(message))
