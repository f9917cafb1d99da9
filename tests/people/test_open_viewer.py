import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.town import FIRE, PEPPER, POLICE, ROBBERY, Town
from goldentime.city.grants.grant import Ending, ended
from goldentime.city.incidents.incident import State
from goldentime.core.errors import Invalid, NotFound, Refused, Unauthenticated
from goldentime.flows.watching.open_viewer import CodeWish, Viewers

JUNG = CodeWish(ROBBERY, "정윤호", "P-1024")


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def viewers(town: Town) -> Viewers:
    return Viewers(
        store=town.store,
        clock=town.clock,
        randomness=town.randomness,
        pepper=PEPPER,
        retention=timedelta(days=90),
    )


def close(town: Town) -> None:
    incident = town.store.rows.incidents[ROBBERY]
    town.store.seed(lambda c: c.put_incident(replace(incident, state=State.CLOSED, closed_at=town.clock.now())))


async def test_a_code_opens_a_viewer_for_the_named_person_and_that_incident_until_the_grant_ends(
    town: Town, viewers: Viewers
) -> None:
    town.open_robbery(minutes=30)
    issued = await viewers.issue_code(POLICE, JUNG)
    opened = await viewers.exchange(issued.code)
    session = opened.caller.session
    assert (session.person, session.kind, session.incident, session.agency) == ("정윤호", "viewer", ROBBERY, POLICE)
    assert session.expires_at == town.clock.now() + timedelta(minutes=30)


async def test_the_agencys_own_occurrence_number_names_the_incident_too(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    assert (await viewers.issue_code(POLICE, CodeWish("20261123000001", "정윤호"))).incident == ROBBERY


async def test_a_code_works_once_however_many_try_at_the_same_moment(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    issued = await viewers.issue_code(POLICE, JUNG)
    answers = await asyncio.gather(*(viewers.exchange(issued.code) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(answer, Unauthenticated) for answer in answers) == 7
    assert len(town.store.rows.sessions) == 1


async def test_a_code_is_dead_after_a_minute(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    issued = await viewers.issue_code(POLICE, JUNG)
    town.clock.pass_(seconds=60)
    with pytest.raises(Unauthenticated):
        await viewers.exchange(issued.code)


async def test_a_code_used_after_the_incident_closed_is_refused_in_words_and_spent(
    town: Town, viewers: Viewers
) -> None:
    town.open_robbery()
    issued = await viewers.issue_code(POLICE, JUNG)
    close(town)
    with pytest.raises(Refused, match="closed"):
        await viewers.exchange(issued.code)
    assert not town.store.rows.codes
    assert town.store.entries("ViewerRefused")[0].data["reason"] == "incident_closed"


async def test_no_code_for_a_closed_incident_or_without_a_grant(town: Town, viewers: Viewers) -> None:
    town.open_robbery(grant=False)
    with pytest.raises(Refused, match="no grant"):
        await viewers.issue_code(POLICE, JUNG)
    close(town)
    with pytest.raises(Refused, match="closed"):
        await viewers.issue_code(POLICE, JUNG)
    assert len(town.store.entries("ViewerRefused")) == 2


async def test_a_revoked_grant_gives_no_code(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    over, _ = ended(town.store.rows.grants["gra-1"], Ending.REVOKED, town.clock.now())
    town.store.seed(lambda c: c.put_grant(over))
    with pytest.raises(Refused, match="no grant"):
        await viewers.issue_code(POLICE, JUNG)


async def test_another_agencys_incident_is_as_if_it_were_not_there(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    with pytest.raises(NotFound):
        await viewers.issue_code(FIRE, JUNG)
    assert town.store.entries("ViewerRefused")[0].incident is None


@pytest.mark.parametrize("person", ["", "   ", "가" * 61])
async def test_a_code_needs_a_named_person(town: Town, viewers: Viewers, person: str) -> None:
    town.open_robbery()
    with pytest.raises(Invalid):
        await viewers.issue_code(POLICE, CodeWish(ROBBERY, person))


async def test_the_name_is_in_the_vault_and_the_session_and_never_in_the_record(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    opened = await viewers.exchange((await viewers.issue_code(POLICE, JUNG)).code)
    account = opened.caller.account
    rows = town.store.rows
    assert rows.sealed[f"incident/{ROBBERY}", f"person/{account.id}"].decode() == "정윤호"
    assert "정윤호" not in repr([rows.links, rows.facts, rows.accounts])
    assert "P-1024" not in repr(rows)
    assert town.store.entries("ViewerOpened")[0].actor == account.id


async def test_the_same_person_has_the_same_pseudonym_and_another_of_the_same_name_has_not(
    town: Town, viewers: Viewers
) -> None:
    town.open_robbery()

    async def account(person_id: str) -> str:
        code = await viewers.issue_code(POLICE, CodeWish(ROBBERY, "정윤호", person_id))
        return (await viewers.exchange(code.code)).caller.account.id

    assert await account("P-1024") == await account("P-1024") != await account("P-2048")


async def test_nobody_signs_in_as_a_pseudonym(town: Town, viewers: Viewers) -> None:
    town.open_robbery()
    opened = await viewers.exchange((await viewers.issue_code(POLICE, JUNG)).code)
    for password in ("", "hash of "):
        with pytest.raises(Unauthenticated):
            await town.sign_in(opened.caller.account.name, password)
    listed = await town.accounts.listed(await town.caller("choi"))
    assert opened.caller.account.id not in {account.id for account in listed}
