"""People, their grants, views and sessions come back as they were put: on both databases and in the fake store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fakes.store import FakeStore
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.sight import Sight, Wanted
from goldentime.core.errors import Conflict
from goldentime.core.ids import AccountId, AgencyId, GrantId, IncidentId, ViewId
from goldentime.flows.ports import Store
from sql import samples as s
from sql.conftest import Place


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


async def test_grants_are_found_by_id_incident_and_person(store: Store) -> None:
    agencys, duty = s.grant(), s.duty_grant()
    await store.change(lambda tx: [tx.put_grant(agencys), tx.put_grant(duty)])
    assert await store.read(lambda look: look.find_grant(agencys.id)) == agencys
    assert await store.read(lambda look: look.find_grant(duty.id)) == duty
    assert await store.read(lambda look: look.find_grant(GrantId("gra-none"))) is None
    assert list(await store.read(lambda look: look.list_grants(incident=IncidentId("inc-1")))) == [agencys]
    assert list(await store.read(lambda look: look.list_grants(account=AccountId("acc-kim")))) == [duty]
    assert list(await store.read(lambda look: look.list_grants())) == [agencys, duty]


async def test_an_agencys_grants_that_ran_out_are_found_and_its_incident_is_then_seen_no_more(store: Store) -> None:
    incident, grant = s.incident("inc-1"), s.grant(incident=IncidentId("inc-1"))
    over = replace(grant, id=GrantId("gra-2"), incident=IncidentId("inc-2"), ended_at=grant.starts_at)
    await store.change(
        lambda tx: [tx.put_incident(incident), tx.put_grant(grant), tx.put_grant(over), tx.put_grant(s.duty_grant())]
    )
    moment, before = timedelta(microseconds=1), grant.expires_at - timedelta(microseconds=1)

    async def run_out(after: datetime, until: datetime) -> list[Grant]:
        return list(await store.read(lambda look: look.list_grants_run_out(after=after, until=until)))

    assert await run_out(before, grant.expires_at) == [grant]
    assert await run_out(grant.expires_at, grant.expires_at + moment) == []
    assert await run_out(before - moment, before) == []

    async def seen(at: datetime) -> list[Incident]:
        wanted = Wanted(Sight(grant.agency, in_force_at=at), State.OPEN)
        return list(await store.read(lambda look: look.list_seen(wanted)))

    assert await seen(before) == [incident]
    assert await seen(grant.expires_at) == []


async def test_open_views_are_found_by_incident_grant_and_session(store: Store) -> None:
    mine, ended = s.view("vie-1"), s.view("vie-2", ended_at=s.LATER, opened_at=s.LATER)
    other = s.view("vie-3", incident=None, agency=None, grant=GrantId("gra-2"), session=b"other")
    await store.change(lambda tx: [tx.put_view(one) for one in (mine, ended, other)])

    def ask(look):
        return (
            look.find_view(ended.id),
            look.find_view(ViewId("vie-none")),
            look.list_open_views(),
            look.list_open_views(incident=IncidentId("inc-1")),
            look.list_open_views(grant=GrantId("gra-2")),
            look.list_open_views(session=b"\x00session", grant=GrantId("gra-2")),
            look.list_views(since=s.LATER),
        )

    found, none, all_open, of_incident, of_grant, of_both, since = await store.read(ask)
    assert (found, none) == (ended, None)
    assert list(all_open) == [mine, other]
    assert list(of_incident) == [mine]
    assert list(of_grant) == [other]
    assert list(of_both) == []
    assert list(since) == [ended]
    assert list(await store.read(lambda look: look.list_views_of(IncidentId("inc-1")))) == [mine, ended]


async def test_views_that_still_name_a_person_are_found_by_when_they_ended_the_longest_ended_first(
    store: Store,
) -> None:
    late, early = s.view("v-a", ended_at=s.LATER), s.view("v-b", ended_at=s.NOW)
    others = s.view("v-c"), s.view("v-d", ended_at=s.NOW, person="")
    await store.change(lambda tx: [tx.put_view(view) for view in (late, early, *others)])
    assert list(await store.read(lambda look: look.list_views_naming(s.LATER))) == [early, late]
    assert list(await store.read(lambda look: look.list_views_naming(s.LATER, limit=1))) == [early]
    assert list(await store.read(lambda look: look.list_views_naming(s.NOW))) == [early]


async def test_accounts_come_back_and_a_name_belongs_to_one(store: Store) -> None:
    kim, lee = s.account(), s.full_account()
    await store.change(lambda tx: [tx.put_account(kim), tx.put_account(lee)])
    assert list(await store.read(lambda look: look.list_accounts())) == [kim, lee]
    assert await store.read(lambda look: look.find_account(AccountId("acc-lee"))) == lee
    assert await store.read(lambda look: look.find_account_by_name("kim")) == kim
    with pytest.raises(Conflict):
        await store.change(lambda tx: tx.put_account(replace(lee, name="kim")))
    await store.change(lambda tx: tx.put_account(replace(kim, display_name="김철수")))
    assert (await store.read(lambda look: look.find_account_by_name("kim"))).display_name == "김철수"


async def test_sessions_end_one_by_one_or_all_of_a_person(store: Store) -> None:
    one, two, three = s.session(b"1"), s.session(b"2", kind="viewer", incident="inc-1"), s.session(b"3", "acc-lee")
    four = s.session(b"4", agency=AgencyId("112-suwon"))
    await store.change(lambda tx: [tx.put_session(each) for each in (one, two, three, four)])
    assert await store.read(lambda look: look.find_session(b"2")) == two
    await store.change(lambda tx: tx.end_session(b"1"))
    assert await store.read(lambda look: look.find_session(b"1")) is None
    assert list(await store.change(lambda tx: tx.end_sessions_of(AccountId("acc-kim")))) == [b"2", b"4"]
    assert await store.read(lambda look: (look.find_session(b"4"), look.find_session(b"3"))) == (None, three)
    assert list(await store.change(lambda tx: tx.end_sessions_of(AccountId("acc-kim")))) == []


async def test_sessions_and_codes_whose_time_is_over_are_found_and_forgotten(store: Store) -> None:
    early, late = replace(s.session(b"1"), expires_at=s.NOW), s.session(b"2")

    def decide(tx):
        tx.put_session(late)
        tx.put_session(early)
        tx.put_code(s.code(b"old"))
        tx.put_code(replace(s.code(b"new"), expires_at=s.LATER.replace(year=2027)))
        return tx.list_expired_sessions(s.NOW), tx.list_expired_sessions(s.LATER), tx.forget_codes(s.LATER)

    over, all_over, forgotten = await store.change(decide)
    assert list(over) == [early]
    assert list(all_over) == [early, late]
    assert forgotten == 1
    assert await store.read(lambda look: (look.find_code(b"old"), look.find_code(b"new") is None)) == (None, False)


async def test_a_code_is_taken_once(store: Store) -> None:
    code = s.code()

    def put_and_take(tx):
        tx.put_code(code)
        return tx.take_code(code.digest)

    assert await store.change(put_and_take) == code
    await store.change(lambda tx: tx.put_code(code))
    assert await store.read(lambda look: look.find_code(code.digest)) == code
    assert await store.change(lambda tx: tx.take_code(code.digest)) == code
    assert await store.change(lambda tx: tx.take_code(code.digest)) is None
    assert await store.read(lambda look: look.find_code(code.digest)) is None


async def test_agencies_and_keys_come_back(store: Store) -> None:
    agency, key = s.agency(), s.key()
    rotated = s.key(b"k2", valid_until=s.LATER)
    await store.change(lambda tx: [tx.put_agency(agency), tx.put_key(key), tx.put_key(rotated)])
    assert await store.read(lambda look: look.find_agency(agency.id)) == agency
    assert list(await store.read(lambda look: look.list_agencies())) == [agency]
    assert await store.read(lambda look: look.find_key(b"k2")) == rotated
    assert await store.read(lambda look: look.find_key(b"none")) is None
    assert list(await store.read(lambda look: look.list_keys())) == [key, rotated]
