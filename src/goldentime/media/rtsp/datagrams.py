"""Which two UDP ports a camera sends to, and that only this camera is listened to."""

import asyncio
import contextlib
import socket
from typing import Protocol

from goldentime.core.text import Text
from goldentime.media.faults import CameraFault

_RECEIVE_BYTES = 1 << 20
_TRIES = 32


class _Packets(Protocol):
    def on_rtp(self, packet: bytes) -> None: ...

    def on_rtcp(self, packet: bytes) -> None: ...


class _Port(asyncio.DatagramProtocol):
    def __init__(self, camera: str, *, control: bool, sink: _Packets) -> None:
        self._camera = camera
        self._take = sink.on_rtcp if control else sink.on_rtp

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[0] == self._camera:
            self._take(data)


class DatagramPair:
    """An even port for media and the next for control, both bound to the address that faces the camera."""

    def __init__(
        self, camera: str, port: int, media: asyncio.DatagramTransport, control: asyncio.DatagramTransport
    ) -> None:
        self._camera = camera
        self.port = port
        self._media, self._control = media, control
        self._camera_port = 0

    def greet(self, camera_port: int) -> None:
        """Send an empty packet to the camera's ports, so that a firewall lets its answers in."""
        if 1024 <= camera_port < 65535:
            self._camera_port = camera_port
            self._media.sendto(b"\x80\x00" + bytes(10), (self._camera, camera_port))

    def send_control(self, report: bytes) -> None:
        """Send a control packet; nothing happens before greet()."""
        if self._camera_port and not self._control.is_closing():
            self._control.sendto(report, (self._camera, self._camera_port + 1))

    def close(self) -> None:
        """Free both ports."""
        self._media.close()
        self._control.close()


def _bind(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        sock.setblocking(False)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock


async def open_pair(camera: str, own_address: str, sink: _Packets) -> DatagramPair:
    """Two free neighbouring ports; raises CameraFault when the machine has none."""
    loop = asyncio.get_running_loop()
    for _ in range(_TRIES):
        first = _bind(own_address, 0)
        port = first.getsockname()[1]
        if port % 2 == 0:
            with contextlib.suppress(OSError):
                second = _bind(own_address, port + 1)
                media, _ = await loop.create_datagram_endpoint(
                    lambda: _Port(camera, control=False, sink=sink), sock=first
                )
                control, _ = await loop.create_datagram_endpoint(
                    lambda: _Port(camera, control=True, sink=sink), sock=second
                )
                return DatagramPair(camera, port, media, control)
        first.close()
    raise CameraFault(Text("영상 수신 포트가 부족합니다", "No free UDP ports for video"), code="camera_ports")
