"""The field page over HTTP: what a crew is told while it is on a call, its late taps, and that it ends in words."""

import asyncio
import base64
from datetime import timedelta

import pytest
from httpx import Response

from fakes.fleet import RememberingWire
from fakes.hall import CAR, POLICE, Hall
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.imported import Imported
from goldentime.core.clock import SystemClock, monotonic
from goldentime.core.ids import AgencyId, CameraId, ViewId
from goldentime.messages.news import News


async def on_call(hall: Hall) -> str:
    """The patrol car ordered to an incident."""
    incident = (await hall.opened())["id"]
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    sent = await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    assert sent.status_code == 201, sent.text
    return str(incident)


async def press(hall: Hall, step: str, at: str, **told: str) -> Response:
    """A tap as the page sends it: on the order and in the state its brief shows, unless told otherwise."""
    unit = (await hall.ask("crew", "GET", "/api/field")).json()["unit"]
    seen = {"step": step, "at": at, "order": unit["order"] or "ord-none", "from": unit["state"], **told}
    return await hall.ask("crew", "POST", "/api/field/steps", seen)


async def order_of(hall: Hall) -> str:
    return str((await hall.ask("crew", "GET", "/api/field")).json()["unit"]["order"])


async def kinds(hall: Hall, incident: str) -> list[str]:
    page = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()
    return [row["kind"] for row in page["timeline"]]


def ago(seconds: float) -> str:
    return (SystemClock().now() - timedelta(seconds=seconds)).isoformat()


async def test_a_crew_without_an_order_is_told_its_unit_and_nothing_else(hall: Hall) -> None:
    brief = (await hall.ask("crew", "GET", "/api/field")).json()
    assert (brief["unit"]["call_sign"], brief["unit"]["state"]) == ("순찰1호", "available")
    assert (brief["scene"], brief["ended"], brief["steps"]) == (None, None, [])


@pytest.mark.parametrize(("who", "status"), [("operator", 403), ("agency", 403), ("admin", 403), ("nobody", 401)])
async def test_only_a_crew_has_a_field_page(hall: Hall, who: str, status: int) -> None:
    assert (await hall.ask(who, "GET", "/api/field")).status_code == status
    tap = {"step": "depart", "at": ago(0), "order": "ord-1", "from": "ordered"}
    assert (await hall.ask(who, "POST", "/api/field/steps", tap)).status_code == status


async def test_on_a_call_it_reads_the_scene_its_cameras_and_until_when(hall: Hall) -> None:
    incident = await on_call(hall)
    brief = (await hall.ask("crew", "GET", "/api/field")).json()
    scene = brief["scene"]
    assert (scene["incident_id"], scene["title"]) == (incident, "쓰러진 사람")
    assert [one["rank"] for one in scene["cameras"]] == [1, 2, 3, 4]
    assert scene["expires_at"] > brief["at"]
    assert scene["way"] is None
    assert scene["no_way"]["ko"]  # this city has no roads, and the page says so
    assert [one["step"] for one in brief["steps"]] == ["depart", "arrive"]


async def test_a_tap_that_waited_in_a_tunnel_keeps_its_time_and_may_come_twice(hall: Hall) -> None:
    await on_call(hall)
    pressed = SystemClock().now()
    tap = {"step": "depart", "at": pressed.isoformat(), "order": await order_of(hall), "from": "ordered"}
    first = (await hall.ask("crew", "POST", "/api/field/steps", tap)).json()
    again = await hall.ask("crew", "POST", "/api/field/steps", tap)
    assert (first["unit"]["state"], again.status_code) == ("en_route", 200)
    assert abs((SystemClock().now() - pressed).total_seconds()) < 60
    assert first["unit"]["state_at"][:19] == pressed.isoformat()[:19]
    wrong = await press(hall, "return", ago(0))
    assert wrong.status_code == 409


async def test_a_tap_of_an_earlier_order_does_nothing_on_the_next_and_says_so(hall: Hall) -> None:
    await on_call(hall)
    first = await order_of(hall)
    back = await hall.ask("operator", "POST", "/api/units/P1/call-back", {})
    assert back.status_code == 200, back.text
    stranded = await press(hall, "arrive", ago(60), order=first, **{"from": "ordered"})
    assert stranded.status_code == 409
    await on_call(hall)
    late = await press(hall, "arrive", ago(60), order=first, **{"from": "ordered"})
    assert late.status_code == 409
    assert "출동지령" in late.json()["error"]["text"]["ko"]
    assert (await hall.ask("crew", "GET", "/api/field")).json()["unit"]["state"] == "ordered"


async def test_a_step_taken_back_twice_over_a_lost_answer_steps_back_once(hall: Hall) -> None:
    await on_call(hall)
    for step in ("depart", "arrive"):
        await press(hall, step, ago(0))
    told = {"order": await order_of(hall), "from": "on_scene"}
    answers = [await press(hall, "take_back", ago(0), **told) for _ in range(2)]
    assert [(one.status_code, one.json()["unit"]["state"]) for one in answers] == [(200, "en_route")] * 2
    await press(hall, "take_back", ago(0))
    stale = await press(hall, "take_back", ago(0), **told)
    assert (stale.status_code, "현장" in stale.json()["error"]["text"]["ko"]) == (409, True)


async def test_a_return_sent_again_when_its_order_is_over_is_taken(hall: Hall) -> None:
    await on_call(hall)
    order = await order_of(hall)
    for step in ("arrive", "clear"):
        await press(hall, step, ago(0))
    told = {"order": order, "from": "clear"}
    answers = [await press(hall, "return", ago(0), **told) for _ in range(2)]
    assert [(one.status_code, one.json()["unit"]["state"]) for one in answers] == [(200, "available")] * 2


async def test_an_arrival_pressed_before_the_position_said_departed_is_taken_as_it_was_meant(hall: Hall) -> None:
    await on_call(hall)
    await press(hall, "depart", ago(0))
    arrived = await press(hall, "arrive", ago(0), **{"from": "ordered"})
    assert (arrived.status_code, arrived.json()["unit"]["state"]) == (200, "on_scene")
    for wrong in ({"from": "driving"}, {"order": ""}):
        assert (await press(hall, "clear", ago(0), **wrong)).status_code in {400, 422}


async def test_a_tap_from_the_future_or_without_a_zone_is_put_right_or_refused(hall: Hall) -> None:
    await on_call(hall)
    naive = await press(hall, "depart", "2026-11-22T10:00:00")
    assert naive.status_code in {400, 422}
    ahead = (await press(hall, "depart", ago(-3600))).json()
    assert ahead["unit"]["state_at"] <= ago(0)


async def test_a_call_for_support_is_on_record_once_however_often_it_is_sent(hall: Hall) -> None:
    incident = await on_call(hall)
    told = {"request": "a-request-1", "order": await order_of(hall), "at": ago(5), "words": "두 명 더 필요"}
    answers = [(await hall.ask("crew", "POST", "/api/field/support", told)).json()["repeated"] for _ in range(2)]
    assert answers == [False, True]
    timeline = (await hall.ask("operator", "GET", f"/api/incidents/{incident}")).json()["timeline"]
    assert [row["kind"] for row in timeline].count("SupportAsked") == 1


async def test_a_call_for_support_stands_before_the_dispatchers_and_on_the_agencys_wire_until_it_is_heard(
    hall: Hall,
) -> None:
    wire = RememberingWire()
    hall.platform.world.wires[AgencyId(POLICE.id)] = wire  # type: ignore[index]
    await on_call(hall)
    told = {"request": "a-request-9", "order": await order_of(hall), "at": ago(5), "words": "두 명 더 필요"}
    assert (await hall.ask("crew", "POST", "/api/units/P1/support-heard")).status_code == 403
    assert (await hall.ask("operator", "POST", "/api/units/P1/support-heard")).status_code == 409
    await hall.ask("crew", "POST", "/api/field/support", told)

    async def seen() -> tuple[bool, bool]:
        """Asked and heard: for the dispatcher and the crew alike."""
        rows = (await hall.ask("operator", "GET", "/api/units")).json()["items"]
        brief = (await hall.ask("crew", "GET", "/api/field")).json()["unit"]
        (row,) = [one for one in rows if one["id"] == "P1"]
        both = [(one["support_at"] is not None, one["support_heard_at"] is not None) for one in (row, brief)]
        assert both[0] == both[1]
        return both[0]

    assert await seen() == (True, False)
    assert any("지원 요청 — 두 명 더 필요" in news.content.ko for news in wire.said if isinstance(news, News))
    assert (await hall.ask("operator", "POST", "/api/units/P1/support-heard")).status_code == 200
    assert await seen() == (True, True)
    assert (await hall.ask("operator", "POST", "/api/units/P1/support-heard")).status_code == 409
    await hall.ask("crew", "POST", "/api/field/support", {**told, "request": "a-request-10"})
    assert await seen() == (True, False), "asked again, it is to be heard again"
    for step in ("arrive", "clear"):
        await press(hall, step, ago(0))
    assert await seen() == (False, False), "over with the call"


async def test_after_the_close_it_reads_in_words_that_access_has_ended(hall: Hall) -> None:
    incident = await on_call(hall)
    order = await order_of(hall)
    await press(hall, "depart", ago(0))
    await press(hall, "arrive", ago(0))
    closed = await hall.ask("operator", "POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
    assert closed.status_code == 200, closed.text
    brief = (await hall.ask("crew", "GET", "/api/field")).json()
    assert brief["scene"] is None
    assert brief["ended"]["ko"]
    told = {"request": "a-request-2", "order": order, "at": ago(0)}
    late = await hall.ask("crew", "POST", "/api/field/support", told)
    assert (late.status_code, "종결" in late.json()["error"]["text"]["ko"]) == (409, True)


async def test_a_phone_tells_where_the_unit_is(hall: Hall) -> None:
    hall.platform.world.positions.know_units([CAR])  # as the running platform does once a second
    await on_call(hall)
    here = {"lon": 127.0507, "lat": 37.2502, "at": ago(1), "speed_kmh": 40, "heading": 90, "accuracy_m": 8}
    answer = await hall.ask("crew", "POST", "/api/field/position", here)
    assert answer.json()["fate"] == "taken"
    brief = (await hall.ask("crew", "GET", "/api/field")).json()
    assert abs(brief["here"]["lon"] - 127.0507) < 0.001
    assert brief["here"]["age_s"] < 30
    off = await hall.ask("crew", "POST", "/api/field/position", {**here, "lat": 95})
    assert off.status_code in {400, 422}


async def test_a_late_call_for_support_is_its_own_incident_s_and_never_the_next_one_s(hall: Hall) -> None:
    first = await on_call(hall)
    earlier = await order_of(hall)
    for step in ("arrive", "clear", "return"):
        await press(hall, step, ago(0))
    second = await on_call(hall)
    told = {"request": "a-request-3", "order": earlier, "at": ago(60)}
    assert (await hall.ask("crew", "POST", "/api/field/support", told)).status_code == 201

    assert ("SupportAsked" in await kinds(hall, first), "SupportAsked" in await kinds(hall, second)) == (True, False)
    closed = await hall.ask("operator", "POST", f"/api/incidents/{first}/close", {"disposition": "handled"})
    assert closed.status_code == 200, closed.text
    late = await hall.ask("crew", "POST", "/api/field/support", {**told, "request": "a-request-4"})
    strange = await hall.ask("crew", "POST", "/api/field/support", {**told, "order": "ord-none"})
    assert (late.status_code, strange.status_code) == (409, 409)
    assert "SupportAsked" not in await kinds(hall, second)


async def test_an_opening_page_gets_its_brief_and_the_first_picture_in_one_answer(hall: Hall) -> None:
    incident = await on_call(hall)
    answer = await hall.ask("crew", "POST", "/api/field/opening", {"width": 320})
    told = answer.json()
    scene, picture = told["brief"]["scene"], told["picture"]
    assert (scene["incident_id"], picture["camera_id"]) == (incident, scene["cameras"][0]["camera_id"])
    assert base64.b64decode(picture["still"]) == b"\xff\xd8 a still"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    still = await hall.ask("crew", "GET", picture["view"]["still"])
    assert still.status_code == 200
    assert "FirstFrameSeen" not in await kinds(hall, incident)  # handed out is not yet on a screen
    view = picture["view"]["view_id"]
    assert (await hall.ask("operator", "POST", f"/api/views/{view}/seen")).status_code == 404
    assert (await hall.ask("crew", "POST", f"/api/views/{view}/seen")).status_code == 204
    assert "FirstFrameSeen" in await kinds(hall, incident)
    assert (await hall.ask("operator", "POST", "/api/field/opening", {})).status_code == 403


async def test_a_camera_without_pictures_holds_no_brief_back(hall: Hall) -> None:
    await on_call(hall)
    hall.video.down = True
    told = (await hall.ask("crew", "POST", "/api/field/opening", {})).json()
    assert (told["brief"]["scene"] is None, told["picture"]) == (False, None)


async def test_a_waiting_crew_hears_of_its_order_at_once(hall: Hall) -> None:
    ringing = asyncio.create_task(hall.platform.dispatching.bell.run())
    stop = hall.store.subscribe(hall.platform.dispatching.bell.wake)
    waiting = asyncio.create_task(hall.ask("crew", "POST", "/api/field/opening", {"wait_s": 9}))
    started = monotonic()
    incident = await on_call(hall)
    told = (await waiting).json()
    assert told["brief"]["scene"]["incident_id"] == incident
    assert told["picture"] is not None
    assert monotonic() - started < 8
    stop()
    ringing.cancel()
    at_once = (await hall.ask("crew", "POST", "/api/field/opening", {"wait_s": 9})).json()
    assert at_once["brief"]["scene"]["incident_id"] == incident


async def test_the_small_stream_is_played_where_there_is_one_and_let_go_with_its_view(hall: Hall) -> None:
    incident = await on_call(hall)
    camera = (await hall.ask("crew", "GET", "/api/field")).json()["scene"]["cameras"][0]["camera_id"]
    asked = {"camera_id": camera, "incident_id": incident, "quality": "low"}
    none = (await hall.ask("crew", "POST", "/api/views", asked)).json()
    assert (none["has_low"], none["quality"]) == (False, "full")
    stream = Stream(CameraId(camera), "rtsp://10.0.0.1/s", substream_url="rtsp://10.0.0.1/small")
    record = Imported(what="streams", file_name="t", digest="", at=SystemClock().now(), report="{}")
    hall.store.city().replace_streams([stream], [], record)
    small = (await hall.ask("crew", "POST", "/api/views", asked)).json()
    assert (small["has_low"], small["quality"]) == (True, "low")
    assert hall.video.views[ViewId(small["view_id"])] == f"{camera}~low"
    assert (await hall.ask("crew", "DELETE", f"/api/views/{small['view_id']}")).status_code == 204
    assert [key for key in hall.video.holds if key[0] == f"{camera}~low"] == []
