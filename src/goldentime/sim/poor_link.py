"""A poor mobile link on one machine: a SOCKS5 proxy that passes on so many bits a second, so many milliseconds late."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass

PIECE = 1400  # bytes that take the link in turn, as packets do
QUEUE = 8 << 10  # bytes the kernel, and we, may hold; more would hide the poor link from the sender
NO_AUTH, CONNECT, IPV4, NAME, IPV6 = 0, 1, 1, 3, 4


@dataclass(frozen=True, slots=True)
class Profile:
    """Bits a second down to the device and up from it, and milliseconds each way; 0 bits a second: without limit."""

    name: str
    down: float
    up: float
    delay_ms: float


POOR_LTE = Profile("400 kbit/s, 150 ms", 400_000, 150_000, 150)
WEAK_LTE = Profile("1 Mbit/s, 80 ms", 1_000_000, 400_000, 80)
GOOD = Profile("no limit", 0, 0, 1)


class Direction:
    """One direction of the link, shared over all connections: each piece waits for those before it."""

    def __init__(self, bits: float, delay: float) -> None:
        self.bits, self.delay = bits, delay
        self.bytes = 0
        self._free_at = 0.0

    async def carry(self, piece: bytes) -> float:
        """Wait until the link has taken the piece; the loop's time at which it is there."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._free_at = max(now, self._free_at) + (len(piece) * 8 / self.bits if self.bits else 0.0)
        self.bytes += len(piece)
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)
        return self._free_at + self.delay


class PoorLink:
    """The proxy; its profile may change while it runs, and every connection may be cut as in a tunnel."""

    def __init__(self, profile: Profile) -> None:
        """Nothing is open yet."""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._in_tunnel = False
        self.set_profile(profile)

    def set_profile(self, profile: Profile) -> None:
        """From now on the link is like this, for open connections too."""
        self.profile = profile
        if not self._open:
            self.down = Direction(profile.down, profile.delay_ms / 1000)
            self.up = Direction(profile.up, profile.delay_ms / 1000)
            return
        self.down.bits, self.up.bits = profile.down, profile.up
        self.down.delay = self.up.delay = profile.delay_ms / 1000

    async def start(self) -> int:
        """Listen on a port of the system's choice."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Cut everything and listen no more."""
        if self._server is not None:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Drop every open connection: the next one has to be made anew."""
        gone = tuple(self._open)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)

    async def enter_tunnel(self) -> None:
        """No connection lives, and none is made, until the tunnel's end."""
        self._in_tunnel = True
        await self.cut()

    def leave_tunnel(self) -> None:
        """From now on connections are made again."""
        self._in_tunnel = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._in_tunnel:
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a server's callback runs in one
        self._open.add(task)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side went away, or the link was cut
        finally:
            self._open.discard(task)
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes((5, NO_AUTH)))
        host, port = await _read_target(reader)
        await asyncio.sleep(self.up.delay + self.down.delay)  # the handshake of a connection is one round trip
        there = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)
        there.setblocking(False)
        await asyncio.get_running_loop().sock_connect(there, (host, port))
        far_reader, far_writer = await asyncio.open_connection(sock=there, limit=QUEUE)
        writer.write(struct.pack("!BBBBIH", 5, 0, 0, IPV4, 0, 0))
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, far_writer, self.up))
                both.create_task(_pass_on(far_reader, writer, self.down))
        except* OSError:
            pass
        finally:
            far_writer.close()


async def _read_target(reader: asyncio.StreamReader) -> tuple[str, int]:
    _, command, _, kind = await reader.readexactly(4)
    if command != CONNECT:
        raise OSError("only CONNECT")
    if kind == NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        raw = await reader.readexactly(4 if kind == IPV4 else 16)
        host = socket.inet_ntop(socket.AF_INET if kind == IPV4 else socket.AF_INET6, raw)
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    return host, port


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Direction) -> None:
    """Piece by piece, in order and late, to the end; then the other side's half is closed."""
    loop = asyncio.get_running_loop()
    last = loop.time()
    while piece := await reader.read(PIECE):
        there_at = await way.carry(piece)
        last = max(last + 1e-6, there_at)  # the loop keeps no order among equal times
        loop.call_at(last, _write, writer, piece)
    await asyncio.sleep(max(0.0, last - loop.time()))
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    if not writer.is_closing():
        writer.write(piece)
