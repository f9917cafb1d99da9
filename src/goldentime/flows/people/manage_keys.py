"""How an agency's keys are issued, rotated and revoked: shown once, kept as a digest, checked at every call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from goldentime.city.agencies.agency import AgencyKey, is_valid
from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.core.clock import Clock
from goldentime.core.errors import Conflict, Invalid, NotFound
from goldentime.core.ids import AgencyId, Randomness, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change, Store
from goldentime.flows.tokens import new_token, token_digest

LIVE, SANDBOX = "gt_live_", "gt_sandbox_"
Told = dict[str, str | int | float | bool | None]
LONGEST_OVERLAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """The secret is shown once and kept nowhere."""

    key: AgencyKey
    secret: str


def key_digest(secret: str) -> bytes:
    """What is kept of a key."""
    return token_digest(secret)


async def find_valid_key(store: Store, clock: Clock, secret: str) -> AgencyKey | None:
    """The key behind the secret; None when unknown, rotated out or revoked."""
    if not secret.startswith((LIVE, SANDBOX)) or len(secret) > 100:
        return None
    key = await store.read(lambda reading: reading.find_key(key_digest(secret)))
    return key if key is not None and is_valid(key, clock.now()) else None


async def issue_key(
    store: Store, clock: Clock, randomness: Randomness, agency: AgencyId, *, sandbox: bool, actor: str = "system"
) -> IssuedKey:
    """A new key of the agency; raises NotFound when there is no such agency."""

    def decide(change: Change) -> IssuedKey:
        if change.find_agency(agency) is None:
            raise NotFound(Text("그런 기관이 없습니다.", "There is no such agency."))
        issued = _issued(agency, clock, randomness, sandbox=sandbox)
        change.put_key(issued.key)
        data: Told = {"key": issued.key.id, "sandbox": sandbox}
        change.audit(Entry(clock.now(), "KeyIssued", actor, agency=agency, data=data))
        return issued

    return await store.change(decide)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The administrator's desk for keys; every method raises Refused for another role."""

    store: Store
    clock: Clock
    randomness: Randomness

    async def create(self, admin: Caller, agency: AgencyId, *, sandbox: bool) -> IssuedKey:
        """A new key of the agency; raises NotFound."""
        must(admin.account.role, Act.ADMINISTER)
        return await issue_key(self.store, self.clock, self.randomness, agency, sandbox=sandbox, actor=admin.account.id)

    async def rotate(self, admin: Caller, key: str, overlap: timedelta) -> IssuedKey:
        """A new key for the same use; the old one opens for `overlap` more; raises NotFound, Conflict, Invalid."""
        must(admin.account.role, Act.ADMINISTER)
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            words = Text("함께 쓰는 시간은 0시간에서 30일까지입니다.", "The overlap is from 0 hours to 30 days.")
            raise Invalid(words, field="overlap_hours")

        def decide(change: Change) -> IssuedKey:
            now = self.clock.now()
            old = _get_usable(change, key, self.clock)
            until = now + overlap if old.valid_until is None else min(old.valid_until, now + overlap)
            change.put_key(replace(old, valid_until=until))
            issued = _issued(old.agency, self.clock, self.randomness, sandbox=old.sandbox)
            change.put_key(issued.key)
            data: Told = {"key": issued.key.id, "old": old.id, "old_until": until.isoformat(), "sandbox": old.sandbox}
            change.audit(Entry(now, "KeyRotated", admin.account.id, agency=old.agency, data=data))
            return issued

        return await self.store.change(decide)

    async def revoke(self, admin: Caller, key: str) -> AgencyKey:
        """The key, opening nothing from now on; raises NotFound, Conflict when it already does not."""
        must(admin.account.role, Act.ADMINISTER)

        def decide(change: Change) -> AgencyKey:
            now = self.clock.now()
            revoked = replace(_get_usable(change, key, self.clock), valid_until=now)
            change.put_key(revoked)
            data: Told = {"key": revoked.id, "sandbox": revoked.sandbox}
            change.audit(Entry(now, "KeyRevoked", admin.account.id, agency=revoked.agency, data=data))
            return revoked

        return await self.store.change(decide)

    async def listed(self, admin: Caller) -> Sequence[AgencyKey]:
        """Every key there ever was, newest first."""
        must(admin.account.role, Act.ADMINISTER)
        keys = await self.store.read(lambda reading: reading.list_keys())
        return sorted(keys, key=lambda key: (key.valid_from, key.id), reverse=True)


def _issued(agency: AgencyId, clock: Clock, randomness: Randomness, *, sandbox: bool) -> IssuedKey:
    secret = new_token(randomness, SANDBOX if sandbox else LIVE)
    key = AgencyKey(new_id("key", clock.now(), randomness), agency, key_digest(secret), sandbox, clock.now())
    return IssuedKey(key, secret)


def _get_usable(change: Change, key: str, clock: Clock) -> AgencyKey:
    found = next((k for k in change.list_keys() if k.id == key), None)
    if found is None:
        raise NotFound(Text("그런 인증키가 없습니다.", "There is no such key."))
    if not is_valid(found, clock.now()):
        raise Conflict(Text("이미 쓸 수 없는 인증키입니다.", "The key is no longer valid."))
    return found
