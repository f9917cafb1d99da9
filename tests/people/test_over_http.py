"""Signing in over HTTP: the session and its cookie, other sites' requests, and what is said of input that is none."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from fakes.answers import refusal
from fakes.people_desk import OURS, Desk, sign_in
from fakes.town import PASSWORD, Town
from goldentime.edges.http.auth import Gate
from goldentime.flows.tokens import token_digest

KEPT = timedelta(days=90)


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
