"""Which cameras are open and who watches them; the one place that answers the platform's calls."""

import asyncio
import os
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path

from goldentime.core.clock import Clock, monotonic
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.media.budget import Want, choose_open
from goldentime.media.faults import StreamUnknown, ViewUnknown
from goldentime.media.hls import read_segment, write_playlist
from goldentime.media.ingest import Ingest
from goldentime.media.live_server import LiveOutlet
from goldentime.media.ring import Ring
from goldentime.media.rtsp.addresses import AllowedNetworks, parse_camera_url
from goldentime.media.rtsp.session import Dialling
from goldentime.media.still import StillMaker
from goldentime.media.stream import CameraStream
from goldentime.media.views import View, ViewDesk
from goldentime.messages.video import (
    EndReason,
    EngineHealth,
    StreamChanged,
    StreamNow,
    StreamSource,
    ViewEnded,
    ViewNow,
)

SWEEP_SECONDS = 0.1  # so that a grant ends when it says
JUDGE_EVERY = 5  # sweeps
_NO_STREAM = Text("이 카메라의 영상이 열려 있지 않습니다", "This camera's stream is not open")
_NO_VIEW = Text("이 열람은 끝났습니다", "This view has ended")


class Engine:
    """Streams by camera, views by id; raises errors of core/errors.py, which cross to the platform as they are."""

    def __init__(
        self,
        networks: AllowedNetworks,
        open_limit: int,
        clock: Clock,
        emit: Callable[[ViewEnded | StreamChanged], None],
    ) -> None:
        self._open_limit = open_limit
        self._clock = clock
        self._emit = emit
        self._streams: dict[CameraId, CameraStream] = {}
        self._turns = count()
        self._dialling = Dialling(networks)
        self._desk = ViewDesk(clock.now, monotonic, emit)
        self._stills = StillMaker(ThreadPoolExecutor(1, "still"))

    async def run(self) -> None:
        """Sweep ten times a second, judge and compare twice, until cancelled; then everything is closed."""
        try:
            for turn in count():
                await asyncio.sleep(SWEEP_SECONDS)
                self._desk.sweep()
                if turn % JUDGE_EVERY:
                    continue
                for stream in tuple(self._streams.values()):
                    self._judge(stream)
                    self._stills.look(stream, monotonic())
        finally:
            self._desk.end_all("shutdown")
            for stream in self._streams.values():
                stream.close()

    def ensure_stream(self, camera_id: CameraId, source: StreamSource, *, priority: int, hold: str) -> StreamNow:
        """Hold the camera open; raises CameraForbidden for an address that is not RTSP."""
        for url in (source.url, source.substream_url):
            if url is not None:
                parse_camera_url(url)
        stream = self._streams.get(camera_id)
        if stream is None:
            stream = CameraStream(camera_id, source, at=self._clock.now(), monotonic=monotonic)
            self._streams[camera_id] = stream
        elif stream.source != source:
            stream.source = source
            stream.close()
        if hold not in stream.holds:  # a new incident's hold makes an old camera new, and all its cameras equal
            same = [one.turn for one in self._streams.values() if hold in one.holds]
            stream.turn = max(same, default=next(self._turns))
        stream.holds[hold] = priority
        self._spend()
        return self._now(stream)

    def release_stream(self, camera_id: CameraId, hold: str) -> None:
        """Give up one hold; without holds the stream and its views end; unknown ones are no error."""
        if camera_id in self._streams:
            self._drop(self._streams[camera_id], hold)
            self._spend()

    def release_hold(self, hold: str) -> None:
        """Give up this hold on every camera, as `release_stream` does on one."""
        for stream in [stream for stream in self._streams.values() if hold in stream.holds]:
            self._drop(stream, hold)
        self._spend()

    def open_view(self, view_id: ViewId, camera_id: CameraId, ticket: str, expires_at: datetime) -> None:
        """Let one browser in by this ticket; raises StreamUnknown when nobody holds the camera open."""
        self._get_stream(camera_id)
        self._desk.open(view_id, camera_id, ticket, expires_at)

    def prolong_view(self, view_id: ViewId, expires_at: datetime) -> bool:
        """Let an open view go on until then; False when there is none."""
        return self._desk.prolong(view_id, expires_at)

    def list_views(self) -> list[ViewNow]:
        """Every open view."""
        return self._desk.list_views()

    def list_streams(self) -> list[StreamNow]:
        """Every wanted stream."""
        return [self._now(stream) for stream in self._streams.values()]

    def kick(self, view_id: ViewId, reason: EndReason, text: Text | None) -> bool:
        """End one view at once; False when there is none."""
        return self._desk.end(view_id, reason, text)

    def kick_all(self, reason: EndReason, text: Text | None) -> int:
        """End every view; how many there were."""
        return self._desk.end_all(reason, text)

    async def snapshot(self, view_id: ViewId, width: int) -> bytes:
        """The view's latest key frame as JPEG, also a heartbeat; `width` in pixels at most, 0 for all it has.

        Raises ViewUnknown after the view's end, StreamUnknown before the first picture.
        """
        camera_id = self._get_open_view(view_id).camera_id
        picture = await self._stills.snapshot(self._get_stream(camera_id), width)
        view = self._get_open_view(view_id)  # it may have ended while the picture was made
        if view.outlet is None:
            view.fetched = True
            self._desk.beat(view)
        return picture

    async def shrink(self, still: bytes, width: int) -> bytes:
        """A still made earlier, no wider than so many pixels; raises CameraFault for what is none."""
        return await self._stills.shrink(still, width)

    def hls_playlist(self, view_id: ViewId) -> str:
        """The view's playlist, which is also its heartbeat; raises ViewUnknown after its end."""
        view = self._get_open_view(view_id)
        view.fetched = True
        self._desk.beat(view)
        return write_playlist(self._get_stream(view.camera_id).ring)

    def hls_segment(self, view_id: ViewId, name: str) -> bytes:
        """One piece of the view's video; raises ViewUnknown after its end."""
        return read_segment(self._get_stream(self._get_open_view(view_id).camera_id).ring, name)

    def health(self) -> EngineHealth:
        """How much there is to do, and what it costs."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
        return EngineHealth(
            streams=len(self._streams),
            live_streams=sum(stream.judged.condition == "live" for stream in self._streams.values()),
            views=len(self._desk),
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            memory_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
            open_limit=self._open_limit,
        )

    def redeem(self, ticket: str, outlet: LiveOutlet) -> View | None:
        """For the live server: the view of this ticket."""
        return self._desk.redeem(ticket, outlet)

    def beat(self, view: View) -> None:
        """For the live server: the viewer is there."""
        self._desk.beat(view)

    def left(self, view: View, outlet: LiveOutlet) -> None:
        """For the live server: the browser went away."""
        self._desk.left(view, outlet)

    def find_ring(self, view: View) -> Ring | None:
        """For the live server: the pictures of the view's camera."""
        stream = self._streams.get(view.camera_id)
        return stream.ring if stream else None

    def find_stream(self, view: View) -> StreamNow | None:
        """For the live server: the condition of the view's camera."""
        stream = self._streams.get(view.camera_id)
        return self._now(stream) if stream else None

    def _drop(self, stream: CameraStream, hold: str) -> None:
        stream.holds.pop(hold, None)
        if not stream.holds:
            self._desk.end_of_camera(stream.camera_id, "closed")
            stream.close()
            del self._streams[stream.camera_id]

    def _spend(self) -> None:
        streams = self._streams.values()
        wants = [Want(one.camera_id, one.priority, one.turn, watched=one.watched) for one in streams]
        may_open = choose_open(wants, self._open_limit)
        for stream in self._streams.values():
            if stream.camera_id not in may_open and stream.task is not None:
                stream.close()
        for stream in self._streams.values():
            if stream.camera_id in may_open and stream.task is None:
                ingest = Ingest(stream.source, stream, self._dialling, monotonic)
                stream.task = asyncio.get_running_loop().create_task(ingest.run())
            self._judge(stream)

    def _judge(self, stream: CameraStream) -> None:
        if not stream.judge(self._clock.now()):
            return
        now = self._now(stream)
        self._emit(StreamChanged(now))
        for listener in tuple(stream.ring.listeners):
            if isinstance(listener, LiveOutlet):
                listener.on_stream(now)

    def _now(self, stream: CameraStream) -> StreamNow:
        return stream.now(self._desk.count(stream.camera_id))

    def _get_stream(self, camera_id: CameraId) -> CameraStream:
        stream = self._streams.get(camera_id)
        if stream is None:
            raise StreamUnknown(_NO_STREAM)
        return stream

    def _get_open_view(self, view_id: ViewId) -> View:
        view = self._desk.get(view_id)
        if view is None or view.expires_at <= self._clock.now():
            raise ViewUnknown(_NO_VIEW)
        return view
