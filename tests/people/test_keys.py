from datetime import timedelta

import pytest

from fakes.town import POLICE, Town
from goldentime.core.errors import Conflict, Invalid, NotFound, Refused
from goldentime.flows.people.manage_keys import Keys, find_valid_key, issue_key


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def keys(town: Town) -> Keys:
    return Keys(store=town.store, clock=town.clock, randomness=town.randomness)


async def works(town: Town, secret: str) -> bool:
    return await find_valid_key(town.store, town.clock, secret) is not None


async def test_a_key_is_told_once_and_only_its_digest_is_kept(town: Town, keys: Keys) -> None:
    live = await keys.create(await town.caller("choi"), POLICE, sandbox=False)
    sandbox = await keys.create(await town.caller("choi"), POLICE, sandbox=True)
    assert live.secret.startswith("gt_live_")
    assert sandbox.secret.startswith("gt_sandbox_")
    assert live.secret not in repr(town.store.rows)
    found = await find_valid_key(town.store, town.clock, sandbox.secret)
    assert found is not None
    assert (found.agency, found.sandbox) == (POLICE, True)


@pytest.mark.parametrize("secret", ["", "gt_live_", "gt_live_wrong", "gt_live_" + "x" * 5000, "\ud800"])
async def test_an_unknown_key_opens_nothing(town: Town, secret: str) -> None:
    assert not await works(town, secret)


async def test_a_rotated_key_opens_beside_the_new_one_until_the_overlap_has_passed(town: Town, keys: Keys) -> None:
    admin = await town.caller("choi")
    old = await keys.create(admin, POLICE, sandbox=False)
    new = await keys.rotate(admin, old.key.id, timedelta(hours=2))
    assert new.key.id != old.key.id
    assert await works(town, old.secret)
    assert await works(town, new.secret)
    town.clock.pass_(hours=2)
    assert not await works(town, old.secret)
    assert await works(town, new.secret)


async def test_rotating_again_never_prolongs_the_old_key(town: Town, keys: Keys) -> None:
    admin = await town.caller("choi")
    old = await keys.create(admin, POLICE, sandbox=False)
    await keys.rotate(admin, old.key.id, timedelta(hours=1))
    await keys.rotate(admin, old.key.id, timedelta(hours=200))
    town.clock.pass_(hours=1)
    assert not await works(town, old.secret)


async def test_a_revoked_key_opens_nothing_from_that_moment(town: Town, keys: Keys) -> None:
    admin = await town.caller("choi")
    key = await keys.create(admin, POLICE, sandbox=False)
    await keys.revoke(admin, key.key.id)
    assert not await works(town, key.secret)
    with pytest.raises(Conflict):
        await keys.rotate(admin, key.key.id, timedelta(hours=1))
    assert [e.action for e in town.store.entries() if e.action.startswith("Key")] == ["KeyIssued", "KeyRevoked"]


async def test_what_cannot_be_is_refused(town: Town, keys: Keys) -> None:
    admin = await town.caller("choi")
    with pytest.raises(NotFound):
        await keys.create(admin, "nowhere", sandbox=False)
    with pytest.raises(NotFound):
        await keys.revoke(admin, "key-nowhere")
    key = await issue_key(town.store, town.clock, town.randomness, POLICE, sandbox=True)
    with pytest.raises(Invalid):
        await keys.rotate(admin, key.key.id, timedelta(hours=-1))
    with pytest.raises(Refused):
        await keys.listed(await town.caller("kim"))
