"""Which services a city's settings name, what their lights say, and that their keys are never shown."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from fakes.clock import StandingClock
from fakes.hall import Hall
from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.wire.links import link_rows
from goldentime.flows.links.link_health import LinkHealth
from goldentime.linkages.kma_nowcast import Cell
from goldentime.messages.beds import BedReport, Beds
from goldentime.settings import City, DrillClock, FeedSettings, Settings
from goldentime.wired.asking import Asking, cells_of

KEY = "a-secret-key-of-the-portal"
BOTH = FeedSettings.model_validate({"kma_nowcast": {"key": KEY}, "egen_beds": {"key": KEY, "areas": ["경기도 수원시"]}})


def test_no_service_is_asked_unless_the_settings_name_it(hall: Hall) -> None:
    assert hall.platform.asking.works() == []
    links = LinkHealth(StandingClock(), lambda: None)
    asking = Asking(Settings(feeds=BOTH), hall.platform.world, links)
    assert [name for name, _ in asking.works()] == ["kma_nowcast", "egen_beds"]
    assert [(row["id"], row["state"]) for row in link_rows(links)] == [("kma_nowcast", "never"), ("egen_beds", "never")]


def test_a_drill_that_plays_a_day_asks_nobody(hall: Hall) -> None:
    now = StandingClock().now()
    played = City(drill=True, drill_clock=DrillClock(begins=now - timedelta(days=9), started=now, speed=60))
    asking = Asking(Settings(feeds=BOTH, city=played), hall.platform.world, LinkHealth(StandingClock(), lambda: None))
    assert asking.works() == []


def test_a_key_is_in_no_print_of_the_settings() -> None:
    assert KEY not in repr(BOTH) + str(BOTH) + BOTH.model_dump_json()


@pytest.mark.parametrize(
    "bad",
    [
        {"kma_nowcast": {}},
        {"kma_nowcast": {"key": "short"}},
        {"kma_nowcast": {"key": KEY, "url": "ftp://apis.data.go.kr"}},
        {"kma_nowcast": {"key": KEY, "url": "https://x/?serviceKey=leaks"}},
        {"kma_nowcast": {"key": KEY, "every_seconds": 1}},
        {"egen_beds": {"key": KEY}},
        {"egen_beds": {"key": KEY, "areas": [" "]}},
        {"beds": {"key": KEY}},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FeedSettings.model_validate(bad)


def test_the_citys_cells_are_those_its_cameras_are_in(hall: Hall) -> None:
    assert cells_of(hall.platform.world) == [Cell(61, 120)]


def test_a_service_says_in_words_why_it_failed_and_grows_quiet() -> None:
    clock = StandingClock()
    links = LinkHealth(clock, lambda: None)
    name = Text("기상청", "Weather service")
    links.expect_service("kma_nowcast", name, linkage="kma_nowcast", quiet_after=timedelta(minutes=30))
    links.note_service("kma_nowcast", linkage="kma_nowcast", ok=True, said=None)
    clock.pass_(minutes=20)
    assert (link_rows(links)[0]["state"], link_rows(links)[0]["name"]["ko"]) == ("healthy", "기상청")
    clock.pass_(minutes=11)
    assert link_rows(links)[0]["state"] == "quiet"
    said = Text("등록되지 않은 인증키입니다.", "The key is not registered.")
    links.note_service("kma_nowcast", linkage="kma_nowcast", ok=False, said=said)
    failed = link_rows(links)[0]
    assert (failed["state"], failed["detail"]["ko"]) == (
        "failed",
        "등록되지 않은 인증키입니다.",
    )


def test_rooms_that_found_no_partner_are_counted_and_named(hall: Hall) -> None:
    world = hall.platform.world
    here = LonLat(127.05, 37.25)
    rooms = tuple(
        Place(PlaceId(name), PlaceKind.EMERGENCY_ROOM, name, here, phone=phone)
        for name, phone in (("새벌의료원", "031-000-0114"), ("나루병원", ""))
    )
    world.city.places = rooms
    said = Asking(Settings(feeds=BOTH), world, hall.platform.links)._take_beds(
        BedReport((Beds("A1", "새벌의료원", "031-000-0114"), Beds("A2", "딴병원")), 5)
    )
    assert said is not None
    assert said.ko == "시의 응급실 2곳 중 1곳 연결, 연결 안 됨: 나루병원. 일부만 받음(5곳 중)."


async def test_the_linkages_page_tells_of_each_service_without_its_key(hall: Hall) -> None:
    links = LinkHealth(StandingClock(), lambda: None)
    asking = Asking(Settings(feeds=BOTH), hall.platform.world, links)
    weather, beds = asking.described(link_rows(links))
    assert weather["addresses"] == ["GET https://apis.data.go.kr/1360000/VilageFcstInfoService_2.0"]
    assert [light["state"] for light in weather["lights"]] == ["never"]
    assert beds["settings"]["areas"] == ["경기도 수원시"]
    assert "hvec" in beds["readme"]
    assert KEY not in repr([weather, beds])
    assert [one["name"] for one in (await hall.ask("admin", "GET", "/api/linkages")).json()["items"]] == [
        "safety_net_http"
    ]
