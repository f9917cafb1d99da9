"""Who may bring a message over TCP and what it is answered; never what it means, nor how bytes come and go."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from goldentime.core.clock import Clock, monotonic
from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.intake.beside import open_beside
from goldentime.edges.intake.rate import Rates
from goldentime.edges.intake.reception import Reception
from goldentime.edges.intake.refusals import RefusalLimits, Refusals
from goldentime.edges.intake.seldom import Seldom
from goldentime.edges.tcp.listening import Listening, Peer, Peers
from goldentime.linkage_kit.framing import Frame
from goldentime.linkage_kit.stream import StreamLinkage
from goldentime.messages.exchange import OUR_TROUBLE, Answer, RawMessage, Sender

BAD_REQUEST, UNAUTHORISED, TOO_MANY, UNAVAILABLE = "4000", "4001", "4209", "5003"
CONTENT_TYPE = "application/octet-stream"

_UNKNOWN = Text("인증되지 않은 송신자입니다. 로그인해 주십시오.", "Unknown sender; log in.")
_WRONG_KEY = Text("인증키가 맞지 않습니다.", "The API key is not valid.")
_TOO_MANY = Text("요청이 너무 많습니다. 잠시 후 다시 보내 주십시오.", "Too many requests; send again in a moment.")
_STORAGE = Text(
    "저장소 장애로 접수하지 못했습니다. 다시 보내 주십시오.", "Storage failed, nothing was accepted; send again."
)
_PROBLEMS = {
    "garbage": Text("메시지의 시작을 찾을 수 없습니다.", "No message begins here."),
    "oversized": Text("메시지가 너무 큽니다.", "The message is too large."),
    "cut_off": Text("메시지가 제한 시간 안에 끝나지 않았습니다.", "The message did not end in time."),
}

_log = structlog.get_logger(__name__)


class TcpReception(Reception, Protocol):
    """What a TCP door is handed."""

    async def neighbour(self, agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        """An agency that comes from its own address without a login; None when the city names it no longer."""
        ...


@dataclass(slots=True)
class Caller:
    """One connection's other side, and how it has shown who it is."""

    remote: str
    peer: Peer | None = None
    session: str | None = None
    unwelcome: bool = False  # is hung up on after its next answer
    known: bool = field(init=False)  # has been let in at least once

    def __post_init__(self) -> None:
        """Whoever calls from an agency's own address is no stranger."""
        self.known = self.peer is not None


class Door:
    """One linkage's door; it outlives its connections."""

    def __init__(
        self,
        linkage: StreamLinkage,
        reception: TcpReception,
        listening: Listening,
        clock: Clock,
        *,
        refusals: RefusalLimits | None = None,
    ) -> None:
        """Nobody has called yet."""
        self.linkage, self._reception, self._clock = linkage, reception, clock
        self._peers = Peers(listening.peers)
        self._reports = Rates(listening.reports_per_second)
        self._trials = Rates(listening.trials_per_second)
        self._logins = Rates(listening.logins_per_second)
        self._refused = Rates(listening.refused_per_second)
        self._refusals = Refusals(reception, refusals or RefusalLimits())
        self._seldom = Seldom()

    def caller(self, remote: str) -> Caller:
        """Who calls from there, as far as the address tells."""
        return Caller(remote, self._peers.find(remote))

    async def hear(self, caller: Caller, frame: Frame) -> Awaitable[bytes]:
        """Let the frame in or turn it away, in the order it came; awaiting the result gives the bytes of its answer."""
        raw = RawMessage(self.linkage.name, None, CONTENT_TYPE, {}, frame.data, self._clock.now())
        if frame.problem is None:
            try:
                key = self.linkage.read_login(frame.data)
            except BadMessage as wrong:
                return self._told(frame.data, self.linkage.deliver_error(wrong))
            if key is not None:
                return self._told(frame.data, await self._login(caller, key))
        sender = await self._sender(caller, frame.data)
        if sender is not None:
            caller.known = True
            raw = replace(raw, sender=sender.agency)
        if frame.problem is not None:
            answer = self.linkage.deliver_problem(BAD_REQUEST, _PROBLEMS[frame.problem])
            return self._refuse(caller, raw, sender, frame.problem, answer)
        if sender is None:
            answer = self.linkage.deliver_problem(UNAUTHORISED, _UNKNOWN)
            return self._refuse(caller, raw, None, "unknown_sender", answer)
        allowance = self._trials if sender.sandbox else self._reports
        if not allowance.may_pass(sender.agency, monotonic()):
            answer = self.linkage.deliver_problem(TOO_MANY, _TOO_MANY)
            return self._refuse(caller, raw, sender, "too_many", answer)
        await open_beside(self.linkage.parse, raw)
        return self._take(raw, sender)

    async def _login(self, caller: Caller, api_key: str) -> Answer:
        if not self._logins.may_pass(caller.remote, monotonic()):
            return self.linkage.deliver_problem(TOO_MANY, _TOO_MANY)
        try:
            session = await self._reception.login(api_key, caller.remote, self.linkage.name)
        except StorageFailed:
            return self.linkage.deliver_problem(UNAVAILABLE, _STORAGE)
        if session is None:
            _log.warning("agency_login_refused", remote=caller.remote, linkage=self.linkage.name)
            caller.unwelcome = not caller.known
            return self.linkage.deliver_problem(UNAUTHORISED, _WRONG_KEY)
        caller.session, caller.known = session, True
        return self.linkage.deliver_session(session)

    async def _sender(self, caller: Caller, frame: bytes) -> Sender | None:
        """By the session the message names, else the one this connection logged in with, else the address.

        Nobody, when who logged in names a session that is none; where the address is enough its word is not asked for.
        """
        try:
            inside = self.linkage.find_session(frame)
            for key in (inside, None if inside else caller.session):  # a key that is wrong is not looked past
                if key and (sender := await self._reception.sender(key)) is not None:
                    return sender
            if inside and caller.session:
                return None
            if caller.peer is not None:
                return await self._reception.neighbour(AgencyId(caller.peer.agency), caller.peer.codes)
        except StorageFailed:
            if times := self._seldom.times("sender_not_found_out", monotonic()):
                _log.exception("sender_not_found_out", times=times)
        return None

    async def _take(self, raw: RawMessage, sender: Sender) -> bytes:
        try:
            answer = await self._reception.receive(raw, sender)
        except StorageFailed as failed:
            if times := self._seldom.times("message_not_accepted", monotonic()):
                _log.error("message_not_accepted", error=str(failed), times=times)
            answer = self.linkage.deliver_problem(UNAVAILABLE, _STORAGE)
        except Exception:  # noqa: BLE001  (the outermost loop: an agency must always be told to send again)
            _log.exception("message_failed")
            answer = self.linkage.deliver(OUR_TROUBLE)
        return await self._told(raw.body, answer)

    async def _refuse(
        self, caller: Caller, raw: RawMessage, sender: Sender | None, reason: str, answer: Answer
    ) -> bytes:
        if sender is None and not self._refused.may_pass(caller.remote, monotonic()):
            caller.unwelcome = True
        await self._refusals.keep(raw, sender, reason=reason, answer=answer, remote=caller.remote)
        return await self._told(raw.body, answer)

    async def _told(self, frame: bytes, answer: Answer) -> bytes:
        return self.linkage.reply(frame, answer, self._clock.now())
