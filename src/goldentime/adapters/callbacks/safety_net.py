"""How a message of ours reaches an agency's own safety-net door over HTTP: log in once, send, log in again at 4001."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import httpx
import structlog

from goldentime.adapters.callbacks.addresses import CallbackAddresses, ForbiddenAddress
from goldentime.adapters.callbacks.pinned import exchange, open_client, pinned
from goldentime.core.clock import Clock
from goldentime.core.errors import BadMessage
from goldentime.flows.outgoing.carrier import Silence
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage

LOGIN_PATH, EVENT_PATH = "/api/getAuth.json", "/linkHttp/recvEvent.json"
UNAUTHORISED = "4001"

log = structlog.get_logger()


class Dialect(Protocol):
    """What a client needs to know of the wire."""

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The body of a login."""
        ...

    def finished(self, written: bytes, session: str, aria_key: str) -> tuple[bytes, dict[str, str]]:
        """A message of ours as it goes out, under the session key and sealed when there is a key; its headers."""
        ...

    def read_reply(self, body: bytes) -> Reply:
        """What the other side answered; raises BadMessage. A login's answer has the session key as its words."""
        ...


@dataclass(frozen=True, slots=True)
class HttpAddress:
    """Where an agency listens; the paths differ between sites."""

    url: str  # https://host[:port]
    key: str = field(default="", repr=False)
    login_path: str = LOGIN_PATH
    event_path: str = EVENT_PATH
    aria_key: str = field(default="", repr=False)  # seals what we send (encAt=Y); empty sends it open


class HttpCarrier:
    """Fits flows.outgoing.carrier.Carrier."""

    def __init__(
        self,
        address: HttpAddress,
        dialect: Dialect,
        addresses: CallbackAddresses,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Not logged in yet; `transport` None connects for real."""
        self._address, self._dialect, self._addresses, self._clock = address, dialect, addresses, clock
        self._http = open_client(transport)
        self._session: str | None = None
        self._sending = False  # from now on the message itself may have arrived
        self._turn = asyncio.Lock()

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        """The other side's answer, or why there was none."""
        async with self._turn:
            self._sending = False
            try:
                return await self._deliver(parts["body"])
            except ForbiddenAddress as problem:
                return Silence(reached=False, why="forbidden" if str(problem) == "forbidden" else "unreachable")
            except (httpx.ConnectError, httpx.ConnectTimeout):
                return Silence(reached=False, why="unreachable")
            except (httpx.HTTPError, BadMessage) as problem:
                log.warning("agency_gave_no_answer", agency=message.agency, problem=type(problem).__name__)
                why = "bad_answer" if isinstance(problem, BadMessage) else "no_answer"
                return Silence(reached=self._sending, why=why)

    async def _deliver(self, body: bytes) -> Reply | Silence:
        for _ in range(2):  # a session that ran out is opened anew once
            if self._session is None and self._address.key and not await self._log_in():
                return Silence(reached=False, why="login_refused")
            self._sending = True
            finished, more = self._dialect.finished(body, self._session or "", self._address.aria_key)
            reply = await self._ask(self._address.event_path, finished, more)
            if reply.code != UNAUTHORISED or not self._address.key:
                return reply
            self._session = None
        return Silence(reached=False, why="login_refused")

    async def stop(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def _log_in(self) -> bool:
        self._session = None
        reply = await self._ask(
            self._address.login_path, self._dialect.write_login(self._address.key, self._clock.now())
        )
        self._session = reply.words if reply.verdict is Verdict.TAKEN and reply.words.isascii() else None
        return bool(self._session)

    async def _ask(self, path: str, body: bytes, more: Mapping[str, str] | None = None) -> Reply:
        headers = {"Content-Type": "application/json; charset=utf-8", **(more or {})}
        if self._session:
            headers["X-Scsns-Secret"] = self._session
        url = self._address.url.rstrip("/") + path
        request = await pinned(self._http, self._addresses, url, body, headers)
        answer, said = await exchange(self._http, request)
        if not answer.is_success:  # a proxy speaks, or nobody who knows this wire
            return Reply(Verdict.LATER, f"HTTP {answer.status_code}")
        return self._dialect.read_reply(said)
