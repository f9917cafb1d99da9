"""How bytes leave the web door: what one turn of the loop writes to a connection leaves it in one piece."""

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Gathered:
    """A transport whose writes wait for the end of the loop's turn: an answer's head and body are one packet.

    A system call for each was an eighth of what a report in a flood costs.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing waits yet."""
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Let it leave with what else this turn writes."""
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """`write` for each."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """What waits leaves now."""
        if self._waiting:
            data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
            self._waiting.clear()
            if not self._transport.is_closing():  # whoever has gone reads nothing more
                self._transport.write(data)

    def close(self) -> None:
        """Close after what waits."""
        self.flush()
        self._transport.close()

    def write_eof(self) -> None:
        """End our half after what waits."""
        self.flush()
        self._transport.write_eof()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol, after what waits."""
        self.flush()
        self._transport.set_protocol(protocol)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's own."""
        return getattr(self._transport, name)


class GatheringHttp(HttpToolsProtocol):
    """uvicorn's HTTP on a gathered transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(Gathered(transport, self.loop))  # type: ignore[arg-type]
