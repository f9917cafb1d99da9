"""A video engine that only remembers what it was told, and can be down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from goldentime.core.clock import SystemClock
from goldentime.core.errors import MediaUnavailable, Refused
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.messages.video import EndReason, StreamNow, StreamSource, ViewNow


@dataclass
class RememberedVideo:
    """Fits flows.world.Video."""

    holds: dict[tuple[str, str], int] = field(default_factory=dict)  # (camera, hold) -> priority
    views: dict[ViewId, CameraId] = field(default_factory=dict)
    kicked: list[tuple[ViewId, str]] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    prolonged: dict[ViewId, datetime] = field(default_factory=dict)
    forbidden: set[CameraId] = field(default_factory=set)
    down: bool = False
    before_ensure: Callable[[CameraId], Awaitable[None]] | None = None  # what happens before a stream is opened
    before_open: Callable[[], Awaitable[None]] | None = None  # what happens while a view is being opened

    def _must_be_up(self) -> None:
        if self.down:
            raise MediaUnavailable(Text("영상 서버가 멈췄습니다.", "Video is down."))

    async def ensure_stream(self, camera_id: CameraId, source: StreamSource, *, priority: int, hold: str) -> StreamNow:
        self._must_be_up()
        if self.before_ensure is not None:
            await self.before_ensure(camera_id)
        if camera_id in self.forbidden:
            raise Refused(Text("허용되지 않은 주소입니다.", "The address is not allowed."), code="camera_forbidden")
        self.holds[(camera_id, hold)] = priority
        return StreamNow(camera_id, "live", SystemClock().now(), Text("실시간", "Live"))

    async def release_stream(self, camera_id: CameraId, *, hold: str) -> None:
        self._must_be_up()
        self.holds.pop((camera_id, hold), None)

    async def release_hold(self, hold: str) -> None:
        self._must_be_up()
        self.holds = {key: priority for key, priority in self.holds.items() if key[1] != hold}

    async def open_view(self, view_id: ViewId, camera_id: CameraId, ticket: str, expires_at: datetime) -> None:
        self._must_be_up()
        if self.before_open is not None:
            await self.before_open()
        self.views[view_id] = camera_id
        self.tickets.append(ticket)

    async def prolong_view(self, view_id: ViewId, expires_at: datetime) -> bool:
        self._must_be_up()
        self.prolonged[view_id] = expires_at
        return view_id in self.views

    async def list_views(self) -> list[ViewNow]:
        self._must_be_up()
        now = SystemClock().now()
        return [
            ViewNow(view, camera, attached=True, opened_at=now, expires_at=now) for view, camera in self.views.items()
        ]

    async def kick(self, view_id: ViewId, *, reason: EndReason, text: Text) -> bool:
        self._must_be_up()
        self.kicked.append((view_id, reason))
        return self.views.pop(view_id, None) is not None
