"""How a message of ours reaches an agency over TCP: one kept connection, one message at a time, its answer awaited."""

import asyncio
import contextlib
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from goldentime.adapters.callbacks.addresses import CallbackAddresses, ForbiddenAddress
from goldentime.core.clock import Clock
from goldentime.core.errors import BadMessage
from goldentime.flows.outgoing.carrier import Silence
from goldentime.linkage_kit.framing import Frame, Framer
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
PIECE = 16 << 10
UNAUTHORISED = "4001"

log = structlog.get_logger()


class Dialect(Protocol):
    """What a client needs to know of a wire; every linkage over a stream has it."""

    def framer(self) -> Framer:
        """A framer for one connection."""
        ...

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The login that opens a connection of ours."""
        ...

    def finished(self, written: bytes, session: str, aria_key: str) -> bytes:
        """A message of ours as it goes out, under the login's session key and sealed when there is a key."""
        ...

    def read_reply(self, frame: bytes) -> Reply:
        """What the other side answered; raises BadMessage when the frame is no answer."""
        ...


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """Where an agency listens; `tls` when it asks for it, under the name its certificate is for."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    key: str = field(default="", repr=False)  # what we log in with; empty where the wire asks for no login
    aria_key: str = field(default="", repr=False)  # seals what we send (encAt=Y); empty sends it open


@dataclass(slots=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    framer: Framer
    came: deque[Frame] = field(default_factory=deque)  # read, and not asked for yet
    session: str = ""  # what our login was answered


class _Broken(Exception):  # noqa: N818  never leaves this file
    """The line is of no use any more; `why` is what the outbox is told."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TcpCarrier:
    """Fits flows.outgoing.carrier.Carrier; a line on which an answer is missing is closed: a late one would mislead."""

    def __init__(
        self, address: TcpAddress, dialect: Dialect, addresses: CallbackAddresses, clock: Clock, *, answer: float = 0
    ) -> None:
        """Not connected yet; `answer` seconds are waited for one, ten by default."""
        self._address, self._dialect, self._addresses, self._clock = address, dialect, addresses, clock
        self._answer_seconds = answer or ANSWER_SECONDS
        self._line: _Line | None = None
        self._turn = asyncio.Lock()

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        """The other side's answer, or why there was none."""
        told = await self.ask(parts["body"])
        if isinstance(told, Silence) and told.reached:
            log.warning("agency_gave_no_answer", agency=message.agency, problem=told.why)
        return told

    async def ask(self, frame: bytes) -> Reply | Silence:
        """The same for one frame; never two at once."""
        async with self._turn:
            try:
                line = await self._open_line()
            except _Broken as problem:
                await self._hang_up()
                return Silence(reached=False, why=problem.why)
            try:
                reply = await self._ask(line, self._finished(line, frame))
            except _Broken as problem:
                await self._hang_up()
                return Silence(reached=True, why=problem.why)
            except BaseException:
                await self._hang_up()  # cancelled while waiting: the answer that may still come is nobody's
                raise
            if reply.code == UNAUTHORISED:  # our session is over: the next try logs in again
                await self._hang_up()
            return reply

    def _finished(self, line: _Line, frame: bytes) -> bytes:
        try:
            return self._dialect.finished(frame, line.session, self._address.aria_key)
        except ValueError:
            if self._address.aria_key:  # never open what was to be sealed
                raise
            return frame  # another's message, sent on as it is

    async def stop(self) -> None:
        """Hang up."""
        await self._hang_up()

    async def _open_line(self) -> _Line:
        """The line, dialled and logged in; one that the other side has closed or spoken on unasked is dialled anew."""
        if self._line is not None and (self._line.reader.at_eof() or self._line.came):
            await self._hang_up()
        if self._line is not None:
            return self._line
        line = self._line = await self._dial()
        if self._address.key:
            reply = await self._ask(line, self._dialect.write_login(self._address.key, self._clock.now()))
            if reply.verdict is not Verdict.TAKEN:
                raise _Broken("login_refused")
            line.session = reply.words
        return line

    async def _dial(self) -> _Line:
        where = self._address
        try:
            pinned = await self._addresses.get_address(where.host, where.port)
            async with asyncio.timeout(CONNECT_SECONDS):
                name = where.host if where.tls else None
                reader, writer = await asyncio.open_connection(pinned, where.port, ssl=where.tls, server_hostname=name)
        except ForbiddenAddress as problem:
            raise _Broken("forbidden" if str(problem) == "forbidden" else "unreachable") from problem
        except (OSError, TimeoutError) as problem:  # an SSLError is an OSError
            raise _Broken("unreachable") from problem
        return _Line(reader, writer, self._dialect.framer())

    async def _ask(self, line: _Line, frame: bytes) -> Reply:
        try:
            async with asyncio.timeout(self._answer_seconds):
                line.writer.write(frame)
                await line.writer.drain()
                return self._dialect.read_reply(await self._read_frame(line))
        except (OSError, TimeoutError) as problem:
            raise _Broken("no_answer") from problem
        except BadMessage as problem:
            raise _Broken("bad_answer") from problem

    async def _read_frame(self, line: _Line) -> bytes:
        while not line.came:
            piece = await line.reader.read(PIECE)
            if not piece:
                raise _Broken("no_answer")
            line.came.extend(line.framer.feed(piece))
        frame = line.came.popleft()
        if frame.problem is not None:
            raise _Broken("bad_answer")
        return frame.data

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await line.writer.wait_closed()
