"""How safety-net messages come in over HTTP: sessions, limits on size, slowness and rate; never what they mean."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import structlog
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from goldentime.core.clock import Clock, monotonic
from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.text import Text
from goldentime.edges.http.body import BodyLimits, BodyReader
from goldentime.edges.http.knock import Knock, knock_of
from goldentime.edges.intake.beside import open_beside
from goldentime.edges.intake.keeping import MINUTE, Allowance
from goldentime.edges.intake.rate import Rates
from goldentime.edges.intake.reception import Reception
from goldentime.edges.intake.refusals import AGENCYS_REFUSED, STRANGERS_REFUSED, RefusalLimits, Refusals
from goldentime.edges.intake.seldom import Seldom
from goldentime.linkage_kit.safety_net.words import BAD_REQUEST, TOO_MANY, UNAUTHORISED, UNAVAILABLE
from goldentime.linkages.safety_net_http import NAME, SafetyNetSettings
from goldentime.linkages.safety_net_http.deliver import deliver, deliver_error, deliver_problem, deliver_session
from goldentime.linkages.safety_net_http.login import find_session_key, read_api_key
from goldentime.linkages.safety_net_http.parse import parse
from goldentime.messages.exchange import OUR_TROUBLE, Answer, RawMessage, Sender

LOGIN_PATHS = ("/api/getAuth.json", "/auth.json")
EVENT_PATHS = ("/linkHttp/recvEvent.json", "/api/reqEvent.json")

_log = structlog.get_logger(__name__)
_SELDOM = Seldom()

_UNKNOWN = Text("인증되지 않은 송신자입니다. 다시 로그인해 주십시오.", "Unknown sender; log in again.")
_WRONG_KEY = Text("인증키가 맞지 않습니다.", "The API key is not valid.")
_WRONG_SESSION = Text(
    "rrKey가 이 세션의 것이 아닙니다. 다시 로그인해 주십시오.", "The rrKey is not this session's; log in again."
)
_NAMES_SESSION = re.compile(rb'rrKey"?\s*[:=]\s*"?[^\s"&,}]', re.IGNORECASE)
_TOO_MANY = Text("요청이 너무 많습니다. 잠시 후 다시 보내 주십시오.", "Too many requests; send again in a moment.")
_OVERSIZED = Text("메시지가 너무 큽니다.", "The message is too large.")
_SLOW = Text("본문이 제한 시간 안에 오지 않았습니다.", "The body did not come in time.")
_STORAGE = Text(
    "저장소 장애로 접수하지 못했습니다. 다시 보내 주십시오.", "Storage failed, nothing was accepted; send again."
)


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
        self._read = partial(parse, settings=settings)
        self._limits = limits
        self._reports = Rates(limits.reports_per_second)
        self._trials = Rates(limits.trials_per_second)
        self._logins = Rates(limits.logins_per_second)
        self._refusals = Refusals(
            reception,
            RefusalLimits(
                agencys=limits.agencys_refused,
                strangers=limits.strangers_refused,
                told_after=limits.unkept_told_after,
                kept_bytes=limits.refused_bytes,
            ),
        )
        self._bodies = BodyReader(
            BodyLimits(
                max_body=settings.max_body,
                seconds=limits.body_seconds,
                kept_bytes=limits.refused_bytes,
                drained_bytes=limits.drained_bytes,
                strangers_bytes=limits.strangers_bytes,
            )
        )

    async def login(self, knock: Knock) -> Answer:
        """The session key in exchange for an API key."""
        if not self._logins.may_pass(knock.remote, monotonic()):
            return self._problem(TOO_MANY, _TOO_MANY)
        body = await self._bodies.read(knock.receive, known=False)
        if body.problem is not None:
            return self._unread(body.problem)
        try:
            api_key = read_api_key(self._raw(knock, body.data, None), self._settings)
        except BadMessage as wrong:
            return deliver_error(wrong, self._settings)
        session = await self._reception.login(api_key, knock.remote, NAME)
        if session is None:
            _log.warning("agency_login_refused", remote=knock.remote)
            return self._problem(UNAUTHORISED, _WRONG_KEY)
        return deliver_session(session, self._settings)

    async def event(self, knock: Knock) -> Answer:
        """What became of one message."""
        sender = await self._reception.sender(knock.key) if knock.key else None
        body = await self._bodies.read(knock.receive, known=sender is not None)
        raw = self._raw(knock, body.data, sender)
        if body.problem is not None:
            return await self._refuse(knock, raw, sender, body.problem, self._unread(body.problem))
        if not knock.key:
            sender = await self._sender_inside(raw)
            raw = replace(raw, sender=sender.agency if sender else None)
        elif sender is not None and not await self._is_own_session(raw, knock.key, sender):
            return await self._refuse(knock, raw, sender, "unknown_sender", self._problem(UNAUTHORISED, _WRONG_SESSION))
        if sender is None:
            return await self._refuse(knock, raw, None, "unknown_sender", self._problem(UNAUTHORISED, _UNKNOWN))
        allowance = self._trials if sender.sandbox else self._reports
        if not allowance.may_pass(sender.agency, monotonic()):
            return await self._refuse(knock, raw, sender, "too_many", self._problem(TOO_MANY, _TOO_MANY))
        await open_beside(self._read, raw)
        return await self._reception.receive(raw, sender)

    async def _sender_inside(self, raw: RawMessage) -> Sender | None:
        try:
            key = find_session_key(raw, self._settings)
        except BadMessage:
            return None  # nobody can be told from it; it is kept as unknown
        return await self._reception.sender(key) if key else None

    async def _is_own_session(self, raw: RawMessage, key: str, sender: Sender) -> bool:
        """Whether the rrKey inside, where there is one, is a session of the same agency."""
        if b"rrkey" not in raw.body.lower() or key.encode() in raw.body or not _NAMES_SESSION.search(raw.body):
            return True
        try:
            inside = find_session_key(raw, self._settings)
        except BadMessage:
            return True  # it is refused for what is wrong with it
        other = await self._reception.sender(inside) if inside and inside != key else sender
        return other is not None and other.agency == sender.agency

    async def _refuse(
        self, knock: Knock, raw: RawMessage, sender: Sender | None, reason: str, answer: Answer
    ) -> Answer:
        """The answer, kept with the message while there is room for it; beyond that it is counted."""
        await self._refusals.keep(raw, sender, reason=reason, answer=answer, remote=knock.remote)
        return answer

    def _raw(self, knock: Knock, body: bytes, sender: Sender | None) -> RawMessage:
        who = sender.agency if sender else None
        return RawMessage(NAME, who, knock.content_type, knock.headers, body, self._clock.now())

    def _unread(self, problem: str) -> Answer:
        if problem == "crowded":
            return self._problem(TOO_MANY, _TOO_MANY)
        return self._problem(BAD_REQUEST, _OVERSIZED if problem == "oversized" else _SLOW)

    def _problem(self, type_code: str, text: Text) -> Answer:
        return deliver_problem(type_code, text, self._settings)


class _Endpoint:
    """A handler as an ASGI application that answers in the protocol whatever happens."""

    def __init__(self, handle: Callable[[Knock], Awaitable[Answer]], settings: SafetyNetSettings) -> None:
        """Answers as `settings` have it."""
        self._handle = handle
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; our own trouble is told as 5003 or 5000, so that the agency sends again."""
        knock = knock_of(scope, receive)
        try:
            answer = await self._handle(knock)
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
        if not knock.whole:
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
