"""What a browser may send and gets over its WebSocket: a ticket in, pictures out, nothing after the end."""

import asyncio
import contextlib
import fcntl
import json
import socket
import ssl
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from picows import (
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from goldentime.core.text import Text
from goldentime.media.mp4.fragments import TIMESCALE
from goldentime.media.ring import Frame, Ring, VideoFormat, join_fragments, message_head
from goldentime.media.views import View
from goldentime.messages.video import EndReason, StreamNow

TICKET_WAIT_SECONDS = 5.0
MOST_BACKLOG, LEAST_BACKLOG = 1 << 20, 96 << 10  # bytes that may wait for a slow browser
MOST_BEHIND_SECONDS = 1.5  # of the camera's pictures may wait: older ones are left out, so that what is shown is now
LOW_BACKLOG = 32 << 10
KERNEL_BACKLOG = 128 << 10  # Linux takes twice that
UNSENT_BACKLOG = 16 << 10  # of it not yet on its way: what waits, waits where it can be left out
CUT_SECONDS = 0.1
MOST_CONNECTIONS = 4000
REFUSED, ENDED = 4401, 4403
REFUSED_TEXT = Text("영상 열람표가 없거나 만료되었습니다", "The ticket for this video is missing or has expired")


class Desk(Protocol):
    """What the engine does for a browser's connection."""

    def redeem(self, ticket: str, outlet: "LiveOutlet") -> View | None:
        """The view of this ticket."""
        ...

    def beat(self, view: View) -> None:
        """The viewer is there."""
        ...

    def left(self, view: View, outlet: "LiveOutlet") -> None:
        """The browser went away."""
        ...

    def find_ring(self, view: View) -> Ring | None:
        """The pictures of the view's camera."""
        ...

    def find_stream(self, view: View) -> StreamNow | None:
        """The condition of the view's camera."""
        ...


class LiveOutlet(WSListener):
    """One browser's connection."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._socket: WSTransport | None = None
        self._write: Callable[[bytes], None] = lambda _data: None
        self._view: View | None = None
        self._ring: Ring | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._behind = False
        self._waiting_for_key = False
        self._unanswered: int | None = None
        self._overruns = 0
        self._note: Text | None = None
        self._over = False
        self.bytes_sent = 0
        self.frames_dropped = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Wait for the ticket, not for long."""
        self._socket = transport
        underlying = transport.underlying_transport
        underlying.set_write_buffer_limits(high=MOST_BACKLOG, low=LOW_BACKLOG)
        raw = underlying.get_extra_info("socket")
        if raw is not None:  # left alone, the kernel would hold megabytes for a slow browser
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BACKLOG)
            with contextlib.suppress(OSError, AttributeError):  # where the system has none, more waits in it
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BACKLOG)
        self._write = underlying.write
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(TICKET_WAIT_SECONDS, self._refuse)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """A ticket first, then beats; anything else ends the connection."""
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT and frame.fin:
            try:
                message = json.loads(frame.get_payload_as_bytes())
            except (ValueError, RecursionError):  # no JSON, or nested without end
                message = None
            self._on_message(message)
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self._refuse()

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002  (picows calls it so)
        """The browser is gone."""
        self._cancel_deadline()
        self._detach()
        self._over = True
        if self._view is not None:
            self._desk.left(self._view, self)

    def pause_writing(self) -> None:
        """The browser is behind: send nothing more until it has caught up."""
        self._behind = self._waiting_for_key = True
        self._overruns += 1

    def resume_writing(self) -> None:
        """It has caught up: go on at the next key frame."""
        self._behind = False
        self._answer_last_beat()

    def on_format(self, video: VideoFormat) -> None:  # noqa: ARG002  (read from the ring when it is sent)
        """Tell the player that what follows is another video."""
        self._waiting_for_key = True

    def on_frame(self, frame: Frame) -> None:
        """Send a picture, or drop it for a browser that is behind."""
        if self._waiting_for_key:
            if self._behind or not frame.key:
                self.frames_dropped += 1
                return
            self._waiting_for_key = False
            self._say_format(frame)
        self.bytes_sent += len(frame.framed)
        self._write(frame.framed)

    def on_stream(self, stream: StreamNow) -> None:
        """Tell the viewer the condition of the picture."""
        self._note = stream.note
        self._say(
            {
                "type": "state",
                "state": stream.condition,
                "since": stream.since.isoformat(),
                "delay_ms": stream.delay_ms,
                "text": stream.text.to_dict(),
            }
        )

    def end(self, reason: EndReason, text: Text) -> None:
        """Say why, close, and cut what has not gone out within a tenth of a second."""
        self._detach()
        self._close({"type": "ended", "reason": reason, "text": text.to_dict()}, ENDED)

    def _on_message(self, message: Any) -> None:
        if self._view is not None:
            if isinstance(message, dict) and "beat" in message:
                self._desk.beat(self._view)
                self._answer_beat(message["beat"])
            return
        ticket = message.get("ticket") if isinstance(message, dict) else None
        view = self._desk.redeem(ticket, self) if isinstance(ticket, str) and not self._over else None
        if view is None:
            self._refuse()
            return
        self._cancel_deadline()
        self._view = view
        self._attach(view)

    def _answer_beat(self, number: Any) -> None:
        """Behind the pictures that wait: how long it takes tells the browser how old its picture is.

        The answer says, too, how often pictures have been left out: a link that catches up only to fall behind again
        is never very late, and still does not carry this picture.
        """
        if not isinstance(number, int):
            return
        self._unanswered = number
        if not self._behind:
            self._answer_last_beat()

    def _answer_last_beat(self) -> None:
        if self._unanswered is not None:
            self._say({"type": "beat", "beat": self._unanswered, "overruns": self._overruns})
            self._unanswered = None

    def _attach(self, view: View) -> None:
        stream, ring = self._desk.find_stream(view), self._desk.find_ring(view)
        if stream is not None:
            self.on_stream(stream)
        if ring is None:
            return
        self._ring = ring
        self._waiting_for_key = True
        if ring.video is not None and ring.gop:
            self._waiting_for_key = False  # before writing: a large GOP alone may put the browser behind
            self._say_format(ring.gop[0])
            fragments = join_fragments(ring.gop)
            self.bytes_sent += len(fragments)
            self._write(message_head(len(fragments)) + fragments)
        ring.listeners.add(self)

    def _say_format(self, first: Frame) -> None:
        video = self._ring.video if self._ring is not None else None
        if self._ring is None or video is None:
            return
        if self._socket is not None:
            high = min(MOST_BACKLOG, max(LEAST_BACKLOG, self._ring.bytes_of(MOST_BEHIND_SECONDS)))
            self._socket.underlying_transport.set_write_buffer_limits(high=high, low=LOW_BACKLOG)
        self._say(
            {
                "type": "init",
                "codec": video.picture.codec,
                "width": video.picture.width,
                "height": video.picture.height,
                "start": first.decode_time / TIMESCALE,
                "note": self._note.to_dict() if self._note else None,
            }
        )
        self._write(message_head(len(video.init)) + video.init)

    def _say(self, message: dict[str, Any]) -> None:
        if self._socket is not None and not self._over:
            self._socket.send(WSMsgType.TEXT, json.dumps(message, ensure_ascii=False).encode())

    def _refuse(self) -> None:
        self._close({"type": "refused", "text": REFUSED_TEXT.to_dict()}, REFUSED)

    def _close(self, message: dict[str, Any], code: int) -> None:
        if self._over or self._socket is None:
            return
        self._say(message)
        self._over = True
        self._cancel_deadline()
        self._socket.send(WSMsgType.CLOSE, code.to_bytes(2, "big"))
        asyncio.get_running_loop().call_later(CUT_SECONDS, self._cut)

    def _cut(self) -> None:
        if self._socket is None or self._socket.is_disconnected:
            return
        underlying = self._socket.underlying_transport
        raw = underlying.get_extra_info("socket")
        if underlying.get_write_buffer_size() or (raw is not None and _unsent_bytes(raw.fileno())):
            if raw is not None:
                with contextlib.suppress(OSError):  # throw away what the kernel still holds
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            underlying.abort()
        else:
            underlying.close()

    def _detach(self) -> None:
        if self._ring is not None:
            self._ring.listeners.discard(self)
            self._ring = None

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _unsent_bytes(descriptor: int) -> int:
    """What the kernel has taken but the browser has not acknowledged; 0 where the kernel cannot tell."""
    try:
        return int.from_bytes(fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except OSError:
        return 0


async def serve_live(
    desk: Desk, *, host: str, port: int, origins: Sequence[str], tls: ssl.SSLContext | None = None
) -> asyncio.Server:
    """The listening server; pages of other origins get 403, other paths 404."""
    allowed = frozenset(origin.rstrip("/").lower().encode() for origin in origins)
    open_now: set[LiveOutlet] = set()

    class Counted(LiveOutlet):
        def on_ws_connected(self, transport: WSTransport) -> None:
            open_now.add(self)
            super().on_ws_connected(transport)

        def on_ws_disconnected(self, transport: WSTransport) -> None:
            open_now.discard(self)
            super().on_ws_disconnected(transport)

    def admit(request: WSUpgradeRequest) -> Any:
        if request.path != b"/live":
            return None
        origin = request.headers.get("Origin", "").rstrip("/").lower().encode()
        if origin not in allowed:
            return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(403, b"origin"), None)
        if len(open_now) >= MOST_CONNECTIONS:
            return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(503, b"full"), None)
        return Counted(desk)

    return await ws_create_server(
        admit, host, port, ssl=tls, max_frame_size=8192, read_buffer_init_size=1024, websocket_handshake_timeout=5.0
    )
