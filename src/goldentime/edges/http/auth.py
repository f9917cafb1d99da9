"""Who is behind a request: a console's cookie or a viewer's bearer token, never both, and never from another site."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from goldentime.city.agencies.agency import Agency
from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Account, Act, Role, may, must
from goldentime.core.clock import Clock, monotonic
from goldentime.core.errors import Refused, Unauthenticated
from goldentime.core.ids import AccountId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Reading, Store
from goldentime.flows.tokens import token_digest
from goldentime.flows.watching.open_viewer import lasts_until

COOKIE: Final = "goldentime_session"
OURS: Final = "x-goldentime"  # a header that no other site's form can set
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KNOWN_AT_MOST = 10_000
RENEWED_AT = 0.7  # of the time a session is believed: then it is looked up again while it still is
NOTED_AGAIN_SECONDS = 60.0  # the same refusal is put on record once in this time, with how often it was repeated
NOBODY = Text("로그인이 필요합니다.", "Sign in first.")


@dataclass(slots=True)
class _Known:
    """Someone looked up at `read_at` (monotonic seconds); `asked` when wanted since."""

    caller: Caller
    read_at: float
    asked: bool = False


class Gate:
    """Lets a request in as a Caller; a session looked up is believed for `believed_for` seconds, a second at most."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        believed_for: float = 1.0,
        public_hosts: frozenset[str] = frozenset(),
    ) -> None:
        """`public_hosts` (host or host:port) are the names a proxy in front of us answers to."""
        self._store = store
        self._clock = clock
        self._believed_for = min(believed_for, 1.0)
        self._public_hosts = public_hosts
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._renewing: asyncio.Future[None] | None = None
        self._refused: OrderedDict[tuple[str, str, str], tuple[float, int]] = OrderedDict()

    async def caller(self, request: Request) -> Caller:
        """The person behind the request; raises Unauthenticated, or Refused until a one-time password is changed."""
        caller = await self.caller_even_unchanged(request)
        if caller.account.must_change_password:
            words = Text("1회용 비밀번호를 먼저 바꿔 주십시오.", "Change the one-time password first.")
            raise Refused(words, code="must_change_password")
        return caller

    async def caller_even_unchanged(self, request: Request) -> Caller:
        """The person behind the request, even with a one-time password still to be changed; raises Unauthenticated."""
        kind, token = _credentials(request)
        if not token:
            raise Unauthenticated(NOBODY)
        if kind == "console" and request.method not in _SAFE:
            self.check_same_origin(request)
        caller = await self.find_caller(token_digest(token))
        if caller is None or caller.session.kind != kind:
            raise Unauthenticated(
                Text("로그인이 끝났습니다. 다시 로그인해 주십시오.", "The session has ended; sign in again.")
            )
        return caller

    def requiring(self, act: Act) -> Callable[[Request], Awaitable[Caller]]:
        """A dependency giving the caller when their role allows the act; a refusal is raised and put on record."""

        async def allowed(request: Request) -> Caller:
            caller = await self.caller(request)
            if not may(caller.account.role, act):
                await self._record_refusal(request, caller, act)
                must(caller.account.role, act)
            return caller

        return allowed

    def check_same_origin(self, request: Request) -> None:
        """Raise Refused unless our own page sent this: our header, and our origin where the browser tells one."""
        origin = request.headers.get("origin")
        hosts = {request.headers.get("host", "").lower(), *self._public_hosts}
        foreign = origin is not None and urlsplit(origin).netloc.lower() not in hosts
        cross = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        if foreign or cross or request.headers.get(OURS) != "1":
            words = Text("다른 사이트에서 온 요청은 받지 않습니다.", "Requests from other sites are not accepted.")
            raise Refused(words, code="foreign_request")

    async def find_caller(self, digest: bytes) -> Caller | None:
        """The person of a live session; None when it ended, ran out, or its account was disabled."""
        known = self._known.get(digest)
        for _ in range(2):  # a look under way may not be about this one; the next one is
            if known is None or monotonic() - known.read_at < self._believed_for:
                break
            known.asked = True
            await self._renew()
            known = self._known.get(digest)
        if known is not None and monotonic() - known.read_at >= self._believed_for * RENEWED_AT:
            known.asked = True
            self._begin_renewing()  # nobody waits for it
        if known is None:
            asked_at = monotonic()
            found = await self._store.read(lambda reading: _caller_of(reading, digest))
            if found is None:
                return None
            known = self._known[digest] = _Known(found, asked_at)
            if len(self._known) > _KNOWN_AT_MOST:
                self._known.popitem(last=False)
        known.asked = True
        return known.caller if self._clock.now() < known.caller.session.expires_at else None

    async def _renew(self) -> None:
        """Look all sessions up again that were asked for since the last time: a thousand consoles cost one look."""
        await asyncio.shield(self._begin_renewing())  # whoever leaves must not end it for the others

    def _begin_renewing(self) -> "asyncio.Future[None]":
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.ensure_future(self._look_again())
        return self._renewing

    async def _look_again(self) -> None:
        asked_at = monotonic()
        asked = [digest for digest, known in self._known.items() if known.asked]
        found = await self._store.read(lambda reading: _callers_of(reading, asked))
        for digest, caller in zip(asked, found, strict=True):
            if caller is None:
                self._known.pop(digest, None)
            elif digest in self._known:  # not forgotten meanwhile
                self._known[digest] = _Known(caller, asked_at)
                self._known.move_to_end(digest)

    async def is_live(self, digest: bytes) -> bool:
        """Whether the session still holds; cheap enough to ask at every flush of a thousand streams."""
        known = self._known.get(digest)
        if known is not None and monotonic() - known.read_at < self._believed_for * RENEWED_AT:
            known.asked = True
            return self._clock.now() < known.caller.session.expires_at
        return await self.find_caller(digest) is not None

    def forget(self, digests: Iterable[bytes]) -> None:
        """Look these sessions up anew at their next request."""
        for digest in digests:
            self._known.pop(digest, None)

    def forget_person(self, account: AccountId) -> None:
        """Look every session of this account up anew."""
        self.forget([digest for digest, known in self._known.items() if known.caller.account.id == account])

    async def _record_refusal(self, request: Request, caller: Caller, act: Act) -> None:
        path = getattr(request.scope.get("route"), "path", "")  # the template: it holds no ids
        what = (caller.account.id, request.method, path)
        at, times = self._refused.get(what, (-NOTED_AGAIN_SECONDS, 0))
        if monotonic() - at < NOTED_AGAIN_SECONDS:  # a page that asks again and again must not flood the record
            self._refused[what] = (at, times + 1)
            return
        self._refused[what] = (monotonic(), 0)
        if len(self._refused) > _KNOWN_AT_MOST:
            self._refused.popitem(last=False)
        data = {"act": act.value, "method": request.method, "path": path, "reason": "role", "repeated": times}
        entry = Entry(self._clock.now(), "ActRefused", caller.account.id, agency=caller.account.agency, data=data)
        await self._store.change(lambda change: change.audit(entry))


def _credentials(request: Request) -> tuple[str, str]:
    """`viewer` and its bearer token when there is one, else `console` and the cookie; the token is "" when absent."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "viewer", token.strip()
    return "console", request.cookies.get(COOKIE, "")


def _caller_of(reading: Reading, digest: bytes) -> Caller | None:
    return _callers_of(reading, [digest])[0]


def _callers_of(reading: Reading, digests: Sequence[bytes]) -> list[Caller | None]:
    """Who is behind each session, None where nobody is any more; a person with many windows is looked up once."""
    people: dict[AccountId, tuple[Account, Agency | None] | None] = {}
    callers: list[Caller | None] = []
    for digest in digests:
        session = reading.find_session(digest)
        if session is None:
            callers.append(None)
            continue
        if session.account not in people:
            people[session.account] = _find_person(reading, session.account)
        person = people[session.account]
        ends = lasts_until(reading, session)
        callers.append(None if person is None else Caller(person[0], replace(session, expires_at=ends), person[1]))
    return callers


def _find_person(reading: Reading, which: AccountId) -> tuple[Account, Agency | None] | None:
    """The account and its agency; None when it may do nothing: disabled, an agency's without it, a crew without unit.

    A crew speaks for its unit alone and never for its agency, which must be named all the same.
    """
    account = reading.find_account(which)
    if account is None or account.disabled:
        return None
    if account.role is Role.CREW:
        unit = reading.find_unit(account.unit) if account.unit else None
        agency = reading.find_agency(unit.agency) if unit is not None and unit.removed_at is None else None
        return None if agency is None or not agency.named else (account, None)
    if account.role is not Role.AGENCY:
        return account, None
    agency = None if account.agency is None else reading.find_agency(account.agency)
    return None if agency is None else (account, agency)
