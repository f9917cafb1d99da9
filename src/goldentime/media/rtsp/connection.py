"""Which answer belongs to which question on one TCP connection to a camera."""

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

from goldentime.core.errors import GoldentimeError
from goldentime.core.text import Text
from goldentime.media.faults import CameraFault
from goldentime.media.rtsp.wire import RtspMessage, RtspReader

if TYPE_CHECKING:
    from asyncio import Transport


class _Packets(Protocol):
    def on_rtp(self, packet: bytes) -> None: ...

    def on_rtcp(self, packet: bytes) -> None: ...


class RtspConnection(asyncio.Protocol):
    """Writes requests, matches answers by CSeq, passes interleaved packets on; any broken byte closes it."""

    def __init__(self, sink: _Packets) -> None:
        self._sink = sink
        self._reader = RtspReader(self._on_message, self._on_packet)
        self._transport: Transport | None = None
        self._asked: dict[int, asyncio.Future[RtspMessage]] = {}
        self._closed = asyncio.Event()
        self.channels = (0, 1)
        self.peer_address = ""
        self.own_address = ""
        self.fault: GoldentimeError | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the connection is gone."""
        return self._closed.is_set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember both ends."""
        self._transport = cast("Transport", transport)
        self.peer_address = str(transport.get_extra_info("peername")[0])
        self.own_address = str(transport.get_extra_info("sockname")[0])

    def data_received(self, data: bytes) -> None:
        """Take bytes; a fault in them, or in what they carry, closes the connection."""
        try:
            self._reader.feed(data)
        except GoldentimeError as fault:
            self._end(fault)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio calls it so)
        """Wake everyone who waits."""
        text = Text("카메라가 연결을 끊었습니다", "The camera closed the connection")
        self._end(CameraFault(text, code="camera_closed"))

    async def ask(self, request: bytes, sequence: int, seconds: float) -> RtspMessage:
        """The answer; raises CameraFault when none comes in time or the connection breaks."""
        if self.fault is not None:
            raise self.fault
        future: asyncio.Future[RtspMessage] = asyncio.get_running_loop().create_future()
        self._asked[sequence] = future
        self.write(request)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError as fault:
            text = Text("카메라가 응답하지 않습니다", "The camera does not answer")
            raise CameraFault(text, code="camera_silent") from fault
        finally:
            self._asked.pop(sequence, None)

    def write(self, data: bytes) -> None:
        """Send bytes; nothing happens when the connection is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Flush and close."""
        if self._transport is not None:
            self._transport.close()

    async def wait_closed(self, seconds: float) -> None:
        """Returns when the connection is gone or the seconds are over."""
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return

    def _end(self, fault: GoldentimeError) -> None:
        if self.fault is None:
            self.fault = fault
        self._closed.set()
        for future in self._asked.values():
            if not future.done():
                future.set_exception(self.fault)
        if self._transport is not None:
            self._transport.abort()

    def _on_packet(self, channel: int, packet: bytes) -> None:
        if channel == self.channels[0]:
            self._sink.on_rtp(packet)
        elif channel == self.channels[1]:
            self._sink.on_rtcp(packet)

    def _on_message(self, message: RtspMessage) -> None:
        sequence = message.find("cseq") or ""
        if not sequence.isascii() or not sequence.isdigit() or len(sequence) > 9:
            return
        if message.status == 0:  # the camera asks us something: we do nothing of it, and say so
            self.write(f"RTSP/1.0 501 Not Implemented\r\nCSeq: {sequence}\r\n\r\n".encode())
        elif (future := self._asked.get(int(sequence))) is not None and not future.done():
            future.set_result(message)
