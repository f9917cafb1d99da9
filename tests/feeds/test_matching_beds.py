"""Which answer of the bed service is about which of the city's emergency rooms, and how readings grow old."""

from datetime import UTC, datetime, timedelta

import pytest

from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.core.place import LonLat
from goldentime.flows.crews.match_beds import match_beds, plain_name, plain_phone
from goldentime.flows.crews.outside import Outside
from goldentime.messages.beds import BedReport, Beds
from goldentime.messages.weather import Weather

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SCENE = LonLat(127.03, 37.26)


def room(name: str, phone: str = "", **extra: str) -> Place:
    return Place(PlaceId(name), PlaceKind.EMERGENCY_ROOM, name, SCENE, phone=phone, extra=extra)


def told(name: str, phone: str = "", code: str = "", *, free: int | None = 5, minutes: float = 3) -> Beds:
    return Beds(code or f"A-{name}", name, phone, NOW - timedelta(minutes=minutes), free)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("경기도의료원 수원병원", "경기도의료원수원병원"),
        ("의료법인 명인의료재단 화홍병원", "의료법인명인의료재단화홍병원"),
        ("의료법인 명인의료재단 화홍병원", "화홍병원"),
        ("(의)명인의료재단 화홍병원", "화홍병원"),
        ("아주대학교병원 ", "아주대학교병원"),
    ],
)
def test_a_hospital_is_known_by_its_name_however_it_is_spaced_and_whoever_runs_it(ours: str, theirs: str) -> None:
    assert plain_name(ours) == plain_name(theirs)


@pytest.mark.parametrize("other", ["수원병원", "경기도의료원 의정부병원", "명인요양병원", "화홍한방병원"])
def test_a_similar_name_is_another_hospital(other: str) -> None:
    assert plain_name(other) not in {plain_name("경기도의료원 수원병원"), plain_name("의료법인 명인의료재단 화홍병원")}


def test_a_phone_is_the_same_however_it_is_written() -> None:
    assert {plain_phone(one) for one in ("031-888-0114", "(031)8880114", "+82-31-888-0114", "031.888.0114~5")} == {
        "0318880114"
    }
    assert plain_phone("119") == plain_phone("없음") == ""


def test_code_comes_before_phone_and_phone_before_name() -> None:
    rooms = [room("가병원", hpid="A1"), room("나병원", "031-1-2222222"), room("다병원")]
    beds = [told("옛이름", code="A1"), told("새이름", "031-1-2222222"), told("다 병원")]
    matched = match_beds(rooms, beds)
    assert {key: one.name for key, one in matched.beds.items()} == {
        "가병원": "옛이름",
        "나병원": "새이름",
        "다병원": "다 병원",
    }
    assert (matched.rooms_without, matched.beds_without) == ((), ())


def test_what_fits_two_is_joined_to_none_and_both_are_counted() -> None:
    matched = match_beds([room("제일병원")], [told("제일병원", code="A1"), told("제일 병원", code="A2")])
    assert (dict(matched.beds), len(matched.rooms_without), len(matched.beds_without)) == ({}, 1, 2)
    matched = match_beds([room("가", "031-222-3333"), room("나", "031-222-3333")], [told("다", "0312223333")])
    assert not matched.beds


def test_the_same_name_in_another_area_is_another_hospital() -> None:
    assert not match_beds([room("제일병원", "055-750-7123")], [told("제일병원", "02-750-0000")]).beds
    assert match_beds([room("제일병원", "055-750-7123")], [told("제일병원", "055-759-0000")]).beds
    assert match_beds([room("제일병원", "055-750-7123")], [told("제일병원", "1588-0000")]).beds


def outside(*beds: Beds) -> Outside:
    made = Outside()
    made.take_beds(BedReport(beds, len(beds)))
    return made


@pytest.mark.parametrize(
    ("minutes", "old"), [(0, False), (30, False), (30.1, True), (3000, True), (-4, False), (-30, True)]
)
def test_beds_grow_old_half_an_hour_after_they_were_typed_in(minutes: float, *, old: bool) -> None:
    found = outside(told("가병원", minutes=minutes)).find_beds((room("가병원"),), PlaceId("가병원"), NOW)
    assert found is not None
    assert found.is_old is old


def test_beds_without_a_time_are_old_and_without_a_number_are_not_told() -> None:
    places = (room("가병원"),)
    assert outside(Beds("A", "가병원", emergency=3)).find_beds(places, places[0].id, NOW).is_old  # type: ignore[union-attr]
    assert outside(told("가병원", free=None)).find_beds(places, places[0].id, NOW) is None


def test_a_room_that_is_no_longer_told_keeps_its_last_word() -> None:
    known, places = outside(told("가병원", free=4)), (room("가병원"),)
    known.take_beds(BedReport((told("나병원"),), 1))
    found = known.find_beds(places, places[0].id, NOW)
    assert found is not None
    assert found.beds.emergency == 4


def test_the_wind_is_the_nearest_cells_and_two_hours_later_it_is_old() -> None:
    known = Outside()
    near, far = LonLat(127.04, 37.26), LonLat(127.09, 37.26)
    known.take_weather(Weather(far, NOW, 90.0, 5.0))
    known.take_weather(Weather(near, NOW - timedelta(minutes=50), 310.0, 3.1))
    wind = known.find_wind(SCENE, NOW)
    assert wind is not None
    assert (wind.weather.wind_ms, wind.is_old, wind.is_calm) == (3.1, False, False)
    later = known.find_wind(SCENE, NOW + timedelta(minutes=71))  # then only the other cell's is fresh
    assert later is not None
    assert (later.weather.wind_ms, later.is_old) == (5.0, False)
    assert known.find_wind(SCENE, NOW + timedelta(hours=3)).is_old  # type: ignore[union-attr]
    assert known.find_wind(LonLat(128.1, 35.2), NOW) is None


def test_an_older_reading_never_replaces_a_newer_one_and_a_missing_wind_is_none() -> None:
    known = Outside()
    known.take_weather(Weather(SCENE, NOW, 10.0, 2.0))
    known.take_weather(Weather(SCENE, NOW - timedelta(hours=1), 200.0, 9.0))
    assert known.find_wind(SCENE, NOW).weather.wind_ms == 2.0  # type: ignore[union-attr]
    silent = Outside()
    silent.take_weather(Weather(SCENE, NOW, None, None, temperature_c=4.0))
    assert silent.find_wind(SCENE, NOW) is None
    silent.take_weather(Weather(SCENE, NOW, None, 0.3))
    assert silent.find_wind(SCENE, NOW).is_calm  # type: ignore[union-attr]
