"""How a person gets in and out: constant work, growing waits, a duty grant for a shift."""

from dataclasses import dataclass, field, replace

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.policy import DUTY_GRANT
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.people.password import LONGEST
from goldentime.city.people.pseudonym import salted_digest
from goldentime.city.people.sign_in_tries import must_begin, sign_in_kinds, welcome
from goldentime.city.people.tries import Tries
from goldentime.core.clock import Clock
from goldentime.core.errors import Unauthenticated
from goldentime.core.ids import Randomness
from goldentime.core.text import Language, Text
from goldentime.flows.caller import Caller
from goldentime.flows.people.access_place import keep_address
from goldentime.flows.people.passwords import EndViews, PasswordHasher
from goldentime.flows.ports import Change, Store
from goldentime.flows.tokens import new_token, token_digest
from goldentime.flows.watching.duty import end_duty, start_duty

SHIFT = DUTY_GRANT  # a session lasts a shift and is never prolonged
WRONG = Text("아이디 또는 비밀번호가 맞지 않습니다.", "The name or the password is wrong.")


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
        must_begin(self.tries, sign_in_kinds(self.tries, name, address), self.clock.now())
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
        welcome(self.tries, name, address)
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

    async def _refuse(self, name: str, address: str, account: Account | None) -> None:
        reason = "wrong" if account is None or not account.disabled else "disabled"
        data = {
            "name": salted_digest(self.pepper, f"name/{name}"),
            "address": salted_digest(self.pepper, f"address/{address}"),
            "account": None if account is None else account.id,
            "reason": reason,
            "wait": round(self.tries.wait_seconds(sign_in_kinds(self.tries, name, address), self.clock.now())),
        }
        entry = Entry(self.clock.now(), "SignInRefused", "anonymous", data=data)
        await self.store.change(lambda change: change.audit(entry))
