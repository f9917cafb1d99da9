"""How a TCP door is opened and shut, and how many may stand in it at once."""

import asyncio
import contextlib
import socket

import structlog

from goldentime.core.clock import monotonic
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.edges.intake.seldom import Seldom
from goldentime.edges.tcp.connection import Connection
from goldentime.edges.tcp.door import Caller, Door
from goldentime.edges.tcp.held import HeldBytes
from goldentime.edges.tcp.listening import Listening, tls_of

BACKLOG = 1024
KEEPALIVE_SECONDS = 60
LAST_ANSWERS_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class TcpServer:
    """One listening socket."""

    def __init__(self, door: Door, listening: Listening) -> None:
        """Raises OperatorsError when its TLS files cannot be used; nothing listens yet."""
        self._door, self._listening = door, listening
        self._tls = tls_of(listening)
        self._server: asyncio.Server | None = None
        self._lines: dict[Connection, asyncio.Task[None]] = {}
        self._seldom = Seldom()
        self._held = HeldBytes(listening.bytes_together)

    @property
    def linkage(self) -> str:
        """The name of the linkage it is for."""
        return self._door.linkage.name

    @property
    def port(self) -> int:
        """Where it listens; 0 before it does."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server and self._server.sockets else 0

    @property
    def connections(self) -> int:
        """How many are connected."""
        return len(self._lines)

    async def start(self) -> None:
        """Listen; raises OperatorsError when the address is taken or not ours."""
        where = self._listening
        try:
            self._server = await asyncio.start_server(
                self._welcome, where.host, where.port, backlog=BACKLOG, ssl=self._tls
            )
        except OSError as error:
            address = f"{where.host}:{where.port}"
            reason = error.strerror or str(error)
            raise OperatorsError(
                Text(f"{address}에서 들을 수 없습니다: {reason}", f"Cannot listen on {address}: {reason}")
            ) from None
        _log.info("tcp_door_open", linkage=self._door.linkage.name, host=where.host, port=self.port)

    async def stop(self) -> None:
        """Shut the door; messages already taken are still answered, for a few seconds."""
        if self._server is None:
            return
        self._server.close()
        for line in list(self._lines):
            line.hang_up()
        if self._lines:
            await asyncio.wait(set(self._lines.values()), timeout=LAST_ANSWERS_SECONDS)
        for task in self._lines.values():
            task.cancel()
        await asyncio.gather(*self._lines.values(), return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._server.wait_closed()
        self._server = None

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("peername")
        remote = str(address[0]) if address else "unknown"
        caller = self._door.caller(remote)
        line = Connection(self._door, self._listening, caller, reader, writer, held=self._held)
        if not self._may_stay(caller):
            if times := self._seldom.times("tcp_door_full", monotonic()):
                _log.warning("tcp_door_full", linkage=self._door.linkage.name, remote=remote, times=times)
            writer.transport.abort()
            return
        _keep_alive(writer)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (a callback of the server's)
        self._lines[line] = task
        try:
            await line.serve()
        except asyncio.CancelledError:
            writer.transport.abort()  # the end of the task, not of anything above it; asyncio would log it as an error
        except Exception:  # noqa: BLE001  (the outermost loop of one connection: it must not touch the others)
            _log.exception("tcp_line_failed", linkage=self._door.linkage.name)
        finally:
            del self._lines[line]

    def _may_stay(self, caller: Caller) -> bool:
        listening = self._listening
        if len(self._lines) >= listening.connections:
            return False
        strangers = [line.caller.remote for line in self._lines if not line.caller.known]
        return caller.known or (
            len(strangers) < listening.strangers and strangers.count(caller.remote) < listening.strangers_per_address
        )


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Find out about a peer that went away without a word, though nothing is sent for hours."""
    line = writer.get_extra_info("socket")
    with contextlib.suppress(OSError, AttributeError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
