"""How an agency's system keeps its TCP connection and gets a message through: dialled anew, logged in, sent again."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from goldentime.core.clock import Clock, monotonic
from goldentime.sim.agencies.client import Delivery
from goldentime.sim.agencies.occurrence import Message
from goldentime.sim.agencies.scenario import Agency
from goldentime.sim.agencies.tcp_wire import Fix, TcpWire
from goldentime.sim.agencies.wire import Heard, WrongAnswer

ANSWER_SECONDS = 10.0
_AGAIN = {"4209", "5000", "5003"}
_UNAUTHORISED = "4001"


@dataclass(frozen=True, slots=True)
class TcpWay:
    """Where the platform listens, in which protocol, and the key to log in with; none where the address is enough."""

    host: str
    port: int
    wire: TcpWire
    api_key: str = ""


class TcpAgencyClient:
    """One agency's connection, one message at a time; the API key stays inside and is never printed."""

    def __init__(self, agency: Agency, way: TcpWay, clock: Clock) -> None:
        """Not connected yet."""
        self._agency, self._way, self._clock = agency, way, clock
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._session = ""  # of the last login
        self._turn = asyncio.Lock()

    async def deliver(self, message: Message, *, attempts: int = 5, pause: float = 1.0) -> Delivery:
        """Send until there is a final answer; `pause` seconds, doubled each time, before trying again."""
        wire, agency, now = (
            self._way.wire,
            self._agency,
            self._clock.now(),
        )  # again: the same but for the session
        return await self._deliver(
            lambda session: wire.report(agency, message, now, session), attempts=attempts, pause=pause
        )

    async def tell_position(self, fix: Fix) -> Delivery:
        """Send where a vehicle is, once: the next fix is worth more than this one late."""
        wire, agency, now = self._way.wire, self._agency, self._clock.now()
        return await self._deliver(lambda session: wire.position(agency, fix, now, session), attempts=1, pause=0)

    async def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            _, writer = self._line
            self._line = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _deliver(self, write: Callable[[str], bytes], *, attempts: int, pause: float) -> Delivery:
        logins, problem, spent = 0, "", 0.0
        for attempt in range(1, attempts + 1):
            try:
                async with self._turn:
                    fresh = await self._dial()
                    logins += fresh
                    started = monotonic()
                    heard = await self._ask(write(self._session))
                    spent = (monotonic() - started) * 1000
            except (OSError, TimeoutError, WrongAnswer) as wrong:
                problem = f"{type(wrong).__name__}: {wrong}"
                await self.close()
                await asyncio.sleep(pause * 2 ** (attempt - 1))
                continue
            if heard.type_code == _UNAUTHORISED and self._way.api_key and not fresh:
                await self.close()  # the session ran out: log in again
                continue
            if heard.type_code in _AGAIN and attempt < attempts:
                await asyncio.sleep(pause * 2 ** (attempt - 1))
                continue
            return Delivery(heard, "", spent, attempt, logins)
        return Delivery(None, problem or "no session", spent, attempts, logins)

    async def _dial(self) -> bool:
        """Connect and log in unless connected; whether that was needed."""
        if self._line is not None:
            return False
        self._line = await asyncio.open_connection(self._way.host, self._way.port)
        if self._way.api_key:
            heard = await self._ask(self._way.wire.login(self._agency, self._way.api_key, self._clock.now()))
            if not heard.ok:
                raise WrongAnswer(f"login refused with {heard.type_code}")
            self._session = heard.message
        return True

    async def _ask(self, written: bytes) -> Heard:
        assert self._line is not None  # noqa: S101  (dialled by the caller)
        reader, writer = self._line
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(written)
            await writer.drain()
            return await self._way.wire.hear(reader, written)
