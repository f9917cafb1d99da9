"""What every flow is handed: state, time, chance, the city as known in memory, video, and the city's own rules."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId, CameraId, Randomness, ViewId
from goldentime.core.text import Text
from goldentime.flows.crews.outside import Outside
from goldentime.flows.known_city import KnownCity
from goldentime.flows.ports import Store
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.repeated import Repeated
from goldentime.messages.news import News
from goldentime.messages.order import Order
from goldentime.messages.video import EndReason, StreamNow, StreamSource, ViewNow


class Speaking(Protocol):
    """What a linkage can do that also speaks first; None when its wire has no way to say it."""

    @property
    def name(self) -> str: ...

    def news(self, news: News) -> bytes | None: ...  # the same news is the same bytes

    def order(self, order: Order) -> bytes | None: ...  # the same order is the same bytes


class Video(Protocol):
    """The engine that carries pictures; every method raises MediaUnavailable while it is down."""

    async def ensure_stream(
        self, camera_id: CameraId, source: StreamSource, *, priority: int, hold: str
    ) -> StreamNow: ...

    async def release_stream(self, camera_id: CameraId, *, hold: str) -> None: ...

    async def release_hold(self, hold: str) -> None: ...

    async def open_view(self, view_id: ViewId, camera_id: CameraId, ticket: str, expires_at: datetime) -> None: ...

    async def prolong_view(self, view_id: ViewId, expires_at: datetime) -> bool: ...

    async def list_views(self) -> list[ViewNow]: ...

    async def kick(self, view_id: ViewId, *, reason: EndReason, text: Text) -> bool: ...


@dataclass(frozen=True, slots=True)
class PositionKeys:
    """Which items of a position message name the unit, its speed (km/h) and course (degrees); the first counts."""

    unit: tuple[str, ...] = ("UNIT_ID", "CAR_NUM", "CAR_NO")
    speed: tuple[str, ...] = ("SPEED", "CAR_SPEED")
    heading: tuple[str, ...] = ("HEADING", "AZIMUTH", "ANGLE")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides for itself."""

    number_prefix: str = "GO"
    radius_metres: float = 500.0
    cameras_wanted: int = 4
    agency_grant: timedelta = timedelta(minutes=30)
    longest_grant: timedelta = timedelta(hours=4)
    personal_data_kept: timedelta = timedelta(days=90)
    refused_kept: timedelta = timedelta(days=7)
    drill: bool = False  # everything that comes in is an exercise
    drill_wires: frozenset[str] = frozenset()  # agencies that may be sent orders of a drill
    flood_backlog: int = 48  # messages being worked on before new ones are only kept and answered
    position_keys: PositionKeys = field(default_factory=PositionKeys)
    services_with_grant: frozenset[str] = frozenset(
        {
            "112_video",
            "112_dispatch",
            "119_dispatch",
            "disaster",
            "vulnerable",
            "wanted_vehicle",
            "anklet",
            "safe_return",
        }
    )


@dataclass(frozen=True, slots=True)
class World:
    """The bundle wiring makes once; flows take it as their first argument."""

    store: Store
    clock: Clock
    randomness: Randomness
    city: KnownCity
    video: Video
    rules: Rules = field(default_factory=Rules)
    opening: set[asyncio.Task[None]] = field(default_factory=set)  # asyncio itself keeps weak references only
    wires: Mapping[AgencyId, Speaking] = field(default_factory=dict)  # which agencies we speak to first, and how
    positions: Positions = field(default_factory=Positions)  # where every unit is
    outside: Outside = field(default_factory=Outside)  # the latest wind and beds
    refused: Repeated = field(default_factory=Repeated)  # looks that were refused just now
    pepper: bytes = field(kw_only=True, repr=False)  # salts the digests of messages; the city's own, never stored


ViewsEnded = Sequence[tuple[ViewId, CameraId]]
