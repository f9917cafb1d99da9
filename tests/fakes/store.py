"""A whole Store in memory: what flows/ports.py promises, without a database."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar

from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.audit.chain import GENESIS, Entry, Link, chained
from goldentime.city.cameras.choose import Pick
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.grants.grant import Grant, View, is_in_force
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.pairing import Pairing
from goldentime.city.incidents.same import Trace, cell_of
from goldentime.city.incidents.sight import Wanted
from goldentime.city.people.account import Account, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.city.roads.closures import Closure, ClosureId
from goldentime.city.signals.off import PriorityOff
from goldentime.city.signals.request import Request as SignalRequest
from goldentime.city.units.unit import Unit, UnitOrder
from goldentime.core.errors import Conflict, StorageFailed
from goldentime.core.fact import Fact
from goldentime.core.ids import (
    AccountId,
    AgencyId,
    CameraId,
    GrantId,
    IncidentId,
    MessageId,
    OrderId,
    OutgoingId,
    SiteId,
    UnitId,
    ViewId,
)
from goldentime.core.text import Text
from goldentime.hub.log import Recorded
from goldentime.messages.kept import KeptMessage, MessageState
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState
from goldentime.messages.position import Position

T = TypeVar("T")
V = TypeVar("V")


@dataclass(slots=True)
class Rows:
    """Every table; values are frozen, so that copying the containers copies the state."""

    incidents: dict[IncidentId, Incident] = field(default_factory=dict)
    sources: dict[tuple[str, str], IncidentId] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    picks: dict[IncidentId, tuple[tuple[Pick, float], ...]] = field(default_factory=dict)
    messages: dict[MessageId, KeptMessage] = field(default_factory=dict)
    outgoing: dict[OutgoingId, OutgoingMessage] = field(default_factory=dict)
    grants: dict[GrantId, Grant] = field(default_factory=dict)
    views: dict[ViewId, View] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    sessions: dict[bytes, Session] = field(default_factory=dict)
    codes: dict[bytes, OneTimeCode] = field(default_factory=dict)
    agencies: dict[AgencyId, Agency] = field(default_factory=dict)
    keys: dict[str, AgencyKey] = field(default_factory=dict)
    sites: dict[SiteId, Site] = field(default_factory=dict)
    cameras: dict[CameraId, Camera] = field(default_factory=dict)
    streams: dict[CameraId, Stream] = field(default_factory=dict)
    groups: dict[tuple[str, AccountId], Group] = field(default_factory=dict)
    units: dict[UnitId, Unit] = field(default_factory=dict)
    orders: dict[OrderId, UnitOrder] = field(default_factory=dict)
    last_positions: dict[tuple[str, str], tuple[Position, datetime]] = field(default_factory=dict)
    closures: dict[ClosureId, Closure] = field(default_factory=dict)
    road_memory: dict[str, bytes] = field(default_factory=dict)
    signal_requests: dict[str, SignalRequest] = field(default_factory=dict)
    priority_off: dict[str, PriorityOff] = field(default_factory=dict)
    facts: list[Recorded] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sealed: dict[tuple[str, str], bytes] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    traces: dict[IncidentId, Trace] = field(default_factory=dict)
    pairings: dict[tuple[IncidentId, IncidentId], Pairing] = field(default_factory=dict)
    clocks: dict[IncidentId, Clock] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)

    def copied(self) -> "Rows":
        """The same rows in containers of their own."""
        return Rows(**{column.name: copy(getattr(self, column.name)) for column in fields(self)})


def _by_id(values: Iterable[V]) -> list[V]:
    return sorted(values, key=lambda value: str(value.id))  # type: ignore[attr-defined]  # every row listed so has an id


class Transaction:
    """Reading and Change over some rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    # incidents
    def find_incident(self, incident: IncidentId) -> Incident | None:
        return self.rows.incidents.get(incident)

    def find_incident_by_source(self, sender: str, occurrence: str) -> Incident | None:
        found = self.rows.sources.get((sender, occurrence))
        return None if found is None else self.rows.incidents.get(found)

    def list_incidents(self, *, open_only: bool, limit: int = 1000) -> Sequence[Incident]:
        rows = [i for i in self.rows.incidents.values() if not open_only or i.state is State.OPEN]
        return sorted(rows, key=lambda i: (i.opened_at, i.id), reverse=True)[:limit]

    def list_seen(self, wanted: Wanted, *, limit: int = 1000) -> Sequence[Incident]:
        rows = [i for i in self.rows.incidents.values() if self._is_seen(i, wanted)]
        return sorted(rows, key=lambda i: (i.opened_at, i.id), reverse=True)[:limit]

    def count_seen(self, wanted: Wanted) -> int:
        return len(self.list_seen(wanted, limit=len(self.rows.incidents)))

    def _is_seen(self, one: Incident, wanted: Wanted) -> bool:
        sight, since = wanted.sight, wanted.closed_since
        at = sight.in_force_at
        granted = {
            g.agency for g in self.rows.grants.values() if g.incident == one.id and (at is None or is_in_force(g, at))
        }
        return (
            not one.sandbox
            and one.state is wanted.state
            and (sight.agency is None or sight.agency in granted)
            and sight.incident in (None, one.id)
            and (since is None or (one.closed_at is not None and one.closed_at >= since))
        )

    def list_picks(self, incident: IncidentId) -> Sequence[tuple[Pick, float]]:
        return self.rows.picks.get(incident, ())

    def put_incident(self, incident: Incident) -> None:
        self.rows.incidents[incident.id] = incident

    def put_source(self, sender: str, occurrence: str, incident: IncidentId) -> None:
        self.rows.sources.setdefault((sender, occurrence), incident)

    def list_sources(self, incident: IncidentId) -> Sequence[tuple[str, str]]:
        return sorted(key for key, found in self.rows.sources.items() if found == incident)

    # our own messages
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
        return [o for o in _by_id(self.rows.outgoing.values())[::-1] if before is None or o.id < before][:limit]

    def list_messages(self, *, before: str | None = None, limit: int = 100) -> Sequence[KeptMessage]:
        return [m for m in _by_id(self.rows.messages.values())[::-1] if before is None or m.id < before][:limit]

    def put_outgoing(self, message: OutgoingMessage) -> None:
        self.rows.outgoing[message.id] = message

    def next_number(self, day: str) -> int:
        self.rows.numbers[day] = self.rows.numbers.get(day, 0) + 1
        return self.rows.numbers[day]

    def put_picks(self, incident: IncidentId, picks: Sequence[Pick], ring: float, *, anew: bool) -> None:
        before = () if anew else self.rows.picks.get(incident, ())
        self.rows.picks[incident] = (*before, *((pick, ring) for pick in picks))

    # messages
    def find_message(self, message: MessageId) -> KeptMessage | None:
        return self.rows.messages.get(message)

    def find_answered(self, digest: bytes) -> KeptMessage | None:
        answered = (m for m in _by_id(self.rows.messages.values()) if m.digest == digest and m.answer and not m.problem)
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

    # grants and views
    def find_grant(self, grant: GrantId) -> Grant | None:
        return self.rows.grants.get(grant)

    def list_grants(self, *, incident: IncidentId | None = None, account: AccountId | None = None) -> Sequence[Grant]:
        return _by_id(
            g
            for g in self.rows.grants.values()
            if (incident is None or g.incident == incident) and (account is None or g.person == account)
        )

    def list_grants_run_out(self, *, after: datetime, until: datetime) -> Sequence[Grant]:
        return _by_id(
            g
            for g in self.rows.grants.values()
            if g.agency and g.incident and g.ended_at is None and after < g.expires_at <= until
        )

    def put_grant(self, grant: Grant) -> None:
        self.rows.grants[grant.id] = grant

    def find_view(self, view: ViewId) -> View | None:
        return self.rows.views.get(view)

    def list_open_views(
        self, *, incident: IncidentId | None = None, grant: GrantId | None = None, session: bytes | None = None
    ) -> Sequence[View]:
        return _by_id(
            v
            for v in self.rows.views.values()
            if v.ended_at is None
            and (incident is None or v.incident == incident)
            and (grant is None or v.grant == grant)
            and (session is None or v.session == session)
        )

    def list_views_of(self, incident: IncidentId) -> Sequence[View]:
        return _by_id(v for v in self.rows.views.values() if v.incident == incident)

    def list_views(self, *, since: datetime, limit: int = 1000) -> Sequence[View]:
        rows = [v for v in self.rows.views.values() if v.opened_at >= since]
        return sorted(rows, key=lambda v: (v.opened_at, v.id), reverse=True)[:limit]

    def list_views_naming(self, until: datetime, *, limit: int = 100) -> Sequence[View]:
        rows = [v for v in self.rows.views.values() if v.person and v.ended_at is not None and v.ended_at <= until]
        return sorted(rows, key=lambda v: (v.ended_at, v.id))[:limit]

    def put_view(self, view: View) -> None:
        self.rows.views[view.id] = view

    # people and agencies
    def find_account(self, account: AccountId) -> Account | None:
        return self.rows.accounts.get(account)

    def find_account_by_name(self, name: str) -> Account | None:
        return next((a for a in self.rows.accounts.values() if a.name == name), None)

    def list_accounts(self) -> Sequence[Account]:
        return _by_id(self.rows.accounts.values())

    def put_account(self, account: Account) -> None:
        holder = self.find_account_by_name(account.name)
        if holder is not None and holder.id != account.id:
            raise Conflict(Text("이미 쓰이는 이름입니다.", "The name is taken."))
        self.rows.accounts[account.id] = account

    def find_session(self, digest: bytes) -> Session | None:
        return self.rows.sessions.get(digest)

    def put_session(self, session: Session) -> None:
        self.rows.sessions[session.digest] = session

    def end_session(self, digest: bytes) -> None:
        self.rows.sessions.pop(digest, None)

    def end_sessions_of(self, account: AccountId) -> Sequence[bytes]:
        theirs = sorted(s.digest for s in self.rows.sessions.values() if s.account == account)
        for digest in theirs:
            del self.rows.sessions[digest]
        return theirs

    def list_expired_sessions(self, at: datetime, *, limit: int = 1000) -> Sequence[Session]:
        over = [s for s in self.rows.sessions.values() if s.expires_at <= at]
        return sorted(over, key=lambda s: (s.expires_at, s.digest))[:limit]

    def find_code(self, digest: bytes) -> OneTimeCode | None:
        return self.rows.codes.get(digest)

    def put_code(self, code: OneTimeCode) -> None:
        self.rows.codes[code.digest] = code

    def forget_codes(self, at: datetime) -> int:
        late = [digest for digest, code in self.rows.codes.items() if code.expires_at <= at]
        for digest in late:
            del self.rows.codes[digest]
        return len(late)

    def take_code(self, digest: bytes) -> OneTimeCode | None:
        return self.rows.codes.pop(digest, None)

    def find_agency(self, agency: AgencyId) -> Agency | None:
        return self.rows.agencies.get(agency)

    def list_agencies(self) -> Sequence[Agency]:
        return _by_id(self.rows.agencies.values())

    def put_agency(self, agency: Agency) -> None:
        self.rows.agencies[agency.id] = agency

    def find_key(self, digest: bytes) -> AgencyKey | None:
        return next((k for k in self.rows.keys.values() if k.digest == digest), None)

    def list_keys(self) -> Sequence[AgencyKey]:
        return _by_id(self.rows.keys.values())

    def put_key(self, key: AgencyKey) -> None:
        self.rows.keys[key.id] = key

    # cameras
    def list_cameras(self) -> Sequence[Camera]:
        return _by_id(self.rows.cameras.values())

    def find_camera(self, camera: CameraId) -> Camera | None:
        return self.rows.cameras.get(camera)

    def put_camera(self, camera: Camera) -> None:
        self.rows.cameras[camera.id] = camera

    def find_site(self, site: SiteId) -> Site | None:
        return self.rows.sites.get(site)

    def list_sites(self) -> Sequence[Site]:
        return _by_id(self.rows.sites.values())

    def find_stream(self, camera: CameraId) -> Stream | None:
        return self.rows.streams.get(camera)

    def list_streams(self) -> Sequence[Stream]:
        return [self.rows.streams[camera] for camera in sorted(self.rows.streams)]

    def list_groups(self, account: AccountId) -> Sequence[Group]:
        return _by_id(g for g in self.rows.groups.values() if g.account == account)

    def put_group(self, group: Group) -> None:
        self.rows.groups[group.id, group.account] = group

    def remove_group(self, group: str, account: AccountId) -> bool:
        return self.rows.groups.pop((group, account), None) is not None

    # units
    def find_unit(self, unit: UnitId) -> Unit | None:
        return self.rows.units.get(unit)

    def list_units(self, *, agency: AgencyId | None = None, incident: IncidentId | None = None) -> Sequence[Unit]:
        return _by_id(
            u
            for u in self.rows.units.values()
            if u.removed_at is None and agency in (None, u.agency) and incident in (None, u.incident)
        )

    def find_order(self, order: OrderId) -> UnitOrder | None:
        return self.rows.orders.get(order)

    def list_orders(self, incident: IncidentId) -> Sequence[UnitOrder]:
        return _by_id(o for o in self.rows.orders.values() if o.incident == incident)

    def put_unit(self, unit: Unit) -> None:
        self.rows.units[unit.id] = unit

    def put_order(self, order: UnitOrder) -> None:
        self.rows.orders[order.id] = order

    # record
    def list_facts(self, *, after: int = 0, subject: str | None = None, limit: int = 1000) -> Sequence[Recorded]:
        wanted = [r for r in self.rows.facts if r.position > after and subject in (None, r.fact.subject)]
        return wanted[:limit]

    def list_newest_facts(self, subject: str, *, limit: int) -> Sequence[Recorded]:
        return [r for r in self.rows.facts if r.fact.subject == subject][::-1][:limit]

    def last_position(self) -> int:
        return len(self.rows.facts)

    def record(self, fact: Fact) -> int:
        self.rows.facts.append(Recorded(len(self.rows.facts) + 1, fact))
        return len(self.rows.facts)

    def list_audit(self, *, after: int = 0, before: int | None = None, limit: int = 1000) -> Sequence[Link]:
        if before is None:
            return [link for link in self.rows.links if link.position > after][:limit]
        below = [link for link in self.rows.links if before == 0 or link.position < before]
        return below[::-1][:limit]

    def audit_head(self) -> tuple[int, bytes]:
        return (self.rows.links[-1].position, self.rows.links[-1].digest) if self.rows.links else (0, GENESIS)

    def is_head_vouched(self) -> bool:
        return True

    def audit(self, entry: Entry) -> int:
        position, previous = self.audit_head()
        self.rows.links.append(chained(entry, position=position + 1, previous=previous))
        return position + 1

    # alike, paired, timed
    def find_trace(self, incident: IncidentId) -> Trace | None:
        return self.rows.traces.get(incident)

    def list_traces(self, cells: Sequence[int], caller: str, *, since: datetime, limit: int) -> Sequence[Trace]:
        recent = sorted((t for t in self.rows.traces.values() if t.at >= since), key=lambda t: t.at, reverse=True)
        found = [t for cell in cells for t in [t for t in recent if t.place and cell_of(t.place) == cell][:limit]]
        found += [t for t in recent if caller and t.caller == caller][:limit]
        return list({t.incident: t for t in found}.values())

    def put_trace(self, trace: Trace) -> None:
        self.rows.traces[trace.incident] = trace

    def drop_trace(self, incident: IncidentId) -> None:
        self.rows.traces.pop(incident, None)

    def list_pairings(self, incident: IncidentId) -> Sequence[Pairing]:
        found = [p for key, p in self.rows.pairings.items() if incident in key]
        return sorted(found, key=lambda p: (-p.score, p.first, p.second))

    def find_pairing(self, a: IncidentId, other: IncidentId) -> Pairing | None:
        first, second = sorted((a, other))
        return self.rows.pairings.get((first, second))

    def put_pairing(self, pairing: Pairing) -> None:
        self.rows.pairings[pairing.first, pairing.second] = pairing

    def find_closure(self, closure: ClosureId) -> Closure | None:
        return self.rows.closures.get(closure)

    def list_closures(self) -> Sequence[Closure]:
        return [one for _, one in sorted(self.rows.closures.items()) if one.opened_at is None]

    def list_priority_off(self) -> Sequence[PriorityOff]:
        return [self.rows.priority_off[unit] for unit in sorted(self.rows.priority_off)]

    def put_priority_off(self, off: PriorityOff) -> None:
        self.rows.priority_off[off.unit] = off

    def drop_priority_off(self, unit: str) -> None:
        self.rows.priority_off.pop(unit, None)

    def list_open_signal_requests(self) -> Sequence[SignalRequest]:
        return [one for one in _by_id(self.rows.signal_requests.values()) if one.ended_at is None]

    def list_signal_requests(self, incident: IncidentId) -> Sequence[SignalRequest]:
        return [one for one in _by_id(self.rows.signal_requests.values())[::-1] if one.incident == incident][:500]

    def put_signal_request(self, request: SignalRequest) -> None:
        self.rows.signal_requests[request.id] = request

    def list_road_memory(self) -> dict[str, bytes]:
        return dict(sorted(self.rows.road_memory.items()))

    def put_closure(self, closure: Closure) -> None:
        self.rows.closures[closure.id] = closure

    def put_road_memory(self, bodies: dict[str, bytes]) -> None:
        self.rows.road_memory.update(bodies)

    def find_clock(self, incident: IncidentId) -> Clock | None:
        return self.rows.clocks.get(incident)

    def list_clocks(
        self, *, since: datetime, until: datetime, agency: AgencyId | None, drill: bool, limit: int
    ) -> Sequence[Clock]:
        found = [
            c
            for c in self.rows.clocks.values()
            if since <= c.called_at < until and agency in (None, c.agency) and c.drill is drill
        ]
        return sorted(found, key=lambda c: (c.called_at, c.incident))[:limit]

    def put_clock(self, clock: Clock) -> None:
        self.rows.clocks[clock.incident] = clock

    def forget_clocks(self) -> None:
        self.rows.clocks.clear()

    def find_cursor(self, reader: str) -> int:
        return self.rows.cursors.get(reader, 0)

    def put_cursor(self, reader: str, position: int) -> None:
        self.rows.cursors[reader] = position

    # vault
    def unseal(self, subject: str, name: str) -> bytes | None:
        return self.rows.sealed.get((subject, name))

    def list_sealed(self, subject: str, *, first: str, last: str) -> Sequence[tuple[str, bytes]]:
        sealed = self.rows.sealed
        return [
            (name, sealed[whose, name]) for whose, name in sorted(sealed) if whose == subject and first <= name <= last
        ]

    def list_last_positions(self) -> Sequence[tuple[Position, datetime]]:
        return [self.rows.last_positions[key] for key in sorted(self.rows.last_positions)]

    def put_last_positions(self, last: Sequence[tuple[Position, datetime]]) -> None:
        self.rows.last_positions.update({(one[0].agency or "", one[0].unit): one for one in last})

    def forget_last_positions(self, before: datetime) -> int:
        old = [key for key, (_, at) in self.rows.last_positions.items() if at < before]
        for key in old:
            del self.rows.last_positions[key]
        return len(old)

    def seal(self, subject: str, name: str, plain: bytes, *, ends_at: datetime) -> None:
        self.rows.sealed[subject, name] = plain
        self.rows.ends[subject] = max(ends_at, self.rows.ends.get(subject, ends_at))

    def destroy(self, subject: str, at: datetime) -> bool:
        for key in [key for key in self.rows.sealed if key[0] == subject]:
            del self.rows.sealed[key]
        return self.rows.ends.pop(subject, None) is not None

    def list_due(self, at: datetime, *, limit: int = 100) -> Sequence[str]:
        return sorted(subject for subject, end in self.rows.ends.items() if end <= at)[:limit]


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
