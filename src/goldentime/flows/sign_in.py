"""How a person gets in, out and changes their password: constant work, growing waits, a duty grant for a shift."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.policy import DUTY_GRANT
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.people.password import LONGEST, check_password
from goldentime.city.people.pseudonym import salted_digest
from goldentime.city.people.tries import PER_ADDRESS, PER_NAME, PER_PAIR, Allowance, Tries
from goldentime.core.clock import Clock
from goldentime.core.errors import Invalid, TooManyTries, Unauthenticated
from goldentime.core.ids import Randomness
from goldentime.core.text import Language, Text
from goldentime.flows.access_place import keep_address
from goldentime.flows.caller import Caller
from goldentime.flows.duty import end_duty, start_duty
from goldentime.flows.ports import Change, Store
from goldentime.flows.tokens import new_token, token_digest

EndViews = Callable[[Sequence[bytes]], Awaitable[None]]  # ends every open view of the sessions with these digests
SHIFT = DUTY_GRANT  # a session lasts a shift and is never prolonged
WRONG = Text("아이디 또는 비밀번호가 맞지 않습니다.", "The name or the password is wrong.")


class PasswordHasher(Protocol):
    """Hashes off the event loop."""

    async def hash(self, password: str) -> str:
        """The hash, with its own salt."""
        ...

    async def verify(self, hashed: str, password: str) -> bool:
        """Whether it is the password; with an empty `hashed` the same work, then False."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Whether it should be made anew with today's costs."""
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token is told once; only its digest is kept."""

    token: str
    session: Session
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The door; one per process, since it counts the tries."""

    store: Store
    hasher: PasswordHasher
    clock: Clock
    randomness: Randomness
    pepper: bytes
    end_views: EndViews
    tries: Tries = field(default_factory=Tries)

    async def sign_in(self, name: str, password: str, address: str) -> SignedIn:
        """A new session, with a duty grant for an operator; raises Unauthenticated, or TooManyTries before any work."""
        kinds = self._kinds(name, address)
        wait = self.tries.wait_seconds(kinds, self.clock.now())
        if wait > 0:
            raise TooManyTries(_wait_words(wait), retry_after=wait)
        self.tries.begin(kinds, self.clock.now())
        account = await self.store.read(lambda reading: reading.find_account_by_name(name))
        hashed = "" if account is None or account.disabled else account.password
        if not await self.hasher.verify(hashed, password[: LONGEST + 1]) or account is None:
            await self._refuse(name, address, account)
            raise Unauthenticated(WRONG)
        renewed = await self.hasher.hash(password) if self.hasher.is_outdated(hashed) else ""
        token = new_token(self.randomness)
        signed_in = await self.store.change(lambda change: self._let_in(change, account, token, renewed, address))
        if signed_in is None:  # disabled or given another password while we hashed
            raise Unauthenticated(WRONG)
        self._welcome(name, address)
        return signed_in

    async def sign_out(self, caller: Caller) -> None:
        """The session, its duty and its views are over; doing it twice is no error."""
        now = self.clock.now()

        def decide(change: Change) -> None:
            if change.find_session(caller.session.digest) is None:
                return
            change.end_session(caller.session.digest)
            end_duty(change, [caller.session.digest], now)
            change.audit(Entry(now, "SignedOut", caller.account.id, agency=caller.account.agency))

        await self.store.change(decide)
        await self.end_views([caller.session.digest])

    async def change_password(self, caller: Caller, old: str, new: str) -> Sequence[bytes]:
        """Digests of the person's other sessions, all ended with their views; raises Invalid, TooManyTries."""
        kinds: list[tuple[tuple[str, str], Allowance]] = [(("change", caller.account.id), PER_PAIR)]
        wait = self.tries.wait_seconds(kinds, self.clock.now())
        if wait > 0:
            raise TooManyTries(_wait_words(wait), retry_after=wait)
        self.tries.begin(kinds, self.clock.now())
        account = await self.store.read(lambda reading: reading.find_account(caller.account.id))
        if account is None or not await self.hasher.verify(account.password, old[: LONGEST + 1]):
            await self.store.change(lambda change: self._record(change, "PasswordChangeRefused", caller))
            raise Invalid(Text("지금 비밀번호가 맞지 않습니다.", "The present password is wrong."), field="old")
        self.tries.refund(kinds[0][0])  # the old one was right: choosing a poor new one is no guess
        check_password(new, name=account.name)
        if new == old:
            raise Invalid(
                Text("쓰던 비밀번호와 달라야 합니다.", "The new password must differ from the old."), field="new"
            )
        hashed = await self.hasher.hash(new)
        ended = await self.store.change(lambda change: self._put_password(change, caller, hashed))
        self.tries.forget(kinds[0][0])
        await self.end_views(ended)
        return ended

    async def set_language(self, caller: Caller, language: Language) -> Account:
        """The account, spoken to in that language from now on."""

        def decide(change: Change) -> Account:
            account = replace(change.find_account(caller.account.id) or caller.account, language=language)
            change.put_account(account)
            return account

        return await self.store.change(decide)

    def _let_in(self, change: Change, checked: Account, token: str, renewed: str, address: str) -> SignedIn | None:
        now = self.clock.now()
        account = change.find_account(checked.id)
        if account is None or account.disabled or account.password != checked.password:
            return None
        if renewed:
            account = replace(account, password=renewed)
            change.put_account(account)
        session = Session(
            token_digest(token), account.id, account.display_name, now, now + SHIFT, agency=account.agency
        )
        change.put_session(session)
        data = {"role": account.role.value, "session": keep_address(change, session.digest, address, now)}
        change.audit(Entry(now, "SignedIn", account.id, agency=account.agency, data=data))
        if account.role is Role.OPERATOR:
            start_duty(change, session, now, account.camera_purposes)
        return SignedIn(token, session, account)

    def _put_password(self, change: Change, caller: Caller, hashed: str) -> Sequence[bytes]:
        now = self.clock.now()
        current = change.find_session(caller.session.digest)
        account = change.find_account(caller.account.id)
        if current is None or account is None or account.disabled:
            raise Unauthenticated(Text("로그인이 끝났습니다.", "The session has ended."))
        change.put_account(replace(account, password=hashed, must_change_password=False))
        others = [digest for digest in change.end_sessions_of(account.id) if digest != current.digest]
        change.put_session(current)
        end_duty(change, others, now)
        change.audit(Entry(now, "PasswordChanged", account.id, agency=account.agency, data={"sessions": len(others)}))
        return others

    def _welcome(self, name: str, address: str) -> None:
        who = name.casefold()
        self.tries.forget(("pair", who, address), ("name", who))
        self.tries.refund(("address", address))  # not forgotten: one good account must not open it for guessing others
        self.tries.trust(("pair", who, address))

    def _kinds(self, name: str, address: str) -> list[tuple[tuple[str, ...], Allowance]]:
        who = name.casefold()
        kinds: list[tuple[tuple[str, ...], Allowance]] = [
            (("pair", who, address), PER_PAIR),
            (("address", address), PER_ADDRESS),
        ]
        if not self.tries.is_trusted(("pair", who, address)):  # strangers' tries do not slow a person at their own desk
            kinds.append((("name", who), PER_NAME))
        return kinds

    async def _refuse(self, name: str, address: str, account: Account | None) -> None:
        reason = "wrong" if account is None or not account.disabled else "disabled"
        data = {
            "name": salted_digest(self.pepper, f"name/{name}"),
            "address": salted_digest(self.pepper, f"address/{address}"),
            "account": None if account is None else account.id,
            "reason": reason,
            "wait": round(self.tries.wait_seconds(self._kinds(name, address), self.clock.now())),
        }
        entry = Entry(self.clock.now(), "SignInRefused", "anonymous", data=data)
        await self.store.change(lambda change: change.audit(entry))

    def _record(self, change: Change, action: str, caller: Caller) -> int:
        return change.audit(Entry(self.clock.now(), action, caller.account.id, agency=caller.account.agency))


def _wait_words(wait: float) -> Text:
    seconds = max(1, round(wait + 0.5))
    return Text(
        f"시도가 너무 많습니다. {seconds}초 뒤에 다시 해 주십시오.", f"Too many tries. Try again in {seconds} s."
    )
