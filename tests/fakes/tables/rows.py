"""Which rows a store in memory holds."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar

from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.audit.chain import Link
from goldentime.city.cameras.choose import Pick
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.grants.grant import Grant, View
from goldentime.city.grants.video_control import CameraLock, VideoRequest
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.pairing import Pairing
from goldentime.city.incidents.same import Trace
from goldentime.city.people.account import Account, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.city.roads.closures import Closure, ClosureId
from goldentime.city.signals.off import PriorityOff
from goldentime.city.signals.request import Request as SignalRequest
from goldentime.city.units.unit import Unit, UnitOrder
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
from goldentime.messages.outgoing import OutgoingMessage
from goldentime.messages.position import Position

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
    video_requests: dict[str, VideoRequest] = field(default_factory=dict)
    camera_locks: dict[CameraId, CameraLock] = field(default_factory=dict)
    facts: list[Recorded] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sealed: dict[tuple[str, str], bytes] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    traces: dict[IncidentId, Trace] = field(default_factory=dict)
    pairings: dict[tuple[IncidentId, IncidentId], Pairing] = field(default_factory=dict)
    clocks: dict[tuple[IncidentId, str], Clock] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)

    def copied(self) -> "Rows":
        """The same rows in containers of their own."""
        return Rows(**{column.name: copy(getattr(self, column.name)) for column in fields(self)})


def by_id(values: Iterable[V]) -> list[V]:
    """In the order of their ids."""
    return sorted(values, key=lambda value: str(value.id))  # type: ignore[attr-defined]  # every row listed so has an id
