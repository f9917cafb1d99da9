"""What a crew is told of wind and beds: live with its time, too old without its number, else the file's total only."""

from datetime import timedelta
from typing import Any

from fakes.hall import ENGINE, FIRE, POLICE, Hall
from goldentime.city.people.account import Account, Role, Session
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AccountId, AgencyId
from goldentime.core.place import LonLat
from goldentime.flows.known_city import KnownCity
from goldentime.flows.tokens import token_digest
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile
from goldentime.messages.beds import BedReport, Beds
from goldentime.messages.weather import Weather
from goldentime.wired.city import city_files

NEAR = LonLat(127.051, 37.251)
ROOMS = """의료기관명,의료기관분류,주소,응급실전화,병상수,위도,경도
새벌의료원,지역응급의료센터,새벌도 새벌시 큰구 한빛로 1,031-000-0114,20,37.25,127.055
나루병원,지역응급의료기관,새벌도 새벌시 큰구 한빛로 2,031-000-0119,9,37.26,127.06
"""


async def as_kept(hall: Hall) -> KnownCity:
    return KnownCity(city_files(hall.store))


async def on_a_fire(hall: Hall) -> None:
    """The city has two emergency rooms, and the engine's crew is signed in and ordered."""
    Importer(hall.store.city(), SystemClock()).places(SourceFile("emergency_room.csv", ROOMS.encode()))
    await hall.platform.known.renew(lambda: as_kept(hall))
    now = SystemClock().now()
    crew = Account(AccountId("acc-engine"), "engine", "Engine", Role.CREW, AgencyId(FIRE.id), unit=ENGINE.id)
    session = Session(
        token_digest("engine-token-0123"), crew.id, "Engine", now, now + timedelta(hours=1), AgencyId(FIRE.id)
    )
    hall.store.change_now(lambda tx: (tx.put_account(crew), tx.put_session(session)))
    hall.headers["engine"] = {"Cookie": "goldentime_session=engine-token-0123"}
    await order(hall, FIRE.id, str(ENGINE.id))


async def order(hall: Hall, agency: str, unit: str) -> None:
    incident = (await hall.opened())["id"]
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": agency})
    sent = await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": [unit]})
    assert sent.status_code == 201, sent.text


async def scene_of(hall: Hall, who: str = "engine") -> dict[str, Any]:
    brief = (await hall.ask(who, "GET", "/api/field")).json()
    assert brief["scene"], brief
    return dict(brief["scene"])


def blows(hall: Hall, minutes: float, wind_from: float | None = 302.0, wind_ms: float | None = 3.1) -> None:
    at = SystemClock().now() - timedelta(minutes=minutes)
    hall.platform.world.outside.take_weather(Weather(NEAR, at, wind_from, wind_ms))


def has_beds(hall: Hall, free: int, *, minutes: float) -> None:
    room = Beds("A1", "새벌 의료원", "031-000-0114", SystemClock().now() - timedelta(minutes=minutes), free)
    hall.platform.world.outside.take_beds(BedReport((room,), 1))


async def test_without_a_service_there_is_no_wind_and_only_the_files_total_of_beds(hall: Hall) -> None:
    await on_a_fire(hall)
    scene = await scene_of(hall)
    assert scene["wind"] is None
    assert [(one["name"], one["capacity"], one["beds"]) for one in scene["hospitals"]] == [
        ("새벌의료원", "20", None),
        ("나루병원", "9", None),
    ]


async def test_the_wind_says_where_it_comes_from_how_fast_and_when(hall: Hall) -> None:
    await on_a_fire(hall)
    blows(hall, 41)
    wind = (await scene_of(hall))["wind"]
    assert (wind["from_degrees"], wind["side"]["ko"], wind["speed_ms"], wind["calm"]) == (302.0, "북서쪽", 3.1, False)
    assert wind["at"] < SystemClock().now().isoformat()
    assert wind["old_after_s"] == 7200


async def test_a_calm_has_no_direction_and_an_old_wind_no_number(hall: Hall) -> None:
    await on_a_fire(hall)
    blows(hall, 150)
    old = (await scene_of(hall))["wind"]
    assert (old["speed_ms"], old["from_degrees"], old["side"]) == (None, None, None)
    blows(hall, 20, 63.0, 0.4)
    calm = (await scene_of(hall))["wind"]
    assert (calm["calm"], calm["side"], calm["speed_ms"]) == (True, None, 0.4)


async def test_live_beds_stand_beside_the_files_total_for_the_room_they_are_of(hall: Hall) -> None:
    await on_a_fire(hall)
    has_beds(hall, -3, minutes=12)
    first, second = (await scene_of(hall))["hospitals"]
    assert (first["beds"]["free"], first["capacity"], second["beds"]) == (-3, "20", None)
    has_beds(hall, 8, minutes=45)
    assert (await scene_of(hall))["hospitals"][0]["beds"]["free"] is None


async def test_a_patrol_car_is_told_of_neither(hall: Hall) -> None:
    blows(hall, 5)
    await order(hall, POLICE.id, "P1")
    scene = await scene_of(hall, "crew")
    assert (scene["wind"], scene["hospitals"]) == (None, [])
