"""How the engine runs as a child: what the platform says over its socket, and that the child ends with it."""

import asyncio
import gc
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
import uvloop

from goldentime.core.clock import SystemClock
from goldentime.core.errors import GoldentimeError
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.logs import set_up_logs
from goldentime.media.engine import Engine
from goldentime.media.faults import EngineFault
from goldentime.media.live_server import serve_live
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.messages.video import EndReason, StreamChanged, StreamSource, ViewEnded

MOST_FRAME_BYTES = 64 << 20
_BROKEN = Text("영상 서버에 오류가 났습니다", "The video server failed")
_log = logging.getLogger("goldentime.media")


class Configure(msgspec.Struct, frozen=True):
    """The first frame: where to listen, and what is allowed."""

    host: str
    port: int
    allowed_origins: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    open_limit: int
    tls_certificate: str | None = None
    tls_key: str | None = None


class Ensure(msgspec.Struct, frozen=True):
    """Arguments of ensure_stream."""

    camera_id: CameraId
    source: StreamSource
    priority: int
    hold: str


class Release(msgspec.Struct, frozen=True):
    """Arguments of release_stream."""

    camera_id: CameraId
    hold: str


class ReleaseHold(msgspec.Struct, frozen=True):
    """Arguments of release_hold."""

    hold: str


class OpenView(msgspec.Struct, frozen=True):
    """Arguments of open_view."""

    view_id: ViewId
    camera_id: CameraId
    ticket: str
    expires_at: datetime


class Prolong(msgspec.Struct, frozen=True):
    """Arguments of prolong_view."""

    view_id: ViewId
    expires_at: datetime


class Kick(msgspec.Struct, frozen=True):
    """Arguments of kick; without a view, of kick_all."""

    reason: EndReason
    view_id: ViewId | None = None
    text: Text | None = None


class OfView(msgspec.Struct, frozen=True):
    """A call about one view, perhaps one piece of it."""

    view_id: ViewId
    name: str = ""
    width: int = 0


class Shrink(msgspec.Struct, frozen=True):
    """Arguments of shrink: a JPEG, and how many pixels wide it may be."""

    still: bytes
    width: int


Call = Callable[[Any], Any]


def calls_of(engine: Engine) -> dict[str, tuple[Any, Call]]:
    """Every call by name: the shape of its arguments, and what it does."""

    def ensure(a: Ensure) -> Any:
        return engine.ensure_stream(a.camera_id, a.source, priority=a.priority, hold=a.hold)

    return {
        "ensure_stream": (Ensure, ensure),
        "release_stream": (Release, lambda a: engine.release_stream(a.camera_id, a.hold)),
        "release_hold": (ReleaseHold, lambda a: engine.release_hold(a.hold)),
        "open_view": (OpenView, lambda a: engine.open_view(a.view_id, a.camera_id, a.ticket, a.expires_at)),
        "prolong_view": (Prolong, lambda a: engine.prolong_view(a.view_id, a.expires_at)),
        "list_views": (None, lambda _: engine.list_views()),
        "list_streams": (None, lambda _: engine.list_streams()),
        "kick": (Kick, lambda a: engine.kick(a.view_id, a.reason, a.text)),
        "kick_all": (Kick, lambda a: engine.kick_all(a.reason, a.text)),
        "health": (None, lambda _: engine.health()),
        "snapshot": (OfView, lambda a: engine.snapshot(a.view_id, a.width)),
        "shrink": (Shrink, lambda a: engine.shrink(a.still, a.width)),
        "hls_playlist": (OfView, lambda a: engine.hls_playlist(a.view_id)),
        "hls_segment": (OfView, lambda a: engine.hls_segment(a.view_id, a.name)),
    }


class Desk:
    """Answers the platform's frames: four bytes of length, then msgpack `[number, name, arguments]`."""

    def __init__(self, engine: Engine, writer: asyncio.StreamWriter) -> None:
        self._calls = calls_of(engine)
        self._writer = writer
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, message: tuple[Any, ...]) -> None:
        """One frame to the platform."""
        send_frame(self._writer, message)

    def take(self, frame: bytes) -> None:
        """Answer one frame; calls that wait are answered later."""
        number, name, arguments = msgspec.msgpack.decode(frame, type=tuple[int, str, msgspec.Raw])
        try:
            shape, call = self._calls[name]
            result = call(msgspec.msgpack.decode(arguments, type=shape) if shape is not None else None)
        except GoldentimeError as fault:
            self._fail(number, fault)
            return
        if isinstance(result, Awaitable):
            task = asyncio.ensure_future(self._answer_later(number, result))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.send((number, "ok", result))

    async def _answer_later(self, number: int, result: Awaitable[Any]) -> None:
        try:
            self.send((number, "ok", await result))
        except GoldentimeError as fault:
            self._fail(number, fault)
        except Exception:  # noqa: BLE001  the outermost loop of a call: the platform must get an answer
            _log.exception("a call failed")
            self._fail(number, EngineFault(_BROKEN))

    def _fail(self, number: int, fault: GoldentimeError) -> None:
        kinds = [kind.__name__ for kind in type(fault).__mro__]
        self.send((number, "error", {"kinds": kinds, "code": fault.code, "text": fault.text}))


def send_frame(writer: asyncio.StreamWriter, message: tuple[Any, ...]) -> None:
    """One message behind its length."""
    body = msgspec.msgpack.encode(message)
    writer.write(len(body).to_bytes(4, "big") + body)


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame; None when the other side is gone."""
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        if length > MOST_FRAME_BYTES:
            return None
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def serve(control: socket.socket) -> None:
    """Serve until the platform closes its end."""
    reader, writer = await asyncio.open_unix_connection(sock=control, limit=1 << 20)
    first = await read_frame(reader)
    if first is None:
        return
    settings = msgspec.msgpack.decode(first, type=Configure)

    def emit(event: ViewEnded | StreamChanged) -> None:
        send_frame(writer, (0, type(event).__name__, event))

    engine = Engine(AllowedNetworks(settings.allowed_networks), settings.open_limit, SystemClock(), emit)
    tls: ssl.SSLContext | None = None
    if settings.tls_certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(settings.tls_certificate, settings.tls_key)
    server = await serve_live(engine, host=settings.host, port=settings.port, origins=settings.allowed_origins, tls=tls)
    desk = Desk(engine, writer)
    desk.send((0, "Listening", server.sockets[0].getsockname()[1]))
    running = asyncio.ensure_future(engine.run())
    gc.freeze()  # what was loaded for good need not be looked at again
    try:
        while (frame := await read_frame(reader)) is not None:
            desk.take(frame)
    finally:
        running.cancel()
        await asyncio.wait({running})
        await asyncio.sleep(0.15)  # so that "ended" reaches the viewers
        server.close()
        writer.close()


def main(control_fd: int) -> None:
    """Run on an inherited Unix-domain socket; nothing secret comes by argument or environment."""
    set_up_logs("warning")
    with socket.socket(fileno=control_fd) as control:
        control.setblocking(False)
        uvloop.run(serve(control))
