"""How a person changes their password: the old one proven, the new one fit, every other session of theirs ended."""

from collections.abc import Sequence
from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.people.password import LONGEST, check_password
from goldentime.city.people.sign_in_tries import must_begin
from goldentime.city.people.tries import PER_PAIR
from goldentime.core.errors import Invalid, Unauthenticated
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.people.sign_in import SignIn
from goldentime.flows.ports import Change
from goldentime.flows.watching.duty import end_duty


async def change_password(door: SignIn, caller: Caller, old: str, new: str) -> Sequence[bytes]:
    """Digests of the person's other sessions, all ended with their views; raises Invalid, TooManyTries."""
    tried = ("change", caller.account.id)
    must_begin(door.tries, [(tried, PER_PAIR)], door.clock.now())
    account = await door.store.read(lambda reading: reading.find_account(caller.account.id))
    if account is None or not await door.hasher.verify(account.password, old[: LONGEST + 1]):
        entry = Entry(door.clock.now(), "PasswordChangeRefused", caller.account.id, agency=caller.account.agency)
        await door.store.change(lambda change: change.audit(entry))
        raise Invalid(Text("지금 비밀번호가 맞지 않습니다.", "The present password is wrong."), field="old")
    door.tries.refund(tried)  # the old one was right: choosing a poor new one is no guess
    check_password(new, name=account.name)
    if new == old:
        raise Invalid(Text("쓰던 비밀번호와 달라야 합니다.", "The new password must differ from the old."), field="new")
    hashed = await door.hasher.hash(new)
    ended = await door.store.change(lambda change: _put_password(door, change, caller, hashed))
    door.tries.forget(tried)
    await door.end_views(ended)
    return ended


def _put_password(door: SignIn, change: Change, caller: Caller, hashed: str) -> Sequence[bytes]:
    now = door.clock.now()
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
