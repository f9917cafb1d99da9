"""A whole Store in memory: what flows/ports.py promises, without a database."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from fakes.tables.alike import Alike
from fakes.tables.cameras import Cameras
from fakes.tables.grants import Grants
from fakes.tables.incidents import Incidents
from fakes.tables.people import People
from fakes.tables.record import Record
from fakes.tables.rows import Rows, by_id
from fakes.tables.streets import Streets
from fakes.tables.units import Units
from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Stream
from goldentime.core.errors import StorageFailed
from goldentime.core.fact import Fact
from goldentime.core.ids import (
    AgencyId,
    IncidentId,
    MessageId,
    OutgoingId,
)
from goldentime.core.text import Text
from goldentime.messages.kept import KeptMessage, MessageState
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState

T = TypeVar("T")


class Transaction(Incidents, Alike, Grants, People, Cameras, Units, Streets, Record):
    """Reading and Change over some rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def find_outgoing(self, outgoing: OutgoingId) -> OutgoingMessage | None:
        return self.rows.outgoing.get(outgoing)

    def _waiting(self, agency: AgencyId, lane: Lane) -> list[OutgoingMessage]:
        waits = OutgoingState.WAITING
        return [o for o in self.rows.outgoing.values() if (o.state, o.agency, o.lane) == (waits, agency, lane)]

    def list_heads(
        self, agency: AgencyId, lane: Lane, at: datetime, *, resting: Sequence[str] = (), limit: int = 100
    ) -> Sequence[OutgoingMessage]:
        waiting = sorted(self._waiting(agency, lane), key=lambda o: o.sequence, reverse=True)
        heads = {(o.incident, o.address): o for o in waiting}
        due = [o for o in heads.values() if o.next_at <= at and o.address not in resting]
        return sorted(due, key=lambda o: (o.next_at, o.id))[:limit]

    def list_stale(
        self, agency: AgencyId, lane: Lane, before: datetime, *, limit: int = 100
    ) -> Sequence[OutgoingMessage]:
        old = [o for o in self._waiting(agency, lane) if o.made_at < before]
        return sorted(old, key=lambda o: (o.made_at, o.id))[:limit]

    def count_waiting(self) -> Sequence[tuple[AgencyId, Lane, int, datetime]]:
        waiting = [o for o in self.rows.outgoing.values() if o.state is OutgoingState.WAITING]
        lanes = {(o.agency, o.lane): [p for p in waiting if (p.agency, p.lane) == (o.agency, o.lane)] for o in waiting}
        return [(*lane, len(them), min(o.made_at for o in them)) for lane, them in sorted(lanes.items())]

    def last_sequence(self, agency: AgencyId, lane: Lane, incident: str) -> int:
        theirs = [o for o in self.rows.outgoing.values() if (o.agency, o.lane, o.incident) == (agency, lane, incident)]
        return max((o.sequence for o in theirs), default=0)

    def has_told(self, agency: AgencyId, incident: IncidentId, occurrence: str) -> bool:
        looked_for = (agency, "wire", incident, occurrence)
        return looked_for in [(o.agency, o.lane, o.incident, o.occurrence) for o in self.rows.outgoing.values()]

    def list_outgoing(self, *, before: str | None = None, limit: int = 100) -> Sequence[OutgoingMessage]:
        return [o for o in by_id(self.rows.outgoing.values())[::-1] if before is None or o.id < before][:limit]

    def list_messages(self, *, before: str | None = None, limit: int = 100) -> Sequence[KeptMessage]:
        return [m for m in by_id(self.rows.messages.values())[::-1] if before is None or m.id < before][:limit]

    def put_outgoing(self, message: OutgoingMessage) -> None:
        self.rows.outgoing[message.id] = message

    def find_message(self, message: MessageId) -> KeptMessage | None:
        return self.rows.messages.get(message)

    def find_answered(self, digest: bytes) -> KeptMessage | None:
        answered = (m for m in by_id(self.rows.messages.values()) if m.digest == digest and m.answer and not m.problem)
        return next(answered, None)

    def list_parts(self, sender: str, occurrence: str) -> Sequence[KeptMessage]:
        return [m for m in self._oldest_first(MessageState.PART) if (m.sender, m.occurrence) == (sender, occurrence)]

    def list_kept(self, *, limit: int = 1000) -> Sequence[KeptMessage]:
        return self._oldest_first(MessageState.KEPT)[:limit]

    def _oldest_first(self, state: MessageState) -> list[KeptMessage]:
        rows = [m for m in self.rows.messages.values() if m.state is state]
        return sorted(rows, key=lambda m: (m.received_at, m.id))

    def put_message(self, message: KeptMessage) -> None:
        self.rows.messages[message.id] = message


class FakeStore:
    """Fits flows.ports.Store; `broken` makes every call raise StorageFailed."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.broken = False

    async def change(self, decide: Callable[[Transaction], T]) -> T:
        """What `decide` returned, its writes kept; when it raises, none of them."""
        return self.seed(decide)

    async def read(self, ask: Callable[[Transaction], T]) -> T:
        """What `ask` returned; its writes, if it cheats, are dropped."""
        self._check()
        return ask(Transaction(self.rows.copied()))

    def seed(self, decide: Callable[[Transaction], T]) -> T:
        """The same as `change`, at once."""
        self._check()
        rows = self.rows.copied()
        answer = decide(Transaction(rows))
        self.rows = rows
        return answer

    def entries(self, action: str | None = None) -> list[Entry]:
        """What is on record, oldest first, of one action or all."""
        return [link.entry for link in self.rows.links if action in (None, link.entry.action)]

    def facts(self, kind: str | None = None) -> list[Fact]:
        """The facts so far, oldest first, of one kind or all."""
        return [recorded.fact for recorded in self.rows.facts if kind in (None, recorded.fact.kind)]

    def put_inventory(self, sites: Iterable[Site], cameras: Iterable[Camera], streams: Iterable[Stream] = ()) -> None:
        """Fill the tables that only an import writes."""
        self.rows.sites.update({site.id: site for site in sites})
        self.rows.cameras.update({camera.id: camera for camera in cameras})
        self.rows.streams.update({stream.camera_id: stream for stream in streams})

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed(Text("저장소가 응답하지 않습니다.", "Storage does not answer."))
