"""The roads over HTTP: ways and reach for whoever may see them, closures by operators, speeds by named agencies."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from fakes.hall import Hall
from fakes.hall_on_a_block import hall_on_a_block
from goldentime.city.agencies.agency import Agency
from goldentime.city.roads.line import LinkId
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.people.manage_keys import issue_key
from goldentime.flows.roads.take_speeds import SERVICE

pytestmark = pytest.mark.slow  # a store of its own for each test

WEST, NORTH = (127.00001, 37.0005), (127.0005, 37.00101)  # just right of A northwards; left of B eastwards
ITS = AgencyId("agency-its")


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A platform whose roads are four streets around a block."""
    async with hall_on_a_block(tmp_path) as made:
        yield made


async def way(hall: Hall, **more: Any) -> dict[str, Any]:
    asked = {"from_lon": WEST[0], "from_lat": WEST[1], "to_lon": NORTH[0], "to_lat": NORTH[1], "heading": 0.0, **more}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = await hall.ask("operator", "GET", f"/api/roads/route?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def its_key(hall: Hall, *, sandbox: bool = False) -> str:
    agency = Agency(ITS, Text("교통정보센터", "Traffic centre"), services=frozenset({SERVICE}))
    await hall.store.change(lambda tx: tx.put_agency(agency))
    made = await issue_key(hall.store, SystemClock(), secrets.token_bytes, ITS, sandbox=sandbox)
    return made.secret


async def tell(hall: Hall, key: str, body: Any) -> httpx.Response:
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    return await hall.http.post("/api/roads/speeds", headers={"x-goldentime-key": key}, **sent)


def measured(link: str, kmh: float) -> dict[str, Any]:
    return {"link_id": link, "kmh": kmh, "measured_at": SystemClock().now().isoformat()}


async def test_a_way_is_told_with_its_line_and_every_turn_in_both_languages(hall: Hall) -> None:
    found = await way(hall)
    assert found["found"]
    assert found["links"][0] == "A>"
    assert found["line"][0] == [127.0, 37.0005]
    assert found["steps"][0]["kind"] == "depart"
    assert found["steps"][-1]["text"] == {"ko": "도착", "en": "Arrive"}


async def test_a_closed_road_leads_around_and_a_wall_of_them_is_said_in_words(hall: Hall) -> None:
    usual = await way(hall)
    body = {"links": usual["links"][1:2], "scope": "for_all", "reason": "침수"}
    closed = await hall.ask("operator", "POST", "/api/roads/closures", body)
    assert closed.status_code == 201, closed.text
    assert closed.json()["roads"] == ["북로"]
    told = await way(hall)
    assert not told["found"] or told["seconds"] > usual["seconds"]
    listed = (await hall.ask("operator", "GET", "/api/roads/closures")).json()["items"]
    assert [one["id"] for one in listed] == [closed.json()["id"]]
    traffic = (await hall.ask("operator", "GET", "/api/roads/traffic")).json()
    assert [one["reason"] for one in traffic["closures"]] == ["침수"]
    gone = await hall.ask("operator", "DELETE", f"/api/roads/closures/{closed.json()['id']}")
    assert gone.status_code == 200
    assert await way(hall) == usual


async def test_a_closure_of_links_keeps_the_place_where_they_were_marked(hall: Hall) -> None:
    body = {"links": ["A>", "A<"], "lon": WEST[0], "lat": WEST[1], "scope": "for_all"}
    closed = (await hall.ask("operator", "POST", "/api/roads/closures", body)).json()
    assert closed["links"] == ["A<", "A>"]  # the links as given, no circle
    assert (closed["lon"], closed["lat"], closed["radius"], closed["missing_links"]) == (*WEST, 0.0, 0)


async def test_no_way_is_told_with_its_reason(hall: Hall) -> None:
    body = {"lon": 127.0005, "lat": 37.001, "radius": 5.0, "scope": "except_emergency"}
    assert (await hall.ask("operator", "POST", "/api/roads/closures", body)).status_code == 201
    told = await way(hall)
    assert not told["found"]
    assert told["reason"]["ko"] == "긴급차량만 지나갈 수 있습니다."
    assert (await way(hall, emergency="true"))["found"]


async def test_reach_is_geojson_cut_where_the_time_is_up(hall: Hall) -> None:
    answer = await hall.ask("operator", "GET", "/api/roads/reach?lon=127.00001&lat=37.0005&heading=0&seconds=8")
    assert answer.headers["content-type"] == "application/geo+json"
    lines = answer.json()["features"]
    assert {one["properties"]["link"] for one in lines} >= {"A>"}
    assert all(one["geometry"]["type"] == "LineString" for one in lines)


async def test_what_is_asked_wrongly_is_refused_in_words(hall: Hall) -> None:
    asked = [
        ("GET", "/api/roads/route?from_lon=1&from_lat=2", None, 422),
        ("GET", "/api/roads/route?from_lon=10&from_lat=10&to_lon=127&to_lat=37", None, 404),
        ("GET", "/api/roads/reach?lon=127&lat=37&seconds=99999", None, 422),
        ("POST", "/api/roads/closures", {"reason": "x"}, 422),
        ("POST", "/api/roads/closures", {"links": ["A>"], "lon": 127}, 422),
        ("POST", "/api/roads/closures", {"links": ["A>"], "until": "2026-01-01T00:00:00"}, 422),
        ("POST", "/api/roads/closures", {"links": ["none"]}, 422),
        ("DELETE", "/api/roads/closures/closure-none", None, 404),
    ]
    for method, page, body, status in asked:
        answer = await hall.ask("operator", method, page, body)
        assert answer.status_code == status, (page, body, answer.text)
        assert all(answer.json()["error"]["text"][language] for language in ("ko", "en"))


async def test_only_operators_close_roads_and_only_who_sees_incidents_sees_them(hall: Hall) -> None:
    body = {"links": ["A>"]}
    assert (await hall.ask("agency", "POST", "/api/roads/closures", body)).status_code == 403
    assert (await hall.ask("admin", "GET", "/api/roads/closures")).status_code == 403
    assert (await hall.http.get("/api/roads/traffic")).status_code == 401


async def test_speeds_are_in_force_when_the_door_answers_and_bad_ones_are_named(hall: Hall) -> None:
    key, usual = await its_key(hall), await way(hall)
    items = [measured("B>", 4.0), measured("B>", 900.0), {"link_id": "A>"}, "nothing", measured("none", 30.0)]
    answer = await tell(hall, key, {"items": items})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["taken"], told["unknown"], told["bad"]) == (1, 1, 3)
    assert [(one["item"], one["link_id"]) for one in told["refused"]] == [(1, "B>"), (2, "A>"), (3, "")]
    assert (await way(hall))["seconds"] > usual["seconds"]
    traffic = (await hall.ask("operator", "GET", "/api/roads/traffic")).json()
    row = hall.platform.known.graph.row_of[LinkId("B>")]
    assert traffic["levels"] == {str(row): "standing"}


async def test_a_speeds_door_opens_to_named_agencies_only(hall: Hall) -> None:
    key, usual = await its_key(hall, sandbox=True), await way(hall)
    assert (await tell(hall, "gt_live_guess", {"items": []})).status_code == 403
    assert (await hall.http.post("/api/roads/speeds", json={"items": []})).status_code == 403
    police = await issue_key(hall.store, SystemClock(), secrets.token_bytes, AgencyId("agency-112"), sandbox=False)
    assert (await tell(hall, police.secret, {"items": []})).status_code == 403
    assert (await tell(hall, key, {"items": [measured("B>", 4.0)]})).json()["taken"] == 1
    assert await way(hall) == usual  # a sandbox key tries, and changes nothing


@pytest.mark.parametrize(
    "body",
    [b"", b"nothing", b"[]", b"{}", b'{"items": 3}', b"\xff\xfe", b'{"items": [' + b"[" * 100_000],
    ids=["empty", "no JSON", "a list", "no items", "a number", "no text", "endless"],
)
async def test_what_is_no_list_of_speeds_is_refused_in_words(hall: Hall, body: bytes) -> None:
    answer = await tell(hall, await its_key(hall), body)
    assert answer.status_code == 422, answer.text
    assert "items" in answer.json()["error"]["text"]["ko"]


async def test_old_speeds_are_counted_and_not_in_force(hall: Hall) -> None:
    usual, key = await way(hall), await its_key(hall)
    old = {**measured("B>", 4.0), "measured_at": (SystemClock().now() - timedelta(hours=1)).isoformat()}
    assert (await tell(hall, key, {"items": [old]})).json()["old"] == 1
    assert await way(hall) == usual
