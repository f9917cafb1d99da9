import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.town import PASSWORD, Town
from goldentime.city.grants.grant import Ending, is_in_force
from goldentime.core.errors import Invalid, TooManyTries, Unauthenticated
from goldentime.flows.people.change_password import change_password
from goldentime.flows.tokens import token_digest
from goldentime.flows.watching.duty import duty_grant_id


@pytest.fixture
def town() -> Town:
    return Town()


async def fail(town: Town, name: str = "kim", address: str = "10.0.0.1", *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            await town.sign_in(name, "not the password", address)


async def test_the_right_password_opens_a_session_of_one_shift_and_only_the_tokens_digest_is_kept(town: Town) -> None:
    done = await town.sign_in("kim")
    kept = town.store.rows.sessions[token_digest(done.token)]
    assert kept.account == "acc-kim"
    assert kept.expires_at == town.clock.now() + timedelta(hours=12)
    assert done.token not in repr(town.store.rows)


async def test_an_unknown_name_a_wrong_password_and_a_disabled_account_cost_and_say_the_same(town: Town) -> None:
    town.store.seed(lambda change: change.put_account(replace(change.find_account("acc-lee"), disabled=True)))
    said = set()
    for name, password in (("nobody", PASSWORD), ("kim", "wrong"), ("lee", PASSWORD)):
        before = town.hasher.verified
        with pytest.raises(Unauthenticated) as caught:
            await town.sign_in(name, password)
        assert town.hasher.verified == before + 1
        said.add((caught.value.text, caught.value.code))
    assert len(said) == 1


async def test_a_refused_sign_in_is_on_record_without_the_name_or_the_address(town: Town) -> None:
    with pytest.raises(Unauthenticated):
        await town.sign_in("정윤호", "wrong", "203.0.113.9")
    (entry,) = town.store.entries("SignInRefused")
    assert "정윤호" not in repr(entry)
    assert "203.0.113.9" not in repr(entry)
    assert entry.data["name"]


async def test_five_wrong_passwords_make_the_sixth_try_wait_and_the_wait_grows(town: Town) -> None:
    await fail(town, times=5)
    with pytest.raises(TooManyTries) as first:
        await town.sign_in("kim")
    assert 0 < first.value.retry_after <= 1
    town.clock.pass_(seconds=1)
    await fail(town)
    with pytest.raises(TooManyTries) as second:
        await town.sign_in("kim")
    assert second.value.retry_after > first.value.retry_after
    assert "초 뒤에" in second.value.text.ko


async def test_no_number_of_failures_locks_anyone_out_for_more_than_two_minutes(town: Town) -> None:
    for _ in range(40):
        await fail(town)
        town.clock.pass_(seconds=121)
    assert (await town.sign_in("kim")).account.name == "kim"


async def test_waiting_tries_do_no_hashing_at_all(town: Town) -> None:
    await fail(town, times=5)
    before = town.hasher.verified
    with pytest.raises(TooManyTries):
        await town.sign_in("kim")
    assert town.hasher.verified == before


async def test_many_tries_at_once_cannot_slip_past_the_count(town: Town) -> None:
    tries = [town.sign_in("kim", f"guess {n}") for n in range(50)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Unauthenticated) for answer in answers) <= 5


async def test_guessing_a_colleagues_password_from_elsewhere_does_not_slow_them_at_their_own_desk(town: Town) -> None:
    await town.sign_in("kim", address="10.0.0.7")
    for n in range(60):
        with pytest.raises((Unauthenticated, TooManyTries)):
            await town.sign_in("kim", "guess", f"203.0.113.{n}")
    assert (await town.sign_in("kim", address="10.0.0.7")).account.name == "kim"


async def test_a_whole_shift_signing_in_from_one_address_is_not_slowed(town: Town) -> None:
    for _ in range(60):
        await town.sign_in("kim")
        await town.sign_in("lee")


async def test_one_good_account_does_not_open_the_address_for_guessing_others(town: Town) -> None:
    for n in range(30):
        await town.sign_in("kim")
        await fail(town, f"name {n}")
    with pytest.raises(TooManyTries):
        await town.sign_in("name 31", "guess")


async def test_signing_in_gives_an_operator_a_duty_grant_that_ends_with_the_session(town: Town) -> None:
    caller = await town.caller("kim")
    grant = town.store.rows.grants[duty_grant_id(caller.session.digest)]
    assert is_in_force(grant, town.clock.now())
    assert "제25조" in grant.legal_basis.ko
    assert grant.expires_at == caller.session.expires_at
    await town.door.sign_out(caller)
    over = town.store.rows.grants[grant.id]
    assert (over.ending, over.ended_at) == (Ending.SIGNED_OUT, town.clock.now())
    assert town.ended == [caller.session.digest]
    assert not town.sessions_of("kim")
    assert [e.action for e in town.store.entries()] == ["SignedIn", "DutyStarted", "DutyEnded", "SignedOut"]


async def test_signing_out_of_one_browser_leaves_the_duty_of_the_other(town: Town) -> None:
    first, second = await town.caller("kim"), await town.caller("kim")
    await town.door.sign_out(first)
    assert is_in_force(town.store.rows.grants[duty_grant_id(second.session.digest)], town.clock.now())


async def test_signing_out_twice_is_no_error_and_one_entry(town: Town) -> None:
    caller = await town.caller("kim")
    await town.door.sign_out(caller)
    await town.door.sign_out(caller)
    assert len(town.store.entries("SignedOut")) == 1


@pytest.mark.parametrize("name", ["jung", "park", "choi"])
async def test_nobody_but_an_operator_gets_a_duty_grant(town: Town, name: str) -> None:
    await town.sign_in(name)
    assert not town.store.rows.grants


async def test_changing_the_password_ends_the_other_sessions_and_their_views_but_not_this_one(town: Town) -> None:
    here, there = await town.caller("kim"), await town.caller("kim")
    ended = await change_password(town.door, here, PASSWORD, "another long password")
    assert ended == [there.session.digest] == town.ended
    assert [s.digest for s in town.sessions_of("kim")] == [here.session.digest]
    assert town.store.rows.grants[duty_grant_id(there.session.digest)].ended_at is not None
    assert (await town.sign_in("kim", "another long password")).account.must_change_password is False
    with pytest.raises(Unauthenticated):
        await town.sign_in("kim", PASSWORD)


@pytest.mark.parametrize(
    "new", ["short", "kim is my name indeed", "aaaaaaaaaaaaaa", "abcdefabcdefabcdef", PASSWORD, "x" * 300]
)
async def test_a_poor_new_password_is_refused_and_changes_nothing(town: Town, new: str) -> None:
    caller = await town.caller("kim")
    with pytest.raises(Invalid):
        await change_password(town.door, caller, PASSWORD, new)
    assert (await town.sign_in("kim")).account.name == "kim"


async def test_choosing_poor_passwords_again_and_again_is_not_slowed(town: Town) -> None:
    caller = await town.caller("kim")
    for _ in range(12):
        with pytest.raises(Invalid):
            await change_password(town.door, caller, PASSWORD, "short")
    await change_password(town.door, caller, PASSWORD, "another long password")


async def test_guessing_the_old_password_is_on_record_and_slowed(town: Town) -> None:
    caller = await town.caller("kim")
    for _ in range(5):
        with pytest.raises(Invalid):
            await change_password(town.door, caller, "guess", "another long password")
    with pytest.raises(TooManyTries):
        await change_password(town.door, caller, "guess", "another long password")
    assert len(town.store.entries("PasswordChangeRefused")) == 5


async def test_a_hash_of_old_costs_is_made_anew_at_sign_in(town: Town) -> None:
    town.store.seed(lambda c: c.put_account(replace(c.find_account("acc-kim"), password="old hash")))
    town.hasher.verify = _always
    await town.sign_in("kim")
    assert town.store.rows.accounts["acc-kim"].password == f"hash of {PASSWORD}"


async def test_an_account_disabled_while_the_password_was_hashed_does_not_get_in(town: Town) -> None:
    async def disabled_meanwhile(_hashed: str, _password: str) -> bool:
        town.store.seed(lambda c: c.put_account(replace(c.find_account("acc-kim"), disabled=True)))
        return True

    town.hasher.verify = disabled_meanwhile
    with pytest.raises(Unauthenticated):
        await town.sign_in("kim")
    assert not town.store.rows.sessions


async def _always(_hashed: str, _password: str) -> bool:
    return True
