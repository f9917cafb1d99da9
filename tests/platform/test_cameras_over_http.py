"""Cameras, sites and groups over HTTP, on a real store, and what is said of what was typed wrongly."""

from pathlib import Path
from typing import Any

import pytest

from fakes.answers import refusal
from fakes.hall import SCENE, Hall, looked, shared

pytestmark = pytest.mark.slow  # a store of its own for each test


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


async def test_the_command_line_and_the_api_give_the_same_cameras(hall: Hall, tmp_path: Path) -> None:
    from goldentime.command import near  # noqa: PLC0415  only here

    asked = await hall.ask("operator", "GET", "/api/cameras/near?lon=127.05&lat=37.25&radius=300&wanted=3")
    assert asked.json() == near(tmp_path, 127.05, 37.25, 300, 3)
