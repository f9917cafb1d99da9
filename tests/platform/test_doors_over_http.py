"""Which doors are open to whom over HTTP: other sites, frames, agencies the settings name or no longer name."""

import secrets
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes.answers import refusal
from fakes.hall import FIRE, OURS, POLICE, SCENE, Hall
from goldentime.adapters.sql import verify
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.people.manage_keys import issue_key
from goldentime.from_settings import media_options, put_agencies
from goldentime.settings import Media, Settings, Web
from goldentime.wiring import Platform

pytestmark = pytest.mark.slow  # a store of its own for each test


@pytest.mark.parametrize("path", ["/linkHttp/recvEvent.json", "/api/getAuth.json"])
async def test_an_agencys_address_opened_in_a_browser_says_that_it_takes_post_only(hall: Hall, path: str) -> None:
    answer = await hall.http.get(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_every_answer_forbids_framing_sniffing_and_foreign_scripts(hall: Hall) -> None:
    for path in ("/", "/api/health", "/api/incidents", "/api/nowhere"):
        headers = (await hall.ask("operator", "GET", path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self';" in policy
        assert "object-src 'none'" in policy


async def test_only_the_viewer_may_be_embedded_and_only_by_the_origins_the_city_allows(hall: Hall) -> None:
    assert "frame-ancestors https://112.example" in (await hall.http.get("/viewer")).headers["content-security-policy"]
    hall.platform.links.agencies = ()
    assert "frame-ancestors 'none'" in (await hall.http.get("/viewer")).headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example'; script-src *", "a b", "a;b"])
async def test_a_made_up_host_adds_nothing_to_the_policy(hall: Hall, host: str) -> None:
    policy = (await hall.http.get("/api/health", headers={"Host": host})).headers["content-security-policy"]
    assert "evil" not in policy
    assert "script-src *" not in policy
    assert "ws://127.0.0.1:*" in policy


@pytest.mark.parametrize(
    "headers",
    [{}, {**OURS, "Origin": "https://evil.example"}, {**OURS, "Sec-Fetch-Site": "cross-site"}, {"X-Goldentime": "0"}],
)
async def test_a_change_from_another_site_is_refused(hall: Hall, headers: dict[str, str]) -> None:
    given = {**hall.headers["operator"], **headers}
    answer = await hall.http.post("/api/incidents", json={**SCENE, "title": "x"}, headers=given)
    assert refusal(answer) == (403, "foreign_request")
    assert hall.store.read_now(lambda look: look.list_incidents(open_only=False)) == []


async def test_without_its_linkage_the_agencies_door_is_not_there(hall: Hall, tmp_path: Path) -> None:
    bare = Platform(Settings(data=tmp_path, agencies=(POLICE,), linkages={}), hall.store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(bare.app), base_url="http://127.0.0.1:8080") as http:
        assert (await http.post("/linkHttp/recvEvent.json", json={})).status_code in {404, 405}
    bare.people.close()


async def test_an_agency_the_settings_no_longer_name_loses_its_keys_on_record(hall: Hall, tmp_path: Path) -> None:
    for agency in (POLICE.id, FIRE.id):
        await issue_key(hall.store, SystemClock(), secrets.token_bytes, AgencyId(agency), sandbox=False)
    hall.store.change_now(lambda tx: put_agencies(Settings(data=tmp_path), tx))
    assert all(key.valid_until is None for key in hall.store.read_now(lambda look: look.list_keys()))
    hall.store.change_now(lambda tx: put_agencies(Settings(data=tmp_path, agencies=(POLICE,)), tx))
    ended = {key.agency: key.valid_until is not None for key in hall.store.read_now(lambda look: look.list_keys())}
    assert ended == {POLICE.id: False, FIRE.id: True}
    last = hall.store.read_now(lambda look: look.list_audit(before=0, limit=1))[0].entry
    assert (last.agency, last.actor) == (FIRE.id, "system")


async def test_an_agency_the_settings_no_longer_name_keeps_no_right(hall: Hall, tmp_path: Path) -> None:
    incident = (await hall.ask("operator", "POST", "/api/incidents", json={**SCENE, "title": "x"})).json()["id"]
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", json={"agency_id": FIRE.id})
    assert (await hall.ask("fire", "GET", f"/api/incidents/{incident}")).status_code == 200
    left = hall.store.change_now(lambda tx: put_agencies(Settings(data=tmp_path, agencies=(POLICE,)), tx))
    assert [agency.id for agency in left] == [POLICE.id]
    grants = hall.store.read_now(lambda look: look.list_grants(incident=IncidentId(incident)))
    assert all(grant.ended_at is not None for grant in grants if grant.agency == FIRE.id)
    people = hall.store.read_now(lambda look: look.list_accounts())
    theirs = [account for account in people if account.agency == FIRE.id]
    assert {account.disabled for account in theirs} == {True}
    for account in theirs:  # a new start remembers nobody
        hall.platform.gate.forget_person(account.id)
    assert (await hall.ask("fire", "GET", f"/api/incidents/{incident}")).status_code == 401
    again = await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", json={"agency_id": FIRE.id})
    assert again.status_code == 404
    offered = (await hall.ask("operator", "GET", "/api/agencies")).json()["items"]
    assert FIRE.id not in [agency["id"] for agency in offered]


@pytest.mark.parametrize(("given", "host"), [({}, "10.1.2.3"), ({"host": "10.9.9.9"}, "10.9.9.9")])
def test_video_is_where_the_pages_are_unless_said_otherwise(given: dict[str, str], host: str) -> None:
    settings = Settings(web=Web(host="10.1.2.3"), media=Media(**given))
    assert media_options(settings).host == host


async def test_an_agency_is_told_5003_when_nothing_can_be_kept(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    from goldentime.core.errors import StorageFailed  # noqa: PLC0415
    from goldentime.core.text import Text  # noqa: PLC0415
    from goldentime.flows.people.manage_keys import issue_key  # noqa: PLC0415

    key = await issue_key(hall.store, SystemClock(), lambda n: b"k" * n, "agency-112", sandbox=False)  # type: ignore[arg-type]
    login = (await hall.http.post("/api/getAuth.json", json={"body": {"apiKey": key.secret}})).json()

    async def full(_decide: Any) -> None:
        raise StorageFailed(Text("디스크가 가득 찼습니다.", "The disk is full."))

    body = {
        "evtId": "112UC001",
        "ocrNbr": "20261122000000001",
        "ocrSts": "10",
        "ocrLc": {"crdntX": "127.05", "crdntY": "37.25"},
    }
    report = {"sendCd": "P41", "sysCd": "112", "reqDate": "20261122120000", "body": body}
    secret = {"x-scsns-secret": login["message"]}
    with monkeypatch.context() as patched:
        patched.setattr(hall.store, "change", full)
        answer = (await hall.http.post("/linkHttp/recvEvent.json", json=report, headers=secret)).json()
        assert (answer["result"], answer["type"]) == ("1", "5003")
        hand = await hall.ask("operator", "POST", "/api/incidents", {**SCENE, "title": "x"})
        assert refusal(hand) == (503, "storage_failed")
    again = (await hall.http.post("/linkHttp/recvEvent.json", json=report, headers=secret)).json()
    assert (again["result"], again["type"]) == ("0", "2000")
    assert verify(hall.store)[1] is None
