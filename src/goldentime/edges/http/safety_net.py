"""How safety-net messages come in over HTTP: sessions, limits on size, slowness and rate; never what they mean."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from goldentime.core.clock import Clock, monotonic
from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http.body import BodyLimits, BodyReader
from goldentime.edges.http.keeping import MINUTE, Allowance, Keeping
from goldentime.edges.http.rate import Rates
from goldentime.edges.http.seldom import Seldom
from goldentime.linkage_kit.safety_net.words import BAD_REQUEST, TOO_MANY, UNAUTHORISED, UNAVAILABLE
from goldentime.linkages.safety_net_http import NAME, SafetyNetSettings
from goldentime.linkages.safety_net_http.deliver import deliver, deliver_error, deliver_problem, deliver_session
from goldentime.linkages.safety_net_http.login import find_session_key, read_api_key
from goldentime.messages.exchange import OUR_TROUBLE, Answer, RawMessage, Sender

LOGIN_PATHS = ("/api/getAuth.json", "/auth.json")
EVENT_PATHS = ("/linkHttp/recvEvent.json", "/api/reqEvent.json")

AGENCYS_REFUSED = Allowance(messages=600, bytes=8 << 20, bytes_in_all=32 << 20)
STRANGERS_REFUSED = Allowance(messages=60, bytes=256 << 10, bytes_in_all=1 << 20)  # at most 1.4 GB a day

_log = structlog.get_logger(__name__)
_SELDOM = Seldom()

_UNKNOWN = Text("인증되지 않은 송신자입니다. 다시 로그인해 주십시오.", "Unknown sender; log in again.")
_WRONG_KEY = Text("인증키가 맞지 않습니다.", "The API key is not valid.")
_TOO_MANY = Text("요청이 너무 많습니다. 잠시 후 다시 보내 주십시오.", "Too many requests; send again in a moment.")
_OVERSIZED = Text("메시지가 너무 큽니다.", "The message is too large.")
_SLOW = Text("본문이 제한 시간 안에 오지 않았습니다.", "The body did not come in time.")
_STORAGE = Text(
    "저장소 장애로 접수하지 못했습니다. 다시 보내 주십시오.", "Storage failed, nothing was accepted; send again."
)


class Reception(Protocol):
    """What the platform does with whoever and whatever comes to this door."""

    async def login(self, api_key: str, remote: str) -> str | None:
        """A session key, or None for a key that opens nothing."""
        ...

    async def sender(self, session_key: str) -> Sender | None:
        """Who holds the session, or None when it is unknown or over."""
        ...

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """Keep, read and act on the message; raises StorageFailed when it could not be kept."""
        ...

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        """Keep a message nobody may act on, with its answer; `reason`: unknown_sender, too_many or a Body's problem."""
        ...

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        """Put on record how many of an agency's, or of strangers', refused messages were too many to keep."""
        ...


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How much one sender may ask of the door; generous, since a flood of true reports is normal."""

    reports_per_second: float = 5000.0  # of one agency
    trials_per_second: float = 50.0  # of one agency's sandbox, which must never cost its true reports
    logins_per_second: float = 5.0  # of one address; keys are long, this only spares the hashing
    agencys_refused: Allowance = AGENCYS_REFUSED
    strangers_refused: Allowance = STRANGERS_REFUSED
    unkept_told_after: float = MINUTE  # seconds until it is on record how many were not kept
    body_seconds: float = 10.0
    refused_bytes: int = 64 << 10  # how much is kept of a message that did not come whole, or of a stranger's
    strangers_bytes: int = 64 << 20  # what all unknown senders together may hold in memory
    drained_bytes: int = 8 << 20  # how much of an oversized one is read and dropped before the connection is cut


class SafetyNetDoor:
    """The two endpoints and what they share."""

    def __init__(
        self, reception: Reception, *, clock: Clock, settings: SafetyNetSettings, limits: IntakeLimits
    ) -> None:
        """Nobody has knocked yet."""
        self._reception = reception
        self._clock = clock
        self._settings = settings
        self._limits = limits
        self._reports = Rates(limits.reports_per_second)
        self._trials = Rates(limits.trials_per_second)
        self._logins = Rates(limits.logins_per_second)
        self._agencys = Keeping(limits.agencys_refused)
        self._strangers = Keeping(limits.strangers_refused)
        self._telling: asyncio.Task[None] | None = None
        self._seldom = Seldom()
        self._bodies = BodyReader(
            BodyLimits(
                max_body=settings.max_body,
                seconds=limits.body_seconds,
                kept_bytes=limits.refused_bytes,
                drained_bytes=limits.drained_bytes,
                strangers_bytes=limits.strangers_bytes,
            )
        )

    async def login(self, request: Request) -> Answer:
        """The session key in exchange for an API key."""
        if not self._logins.may_pass(_remote(request), monotonic()):
            return self._problem(TOO_MANY, _TOO_MANY)
        body = await self._bodies.read(request, known=False)
        if body.problem is not None:
            return self._unread(body.problem)
        try:
            api_key = read_api_key(self._raw(request, body.data, None), self._settings)
        except BadMessage as wrong:
            return deliver_error(wrong, self._settings)
        session = await self._reception.login(api_key, _remote(request))
        if session is None:
            _log.warning("agency_login_refused", remote=_remote(request))
            return self._problem(UNAUTHORISED, _WRONG_KEY)
        return deliver_session(session, self._settings)

    async def event(self, request: Request) -> Answer:
        """What became of one message."""
        key = request.headers.get("x-scsns-secret")
        sender = await self._reception.sender(key) if key else None
        body = await self._bodies.read(request, known=sender is not None)
        raw = self._raw(request, body.data, sender)
        if body.problem is not None:
            return await self._refuse(request, raw, sender, body.problem, self._unread(body.problem))
        if not key:
            sender = await self._sender_inside(raw)
            raw = replace(raw, sender=sender.agency if sender else None)
        if sender is None:
            return await self._refuse(request, raw, None, "unknown_sender", self._problem(UNAUTHORISED, _UNKNOWN))
        allowance = self._trials if sender.sandbox else self._reports
        if not allowance.may_pass(sender.agency, monotonic()):
            return await self._refuse(request, raw, sender, "too_many", self._problem(TOO_MANY, _TOO_MANY))
        return await self._reception.receive(raw, sender)

    async def _sender_inside(self, raw: RawMessage) -> Sender | None:
        try:
            key = find_session_key(raw, self._settings)
        except BadMessage:
            return None  # nobody can be told from it; it is kept as unknown
        return await self._reception.sender(key) if key else None

    async def _refuse(
        self, request: Request, raw: RawMessage, sender: Sender | None, reason: str, answer: Answer
    ) -> Answer:
        """The answer, kept with the message while there is room for it; beyond that it is counted."""
        now = monotonic()
        if times := self._seldom.times(reason, now):
            _log.warning("message_refused", reason=reason, remote=_remote(request), size=len(raw.body), times=times)
        if sender is None:
            raw = replace(raw, body=raw.body[: self._limits.refused_bytes])
            keeps = self._strangers.may_keep(_remote(request), len(raw.body), now)
        else:
            keeps = self._agencys.may_keep(sender.agency, len(raw.body), now)
        if not keeps:
            self._telling = self._telling or asyncio.create_task(self._tell_unkept())
            return answer
        try:
            await self._reception.keep_refused(raw, sender, reason=reason, answer=answer)
        except StorageFailed:
            if times := self._seldom.times("refused_message_not_kept", now):
                _log.exception("refused_message_not_kept", reason=reason, times=times)
        return answer

    async def _tell_unkept(self) -> None:
        """A minute after the first one too many, put on record how many there were."""
        await asyncio.sleep(self._limits.unkept_told_after)
        self._telling = None
        strangers = self._strangers.take_unkept().total()
        counts = [(AgencyId(party), count) for party, count in self._agencys.take_unkept().items()]
        try:
            for agency, count in [*counts, *([(None, strangers)] if strangers else [])]:
                await self._reception.note_unkept(agency, count)
        except StorageFailed:
            _log.exception("unkept_not_noted", agencies=dict(counts), strangers=strangers)

    def _raw(self, request: Request, body: bytes, sender: Sender | None) -> RawMessage:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.startswith("x-scsns-") and name != "x-scsns-secret"
        }
        who = sender.agency if sender else None
        return RawMessage(NAME, who, request.headers.get("content-type", ""), headers, body, self._clock.now())

    def _unread(self, problem: str) -> Answer:
        if problem == "crowded":
            return self._problem(TOO_MANY, _TOO_MANY)
        return self._problem(BAD_REQUEST, _OVERSIZED if problem == "oversized" else _SLOW)

    def _problem(self, type_code: str, text: Text) -> Answer:
        return deliver_problem(type_code, text, self._settings)


class _Endpoint:
    """A handler as an ASGI application that answers in the protocol whatever happens."""

    def __init__(self, handle: Callable[[Request], Awaitable[Answer]], settings: SafetyNetSettings) -> None:
        """Answers as `settings` have it."""
        self._handle = handle
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; our own trouble is told as 5003 or 5000, so that the agency sends again."""
        whole = False

        async def listen() -> Message:
            nonlocal whole
            message = await receive()
            whole = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        try:
            answer = await self._handle(Request(scope, listen))
        except StorageFailed as failed:
            if times := _SELDOM.times("message_not_accepted", monotonic()):
                _log.error("message_not_accepted", error=str(failed), times=times)
            answer = deliver_problem(UNAVAILABLE, _STORAGE, self._settings)
        except Exception:  # noqa: BLE001  (the outermost loop: an agency must always be told to send again)
            _log.exception("message_failed")
            answer = deliver(OUR_TROUBLE, self._settings)
        headers = [
            (b"content-type", answer.content_type.encode("latin-1")),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if not whole:
            headers.append((b"connection", b"close"))  # nobody will read the rest
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


def safety_net_routes(
    reception: Reception,
    *,
    clock: Clock,
    settings: SafetyNetSettings | None = None,
    limits: IntakeLimits | None = None,
) -> list[Route]:
    """The routes agencies call; every answer is HTTP 200 with the verdict inside, as the protocol has it."""
    chosen = settings or SafetyNetSettings()
    door = SafetyNetDoor(reception, clock=clock, settings=chosen, limits=limits or IntakeLimits())
    logins = [Route(path, _Endpoint(door.login, chosen), methods=["POST"]) for path in LOGIN_PATHS]
    return logins + [Route(path, _Endpoint(door.event, chosen), methods=["POST"]) for path in EVENT_PATHS]


def _remote(request: Request) -> str:
    return request.client.host if request.client else "unknown"
