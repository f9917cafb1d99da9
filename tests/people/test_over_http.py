import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI

from fakes.store import Transaction
from fakes.town import PASSWORD, PEPPER, POLICE, ROBBERY, Town
from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.inventory import Camera, Purpose, Site
from goldentime.city.incidents.incident import State
from goldentime.city.people.account import Act
from goldentime.core.errors import MediaUnavailable
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.http import accounts, errors, keys, record, session, viewer
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.destroy_expired import destroy_expired
from goldentime.flows.manage_keys import Keys, issue_key
from goldentime.flows.open_viewer import Viewers
from goldentime.flows.read_record import Record
from goldentime.flows.tokens import token_digest
from goldentime.messages.exchange import Sender

KEPT = timedelta(days=90)
OURS = {"X-Goldentime": "1"}
CITY = session.Surroundings(Text("수원시", "Suwon"), (127.0, 37.26), (126.9, 37.2, 127.1, 37.3), False, 18443, "0.1.0")


class Desk:
    """The people's part of the HTTP surface over a town, and a client to it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.gate = Gate(store=town.store, clock=town.clock)
        self.app = app = FastAPI()
        errors.install(app)
        page = session.SessionPage(store=town.store, clock=town.clock, surroundings=lambda: CITY)
        viewers = Viewers(
            store=town.store,
            clock=town.clock,
            randomness=town.randomness,
            pepper=PEPPER,
            retention=timedelta(days=90),
        )
        desk_keys = Keys(store=town.store, clock=town.clock, randomness=town.randomness)
        for router in (
            session.router(town.door, self.gate, page),
            accounts.router(town.accounts, self.gate),
            keys.router(desk_keys, self.gate, town.clock),
            record.router(Record(store=town.store, clock=town.clock), self.gate, town.clock),
            viewer.router(viewers, self.gate, page, self.find_sender),
        ):
            app.include_router(router)
        operators = Annotated[Caller, Depends(self.gate.requiring(Act.HANDLE_INCIDENTS))]

        @app.get("/api/for-operators/{incident}")
        async def for_operators(caller: operators, incident: str) -> dict[str, str]:
            return {"person": caller.person, "incident": incident}

        @app.post("/api/for-anyone")
        async def for_anyone(caller: Annotated[Caller, Depends(self.gate.caller)]) -> dict[str, str]:
            return {"person": caller.person}

        @app.get("/api/broken/{how}")
        async def broken(how: str) -> None:
            raise (
                MediaUnavailable(Text("영상 서버가 멈췄습니다.", "Video is down."))
                if how == "media"
                else ZeroDivisionError
            )

    async def find_sender(self, secret: str) -> Sender | None:
        return {"live session": Sender(POLICE), "trial session": Sender(POLICE, sandbox=True)}.get(secret)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://city.test")


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.client() as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, name: str = "kim", password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/session", json={"name": name, "password": password}, headers=OURS)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code, having checked that the words are there in both languages."""
    error = answer.json()["error"]
    assert set(error) == {"code", "text", "field"}
    assert all(error["text"][language] for language in ("ko", "en"))
    return answer.status_code, error["code"]


async def test_signing_in_tells_the_person_the_city_and_the_shift_and_sets_a_cookie_scripts_cannot_read(
    browser: httpx.AsyncClient,
) -> None:
    answer = await sign_in(browser)
    told = answer.json()
    assert told["account"] == {
        "id": "acc-kim",
        "name": "Kim",
        "role": "operator",
        "agency": None,
        "language": "ko",
        "must_change_password": False,
    }
    assert told["city"]["name"] == {"ko": "수원시", "en": "Suwon"}
    assert (told["media_port"], told["duty"]["until"]) == (18443, told["expires_at"])
    assert told["tag"] != (await sign_in(browser)).json()["tag"]
    cookie = answer.headers["set-cookie"]
    for wanted in ("goldentime_session=", "HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"):
        assert wanted in cookie
    assert "Secure" not in cookie
    assert browser.cookies["goldentime_session"] not in answer.text


async def test_over_https_the_cookie_is_secure(desk: Desk) -> None:
    transport = httpx.ASGITransport(desk.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://city.test") as browser:
        assert "Secure" in (await sign_in(browser)).headers["set-cookie"]


async def test_a_session_is_there_until_signing_out_and_then_nothing_opens(browser: httpx.AsyncClient) -> None:
    assert refusal(await browser.get("/api/session")) == (401, "unauthenticated")
    await sign_in(browser)
    kept = browser.cookies["goldentime_session"]
    assert (await browser.get("/api/session")).status_code == 200
    assert (await browser.delete("/api/session", headers=OURS)).status_code == 204
    assert "goldentime_session" not in browser.cookies
    browser.cookies.set("goldentime_session", kept, domain="city.test")
    assert refusal(await browser.get("/api/session")) == (401, "unauthenticated")


async def test_a_session_ends_with_its_shift(browser: httpx.AsyncClient, town: Town) -> None:
    await sign_in(browser)
    town.clock.pass_(hours=12)
    assert refusal(await browser.get("/api/session")) == (401, "unauthenticated")


async def test_wrong_passwords_are_refused_alike_and_then_slowed_in_words(browser: httpx.AsyncClient) -> None:
    for _ in range(5):
        assert refusal(await sign_in(browser, password="wrong")) == (401, "unauthenticated")
    answer = await sign_in(browser)
    assert refusal(answer) == (429, "too_many_tries")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Goldentime": "0"},
        {**OURS, "Origin": "https://evil.example"},
        {**OURS, "Origin": "null"},
        {**OURS, "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_what_another_site_makes_a_browser_send_is_refused(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await sign_in(browser)
    assert refusal(await browser.post("/api/for-anyone", headers=headers)) == (403, "foreign_request")
    assert refusal(await browser.delete("/api/session", headers=headers)) == (403, "foreign_request")
    assert refusal(await browser.post("/api/session", json={"name": "kim", "password": PASSWORD}, headers=headers)) == (
        403,
        "foreign_request",
    )


async def test_our_own_page_gets_in(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    headers = {**OURS, "Origin": "http://city.test", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/api/for-anyone", headers=headers)).json() == {"person": "Kim"}


async def test_behind_a_proxy_its_public_name_counts_as_ours(town: Town) -> None:
    desk = Desk(town)
    desk.gate._public_hosts = frozenset({"cctv.suwon.go.kr"})
    async with desk.client() as browser:
        await sign_in(browser)
        headers = {**OURS, "Origin": "https://cctv.suwon.go.kr"}
        assert (await browser.post("/api/for-anyone", headers=headers)).status_code == 200


async def test_an_act_beyond_the_role_is_refused_and_on_record_without_what_it_was_about(
    browser: httpx.AsyncClient, town: Town
) -> None:
    await sign_in(browser, "jung")
    assert refusal(await browser.get("/api/for-operators/inc-7")) == (403, "refused")
    (entry,) = town.store.entries("ActRefused")
    assert entry.actor == "acc-jung"
    assert entry.data["path"] == "/api/for-operators/{incident}"


async def test_a_page_that_asks_for_the_forbidden_again_and_again_does_not_flood_the_record(
    browser: httpx.AsyncClient, town: Town
) -> None:
    await sign_in(browser, "jung")
    for n in range(20):
        assert refusal(await browser.get(f"/api/for-operators/inc-{n}"))[0] == 403
    assert len(town.store.entries("ActRefused")) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/accounts"),
        ("POST", "/api/accounts"),
        ("POST", "/api/accounts/acc-kim/disable"),
        ("GET", "/api/keys"),
        ("POST", "/api/keys"),
        ("DELETE", "/api/keys/key-1"),
        ("GET", "/api/audit"),
        ("POST", "/api/audit/verify"),
        ("GET", "/api/privacy/views"),
    ],
)
async def test_operators_agencies_and_strangers_reach_neither_administration_nor_the_record(
    desk: Desk, method: str, path: str
) -> None:
    async with desk.client() as stranger:
        assert refusal(await stranger.request(method, path, headers=OURS))[0] == 401
    for name in ("kim", "jung"):
        async with desk.client() as browser:
            await sign_in(browser, name)
            assert refusal(await browser.request(method, path, headers=OURS))[0] == 403


async def test_an_administrator_reads_no_record_and_an_officer_manages_no_accounts(desk: Desk) -> None:
    async with desk.client() as admin, desk.client() as officer:
        await sign_in(admin, "choi")
        await sign_in(officer, "park")
        assert refusal(await admin.get("/api/audit"))[0] == 403
        assert refusal(await officer.get("/api/accounts"))[0] == 403


async def test_with_a_one_time_password_nothing_opens_before_it_is_changed(desk: Desk) -> None:
    async with desk.client() as admin, desk.client() as browser:
        await sign_in(admin, "choi")
        wanted = {"name": "han", "display_name": "한관제", "role": "operator"}
        made = (await admin.post("/api/accounts", json=wanted, headers=OURS)).json()
        await sign_in(browser, "han", made["one_time_password"])
        assert refusal(await browser.get("/api/for-operators/x")) == (403, "must_change_password")
        change = {"old": made["one_time_password"], "new": "a password of my own"}
        assert (await browser.post("/api/session/password", json=change, headers=OURS)).status_code == 200
        assert (await browser.get("/api/for-operators/x")).status_code == 200
        listed = (await admin.get("/api/accounts")).json()["items"]
        await sign_in(browser, "park")
        (item,) = (await browser.get("/api/audit", params={"action": "AccountCreated"})).json()["items"]
        assert item["text"]["ko"] == "계정을 만듦: 한관제"
        assert "one_time_password" not in str(listed)
        assert "password" not in {name for item in listed for name in item} - {"must_change_password"}


async def test_a_disabled_person_is_out_at_once_even_when_just_looked_up(desk: Desk) -> None:
    async with desk.client() as admin, desk.client() as browser:
        await sign_in(admin, "choi")
        await sign_in(browser)
        assert (await browser.get("/api/for-operators/x")).status_code == 200
        await admin.post("/api/accounts/acc-kim/disable", headers=OURS)
        assert refusal(await browser.get("/api/for-operators/x")) == (401, "unauthenticated")


async def test_a_person_may_be_made_with_a_sign_in_name_alone_and_is_listed_with_their_agency(desk: Desk) -> None:
    async with desk.client() as admin:
        await sign_in(admin, "choi")
        wanted = {"name": "han", "role": "agency", "agency_id": POLICE}
        assert (await admin.post("/api/accounts", json=wanted, headers=OURS)).status_code == 201
        listed = (await admin.get("/api/accounts")).json()["items"]
        (han,) = [item for item in listed if item["name"] == "han"]
        assert han["display_name"] == "han"
        assert han["agency"] == {"id": POLICE, "name": {"ko": "경기남부경찰청 112", "en": "Gyeonggi Nambu police 112"}}


async def test_keys_are_shown_once_rotated_and_revoked(desk: Desk) -> None:
    async with desk.client() as admin:
        await sign_in(admin, "choi")
        made = (await admin.post("/api/keys", json={"agency_id": POLICE, "sandbox": True}, headers=OURS)).json()
        assert made["key"].startswith("gt_sandbox_")
        rotated = await admin.post(f"/api/keys/{made['id']}/rotate", json={"overlap_hours": 1}, headers=OURS)
        assert rotated.json()["key"] != made["key"]
        assert (await admin.delete(f"/api/keys/{rotated.json()['id']}", headers=OURS)).status_code == 204
        listed = (await admin.get("/api/keys")).json()["items"]
        assert sorted(item["valid"] for item in listed) == [False, True]
        assert made["key"] not in str(listed)
        assert sorted(item["state"] for item in listed) == ["ending", "revoked"]
        assert all(item["agency"]["name"]["ko"] == "경기남부경찰청 112" and item["created_at"] for item in listed)


async def test_the_officer_reads_filters_and_verifies_the_record(desk: Desk, town: Town) -> None:
    async with desk.client() as browser:
        await sign_in(browser, "kim")
        await sign_in(browser, "park")
        page = (await browser.get("/api/audit", params={"action": "SignedIn", "actor": "acc-kim"})).json()
        (item,) = page["items"]
        assert item["text"] == {"ko": "로그인함", "en": "Signed in"}
        assert (item["actor"], item["actor_id"]) == ("Kim", "acc-kim")
        assert len(item["hash"]) == 64
        assert (await browser.post("/api/audit/verify", headers=OURS)).json()["ok"] is True
        links = town.store.rows.links
        links[0] = replace(links[0], entry=replace(links[0].entry, actor="acc-lee"))
        broken = (await browser.post("/api/audit/verify", headers=OURS)).json()
        assert (broken["ok"], broken["first_broken"]) == (False, 1)
        assert (await browser.get("/api/privacy/views", params={"outside": "night"})).json()["items"] == []
        wrong = await browser.get("/api/privacy/views", params={"outside": "mars"})
        assert refusal(wrong) == (422, "invalid")
        assert wrong.json()["error"]["field"] == "outside"


async def test_the_record_calls_incidents_and_cameras_as_people_do_and_names_nobody(desk: Desk, town: Town) -> None:
    site = Site(SiteId("s-1"), "행궁동 12-3", LonLat(127.0, 37.26), 1, Purpose.CRIME)
    camera = Camera(CameraId("s-1-1"), site.id, 1, site.place, site.purpose)
    town.open_robbery()

    def looked(change: Transaction) -> None:
        change.rows.sites[site.id] = site
        change.put_camera(camera)
        change.audit(Entry(town.clock.now(), "ViewOpened", "acc-kim", POLICE, ROBBERY, camera.id))
        change.audit(Entry(town.clock.now(), "ViewOpened", "acc-kim", POLICE, "inc-gone", "s-9-1"))

    town.store.seed(looked)
    async with desk.client() as browser:
        await sign_in(browser, "park")
        items = (await browser.get("/api/audit", params={"action": "ViewOpened"})).json()["items"]
    called = [(item["incident_number"], item["camera_name"]) for item in items]
    assert called == [(None, None), ("GO-1123-0001", "행궁동 12-3 · 1")]
    assert "강도" not in str(items)


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


async def test_a_live_session_is_believed_for_less_than_a_second_and_not_after_it_is_forgotten(
    desk: Desk, town: Town
) -> None:
    done = await town.sign_in("kim")
    digest = token_digest(done.token)
    assert await desk.gate.is_live(digest)
    town.store.seed(lambda c: c.end_session(digest))
    desk.gate.forget([digest])
    assert not await desk.gate.is_live(digest)


async def test_a_crowd_whose_sessions_are_no_longer_believed_is_looked_up_again_and_told_apart(town: Town) -> None:
    gate = Gate(store=town.store, clock=town.clock, believed_for=0.0)
    digests = [token_digest((await town.sign_in(name)).token) for name in ("kim", "lee", "kim", "lee")]
    assert all([await gate.is_live(digest) for digest in digests])
    town.store.seed(lambda c: c.end_session(digests[1]))
    async with asyncio.timeout(5):
        live = await asyncio.gather(*[gate.is_live(digest) for digest in digests * 5])
    assert live == [True, False, True, True] * 5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "kim"}, "password"),
        ({"name": "", "password": "x"}, "name"),
        ({"name": "kim", "password": PASSWORD, "admin": True}, "admin"),
        ({"name": 7, "password": "x"}, "name"),
        ({"name": "kim", "password": "x" * 2000}, "password"),
        ({"name": "\ud800", "password": "x"}, "name"),
    ],
)
async def test_input_that_cannot_be_used_is_named_in_both_languages_and_never_repeated(
    browser: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    headers = {**OURS, "Content-Type": "application/json"}
    answer = await browser.post("/api/session", content=json.dumps(body), headers=headers)
    assert refusal(answer) == (422, "invalid")
    assert answer.json()["error"]["field"] == field
    assert PASSWORD not in answer.text


async def test_a_body_that_is_not_json_is_said_to_be_none(browser: httpx.AsyncClient) -> None:
    headers = {**OURS, "Content-Type": "application/json"}
    answer = await browser.post("/api/session", content=b'{"name": ', headers=headers)
    assert refusal(answer) == (422, "invalid")
    assert "JSON" in answer.json()["error"]["text"]["ko"]


async def test_every_fault_has_the_one_shape(browser: httpx.AsyncClient, town: Town) -> None:
    assert refusal(await browser.get("/api/nowhere")) == (404, "not_found")
    assert refusal(await browser.put("/api/session", headers=OURS)) == (405, "method_not_allowed")
    assert refusal(await browser.get("/api/broken/media")) == (503, "media_unavailable")
    assert refusal(await browser.get("/api/broken/otherwise")) == (500, "internal")
    town.store.broken = True
    assert refusal(await sign_in(browser)) == (503, "storage_failed")


async def test_the_language_one_chose_is_kept(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    answer = await browser.put("/api/session/language", json={"language": "en"}, headers=OURS)
    assert answer.json()["account"]["language"] == "en"
    assert (await browser.get("/api/session")).json()["account"]["language"] == "en"
