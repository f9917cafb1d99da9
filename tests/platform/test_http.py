"""An operator's and an agency's work over HTTP, on a real store: what is shown, refused and said when asked wrongly."""

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from fakes.hall import FIRE, OURS, POLICE, SCENE, Hall, seat_viewer
from goldentime.adapters.sql import verify
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.manage_keys import issue_key
from goldentime.from_settings import media_options, put_agencies
from goldentime.settings import Media, Settings, Web
from goldentime.wiring import Platform

pytestmark = pytest.mark.slow  # a store of its own for each test


def refusal(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert all(error["text"][language] for language in ("ko", "en")), error
    return answer.status_code, error["code"]


async def shared(hall: Hall) -> dict[str, Any]:
    """An incident opened by hand and shared with the police."""
    incident = await hall.opened()
    answer = await hall.ask("operator", "POST", f"/api/incidents/{incident['id']}/share", {"agency_id": "agency-112"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def looked(hall: Hall, who: str, incident: dict[str, Any]) -> dict[str, Any]:
    body = {"camera_id": incident["cameras"][0]["camera_id"], "incident_id": incident["id"]}
    answer = await hall.ask(who, "POST", "/api/views", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_incident_opened_by_hand_has_four_cameras_with_reasons_and_their_streams_open(hall: Hall) -> None:
    incident = await hall.opened()
    assert len(incident["cameras"]) == 4
    assert all(reason["ko"] and reason["en"] for camera in incident["cameras"] for reason in camera["reasons"])
    chosen = {camera["camera_id"] for camera in incident["cameras"]}

    def held() -> set[str]:
        return {camera for camera, hold in hall.video.holds if hold == f"incident:{incident['id']}"}

    async with asyncio.timeout(5):
        while held() != chosen:  # noqa: ASYNC110  they open beside the answer, which does not wait
            await asyncio.sleep(0)


async def test_no_answer_holds_a_cameras_address_or_password(hall: Hall) -> None:
    incident = await shared(hall)
    view = await looked(hall, "operator", incident)
    site = incident["cameras"][0]["site_id"]
    pages = ["/api/incidents", f"/api/incidents/{incident['id']}", "/api/sites.geojson", "/api/cameras.geojson"]
    pages += [f"/api/sites/{site}", "/api/cameras/near?lon=127.05&lat=37.25", "/api/links"]
    told = [(await hall.ask("operator", "GET", page)) for page in pages]
    assert {answer.status_code for answer in told} == {200}
    everything = str(view) + "".join(answer.text for answer in told)
    assert "rtsp" not in everything
    assert "hunter2" not in everything
    assert "10.0.0." not in everything


async def test_release_take_note_widen_and_close_show_in_the_incident(hall: Hall) -> None:
    incident = (await hall.opened())["id"]
    for step, body in (("release", {}), ("take", {}), ("note", {"text": "구급차 요청함"}), ("widen", {})):
        answer = await hall.ask("operator", "POST", f"/api/incidents/{incident}/{step}", body)
        assert answer.status_code == 200, (step, answer.text)
    now = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()
    assert now["owner"]["name"] == "Operator"
    assert len(now["cameras"]) == 8
    assert "구급차 요청함" in str(now["timeline"])
    closed = await hall.ask("operator", "POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
    assert closed.json()["state"] == "closed"
    again = await hall.ask("operator", "POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
    assert refusal(again) == (409, "conflict")


async def test_an_agency_sees_an_incident_only_once_it_is_shared(hall: Hall) -> None:
    incident = await hall.opened()
    page = f"/api/incidents/{incident['id']}"
    assert refusal(await hall.ask("agency", "GET", page)) == (404, "not_found")
    await shared(hall)
    assert len((await hall.ask("agency", "GET", "/api/incidents")).json()["items"]) == 1
    assert (await hall.ask("fire", "GET", "/api/incidents")).json()["items"] == []


async def test_an_agency_finds_and_is_told_of_nothing_but_its_own(hall: Hall) -> None:
    incident = await shared(hall)
    place = f"/api/search?q={quote('쓰러진')}"
    for who, found in (("operator", [incident["id"]]), ("agency", [incident["id"]]), ("fire", [])):
        items = (await hall.ask(who, "GET", place)).json()["items"]
        assert [item["id"] for item in items if item["type"] == "incident"] == found, who
    links = {who: (await hall.ask(who, "GET", "/api/links")).json()["items"] for who in ("operator", "fire")}
    assert [len(links["operator"]), [row["id"] for row in links["fire"]]] == [2, ["agency-119"]]
    site = f"/api/sites/{incident['cameras'][0]['site_id']}"
    told = [(await hall.ask(who, "GET", site)).json() for who in ("operator", "agency")]
    assert [bool(site["operator"]) for site in told] == [True, False]
    assert refusal(await hall.ask("agency", "GET", "/api/cameras/near?lon=127.05&lat=37.25"))[0] == 403


async def test_an_agencys_own_incident_is_listed_however_many_newer_ones_others_have(hall: Hall) -> None:
    own = await shared(hall)
    for _ in range(3):
        await hall.opened()
    agencys = (await hall.ask("agency", "GET", "/api/incidents?limit=2")).json()
    assert ([one["id"] for one in agencys["items"]], agencys["open"], agencys["more"]) == ([own["id"]], 1, False)
    ours = (await hall.ask("operator", "GET", "/api/incidents?limit=2")).json()
    assert (len(ours["items"]), ours["open"], ours["more"]) == (2, 4, True)


async def test_closing_ends_the_agencys_view_at_once_and_nothing_more_is_served(hall: Hall) -> None:
    incident = await shared(hall)
    view = await looked(hall, "agency", incident)
    assert (await hall.ask("agency", "GET", view["still"])).content.startswith(b"\xff\xd8")
    assert (await hall.ask("agency", "GET", view["hls"])).text.startswith("#EXTM3U")
    await hall.ask("operator", "POST", f"/api/incidents/{incident['id']}/close", {"disposition": "handled"})
    assert hall.video.kicked == [(view["view_id"], "closed")]
    for page in (view["still"], view["hls"], view["hls"].replace("index.m3u8", "1.m4s")):
        assert refusal(await hall.ask("agency", "GET", page)) == (403, "view_ended")
    after = await hall.ask(
        "agency",
        "POST",
        "/api/views",
        {"camera_id": incident["cameras"][0]["camera_id"], "incident_id": incident["id"]},
    )
    assert after.status_code == 403


async def test_a_revoked_grant_ends_its_views_and_a_prolonged_one_lasts_longer(hall: Hall) -> None:
    incident = await shared(hall)
    grant = next(one for one in incident["grants"] if one["agency"]["id"] == "agency-112")
    longer = await hall.ask("operator", "POST", f"/api/grants/{grant['id']}/extend", {"minutes": 10})
    assert longer.json()["expires_at"] > grant["expires_at"]
    view = await looked(hall, "agency", incident)
    ended = await hall.ask("officer", "POST", f"/api/grants/{grant['id']}/revoke", {"reason": "목적 외"})
    assert ended.status_code == 200
    assert hall.video.kicked == [(view["view_id"], "revoked")]
    again = await hall.ask("operator", "POST", f"/api/grants/{grant['id']}/revoke", {})
    assert refusal(again) == (409, "conflict")


async def test_what_an_operator_types_as_a_title_is_shown_and_lies_in_the_vault_only(hall: Hall) -> None:
    opened = await hall.opened()
    assert opened["title"] == "쓰러진 사람"
    incident = hall.store.read_now(lambda look: look.find_incident(opened["id"]))
    assert incident.title == "관제 개설"


@pytest.mark.parametrize("path", ["/linkHttp/recvEvent.json", "/api/getAuth.json"])
async def test_an_agencys_address_opened_in_a_browser_says_that_it_takes_post_only(hall: Hall, path: str) -> None:
    answer = await hall.http.get(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


LEFT = {"id", "number", "state", "version", "access", "access_ended_at", "access_ended_text"}


@pytest.mark.parametrize("how", ["revoked", "expired", "closed"])
async def test_an_agency_without_a_grant_in_force_reads_the_number_the_state_and_why_and_nothing_else(
    hall: Hall, how: str
) -> None:
    incident = await shared(hall)
    grant_id = next(one for one in incident["grants"] if one["agency"]["id"] == "agency-112")["id"]
    page = f"/api/incidents/{incident['id']}"
    assert (await hall.ask("agency", "GET", page)).json()["title"] == "쓰러진 사람"
    if how == "revoked":
        assert (await hall.ask("officer", "POST", f"/api/grants/{grant_id}/revoke", {})).status_code == 200
    elif how == "closed":
        assert (await hall.ask("operator", "POST", f"{page}/close", {"disposition": "handled"})).status_code == 200
    else:
        grant = hall.store.read_now(lambda look: look.find_grant(grant_id))
        over = replace(grant, starts_at=grant.starts_at - timedelta(hours=1), expires_at=grant.starts_at)
        hall.store.change_now(lambda tx: tx.put_grant(over))
    left = (await hall.ask("agency", "GET", page)).json()
    assert set(left) == LEFT
    assert left["number"] == incident["number"]
    assert (
        left["access_ended_text"]["ko"]
        == {
            "revoked": "관제센터가 열람을 회수했습니다.",
            "expired": "열람 시간이 끝났습니다.",
            "closed": "상황이 종결되어 열람이 종료되었습니다.",
        }[how]
    )
    listed = [await hall.ask("agency", "GET", f"/api/incidents?state={state}") for state in ("open", "closed")]
    rows = [row for answer in listed for row in answer.json()["items"]]
    assert [set(row) for row in rows] == ([LEFT] if how == "closed" else [])
    assert "쓰러진" not in "".join(answer.text for answer in listed)
    for words in ("쓰러진", incident["number"]):
        assert (await hall.ask("agency", "GET", "/api/search?q=" + words)).json()["items"] == []
    assert (await hall.ask("agency", "POST", f"{page}/widen")).status_code == 403
    assert (await hall.ask("operator", "GET", page)).json()["title"] == "쓰러진 사람"


async def test_nobody_sees_or_ends_anothers_view(hall: Hall) -> None:
    incident = await shared(hall)
    view = await looked(hall, "operator", incident)
    for page in (view["still"], view["hls"]):
        assert refusal(await hall.ask("agency", "GET", page)) == (404, "not_found")
    assert refusal(await hall.ask("agency", "DELETE", f"/api/views/{view['view_id']}")) == (404, "not_found")
    assert hall.video.stills == []


async def test_a_codes_viewer_looks_at_its_own_incident_and_no_other(hall: Hall) -> None:
    mine, other = await shared(hall), await shared(hall)
    found = hall.store.read_now(lambda look: look.find_incident(IncidentId(mine["id"])))
    assert found is not None
    hall.headers["viewer"] = seat_viewer(hall.store, found)
    await looked(hall, "viewer", mine)
    assert refusal(await hall.ask("viewer", "GET", f"/api/incidents/{other['id']}"))[0] == 404
    body = {"camera_id": other["cameras"][0]["camera_id"], "incident_id": other["id"]}
    assert refusal(await hall.ask("viewer", "POST", "/api/views", body)) == (403, "other_incident")


async def test_video_being_down_is_said_in_words_and_incidents_open_all_the_same(hall: Hall) -> None:
    hall.video.down = True
    incident = await hall.opened()
    body = {"camera_id": incident["cameras"][0]["camera_id"], "incident_id": incident["id"]}
    assert refusal(await hall.ask("operator", "POST", "/api/views", body)) == (503, "media_unavailable")
    assert hall.store.read_now(lambda look: look.list_open_views()) == []


async def test_an_operator_aims_a_camera_once_and_for_all(hall: Hall) -> None:
    camera = (await hall.opened())["cameras"][0]["camera_id"]
    aimed = await hall.ask("operator", "PUT", f"/api/cameras/{camera}/aim", {"bearing": 90, "field": 70, "reach": 80})
    assert (aimed.json()["bearing"], aimed.json()["aimed_by_hand"]) == (90, True)
    drawn = (await hall.ask("operator", "GET", "/api/cameras.geojson")).json()["features"]
    assert [one["properties"]["id"] for one in drawn] == [camera]


async def test_the_sites_are_sent_once_and_then_only_confirmed(hall: Hall) -> None:
    first = await hall.ask("operator", "GET", "/api/sites.geojson")
    assert len(first.json()["features"]) == 8
    again = await hall.ask("operator", "GET", "/api/sites.geojson", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_operator_keeps_groups_of_cameras(hall: Hall) -> None:
    cameras = [one["camera_id"] for one in (await hall.opened())["cameras"]]
    made = await hall.ask("operator", "POST", "/api/groups", {"name": "역 앞", "cameras": cameras, "tour_seconds": 5})
    group = made.json()["id"]
    await hall.ask("operator", "PUT", f"/api/groups/{group}", {"name": "역 뒤", "cameras": cameras[:1]})
    (kept,) = (await hall.ask("operator", "GET", "/api/groups")).json()["items"]
    assert (kept["name"], kept["cameras"], kept["tour_seconds"]) == ("역 뒤", cameras[:1], None)
    assert (await hall.ask("operator", "DELETE", f"/api/groups/{group}")).status_code == 204
    assert refusal(await hall.ask("operator", "DELETE", f"/api/groups/{group}")) == (404, "not_found")
    unknown = await hall.ask("operator", "POST", "/api/groups", {"name": "x", "cameras": ["none"]})
    assert refusal(unknown) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/incidents", {"title": "x", "lon": 200, "lat": 37}, "lon"),
        ("/api/incidents", {"title": "x", "lon": "여기", "lat": 37}, "lon"),
        ("/api/incidents", {"lon": 127, "lat": 37}, "title"),
        ("/api/incidents", {**SCENE, "title": "x", "colour": "red"}, "colour"),
        ("/api/incidents", {**SCENE, "title": "x" * 201}, "title"),
        ("/api/incidents", {**SCENE, "title": "x", "severity": "terrible"}, "severity"),
        ("/api/views", {}, "camera_id"),
        ("/api/groups", {"name": "", "cameras": ["a"]}, "name"),
        ("/api/groups", {"name": "x", "cameras": []}, "cameras"),
        ("/api/grants/gra-1/extend", {"minutes": 0}, "minutes"),
    ],
)
async def test_what_was_typed_wrongly_is_named_in_both_languages(
    hall: Hall, path: str, body: dict[str, Any], field: str
) -> None:
    answer = await hall.ask("operator", "POST", path, body)
    assert refusal(answer) == (422, "invalid")
    assert answer.json()["error"]["field"] == field
    assert field in answer.json()["error"]["text"]["ko"]


@pytest.mark.parametrize("path", ["/api/cameras/near?lon=181&lat=0", "/api/cameras/near?lon=nan&lat=0&radius=5"])
async def test_a_place_that_is_none_is_refused(hall: Hall, path: str) -> None:
    assert refusal(await hall.ask("operator", "GET", path)) == (422, "invalid")


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


async def test_the_command_line_and_the_api_give_the_same_cameras(hall: Hall, tmp_path: Path) -> None:
    from goldentime.command import near  # noqa: PLC0415  only here

    asked = await hall.ask("operator", "GET", "/api/cameras/near?lon=127.05&lat=37.25&radius=300&wanted=3")
    assert asked.json() == near(tmp_path, 127.05, 37.25, 300, 3)


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


async def test_what_an_operator_saw_and_opened_an_incident_for_is_on_record(hall: Hall) -> None:
    view = await looked(hall, "operator", await hall.opened())
    body = {**SCENE, "title": "연기", "from_view_id": view["view_id"]}
    assert (await hall.ask("operator", "POST", "/api/incidents", body)).status_code == 201
    entries = [link.entry for link in hall.store.read_now(lambda look: look.list_audit(before=0))]
    opened = next(entry for entry in entries if entry.action == "IncidentOpened")
    assert opened.data == {"view": view["view_id"]}
    assert opened.camera is not None


async def test_an_agency_is_told_5003_when_nothing_can_be_kept(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    from goldentime.core.errors import StorageFailed  # noqa: PLC0415
    from goldentime.core.text import Text  # noqa: PLC0415
    from goldentime.flows.manage_keys import issue_key  # noqa: PLC0415

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
