"""The viewer that an agency's own system opens by a code: for whom, for which incident and how long."""

from dataclasses import replace
from datetime import timedelta

import httpx

from fakes.answers import refusal
from fakes.people_desk import OURS, Desk, sign_in
from fakes.town import POLICE, ROBBERY, Town
from goldentime.city.incidents.incident import State
from goldentime.flows.people.manage_keys import issue_key
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.flows.tokens import token_digest

KEPT = timedelta(days=90)


async def code_for(desk: Desk, client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    wish = {"incident": "20261123000001", "person": "정윤호", "person_id": "P-1"}
    return await client.post("/api/agency/codes", json=wish, headers=headers)


async def test_an_agencys_system_opens_the_viewer_for_a_named_person_with_a_token_and_without_a_cookie(
    desk: Desk, town: Town
) -> None:
    town.open_robbery()
    issued = await issue_key(town.store, town.clock, town.randomness, POLICE, sandbox=False)
    async with desk.client() as system, desk.client() as page:
        code = (await code_for(desk, system, **{"X-Goldentime-Key": issued.secret})).json()
        assert code["url"] == f"http://city.test/viewer#code={code['code']}"
        opened = (await page.post("/api/viewer/exchange", json={"code": code["code"]}, headers=OURS)).json()
        assert not page.cookies
        assert (opened["incident_id"], opened["session"]["account"]["name"]) == (ROBBERY, "정윤호")
        assert opened["session"]["account"]["agency"]["id"] == POLICE
        bearer = {"Authorization": f"Bearer {opened['token']}"}
        assert (await page.post("/api/for-anyone", headers=bearer)).json() == {"person": "정윤호"}
        again = await page.post("/api/viewer/exchange", json={"code": code["code"]}, headers=OURS)
        assert refusal(again) == (401, "unauthenticated")
        assert (await page.delete("/api/session", headers=bearer)).status_code == 204
        assert refusal(await page.post("/api/for-anyone", headers=bearer)) == (401, "unauthenticated")


async def test_a_viewer_lasts_as_long_as_the_grant_also_when_the_control_room_prolongs_it(
    desk: Desk, town: Town
) -> None:
    town.open_robbery(minutes=30)
    async with desk.client() as page:
        code = (await code_for(desk, page, **{"X-Scsns-Secret": "live session"})).json()["code"]
        opened = (await page.post("/api/viewer/exchange", json={"code": code}, headers=OURS)).json()
        bearer = {"Authorization": f"Bearer {opened['token']}"}
        grant = town.store.rows.grants["gra-1"]
        longer = replace(grant, expires_at=grant.expires_at + timedelta(minutes=30))
        town.store.seed(lambda c: c.put_grant(longer))
        town.clock.pass_(minutes=31)
        desk.gate.forget([token_digest(opened["token"])])
        await destroy_expired(town.store, town.clock, kept=KEPT)
        told = await page.get("/api/session", headers=bearer)
        assert told.json()["expires_at"] == longer.expires_at.isoformat()
        town.clock.pass_(minutes=30)
        assert refusal(await page.get("/api/session", headers=bearer))[0] == 401
        await destroy_expired(town.store, town.clock, kept=KEPT)
        assert not town.store.rows.sessions


async def test_a_linkages_session_key_gets_a_code_and_a_sandbox_or_wrong_one_does_not(desk: Desk, town: Town) -> None:
    town.open_robbery()
    sandbox = await issue_key(town.store, town.clock, town.randomness, POLICE, sandbox=True)
    async with desk.client() as system:
        assert (await code_for(desk, system, **{"X-Scsns-Secret": "live session"})).status_code == 201
        assert refusal(await code_for(desk, system, **{"X-Scsns-Secret": "trial session"})) == (403, "sandbox_key")
        assert refusal(await code_for(desk, system, **{"X-Goldentime-Key": sandbox.secret})) == (403, "sandbox_key")
        assert refusal(await code_for(desk, system, **{"X-Scsns-Secret": "nonsense"})) == (401, "unauthenticated")
        assert refusal(await code_for(desk, system)) == (401, "unauthenticated")


async def test_a_code_for_a_closed_incident_is_refused_in_words(desk: Desk, town: Town) -> None:
    incident = town.open_robbery()
    async with desk.client() as system:
        code = (await code_for(desk, system, **{"X-Scsns-Secret": "live session"})).json()["code"]
        town.store.seed(lambda c: c.put_incident(replace(incident, state=State.CLOSED)))
        answer = await system.post("/api/viewer/exchange", json={"code": code}, headers=OURS)
        assert refusal(answer) == (403, "incident_closed")
        assert answer.json()["error"]["text"]["ko"] == "종결된 상황은 열람할 수 없습니다."


async def test_guessing_codes_or_keys_is_slowed(desk: Desk) -> None:
    async with desk.client() as guesser:
        answers = [
            refusal(await guesser.post("/api/viewer/exchange", json={"code": f"guess {n}"}, headers=OURS))[0]
            for n in range(32)
        ]
    assert answers == [401] * 30 + [429] * 2


async def test_a_console_token_is_no_bearer_and_a_viewer_token_is_no_cookie(desk: Desk, town: Town) -> None:
    town.open_robbery()
    async with desk.client() as browser, desk.client() as system:
        await sign_in(browser)
        bearer = {"Authorization": f"Bearer {browser.cookies['goldentime_session']}"}
        assert refusal(await system.get("/api/session", headers=bearer))[0] == 401
        code = (await code_for(desk, system, **{"X-Scsns-Secret": "live session"})).json()["code"]
        opened = (await system.post("/api/viewer/exchange", json={"code": code}, headers=OURS)).json()
        system.cookies.set("goldentime_session", opened["token"], domain="city.test")
        assert refusal(await system.get("/api/session"))[0] == 401
