"""Who reaches administration, keys and the record over HTTP, and what is shown there."""

from dataclasses import replace

import httpx
import pytest

from fakes.answers import refusal
from fakes.people_desk import OURS, Desk, sign_in
from fakes.store import Transaction
from fakes.town import POLICE, ROBBERY, Town
from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.inventory import Camera, Purpose, Site
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat


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
