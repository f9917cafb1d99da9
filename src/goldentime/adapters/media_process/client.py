"""That the media process runs, is restarted when it dies or hangs, and how the platform speaks with it."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from goldentime.adapters.media_process.channel import DOWN, Channel
from goldentime.core.clock import Clock
from goldentime.core.errors import MediaUnavailable
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.messages.video import (
    EndReason,
    EngineEvent,
    EngineHealth,
    EngineRestarted,
    StreamChanged,
    StreamNow,
    StreamSource,
    ViewEnded,
    ViewNow,
)

START_SECONDS = 15.0
CALL_SECONDS = 5.0
HEALTH_EVERY, HEALTH_SECONDS = 1.0, 3.0
FIRST_BACK_OFF, LONGEST_BACK_OFF = 0.2, 10.0
STOP_SECONDS = 3.0
MOST_EVENTS = 10_000
_log = logging.getLogger("goldentime.media_process")
_T = TypeVar("_T")
_NoAnswer = type(None)
_EVENTS: dict[str, type[ViewEnded] | type[StreamChanged]] = {"ViewEnded": ViewEnded, "StreamChanged": StreamChanged}


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """Where browsers connect, from which pages, to which cameras, and how many streams at once."""

    host: str
    port: int
    allowed_origins: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    open_limit: int = 64
    tls_certificate: str | None = None
    tls_key: str | None = None


async def _nothing(_: datetime) -> None:
    return


class MediaProcess:
    """The child and the way to it; every call raises MediaUnavailable while it is down.

    `on_restarted` is told when the lost child was found dead: a view opened after that is the new child's.
    """

    def __init__(
        self, options: MediaOptions, *, clock: Clock, on_restarted: Callable[[datetime], Awaitable[None]] = _nothing
    ) -> None:
        self._options = options
        self._clock = clock
        self._on_restarted = on_restarted
        self._channel: Channel | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Future[int] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._queues: set[asyncio.Queue[EngineEvent]] = set()
        self.port = 0
        self.restarts = 0

    @property
    def pid(self) -> int:
        """The child's process id; 0 while it is down."""
        return self._process.pid if self._process is not None and self._process.returncode is None else 0

    async def start(self) -> None:
        """Returns when the child listens; raises MediaUnavailable when it does not come up, but goes on trying."""
        try:
            await self._spawn()
        finally:
            self._watch = asyncio.get_running_loop().create_task(self._supervise())

    async def stop(self) -> None:
        """Let the child end its views and go; it is killed when it does not."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        await self._end_child()

    async def ensure_stream(self, camera_id: CameraId, source: StreamSource, *, priority: int, hold: str) -> StreamNow:
        """Hold a camera open; a higher priority is more severe; raises Refused for a forbidden address."""
        arguments = {"camera_id": camera_id, "source": source, "priority": priority, "hold": hold}
        return await self._call("ensure_stream", arguments, StreamNow)

    async def release_stream(self, camera_id: CameraId, *, hold: str) -> None:
        """Give up one hold; the last one closes the stream and its views."""
        await self._call("release_stream", {"camera_id": camera_id, "hold": hold}, _NoAnswer)

    async def release_hold(self, hold: str) -> None:
        """Give up this hold on every camera."""
        await self._call("release_hold", {"hold": hold}, _NoAnswer)

    async def open_view(self, view_id: ViewId, camera_id: CameraId, ticket: str, expires_at: datetime) -> None:
        """Let one browser in by this ticket; raises NotFound when nobody holds the camera open."""
        arguments = {"view_id": view_id, "camera_id": camera_id, "ticket": ticket, "expires_at": expires_at}
        await self._call("open_view", arguments, _NoAnswer)

    async def prolong_view(self, view_id: ViewId, expires_at: datetime) -> bool:
        """Let an open view go on until then; False when there is none."""
        return await self._call("prolong_view", {"view_id": view_id, "expires_at": expires_at}, bool)

    async def list_views(self) -> list[ViewNow]:
        """Every open view."""
        return await self._call("list_views", None, list[ViewNow])

    async def list_streams(self) -> list[StreamNow]:
        """Every wanted stream."""
        return await self._call("list_streams", None, list[StreamNow])

    async def kick(self, view_id: ViewId, reason: EndReason, text: Text | None = None) -> bool:
        """Returns when the view is cut; False when there was none."""
        return await self._call("kick", {"view_id": view_id, "reason": reason, "text": text}, bool)

    async def kick_all(self, reason: EndReason, text: Text | None = None) -> int:
        """Cut every view; how many there were."""
        return await self._call("kick_all", {"reason": reason, "text": text}, int)

    async def health(self) -> EngineHealth:
        """How the child is."""
        return await self._call("health", None, EngineHealth)

    async def snapshot(self, view_id: ViewId, *, width: int = 0) -> bytes:
        """The view's latest key frame as JPEG, at most so many pixels wide unless 0.

        Raises NotFound before the first and after the view's end.
        """
        return await self._call("snapshot", {"view_id": view_id, "width": width}, bytes)

    async def shrink(self, still: bytes, *, width: int) -> bytes:
        """A still kept from an earlier snapshot (JPEG), no wider than so many pixels."""
        return await self._call("shrink", {"still": still, "width": width}, bytes)

    async def hls_playlist(self, view_id: ViewId) -> str:
        """The view's playlist; counts as its heartbeat; raises NotFound after its end."""
        return await self._call("hls_playlist", {"view_id": view_id}, str)

    async def hls_segment(self, view_id: ViewId, name: str) -> bytes:
        """One piece of the view's video; raises NotFound after its end."""
        return await self._call("hls_segment", {"view_id": view_id, "name": name}, bytes)

    async def events(self) -> AsyncIterator[EngineEvent]:
        """What happens from now on; a reader that falls 10,000 events behind loses the oldest."""
        queue: asyncio.Queue[EngineEvent] = asyncio.Queue(MOST_EVENTS)
        self._queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)

    async def _call(self, name: str, arguments: Any, shape: type[_T]) -> _T:
        if self._channel is None:
            raise MediaUnavailable(DOWN)
        return msgspec.msgpack.decode(await self._channel.call(name, arguments, CALL_SECONDS), type=shape)

    async def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        ours.setblocking(False)
        try:
            command = (sys.executable, "-m", "goldentime.media", str(theirs.fileno()))
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, pass_fds=(theirs.fileno(),), start_new_session=True
            )
        finally:
            theirs.close()
        self._listening = asyncio.get_running_loop().create_future()
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=1 << 20)
        channel = Channel(reader, writer, self._on_event)
        # a port chosen by the system is kept over restarts, so that pages find it again
        channel.send(replace(self._options, port=self.port or self._options.port))
        self._reading = asyncio.get_running_loop().create_task(channel.run())
        try:
            async with asyncio.timeout(START_SECONDS):
                first: set[asyncio.Future[Any]] = {self._listening, self._reading}
                await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            pass
        if not self._listening.done():
            channel.close()
            await self._end_child()
            raise MediaUnavailable(DOWN)
        self.port = self._listening.result()
        self._channel = channel

    async def _supervise(self) -> None:
        wait = FIRST_BACK_OFF
        while True:
            lived = await self._until_dead()
            self._channel = None
            died_at = self._clock.now()
            await self._end_child(patience=0.0)  # dead or hung: it ends no views, and nobody waits for it
            wait = FIRST_BACK_OFF if lived > 30 else min(wait * 2, LONGEST_BACK_OFF)
            await asyncio.sleep(wait)
            try:
                await self._spawn()
                self.restarts += 1
                self._tell(EngineRestarted(self._clock.now(), self.restarts))
                await self._on_restarted(died_at)
            except (MediaUnavailable, OSError):
                continue
            except Exception:  # noqa: BLE001  the outermost loop: whatever follows a restart must not end the watch over the child
                _log.exception("reopening after a restart failed")

    async def _until_dead(self) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        channel = self._channel
        while channel is not None and self._reading is not None and not channel.is_closed:
            try:
                await channel.call("health", None, HEALTH_SECONDS)
            except MediaUnavailable:
                break
            if self._reading is not None:
                await asyncio.wait({self._reading}, timeout=HEALTH_EVERY)
        return loop.time() - began

    async def _end_child(self, *, patience: float = STOP_SECONDS) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        process = self._process
        if process is None or process.returncode is not None:
            return
        try:
            async with asyncio.timeout(patience):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _on_event(self, kind: str, value: msgspec.Raw) -> None:
        if kind == "Listening":
            if self._listening is not None and not self._listening.done():
                self._listening.set_result(msgspec.msgpack.decode(value, type=int))
        elif kind in _EVENTS:
            self._tell(msgspec.msgpack.decode(value, type=_EVENTS[kind]))

    def _tell(self, event: EngineEvent) -> None:
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)
