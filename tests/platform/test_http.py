"""An operator's and an agency's work with an incident over HTTP, on a real store: what is shown, refused and ended."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from fakes.answers import refusal
from fakes.hall import SCENE, Hall, looked, seat_viewer, shared
from goldentime.core.ids import IncidentId

pytestmark = pytest.mark.slow  # a store of its own for each test


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


async def test_a_look_whose_purpose_contradicts_its_incident_is_refused(hall: Hall) -> None:
    incident = await shared(hall)
    body = {"camera_id": incident["cameras"][0]["camera_id"]}
    for wrong in ({**body, "purpose": "incident"}, {**body, "incident_id": incident["id"], "purpose": "duty"}):
        answer = await hall.ask("operator", "POST", "/api/views", wrong)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "purpose")


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


async def test_what_an_operator_saw_and_opened_an_incident_for_is_on_record(hall: Hall) -> None:
    view = await looked(hall, "operator", await hall.opened())
    body = {**SCENE, "title": "연기", "from_view_id": view["view_id"]}
    assert (await hall.ask("operator", "POST", "/api/incidents", body)).status_code == 201
    entries = [link.entry for link in hall.store.read_now(lambda look: look.list_audit(before=0))]
    opened = next(entry for entry in entries if entry.action == "IncidentOpened")
    assert opened.data == {"view": view["view_id"]}
    assert opened.camera is not None
