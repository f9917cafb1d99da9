"""What an operator sees becomes a report to 119: place, words, still, and who may fetch it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from fakes.blank_database import open_blank
from fakes.fleet import RememberingWire
from fakes.hall import FIRE, POLICE, Hall, Pictures, furnish, seat
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.place import LonLat
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.send_outgoing import Outbox
from goldentime.flows.people.manage_keys import issue_key
from goldentime.linkages.fixed_head_tcp.linkage import FixedHeadTcp
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp
from goldentime.messages.news import News, Reply, Verdict
from goldentime.settings import Web
from goldentime.sim.agencies.receiver import read_frame

PUBLIC = "https://city.example"
SEEN = {"words": "3층 창문에서 연기", "direction": "북쪽"}


async def looking(hall: Hall) -> tuple[str, str]:
    """An open incident and the operator's view of its first camera."""
    incident = (await hall.opened())["id"]
    camera = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["cameras"][0]["camera_id"]
    view = await hall.ask("operator", "POST", "/api/views", {"camera_id": camera, "incident_id": incident})
    assert view.status_code == 201, view.text
    return incident, view.json()["view_id"]


async def tell(hall: Hall, who: str, incident: str, view: str, **more: Any) -> httpx.Response:
    return await hall.ask(who, "POST", "/api/sightings", {"incident_id": incident, "view_id": view, **SEEN, **more})


async def key_of(hall: Hall, agency: str) -> dict[str, str]:
    """The header by which that agency's own system is known."""
    made = await issue_key(
        hall.store, SystemClock(), lambda n: agency.encode()[-1:] * n, AgencyId(agency), sandbox=False
    )
    return {"X-Goldentime-Key": made.secret}


def agencys(still: str) -> str:
    """Where an agency's system asks for the same still."""
    return still.replace("/api/", "/api/agency/", 1)


@contextlib.asynccontextmanager
async def hall_at(folder: Path, web: Web, address: str) -> AsyncIterator[Hall]:
    with open_blank(folder, clock=SystemClock()) as store:
        video = Pictures()
        platform = furnish(folder, store, video, web=web)
        transport = httpx.ASGITransport(platform.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=address) as http:
            yield Hall(platform, store, video, http, seat(store))


@pytest_asyncio.fixture
async def named_hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A platform that was told by which address others reach it."""
    async with hall_at(tmp_path, Web(public_url=PUBLIC), PUBLIC) as hall:
        yield hall


@pytest_asyncio.fixture
async def nameless_hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A platform that listens everywhere and was not told under which address."""
    async with hall_at(tmp_path, Web(host="0.0.0.0"), "http://127.0.0.1:8080") as hall:  # noqa: S104  not bound
        yield hall


async def test_it_goes_out_over_the_agencys_own_wire_with_place_words_and_still(named_hall: Hall) -> None:
    hall = named_hall
    wire = RememberingWire()
    hall.platform.world.wires[AgencyId(FIRE.id)] = wire  # type: ignore[index]
    incident, view = await looking(hall)
    answer = await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])
    assert answer.status_code == 201, answer.text
    news = next(one for one in wire.said if getattr(one, "topic", "") == "sighting")
    assert "3층 창문에서 연기" in news.content.ko
    assert news.place is not None
    assert news.items["IMAGE_URL"].startswith(f"{PUBLIC}/api/agency/")
    assert news.items["IMAGE_URL"].endswith(f"/sightings/{answer.json()['position']}.jpg")
    path = "/" + news.items["IMAGE_URL"].split("/", 3)[3]
    theirs = await hall.http.get(path, headers=await key_of(hall, FIRE.id))
    assert (theirs.status_code, theirs.content[:2]) == (200, b"\xff\xd8")
    assert (await hall.http.get(path)).status_code == 401
    timeline = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["timeline"]
    assert {"SightingNoted", "AgencyTold"} <= {row["kind"] for row in timeline}


async def test_an_agency_without_a_wire_is_said_so_and_nothing_is_put(hall: Hall) -> None:
    incident, view = await looking(hall)
    answer = await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_wire")
    timeline = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["timeline"]
    assert "SightingNoted" not in {row["kind"] for row in timeline}


async def test_only_operators_tell_and_only_through_their_own_view_here(hall: Hall) -> None:
    incident, view = await looking(hall)
    assert (await tell(hall, "agency", incident, view)).status_code == 403
    assert (await tell(hall, "operator", incident, "vue-nothing")).status_code == 404
    other = (await hall.opened())["id"]
    assert (await tell(hall, "operator", other, view)).status_code == 404


async def test_the_crew_on_the_call_sees_the_last_one_and_others_do_not(hall: Hall) -> None:
    incident, view = await looking(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    position = (await tell(hall, "operator", incident, view, plate="12가3456")).json()["position"]
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    assert (seen["plate"], seen["direction"], seen["words"]) == ("12가3456", "북쪽", "3층 창문에서 연기")
    assert (await hall.ask("crew", "GET", seen["still"])).content[:2] == b"\xff\xd8"
    assert (await hall.ask("operator", "GET", seen["still"])).status_code == 200
    assert (await hall.ask("agency", "GET", seen["still"])).status_code == 404  # noted for crews, told to no agency
    assert (await hall.http.get(agencys(seen["still"]), headers=await key_of(hall, POLICE.id))).status_code == 404
    assert (await hall.ask("fire", "GET", seen["still"])).status_code == 404
    assert (
        await hall.ask("operator", "GET", f"/api/incidents/{incident}/sightings/{position + 9}.jpg")
    ).status_code == 404
    await hall.ask("operator", "POST", "/api/units/P1/call-back")
    assert (await hall.ask("crew", "GET", seen["still"])).status_code == 404


async def test_a_later_sighting_without_a_plate_hides_neither_the_plate_nor_where_to_each_keeps_its_time(
    hall: Hall,
) -> None:
    incident, view = await looking(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})

    async def seen() -> dict[str, Any]:
        return dict((await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"])

    await tell(hall, "operator", incident, view, words="골목에 섬", plate="12가3456", direction="")
    first = await seen()
    assert (first["plate_at"], first["direction"], first["direction_at"]) == (first["at"], "", None)
    await tell(hall, "operator", incident, view, words="다시 움직임", direction="남쪽")
    second = await seen()
    await tell(hall, "operator", incident, view, words="놓침", direction="")
    third = await seen()
    assert (third["words"], third["plate"], third["direction"]) == ("놓침", "12가3456", "남쪽")
    assert (third["plate_at"], third["direction_at"]) == (first["at"], second["at"])
    assert first["at"] < second["at"] < third["at"]


async def test_a_still_is_had_as_small_as_it_is_asked_for_and_whole_while_it_cannot_be_made_smaller(hall: Hall) -> None:
    incident, view = await looking(hall)
    position = (await tell(hall, "operator", incident, view)).json()["position"]
    still = f"/api/incidents/{incident}/sightings/{position}.jpg"
    whole = (await hall.ask("operator", "GET", still)).content
    assert (await hall.ask("operator", "GET", f"{still}?width=480")).content == whole + b" of 480"
    assert (await hall.ask("operator", "GET", f"{still}?width=1280")).content == whole
    assert (await hall.ask("operator", "GET", f"{still}?width=-1")).status_code in {400, 422}
    hall.video.down = True
    assert (await hall.ask("operator", "GET", f"{still}?width=480")).content == whole


async def test_on_a_chase_the_patrol_car_sees_what_the_fire_service_was_told_too(hall: Hall) -> None:
    hall.platform.world.wires[AgencyId(FIRE.id)] = RememberingWire()  # type: ignore[index]
    incident, view = await looking(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    await tell(hall, "operator", incident, view, plate="12가3456", agency_ids=[FIRE.id])
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    assert seen["plate"] == "12가3456"
    assert (await hall.ask("crew", "GET", seen["still"])).status_code == 200


async def test_a_sighting_in_a_drill_is_refused_for_who_did_not_report_it_with_the_reason(hall: Hall) -> None:
    wire = RememberingWire()
    hall.platform.world.wires[AgencyId(FIRE.id)] = wire  # type: ignore[index]
    incident, view = await looking(hall)
    drill = replace(hall.store.read_now(lambda look: look.find_incident(IncidentId(incident))), drill=True)
    await hall.store.change(lambda tx: tx.put_incident(drill))
    answer = await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "drill_wire")
    assert wire.said == []


async def test_several_agencies_are_told_at_once_or_when_one_cannot_be_none_is(hall: Hall) -> None:
    fire, police = RememberingWire(), RememberingWire()
    hall.platform.world.wires[AgencyId(FIRE.id)] = fire  # type: ignore[index]
    incident, view = await looking(hall)
    both = [FIRE.id, POLICE.id]
    assert (await tell(hall, "operator", incident, view, agency_ids=both)).json()["error"]["code"] == "no_wire"
    grants = hall.store.read_now(lambda look: look.list_grants(incident=IncidentId(incident)))
    assert [grant for grant in grants if grant.agency == FIRE.id] == []
    fire.said.clear()
    hall.platform.world.wires[AgencyId(POLICE.id)] = police  # type: ignore[index]
    told = await tell(hall, "operator", incident, view, agency_ids=both, crews=False)
    assert told.status_code == 201, told.text
    assert [len(sighted(wire)) for wire in (fire, police)] == [1, 1]
    still = f"/api/incidents/{incident}/sightings/{told.json()['position']}.jpg"
    assert [(await hall.ask(who, "GET", still)).status_code for who in ("fire", "agency", "operator")] == [200] * 3
    audit = hall.store.read_now(lambda look: [one.entry for one in look.list_audit(limit=50)])
    assert {entry.agency for entry in audit if entry.action == "SightingNoted"} == set(both)


async def test_which_agencies_hear_of_us_is_said_so_that_others_are_told_by_telephone(hall: Hall) -> None:
    hall.platform.world.wires[AgencyId(FIRE.id)] = RememberingWire()  # type: ignore[index]
    offered = (await hall.ask("operator", "GET", "/api/agencies")).json()["items"]
    assert {one["id"]: one["hears"] for one in offered} == {FIRE.id: True, POLICE.id: False}


async def test_place_and_address_of_what_is_told_agree_and_neither_is_the_cameras_pole(hall: Hall) -> None:
    wire = RememberingWire()
    hall.platform.world.wires[AgencyId(FIRE.id)] = wire  # type: ignore[index]
    incident, view = await looking(hall)
    about = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()
    await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])
    at = {"lon": 127.0531, "lat": 37.2512}
    await tell(hall, "operator", incident, view, agency_ids=[FIRE.id], place={**at, "words": "나루로 9"})
    await tell(hall, "operator", incident, view, agency_ids=[FIRE.id], place=at)
    here, there, unnamed = sighted(wire)
    assert (here.place, here.place_words) == (LonLat(**about["place"]), about["place_words"])
    assert (there.place, there.place_words) == (LonLat(**at), "나루로 9")
    assert (unnamed.place, unnamed.place_words) == (LonLat(**at), "37.25120, 127.05310")
    pole = about["cameras"][0]
    assert f"카메라 {pole['site_name']} ({pole['lat']:.5f}, {pole['lon']:.5f})" in here.content.ko
    body, _ = on_safety_net(there)
    assert (body["ocrPlc"], body["ocrLc"]) == ("나루로 9", "127.053100\xd237.251200\xd20")
    fields = on_fixed_head(there)
    assert (fields["ADDR"], fields["LON"], fields["LAT"]) == ("나루로 9", "127.053100", "37.251200")


async def test_a_crew_reads_the_point_where_it_was_seen(hall: Hall) -> None:
    incident, view = await looking(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    await tell(hall, "operator", incident, view, place={"lon": 127.0531, "lat": 37.2512, "words": "나루로 9"})
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    assert (seen["place"], seen["place_words"]) == ({"lon": 127.0531, "lat": 37.2512}, "나루로 9")
    await tell(hall, "operator", incident, view, place={"lon": 127.0532, "lat": 37.2512})
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    assert seen["place_words"] == "37.25120, 127.05320"


def sighted(wire: RememberingWire) -> list[News]:
    """The sightings that went over it, in their order."""
    return [one for one in wire.said if getattr(one, "topic", "") == "sighting"]  # type: ignore[misc]


async def test_what_one_agency_was_told_is_for_it_and_the_operators_only(hall: Hall) -> None:
    hall.platform.world.wires[AgencyId(FIRE.id)] = RememberingWire()  # type: ignore[index]
    incident, view = await looking(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    everyones = (await tell(hall, "operator", incident, view, plate="12가3456")).json()["position"]
    fires = (await tell(hall, "operator", incident, view, agency_ids=[FIRE.id], crews=False)).json()["position"]
    still = f"/api/incidents/{incident}/sightings/{fires}.jpg"
    asked = {who: (await hall.ask(who, "GET", still)).status_code for who in ("operator", "fire", "agency", "crew")}
    assert asked == {"operator": 200, "fire": 200, "agency": 404, "crew": 404}
    keys = [await key_of(hall, FIRE.id), await key_of(hall, POLICE.id)]
    assert [(await hall.http.get(agencys(still), headers=key)).status_code for key in keys] == [200, 404]
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    # the crew's page passes over what only the fire service was told
    assert seen["still"].endswith(f"/{everyones}.jpg")
    looks = hall.store.read_now(lambda look: [one.entry.action for one in look.list_audit(limit=50)])
    assert looks.count("SightingRead") == 3


async def test_the_crew_of_the_agency_told_sees_it(hall: Hall) -> None:
    hall.platform.world.wires[AgencyId(POLICE.id)] = RememberingWire()  # type: ignore[index]
    incident, view = await looking(hall)
    await tell(hall, "operator", incident, view, agency_ids=[POLICE.id])
    await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    seen = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["sighting"]
    assert seen["words"] == "3층 창문에서 연기"
    assert (await hall.ask("crew", "GET", seen["still"])).status_code == 200


def on_safety_net(news: News) -> tuple[dict[str, str], dict[str, str]]:
    """Body and items as a strict receiver takes them."""
    _, body = read_frame(SafetyNetTcp().news(news))
    parts = body["ocrEvtItem"].split("\xd2")
    return body, dict(zip(parts[::2], parts[1::2], strict=True))


def on_fixed_head(news: News) -> dict[str, str]:
    """The fields of the default layout."""
    wire = FixedHeadTcp()
    return dict(zip(wire.settings.news_fields, wire.news(news)[48:-1].decode().split("\x1e"), strict=True))


class TakingLine:
    """Fits flows.carrier.Carrier: an agency's system that takes everything."""

    async def send(self, _message: object, _parts: object) -> Reply:
        return Reply(Verdict.TAKEN, "2000", "정상")


async def test_the_timeline_says_that_it_is_being_told_and_then_that_it_was_received(hall: Hall) -> None:
    fire = AgencyId(FIRE.id)
    hall.platform.world.wires[fire] = RememberingWire()  # type: ignore[index]
    incident, view = await looking(hall)
    await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])

    async def rows() -> list[dict[str, Any]]:
        timeline = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["timeline"]
        return [row for row in timeline if row["kind"].startswith("Agency")]

    assert [row["kind"] for row in await rows()] == ["AgencyTold"]
    links = LinkHealth(SystemClock(), lambda: None)
    await Outbox(hall.platform.world, [Channel(fire, "wire", TakingLine())], links).turn()
    received, _ = await rows()
    assert received["text"] == {
        "ko": "기관이 받음: 영상 목격 신고 (응답 2000)",
        "en": "Received by the agency: a sighting on a camera (answer 2000)",
    }


async def test_no_address_is_made_of_what_the_browser_says_our_name_is(nameless_hall: Hall) -> None:
    hall = nameless_hall
    wire = RememberingWire()
    hall.platform.world.wires[AgencyId(FIRE.id)] = wire  # type: ignore[index]
    incident, view = await looking(hall)
    assert (await tell(hall, "operator", incident, view, agency_ids=[FIRE.id])).json()["told"]
    news = next(one for one in wire.said if getattr(one, "topic", "") == "sighting")
    assert ("IMAGE_URL" in news.items) is False
    assert news.content.ko.endswith("사진은 관제센터에 있음")
    assert news.content.en.endswith("the picture is at the control room")
    assert news.state == "occurred"  # the first the fire service hears of it
    body, items = on_safety_net(news)
    assert (body["evtId"], body["ocrSts"], items["CAMERA_NM"]) == ("MTSUC210", "10", news.items["CAMERA_NM"])
    fields = on_fixed_head(news)
    assert (fields["LON"], fields["LAT"]) == (f"{news.place.lon:.6f}", f"{news.place.lat:.6f}")
    assert (fields["MOVE_DIRECTION"], fields["CAMERA_NM"]) == ("북쪽", news.items["CAMERA_NM"])
