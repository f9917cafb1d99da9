"""Which views are open, whose ticket opens which, and when one is over."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.messages.video import EndReason, ViewEnded, ViewNow

TICKET_SECONDS = 30.0
BEAT_SECONDS = 15.0

ENDINGS: dict[EndReason, Text] = {
    "closed": Text("상황이 종료되어 영상을 닫았습니다", "The incident is closed; the video has ended"),
    "revoked": Text("열람권한이 회수되어 영상을 닫았습니다", "The grant was revoked; the video has ended"),
    "expired": Text("열람 시간이 끝나 영상을 닫았습니다", "The time for viewing is over; the video has ended"),
    "heartbeat": Text("화면의 응답이 없어 영상을 닫았습니다", "The viewer did not answer; the video has ended"),
    "left": Text("영상 보기를 마쳤습니다", "The viewer was closed"),
    "shutdown": Text("영상 서버를 다시 시작합니다. 곧 다시 연결됩니다", "The video server restarts; reconnecting soon"),
}


class Outlet(Protocol):
    """The browser's side of a view."""

    bytes_sent: int
    frames_dropped: int

    def end(self, reason: EndReason, text: Text) -> None:
        """Say why and cut; nothing may be sent afterwards."""
        ...


@dataclass(slots=True)
class View:
    """One view; `outlet` is None until its browser has come."""

    view_id: ViewId
    camera_id: CameraId
    ticket: bytes
    ticket_until: float
    opened_at: datetime
    expires_at: datetime
    last_beat: float
    outlet: Outlet | None = None
    fetched: bool = False  # piece by piece, as HLS or as stills

    def now(self) -> ViewNow:
        """The view as told to the outside."""
        return ViewNow(
            view_id=self.view_id,
            camera_id=self.camera_id,
            attached=self.outlet is not None or self.fetched,
            opened_at=self.opened_at,
            expires_at=self.expires_at,
            bytes_sent=self.outlet.bytes_sent if self.outlet else 0,
            frames_dropped=self.outlet.frames_dropped if self.outlet else 0,
        )


class ViewDesk:
    """Opens views, takes tickets, ends views; wall time for grants, monotonic seconds for everything short."""

    def __init__(
        self, wall: Callable[[], datetime], monotonic: Callable[[], float], on_ended: Callable[[ViewEnded], None]
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._on_ended = on_ended
        self._views: dict[ViewId, View] = {}
        self._by_ticket: dict[bytes, ViewId] = {}

    def open(self, view_id: ViewId, camera_id: CameraId, ticket: str, expires_at: datetime) -> None:
        """Open a view, or give an open one a new ticket; the ticket serves once, within 30 seconds."""
        now = self._monotonic()
        digest = hashlib.sha256(ticket.encode()).digest()
        old = self._views.get(view_id)
        if old is not None:
            self._by_ticket.pop(old.ticket, None)
            if old.outlet is not None:  # the newest page of a view is the one that shows it
                old.outlet.end("left", ENDINGS["left"])
        self._views[view_id] = View(
            view_id,
            camera_id,
            digest,
            now + TICKET_SECONDS,
            self._wall(),
            expires_at,
            now + TICKET_SECONDS - BEAT_SECONDS,
        )
        self._by_ticket[digest] = view_id

    def redeem(self, ticket: str, outlet: Outlet) -> View | None:
        """The view that this ticket opens, its ticket spent; None for a wrong, spent or late one."""
        view_id = self._by_ticket.pop(hashlib.sha256(ticket.encode()).digest(), None)
        view = self._views.get(view_id) if view_id is not None else None
        now = self._monotonic()
        if view is None or now > view.ticket_until or self._wall() >= view.expires_at:
            return None
        view.outlet = outlet
        view.last_beat = now
        return view

    def prolong(self, view_id: ViewId, expires_at: datetime) -> bool:
        """Let an open view go on until then; False when there is none."""
        view = self._views.get(view_id)
        if view is not None:
            view.expires_at = expires_at
        return view is not None

    def get(self, view_id: ViewId) -> View | None:
        """The open view; None when it has ended or never was."""
        return self._views.get(view_id)

    def beat(self, view: View) -> None:
        """Its viewer is there."""
        view.last_beat = max(view.last_beat, self._monotonic())

    def end(self, view_id: ViewId, reason: EndReason, text: Text | None = None) -> bool:
        """Cut the view at once; False when there is none."""
        view = self._views.pop(view_id, None)
        if view is None:
            return False
        self._by_ticket.pop(view.ticket, None)
        if view.outlet is not None:
            view.outlet.end(reason, text or ENDINGS[reason])
        self._on_ended(ViewEnded(view.view_id, view.camera_id, reason, self._wall()))
        return True

    def left(self, view: View, outlet: Outlet) -> None:
        """The browser went away by itself."""
        if view.outlet is outlet and self._views.get(view.view_id) is view:
            self.end(view.view_id, "left")

    def end_all(self, reason: EndReason, text: Text | None = None) -> int:
        """Cut every view; returns how many there were."""
        return sum(self.end(view_id, reason, text) for view_id in tuple(self._views))

    def end_of_camera(self, camera_id: CameraId, reason: EndReason) -> None:
        """Cut every view of one camera."""
        for view in tuple(self._views.values()):
            if view.camera_id == camera_id:
                self.end(view.view_id, reason)

    def sweep(self) -> None:
        """End what has expired or fallen silent."""
        now, wall = self._monotonic(), self._wall()
        for view in tuple(self._views.values()):
            if wall >= view.expires_at:
                self.end(view.view_id, "expired")
            elif now - view.last_beat > BEAT_SECONDS:
                self.end(view.view_id, "heartbeat")

    def count(self, camera_id: CameraId) -> int:
        """How many views this camera has."""
        return sum(view.camera_id == camera_id for view in self._views.values())

    def list_views(self) -> list[ViewNow]:
        """Every open view."""
        return [view.now() for view in self._views.values()]

    def __len__(self) -> int:
        return len(self._views)
