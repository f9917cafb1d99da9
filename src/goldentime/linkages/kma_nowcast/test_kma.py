import json
import os
from datetime import UTC, datetime
from math import atan2, degrees
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage, OperatorsError
from goldentime.core.place import LonLat, distance_metres
from goldentime.linkages.kma_nowcast import Cell, KmaNowcast, find_cell, middle_of, open_feed
from goldentime.linkages.kma_nowcast.parse import parse

SUWON = Cell(61, 120)
SAMPLES = Path(__file__).parent / "samples"
REAL = Path(__file__).parents[5] / "shared/standards/korea_api_samples/kma_getUltraSrtNcst_20240327_0600.json"


@pytest.mark.parametrize(
    ("lon", "lat", "cell"),
    [
        (126.9780, 37.5665, (60, 127)),  # Seoul, as the guide has it
        (129.0756, 35.1796, (98, 76)),  # Busan
        (127.3845, 36.3504, (67, 100)),  # Daejeon
        (126.5312, 33.4996, (53, 38)),  # Jeju
        (127.0286, 37.2636, (61, 120)),  # Suwon's city hall
        (126.0, 38.0, (43, 136)),  # the grid's own origin
    ],
)
def test_known_places_lie_in_their_known_cells(lon, lat, cell):
    assert find_cell(LonLat(lon, lat)) == Cell(*cell)


@given(st.floats(125.5, 130.5), st.floats(33.2, 38.5))
def test_the_middle_of_a_places_cell_is_near_it_and_in_the_same_cell(lon, lat):
    cell = find_cell(LonLat(lon, lat))
    assert cell is not None
    assert find_cell(middle_of(cell)) == cell
    assert (
        distance_metres(LonLat(lon, lat), middle_of(cell)) < 3700
    )  # half a diagonal of 5 km, and the map's own stretch


@pytest.mark.parametrize("place", [LonLat(0, 0), LonLat(-75, 40), LonLat(127, -85), LonLat(127, 89.5)])
def test_outside_the_grid_there_is_no_cell(place):
    assert find_cell(place) is None


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2025-11-10T05:09:59+00:00", [("20251110", "1300"), ("20251110", "1200")]),
        ("2025-11-10T05:10:00+00:00", [("20251110", "1400"), ("20251110", "1300")]),
        ("2025-11-09T15:12:00+00:00", [("20251110", "0000"), ("20251109", "2300")]),
        ("2025-12-31T15:05:00+00:00", [("20251231", "2300"), ("20251231", "2200")]),
    ],
)
def test_an_hour_is_asked_for_from_ten_past_and_then_the_one_before(now, hours):
    asks = KmaNowcast(SUWON).asks(datetime.fromisoformat(now))
    assert [(one.params["base_date"], one.params["base_time"]) for one in asks] == hours
    assert {(one.params["nx"], one.params["ny"], one.params["dataType"]) for one in asks} == {("61", "120", "JSON")}
    assert not any("key" in name.lower() for one in asks for name in one.params)


@pytest.mark.skipif(not REAL.exists() and os.environ.get("CI") != "true", reason="needs ../shared")
def test_the_real_answer_is_read_and_its_direction_is_where_the_wind_comes_from():
    weather = parse(REAL.read_bytes(), Cell(55, 127))
    assert weather.at == datetime(2024, 3, 26, 21, 0, tzinfo=UTC)
    assert (weather.wind_from, weather.wind_ms, weather.temperature_c, weather.rain_mm) == (63, 0.4, 1.9, 0)
    said = {
        one["category"]: float(one["obsrValue"])
        for one in json.loads(REAL.read_bytes())["response"]["body"]["items"]["item"]
    }
    blows_from = degrees(atan2(-said["UUU"], -said["VVV"])) % 360  # its own components are where the air goes
    assert abs(blows_from - weather.wind_from) < 15  # they are rounded to a tenth of a metre a second


@pytest.mark.parametrize(
    "value", ["900", "-900", "-998.9", "1e9", "nan", "inf", "", "강수없음", None, True, [], "9" * 400]
)
def test_what_was_not_measured_is_never_a_number(value):
    body = (SAMPLES / "north_westerly.json").read_text()
    weather = parse(body.replace('"3.1"', json.dumps(value)).encode(), SUWON)
    assert (weather.wind_ms, weather.wind_from) == (None, 302.0)


def test_a_gateways_error_in_xml_is_told_in_words():
    with pytest.raises(BadMessage) as caught:
        parse((SAMPLES / "key_not_registered.xml").read_bytes(), SUWON)
    assert (caught.value.type_code, caught.value.text.ko) == ("30", "등록되지 않은 인증키입니다.")


def test_a_feed_is_of_one_cell_and_takes_no_other_setting():
    assert open_feed({"nx": 60, "ny": 127}).asks(datetime(2025, 11, 10, tzinfo=UTC))[0].params["nx"] == "60"
    with pytest.raises(OperatorsError):
        open_feed({"nx": 60, "ny": 127, "key": "secret"})
