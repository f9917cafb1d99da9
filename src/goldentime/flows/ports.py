"""What the flows need of storage, media and chance; adapters fit these shapes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.audit.chain import Entry, Link
from goldentime.city.cameras.choose import Pick
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.grants.grant import Grant, View
from goldentime.city.grants.video_control import CameraLock, VideoRequest
from goldentime.city.incidents.golden_time import Clock as IncidentClock
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.pairing import Pairing
from goldentime.city.incidents.same import Trace
from goldentime.city.incidents.sight import Wanted
from goldentime.city.people.account import Account, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.city.roads.closures import Closure, ClosureId
from goldentime.city.signals.off import PriorityOff
from goldentime.city.signals.request import Request as SignalRequest
from goldentime.city.units.unit import Unit, UnitOrder
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
from goldentime.hub.log import Recorded
from goldentime.messages.kept import KeptMessage
from goldentime.messages.outgoing import Lane, OutgoingMessage
from goldentime.messages.position import Position

T = TypeVar("T")


class Reading(Protocol):
    """A consistent look at the state; every find_ may return None, every list_ is ordered by id unless said."""

    # incidents
    def find_incident(self, incident: IncidentId) -> Incident | None: ...
    def find_incident_by_source(self, sender: str, occurrence: str) -> Incident | None: ...
    def list_incidents(self, *, open_only: bool, limit: int = 1000) -> Sequence[Incident]: ...  # newest first
    def list_incidents_numbered(self, typed: str, *, limit: int = 1000) -> Sequence[Incident]: ...  # newest first
    #   whose number it is, or ends in it behind a hyphen, among all there ever were
    def list_seen(self, wanted: Wanted, *, limit: int = 1000) -> Sequence[Incident]: ...  # newest first
    def count_seen(self, wanted: Wanted) -> int: ...  # all of them, whatever a list was cut to
    def list_picks(self, incident: IncidentId) -> Sequence[tuple[Pick, float]]: ...  # (pick, ring in metres), by rank
    # messages
    def find_message(self, message: MessageId) -> KeptMessage | None: ...
    def find_answered(self, digest: bytes) -> KeptMessage | None: ...  # the same message, already answered
    def list_parts(self, sender: str, occurrence: str) -> Sequence[KeptMessage]: ...  # state PART, oldest first
    def list_kept(self, *, limit: int = 1000) -> Sequence[KeptMessage]: ...  # state KEPT, oldest first
    def list_sources(self, incident: IncidentId) -> Sequence[tuple[str, str]]: ...  # (sender, occurrence)
    # our own messages
    def find_outgoing(self, outgoing: OutgoingId) -> OutgoingMessage | None: ...
    def list_heads(
        self, agency: AgencyId, lane: Lane, at: datetime, *, resting: Sequence[str] = (), limit: int = 100
    ) -> Sequence[OutgoingMessage]: ...  # the first that waits of each incident and address, once its time has come
    def has_told(self, agency: AgencyId, incident: IncidentId, occurrence: str) -> bool: ...  # over its wire
    def list_stale(
        self, agency: AgencyId, lane: Lane, before: datetime, *, limit: int = 100
    ) -> Sequence[OutgoingMessage]: ...  # those that wait and were made before then
    def count_waiting(self) -> Sequence[tuple[AgencyId, Lane, int, datetime]]: ...  # and since when the oldest does
    def last_sequence(self, agency: AgencyId, lane: Lane, incident: str) -> int: ...  # 0 when there is none
    def list_messages(self, *, before: str | None = None, limit: int = 100) -> Sequence[KeptMessage]: ...
    #   newest first, below that id when given
    def list_outgoing(
        self, *, before: str | None = None, limit: int = 100
    ) -> Sequence[OutgoingMessage]: ...  # the same
    # grants and views
    def find_grant(self, grant: GrantId) -> Grant | None: ...
    def list_grants(
        self, *, incident: IncidentId | None = None, account: AccountId | None = None
    ) -> Sequence[Grant]: ...
    def list_grants_run_out(self, *, after: datetime, until: datetime) -> Sequence[Grant]: ...  # agencies', not ended
    def find_view(self, view: ViewId) -> View | None: ...
    def list_open_views(
        self, *, incident: IncidentId | None = None, grant: GrantId | None = None, session: bytes | None = None
    ) -> Sequence[View]: ...
    def list_open_views_of_camera(self, camera: CameraId) -> Sequence[View]: ...
    def list_views_of(self, incident: IncidentId) -> Sequence[View]: ...  # ended ones too
    def list_views(self, *, since: datetime, limit: int = 1000) -> Sequence[View]: ...  # newest first, ended ones too
    def list_views_naming(self, until: datetime, *, limit: int = 100) -> Sequence[View]: ...
    #   those that still name a person and ended by then, the longest ended first
    def find_video_request(self, request: str) -> VideoRequest | None: ...
    def list_video_requests(self, incident: IncidentId) -> Sequence[VideoRequest]: ...
    def find_camera_lock(self, camera: CameraId) -> CameraLock | None: ...
    def list_camera_locks(self, incident: IncidentId) -> Sequence[CameraLock]: ...
    # people and agencies
    def find_account(self, account: AccountId) -> Account | None: ...
    def find_account_by_name(self, name: str) -> Account | None: ...
    def list_accounts(self) -> Sequence[Account]: ...
    def find_session(self, digest: bytes) -> Session | None: ...
    def list_expired_sessions(self, at: datetime, *, limit: int = 1000) -> Sequence[Session]: ...  # oldest end first
    def find_code(self, digest: bytes) -> OneTimeCode | None: ...
    def find_agency(self, agency: AgencyId) -> Agency | None: ...
    def list_agencies(self) -> Sequence[Agency]: ...
    def find_key(self, digest: bytes) -> AgencyKey | None: ...
    def list_keys(self) -> Sequence[AgencyKey]: ...
    # cameras
    def list_cameras(self) -> Sequence[Camera]: ...  # not removed
    def find_camera(self, camera: CameraId) -> Camera | None: ...
    def find_site(self, site: SiteId) -> Site | None: ...
    def list_sites(self) -> Sequence[Site]: ...
    def find_stream(self, camera: CameraId) -> Stream | None: ...  # decrypted
    def list_streams(self) -> Sequence[Stream]: ...  # decrypted
    def list_groups(self, account: AccountId) -> Sequence[Group]: ...
    # units
    def find_unit(self, unit: UnitId) -> Unit | None: ...  # removed ones too
    def list_units(self, *, agency: AgencyId | None = None, incident: IncidentId | None = None) -> Sequence[Unit]: ...
    #   those in use
    def find_order(self, order: OrderId) -> UnitOrder | None: ...
    def list_orders(self, incident: IncidentId) -> Sequence[UnitOrder]: ...
    # record
    def list_facts(self, *, after: int = 0, subject: str | None = None, limit: int = 1000) -> Sequence[Recorded]: ...
    def list_newest_facts(self, subject: str, *, limit: int) -> Sequence[Recorded]: ...  # newest first
    def last_position(self) -> int: ...
    def list_audit(self, *, after: int = 0, before: int | None = None, limit: int = 1000) -> Sequence[Link]: ...
    #   after: ascending from there; before: descending below it (newest first when before is 0)
    def audit_head(self) -> tuple[int, bytes]: ...  # (0, GENESIS) when empty
    def is_head_vouched(self) -> bool: ...  # the head carries the code that only the master key makes
    # alike, paired, timed
    def find_trace(self, incident: IncidentId) -> Trace | None: ...  # of an open incident
    def list_traces(self, cells: Sequence[int], caller: str, *, since: datetime, limit: int) -> Sequence[Trace]: ...
    #   the newest of each cell and of the caller, at most `limit` of each, each incident once
    def list_pairings(self, incident: IncidentId) -> Sequence[Pairing]: ...  # the likeliest first
    def find_pairing(self, a: IncidentId, other: IncidentId) -> Pairing | None: ...
    def find_clock(self, incident: IncidentId) -> IncidentClock | None: ...  # of the incident as a whole
    def list_clocks(
        self, *, since: datetime, until: datetime, agency: AgencyId | None, drill: bool, limit: int
    ) -> Sequence[IncidentClock]: ...  # by call, the oldest first; an agency's own, or of all incidents every one
    def find_cursor(self, reader: str) -> int: ...  # 0 before it began
    # roads
    def find_closure(self, closure: ClosureId) -> Closure | None: ...  # opened ones too
    def list_closures(self) -> Sequence[Closure]: ...  # those nobody has opened
    def list_road_memory(self) -> Mapping[str, bytes]: ...  # what was learned of speeds, by name
    # signals
    def list_priority_off(self) -> Sequence[PriorityOff]: ...
    def list_open_signal_requests(self) -> Sequence[SignalRequest]: ...  # not ended
    def list_signal_requests(self, incident: IncidentId) -> Sequence[SignalRequest]: ...  # newest first, at most 500
    # vault
    def unseal(self, subject: str, name: str) -> bytes | None: ...  # None when never sealed or destroyed
    def list_sealed(self, subject: str, *, first: str, last: str) -> Sequence[tuple[str, bytes]]: ...
    #   names from first to last with what they hold, in order; none when never sealed or destroyed
    # positions
    def list_last_positions(self) -> Sequence[tuple[Position, datetime]]: ...  # and when each was received


class Change(Reading, Protocol):
    """One transaction; what it writes is durable when `Store.change` returns, or none of it is."""

    def put_incident(self, incident: Incident) -> None: ...  # insert or replace by id
    def put_source(self, sender: str, occurrence: str, incident: IncidentId) -> None: ...  # first one wins
    def next_number(self, day: str) -> int: ...  # 1, 2, 3 ... within the day
    def put_picks(self, incident: IncidentId, picks: Sequence[Pick], ring: float, *, anew: bool) -> None: ...
    #   anew: earlier picks are forgotten; otherwise added behind them
    def put_message(self, message: KeptMessage) -> None: ...  # insert or replace by id
    def put_outgoing(self, message: OutgoingMessage) -> None: ...  # insert or replace by id
    def put_grant(self, grant: Grant) -> None: ...
    def put_view(self, view: View) -> None: ...
    def put_account(self, account: Account) -> None: ...  # Conflict when the name is taken by another
    def put_session(self, session: Session) -> None: ...
    def end_session(self, digest: bytes) -> None: ...
    def end_sessions_of(self, account: AccountId) -> Sequence[bytes]: ...  # the digests ended
    def put_code(self, code: OneTimeCode) -> None: ...
    def take_code(self, digest: bytes) -> OneTimeCode | None: ...  # at most one caller ever gets it
    def forget_codes(self, at: datetime) -> int: ...  # codes nobody took in time; how many there were
    def put_agency(self, agency: Agency) -> None: ...
    def put_key(self, key: AgencyKey) -> None: ...
    def put_camera(self, camera: Camera) -> None: ...  # replaces an existing row (aim, status)
    def put_group(self, group: Group) -> None: ...
    def remove_group(self, group: str, account: AccountId) -> bool: ...
    def put_unit(self, unit: Unit) -> None: ...  # insert or replace by id
    def put_last_positions(self, last: Sequence[tuple[Position, datetime]]) -> None: ...  # one of each unit
    def forget_last_positions(self, before: datetime) -> int: ...  # units not heard of since
    def put_order(self, order: UnitOrder) -> None: ...
    def put_closure(self, closure: Closure) -> None: ...  # insert or replace by id
    def put_video_request(self, request: VideoRequest) -> None: ...  # insert or replace by id
    def put_camera_lock(self, lock: CameraLock) -> None: ...  # insert or replace by camera
    def drop_camera_lock(self, camera: CameraId) -> None: ...
    def put_priority_off(self, off: PriorityOff) -> None: ...  # insert or replace by unit
    def drop_priority_off(self, unit: str) -> None: ...
    def put_signal_request(self, request: SignalRequest) -> None: ...  # insert or replace by id
    def put_road_memory(self, bodies: Mapping[str, bytes]) -> None: ...  # insert or replace by name
    def record(self, fact: Fact) -> int: ...  # its position in the log
    def put_trace(self, trace: Trace) -> None: ...
    def drop_trace(self, incident: IncidentId) -> None: ...
    def put_pairing(self, pairing: Pairing) -> None: ...
    def put_clock(self, clock: IncidentClock) -> None: ...
    def drop_clocks(self, incident: IncidentId) -> None: ...
    def forget_clocks(self) -> None: ...
    def put_cursor(self, reader: str, position: int) -> None: ...
    def audit(self, entry: Entry) -> int: ...  # its position in the chain
    def seal(self, subject: str, name: str, plain: bytes, *, ends_at: datetime) -> None: ...
    #   subject `incident/<id>` or `message/<id>`; one key per subject; a later ends_at prolongs it
    def destroy(self, subject: str, at: datetime) -> bool: ...  # the key is gone, and with it the data
    def list_due(self, at: datetime, *, limit: int = 100) -> Sequence[str]: ...  # subjects whose end has come


class Store(Protocol):
    """Where the state lives; raises StorageFailed when it cannot keep or read."""

    async def change(self, decide: Callable[[Change], T]) -> T:
        """Run `decide` in its own savepoint of a group commit; return what it returned once that is durable.

        What `decide` raises undoes its own writes only and is raised here.
        """
        ...

    async def read(self, ask: Callable[[Reading], T]) -> T:
        """Run `ask` on a consistent snapshot, without waiting for writers."""
        ...
