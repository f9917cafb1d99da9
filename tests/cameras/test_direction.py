"""How cities write which way a camera looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.city.cameras.direction import parse_direction


@pytest.mark.parametrize(
    ("words", "bearing"),
    [
        ("북", 0), ("남동", 135), ("동남", 135), ("북쪽", 0), ("서향", 270), ("남서방향", 225), ("북동 방면", 45),
        ("북북서", 337.5), ("NE", 45), ("n", 0), ("South-West", 225), ("SSE", 157.5), ("120", 120), ("120°", 120),
        ("45.5도", 45.5), (" 90 ", 90), ("0", 0), ("(동)", 90),
    ],
)  # fmt: skip
def test_one_direction_in_words_or_degrees_is_read(words, bearing):
    assert parse_direction(words).bearing == bearing
    assert not parse_direction(words).all_round


@pytest.mark.parametrize(
    "words", ["360도전방면", "360도 전방면", "360", "360°", "전방향", "전방위", "사방", "회전", "360도 회전형"]
)
def test_all_round_is_told_from_a_bearing(words):
    assert parse_direction(words).all_round
    assert parse_direction(words).bearing is None


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "  ",
        "견인보관소내",
        "정문 앞",
        "동문",
        "북부시장",
        "서울방향",
        "400",
        "-20",
        "1e3",
        "주차장 남측 출입구",
        "NaN",
    ],
)
def test_what_is_not_plainly_a_direction_stays_unknown(words):
    direction = parse_direction(words)
    assert (direction.bearing, direction.bearings, direction.all_round) == (None, (), False)


@pytest.mark.parametrize(
    ("words", "bearings"), [("북,남", (0, 180)), ("동/서/남", (90, 270, 180)), ("30+210", (30, 210))]
)
def test_a_list_gives_every_camera_its_own_and_no_single_one(words, bearings):
    assert parse_direction(words).bearings == bearings
    assert parse_direction(words).bearing is None


@given(st.text(max_size=40))
def test_any_text_gives_bearings_on_the_circle_or_none(words):
    assert all(0 <= b < 360 for b in parse_direction(words).bearings)
