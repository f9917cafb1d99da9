"""`goldentime simunits` beside `goldentime serve`: who is ordered over the API drives and arrives by itself."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes.hall import OURS
from fakes.small_city import csv_of, geojson, square
from fakes.walk import wait_for
from goldentime.core.clock import SystemClock
from goldentime.core.place import LonLat, distance_metres
from goldentime.flows.people.first_accounts import demo_accounts
from goldentime.from_settings import open_city
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile
from goldentime.settings import Settings, Web
from goldentime.staged import AGENCIES, FIRE, POLICE, issue_logins

pytestmark = [pytest.mark.socket, pytest.mark.slow]
CAR, HOME = "P011", LonLat(127.05, 37.25)
SCENE = LonLat(127.0514, 37.25)  # half a street behind the first corner, 124 m away
POLICE_SETTINGS = """
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
services = ["112_video", "112_dispatch"]
"""


def streets() -> bytes:
    """A small town: five streets each way, a little over 100 m apart."""
    corners = [[(0.001 * x, 0.001 * y) for y in range(5)] for x in range(5)]
    lines = [*corners, *(list(row) for row in zip(*corners, strict=True))]
    features = [
        {
            "type": "Feature",
            "properties": {"도로명": f"한빛{number}로"},
            "geometry": {
                "type": "LineString",
                "coordinates": [[HOME.lon + east, HOME.lat + north] for east, north in line],
            },
        }
        for number, line in enumerate(lines)
    ]
    return geojson(*features)


async def ready(folder: Path) -> tuple[str, str]:
    """A town with roads and a patrol car in `data`; the operator's password and the police's key."""
    settings = Settings(data=folder / "data", web=Web(port=0), agencies=AGENCIES)
    header = ("단말번호", "호출명", "차종", "기관", "위도", "경도")
    listed = csv_of(header, (CAR, "나루 순찰1", "순찰차", POLICE, HOME.lat, HOME.lon))
    with open_city(settings) as store:
        importer = Importer(store.city(), SystemClock())
        importer.boundary(SourceFile("b.geojson", geojson(square(SIG_KOR_NM="새벌시"))))
        importer.roads(SourceFile("roads.geojson", streets()))
        importer.units(SourceFile("units.csv", listed))
        wanted = demo_accounts(agency_112=POLICE, agency_119=FIRE)
        people, keys = await issue_logins(settings, store, SystemClock(), wanted=wanted, keyed=AGENCIES)
        return people["operator"], keys[POLICE]


@contextmanager
def running(folder: Path, *command: str, **variables: str) -> Iterator[Path]:
    """A goldentime command; yields what it has written."""
    said = folder / f"{command[0]}.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOLDENTIME_")}
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "goldentime", *command],
            cwd=folder, env={**kept, **variables}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield said
        assert process.poll() is None, said.read_text()
    finally:
        process.terminate()
        process.wait(20)


def address_in(said: Path) -> str:
    found = re.search(r"^(http://127\.0\.0\.1:\d+)/$", said.read_text(), re.MULTILINE)
    return found[1] if found else ""


def test_a_unit_ordered_over_the_api_drives_the_roads_and_arrives_by_itself(tmp_path: Path) -> None:
    password, key = asyncio.run(ready(tmp_path))
    (tmp_path / "city.toml").write_text(POLICE_SETTINGS)
    given = ("--data", "data", "--settings", "city.toml", "--port", "0")
    with running(tmp_path, "serve", *given) as said:
        url = wait_for(lambda: address_in(said), 30, "the platform's address", said.read_text)
        with (
            httpx.Client(base_url=url, timeout=10, headers=OURS, trust_env=False) as http,
            running(
                tmp_path, "simunits", "--url", url, "--data", "data", "--count", "4", "--hurry", "3", "--seed", "1",
                GOLDENTIME_AGENCY_KEY=key,
            ),
        ):  # fmt: skip
            assert http.post("/api/session", json={"name": "operator", "password": password}).is_success
            seen = drives_to(http)
    places = [LonLat(one["place"]["lon"], one["place"]["lat"]) for one in seen if one["place"]]
    states = list(dict.fromkeys(one["state"] for one in seen))
    assert states == ["ordered", "en_route", "on_scene"]
    assert seen[-1]["state_by"] == "arrival", "its own position said so, and nobody pressed a button"
    assert len(set(places)) > 3
    assert distance_metres(places[-1], SCENE) < 60 < distance_metres(places[0], SCENE)


def drives_to(http: httpx.Client) -> list[dict[str, Any]]:
    """All that is seen of the car from its order until it stands at the scene."""

    def car() -> dict[str, Any]:
        return next(one for one in http.get("/api/units").json()["items"] if one["id"] == CAR)

    wait_for(lambda: car()["place"]["age_s"] is not None, 20, "a first position of its own, not its station's")
    made = http.post("/api/incidents", json={"lon": SCENE.lon, "lat": SCENE.lat, "title": "시비"})
    assert made.status_code == 201, made.text
    incident = made.json()["id"]
    assert http.post(f"/api/incidents/{incident}/share", json={"agency_id": POLICE}).is_success
    ordered = http.post("/api/orders", json={"incident_id": incident, "units": [CAR]})
    assert ordered.status_code == 201, ordered.text
    seen: list[dict[str, Any]] = []

    def is_there() -> bool:
        seen.append(car())
        return seen[-1]["state"] == "on_scene"

    wait_for(is_there, 60, "the arrival", lambda: seen[-1:])
    return seen
