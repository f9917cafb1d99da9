import pytest

from fakes.town import FIRE, PASSWORD, POLICE, Town
from goldentime.city.cameras.inventory import Purpose
from goldentime.city.people.account import Act, Role, may
from goldentime.city.people.password import check_password, one_time_password
from goldentime.core.errors import Conflict, Invalid, NotFound, Refused, Unauthenticated
from goldentime.flows.people.first_accounts import create_first_accounts, demo_accounts, renew_admin
from goldentime.flows.people.new_account import NewAccount
from goldentime.flows.watching.duty import duty_grant_id


@pytest.fixture
def town() -> Town:
    return Town()


async def test_a_new_person_signs_in_with_a_one_time_password_and_must_change_it(town: Town) -> None:
    issued = await town.accounts.create(await town.caller("choi"), NewAccount("han", "한소방", Role.AGENCY, FIRE))
    assert (await town.sign_in("han", issued.password)).account.must_change_password
    assert issued.password not in repr([town.store.rows.links, town.store.rows.facts])
    assert town.store.entries("AccountCreated")[0].actor == "acc-choi"


@pytest.mark.parametrize("name", ["kim", "jung", "park"])
async def test_nobody_but_an_administrator_manages_accounts(town: Town, name: str) -> None:
    caller = await town.caller(name)
    with pytest.raises(Refused):
        await town.accounts.create(caller, NewAccount("han", "한", Role.OPERATOR))
    with pytest.raises(Refused):
        await town.accounts.reset_password(caller, "acc-lee")
    with pytest.raises(Refused):
        await town.accounts.disable(caller, "acc-lee")
    with pytest.raises(Refused):
        await town.accounts.listed(caller)


def test_an_administrator_watches_nothing_and_reads_no_record() -> None:
    assert {act for act in Act if may(Role.ADMIN, act)} == {Act.ADMINISTER, Act.READ_LOG, Act.UNLOCK}


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (NewAccount("kim", "또 김", Role.OPERATOR), Conflict),
        (NewAccount(" ", "빈 이름", Role.OPERATOR), Invalid),
        (NewAccount("../x", "점", Role.OPERATOR), Invalid),
        (NewAccount("김 관제", "빈칸", Role.OPERATOR), Invalid),
        (NewAccount("viewer-police-0", "가짜", Role.OPERATOR), Invalid),
        (NewAccount("han", "", Role.OPERATOR), Invalid),
        (NewAccount("han", "한", Role.AGENCY), Invalid),
        (NewAccount("han", "한", Role.OPERATOR, POLICE), Invalid),
        (NewAccount("han", "한", Role.AGENCY, "nowhere"), Invalid),
        (NewAccount("han", "한", Role.AGENCY, FIRE, camera_purposes=frozenset({Purpose.CHILD})), Invalid),
        (NewAccount("han", "한", Role.OPERATOR, camera_purposes=frozenset()), Invalid),
    ],
)
async def test_an_account_that_makes_no_sense_is_refused(town: Town, wanted: NewAccount, error: type) -> None:
    admin = await town.caller("choi")
    with pytest.raises(error):
        await town.accounts.create(admin, wanted)
    assert len(town.store.rows.accounts) == 5


async def test_an_operators_cameras_are_in_the_duty_grant_from_the_next_sign_in(town: Town) -> None:
    admin, kim = await town.caller("choi"), await town.caller("kim")
    await town.accounts.set_duty_cameras(admin, "acc-kim", frozenset({Purpose.CHILD}))
    assert town.ended == [kim.session.digest]  # what was open under the wider duty is over
    signed_in = await town.sign_in("kim")
    grant = town.store.rows.grants[duty_grant_id(signed_in.session.digest)]
    assert grant.camera_purposes == {"child"}
    assert town.store.entries("DutyStarted")[-1].data["cameras"] == "child"
    with pytest.raises(Invalid):
        await town.accounts.set_duty_cameras(admin, "acc-jung", frozenset({Purpose.CHILD}))


async def test_disabling_ends_every_session_its_duty_and_its_views_at_once(town: Town) -> None:
    admin, kim = await town.caller("choi"), await town.caller("kim")
    await town.accounts.disable(admin, "acc-kim")
    assert not town.sessions_of("kim")
    assert town.ended == [kim.session.digest]
    assert town.store.rows.grants[duty_grant_id(kim.session.digest)].ended_at is not None
    with pytest.raises(Unauthenticated):
        await town.sign_in("kim")
    await town.accounts.enable(admin, "acc-kim")
    await town.sign_in("kim")


async def test_an_administrator_cannot_disable_themselves(town: Town) -> None:
    with pytest.raises(Conflict):
        await town.accounts.disable(await town.caller("choi"), "acc-choi")


async def test_a_reset_password_ends_the_old_one_and_its_sessions(town: Town) -> None:
    kim = await town.caller("kim")
    issued = await town.accounts.reset_password(await town.caller("choi"), "acc-kim")
    assert town.ended == [kim.session.digest]
    with pytest.raises(Unauthenticated):
        await town.sign_in("kim", PASSWORD)
    assert (await town.sign_in("kim", issued.password)).account.must_change_password


async def test_an_account_that_is_not_there_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        await town.accounts.disable(await town.caller("choi"), "acc-nobody")


async def test_an_empty_city_gets_one_administrator_with_a_random_password_and_never_a_second_one(town: Town) -> None:
    town.store.rows.accounts.clear()
    (admin,) = await create_first_accounts(town.store, town.hasher, town.clock, town.randomness)
    assert admin.account.role is Role.ADMIN
    assert (await town.sign_in("admin", admin.password)).account.must_change_password
    assert not await create_first_accounts(town.store, town.hasher, town.clock, town.randomness)


async def test_a_demo_gives_its_people_new_passwords_at_every_start(town: Town) -> None:
    people = demo_accounts(agency_112=POLICE, agency_119=FIRE)
    first = await create_first_accounts(town.store, town.hasher, town.clock, town.randomness, wanted=people, demo=True)
    names = [one.account.name for one in first]
    assert names == ["operator", "operator2", "agency112", "agency119", "privacy", "admin"]
    again = await create_first_accounts(town.store, town.hasher, town.clock, town.randomness, wanted=people, demo=True)
    assert [one.account.id for one in again] == [one.account.id for one in first]
    assert not {one.password for one in first} & {one.password for one in again}
    with pytest.raises(Unauthenticated):
        await town.sign_in("operator", first[0].password)
    assert not (await town.sign_in("operator", again[0].password)).account.must_change_password


def test_one_time_passwords_are_random_and_good_enough_to_be_passwords(town: Town) -> None:
    made = {one_time_password(town.randomness) for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, name="operator")


async def test_an_administrator_who_lost_the_password_gets_a_new_one_on_the_machine_itself(town: Town) -> None:
    admin = await town.caller("choi")
    await town.accounts.disable(admin, "acc-kim")
    issued = await renew_admin(town.store, town.hasher, town.clock, town.randomness, "choi")
    assert not town.sessions_of("choi")
    assert (await town.sign_in("choi", issued.password)).account.must_change_password
    for name in ("kim", "nobody"):
        with pytest.raises(NotFound):
            await renew_admin(town.store, town.hasher, town.clock, town.randomness, name)
    assert town.store.entries("PasswordRenewed")[0].actor == "system"
