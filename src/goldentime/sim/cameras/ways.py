"""How packets leave a simulated camera: inside the connection, or as datagrams that may get lost."""

import contextlib
import socket
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asyncio import Transport

MOST_BACKLOG = 1 << 20


class Weather(Protocol):
    """How the network is to be."""

    def spoil(self, packets: list[bytes]) -> list[bytes]:
        """What of these packets arrives, and in which order."""
        ...


class InterleavedWay:
    """RTP in the RTSP connection; a client that does not read loses whole pictures."""

    def __init__(self, transport: "Transport", media_channel: int, control_channel: int) -> None:
        self._transport = transport
        self._media, self._control = media_channel, control_channel

    def media(self, packets: list[bytes]) -> None:
        """Write a picture's packets with one call."""
        if self._transport.is_closing() or self._transport.get_write_buffer_size() > MOST_BACKLOG:
            return
        parts = []
        for packet in packets:
            parts.append(bytes((0x24, self._media)) + len(packet).to_bytes(2, "big"))
            parts.append(packet)
        self._transport.write(b"".join(parts))

    def control(self, packet: bytes) -> None:
        """Write one control packet."""
        if not self._transport.is_closing():
            self._transport.write(bytes((0x24, self._control)) + len(packet).to_bytes(2, "big") + packet)

    def raw(self, data: bytes) -> None:
        """Write bytes as they are, for a camera that has gone mad."""
        if not self._transport.is_closing():
            self._transport.write(data)


class DatagramWay:
    """RTP over two UDP ports of our own."""

    def __init__(self, own: str, peer: str, ports: tuple[int, int], weather: Weather) -> None:
        self._peer, self._ports = peer, ports
        self._weather = weather
        family = socket.AF_INET6 if ":" in own else socket.AF_INET
        self._media, self._control = _bind_pair(own, family)
        self.port = int(self._media.getsockname()[1])

    def media(self, packets: list[bytes]) -> None:
        """Send a picture's packets, as the weather lets them."""
        for packet in self._weather.spoil(packets):
            with contextlib.suppress(OSError):  # a full buffer loses packets, as networks do
                self._media.sendto(packet, (self._peer, self._ports[0]))

    def control(self, packet: bytes) -> None:
        """Send one control packet."""
        with contextlib.suppress(OSError):
            self._control.sendto(packet, (self._peer, self._ports[1]))

    def raw(self, data: bytes) -> None:
        """Send bytes as they are, as a datagram."""
        with contextlib.suppress(OSError):
            self._media.sendto(data, (self._peer, self._ports[0]))

    def close(self) -> None:
        """Free both ports."""
        self._media.close()
        self._control.close()


def _bind_pair(own: str, family: socket.AddressFamily) -> tuple[socket.socket, socket.socket]:
    for _ in range(64):
        first, second = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
        first.setblocking(False)
        second.setblocking(False)
        first.bind((own, 0))
        port = first.getsockname()[1]
        with contextlib.suppress(OSError):  # the neighbour is taken
            if port % 2 == 0:
                second.bind((own, port + 1))
                return first, second
        first.close()
        second.close()
    msg = "no two neighbouring UDP ports are free"
    raise OSError(msg)
