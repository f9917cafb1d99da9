"""How we stay connected to a signal centre: prove ourselves, learn its junctions, ask, and notice when it is gone."""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from goldentime.adapters.signals.wire import (
    LONGEST_LINE,
    VERSION,
    BadLine,
    Message,
    bad,
    junction_of,
    proof_of,
    read_line,
    write_line,
)
from goldentime.city.signals.junction import Junction
from goldentime.city.signals.request import Reason, Request, RequestId, State
from goldentime.core.clock import monotonic
from goldentime.flows.signals.signal_centre import LinkLost, Said

log = structlog.get_logger()
MOST_JUNCTIONS = 20_000
_STATES = {"confirmed": State.CONFIRMED, "refused": State.REFUSED, "active": State.ACTIVE, "released": State.RELEASED}
_REASONS = {"maximum": Reason.MAXIMUM, "expired": Reason.LOST_LINK, "conflict": Reason.REFUSED}


@dataclass(frozen=True, slots=True)
class CentreAddress:
    """Where the centre listens and how we prove ourselves; seconds."""

    host: str
    port: int
    key: bytes = field(repr=False)
    client: str = "goldentime"
    tls: ssl.SSLContext | None = None
    heartbeat_s: float = 2.0
    lost_after_s: float = 6.0
    ttl_s: float = 15.0  # without a renewal the centre lets a request go
    retry_s: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0)


class SignalCentreClient:
    """A `flows.signals.signal_centre.SignalCentre`; `run` keeps it connected until cancelled."""

    def __init__(self, address: CentreAddress) -> None:
        """Nothing is open yet."""
        self._address = address
        self._run = secrets.token_hex(8)
        self._junctions: tuple[Junction, ...] = ()
        self._writer: asyncio.StreamWriter | None = None
        self._said: list[Said | LinkLost] = []
        self._news = asyncio.Event()
        self._sent = self._read = 0
        self._heard_at = 0.0
        self.is_up = False
        self.problem = ""  # why it is down, in the words of the last failure

    @property
    def junctions(self) -> Sequence[Junction]:
        """What the centre steers; empty while it is down."""
        return self._junctions

    def request(self, request: Request, eta_s: float) -> None:
        """Ask for green."""
        self._tell(
            {
                "type": "request",
                "id": request.id,
                "junction": request.junction,
                "approach": request.approach,
                "leaving": request.leaving,
                "unit": request.unit,
                "gravity": request.gravity,
                "eta_s": round(eta_s, 1),
                "ttl_s": self._address.ttl_s,
            }
        )

    def renew(self, request: Request, eta_s: float) -> None:
        """Go on asking."""
        self._tell({"type": "renew", "id": request.id, "eta_s": round(eta_s, 1), "ttl_s": self._address.ttl_s})

    def release(self, request: Request) -> None:
        """Give it back."""
        reason = request.reason.value if request.reason else ""
        self._tell({"type": "release", "id": request.id, "reason": reason})

    async def take_said(self, timeout_s: float) -> list[Said | LinkLost]:
        """What the centre has said since, in order; waits for the first word, so many seconds at most."""
        if not self._said:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._news.wait()
        said, self._said = self._said, []
        return said

    async def run(self) -> None:
        """Connect, and again whenever the connection ends; waits longer after each failure in a row."""
        failures = 0
        while True:
            begun = monotonic()
            try:
                await self._talk()
            except (OSError, BadLine, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
                told = str(problem) or type(problem).__name__
                if told != self.problem:  # once, not at every try
                    log.warning("signal_centre_lost", problem=told)
                self.problem = told
            finally:
                self._down()
            failures = 0 if monotonic() - begun > 10 else failures + 1
            await asyncio.sleep(self._address.retry_s[min(failures, len(self._address.retry_s)) - 1])

    async def _talk(self) -> None:
        where = self._address
        async with asyncio.timeout(where.lost_after_s):
            reader, writer = await asyncio.open_connection(where.host, where.port, ssl=where.tls, limit=LONGEST_LINE)
        self._writer, self._sent, self._read = writer, 0, 0
        try:
            async with asyncio.timeout(where.lost_after_s * 5):
                junctions = await self._enter(reader)
            self._junctions, self.is_up, self.problem = junctions, True, ""
            log.info("signal_centre_up", junctions=len(junctions))
            await self._listen(reader)
        finally:
            self._writer = None
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _enter(self, reader: asyncio.StreamReader) -> tuple[Junction, ...]:
        """Prove ourselves; the junctions of a centre that has dropped whatever an earlier run asked of it."""
        where = self._address
        challenge = await self._hear(reader, "challenge")
        if challenge.get("version") != VERSION or not isinstance(challenge.get("nonce"), str):
            raise bad("another version")
        self._tell(
            {
                "type": "hello",
                "version": VERSION,
                "client": where.client,
                "run": self._run,
                "proof": proof_of(where.key, challenge["nonce"], where.client, self._run),
                "heartbeat_s": where.heartbeat_s,
                "lost_after_s": where.lost_after_s,
            }
        )
        count = (await self._hear(reader, "welcome")).get("junctions")
        if type(count) is not int or not 0 <= count <= MOST_JUNCTIONS:
            raise bad("how many junctions?")
        return tuple([junction_of(await self._hear(reader, "junction")) for _ in range(count)])

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        self._heard_at = monotonic()
        beating = asyncio.create_task(self._beat())
        try:
            while True:
                async with asyncio.timeout(self._address.lost_after_s):
                    message = await self._hear(reader)
                self._heard_at = monotonic()
                if message["type"] == "error":
                    raise bad(f"the centre says {message.get('why')!r}")
                if message["type"] in {"answer", "status"}:
                    self._note(message)
                elif message["type"] != "heartbeat":
                    raise bad(f"{message['type']!r} where nothing of it was due")
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    def _note(self, message: Message) -> None:
        state, reason = _STATES.get(str(message.get("state"))), message.get("reason")
        if state is None or not isinstance(message.get("id"), str):
            raise bad(f"a word that says nothing: {message!r:.200}")
        if state is State.REFUSED:
            told: Reason | None = Reason.REFUSED
        else:
            told = _REASONS.get(str(reason)) if state is State.RELEASED else None
        self._said.append(Said(RequestId(message["id"]), state, told))
        self._news.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._address.heartbeat_s)
            self._tell({"type": "heartbeat"})

    async def _hear(self, reader: asyncio.StreamReader, kind: str | None = None) -> Message:
        message = read_line(await reader.readuntil(b"\n"), expected=self._read + 1)
        self._read += 1
        if kind is not None and message["type"] != kind:
            raise bad(f"{message['type']!r} where {kind!r} was due: {message.get('why', '')}")
        return message

    def _tell(self, message: Message) -> None:
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        self._sent += 1
        writer.write(write_line(self._sent, self._read, message))

    def _down(self) -> None:
        was_up, self.is_up, self._junctions = self.is_up, False, ()
        if was_up:
            self._said.append(LinkLost())
            self._news.set()
