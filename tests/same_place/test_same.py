"""When two reports are taken for one event, and when not."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.city.incidents.nature import Nature, affinity, nature_of
from goldentime.city.incidents.same import REACH_METRES, TABLE, Trace, Verdict, cell_of, cells_near, compare, rank_alike
from goldentime.core.clock import KST
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat, distance_metres

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=KST)
HERE = LonLat(127.0, 37.25)
CRASH = Trace(IncidentId("inc-1"), NOW, HERE, 0.0, Nature.TRAFFIC, frozenset({1, 2}), "", "agency-112")


def later(seconds: float, metres: float = 0.0, **other: object) -> Trace:
    given = {"incident": IncidentId("inc-2"), "source": "agency-119", "nature": Nature.MEDICAL, **other}
    place = LonLat(HERE.lon, HERE.lat + metres / 111_195)
    return replace(CRASH, at=NOW + timedelta(seconds=seconds), place=place, **given)  # type: ignore[arg-type]


def test_an_accident_at_112_and_an_ambulance_at_119_120_m_and_2_minutes_apart_are_suggested_as_one() -> None:
    likeness = compare(CRASH, later(130, 120))
    assert likeness.verdict is Verdict.SUGGEST
    assert likeness.metres == pytest.approx(120, abs=1)
    assert likeness.seconds == 130


def test_a_burglary_next_door_is_another_event() -> None:
    assert compare(CRASH, later(60, 20, nature=Nature.THEFT, words=frozenset({3, 4}))).verdict is Verdict.APART


def test_the_same_street_corner_an_hour_later_is_another_event() -> None:
    assert compare(CRASH, later(3600)).verdict is Verdict.APART


def test_the_same_caller_again_joins_whatever_they_call_it() -> None:
    first = replace(CRASH, caller="c0ffee")
    again = later(300, 90, caller="c0ffee", nature=Nature.DISORDER, words=frozenset({9}))
    assert compare(first, again).verdict is Verdict.JOIN


def test_the_same_caller_from_nobody_knows_where_is_suggested_and_never_joined_unasked() -> None:
    first = replace(CRASH, caller="c0ffee")
    again = later(300, caller="c0ffee")
    for a, b in ((first, replace(again, place=None)), (replace(first, place=None), again)):
        assert compare(a, b).verdict is Verdict.SUGGEST
    assert compare(CRASH, replace(later(300), place=None)).verdict is Verdict.APART


def test_the_same_caller_elsewhere_or_much_later_is_not_joined_unasked() -> None:
    first = replace(CRASH, caller="c0ffee")
    assert compare(first, later(300, TABLE.repeat_metres + 10, caller="c0ffee")).verdict is not Verdict.JOIN
    too_late = TABLE.repeat_within.total_seconds() + 1
    assert compare(first, later(too_late, 10, caller="c0ffee")).verdict is not Verdict.JOIN


def test_two_callers_nobody_knows_are_not_the_same_caller() -> None:
    assert not compare(CRASH, later(10)).caller


def test_a_drill_is_never_compared_with_what_is_real() -> None:
    assert compare(replace(CRASH, caller="x", drill=True), later(1, caller="x")).verdict is Verdict.APART


def test_a_place_known_by_words_only_counts_less_near_and_more_far() -> None:
    far = 260.0
    assert compare(CRASH, later(60, far, uncertain_metres=150.0)).score > compare(CRASH, later(60, far)).score
    assert compare(CRASH, later(60, 10, uncertain_metres=150.0)).score < compare(CRASH, later(60, 10)).score


def test_in_a_crowd_of_open_incidents_a_meeting_by_chance_is_likelier() -> None:
    assert compare(CRASH, later(130, 120), crowd=40).score < compare(CRASH, later(130, 120), crowd=1).score


def test_the_likeliest_comes_first_and_never_itself() -> None:
    near, further = later(60, 20), later(60, 150, incident=IncidentId("inc-3"))
    assert [one.incident for one, _ in rank_alike(CRASH, [CRASH, further, near])] == ["inc-2", "inc-3"]


@pytest.mark.parametrize(
    ("told", "nature"),
    [
        (("교통사고", "사람이 쓰러져 있다"), Nature.TRAFFIC),
        (("구급", "의식이 없다"), Nature.MEDICAL),
        (("", "차 두 대가 추돌했다. 연기도 난다."), Nature.TRAFFIC),
        (("", "불이 났다. 사람이 갇혀 있다."), Nature.FIRE),
        (("", "난간에서 뛰어내리려 한다"), Nature.SELF_HARM),
        (("", "문의드립니다"), Nature.UNKNOWN),
        (("", ""), Nature.UNKNOWN),
    ],
)
def test_the_sort_is_told_from_the_more_telling_text_first(told: tuple[str, ...], nature: Nature) -> None:
    assert nature_of(*told) is nature


@given(st.sampled_from(Nature), st.sampled_from(Nature))
def test_sorts_go_together_both_ways(a: Nature, b: Nature) -> None:
    assert affinity(a, b) == affinity(b, a)


@given(
    st.floats(0, 3600), st.floats(0, 2000), st.sampled_from(Nature), st.floats(0, 300), st.sets(st.integers(0, 5))
)  # fmt: skip
def test_which_of_the_two_came_first_makes_no_difference(
    seconds: float, metres: float, nature: Nature, uncertain: float, words: set[int]
) -> None:
    other = later(seconds, metres, nature=nature, uncertain_metres=uncertain, words=frozenset(words))
    assert compare(CRASH, other) == compare(other, CRASH)


@given(st.floats(-179.9, 179.9), st.floats(-70, 70), st.floats(0, 360), st.floats(0, 1))
def test_whatever_is_within_reach_lies_in_a_cell_that_is_looked_at(
    lon: float, lat: float, bearing: float, share: float
) -> None:
    metres = share * REACH_METRES * 0.99
    there = LonLat(
        max(-180, min(180, lon + metres * sin(radians(bearing)) / (111_195 * cos(radians(lat))))),
        lat + metres * cos(radians(bearing)) / 111_195,
    )
    if distance_metres(LonLat(lon, lat), there) <= REACH_METRES:
        assert cell_of(there) in cells_near(LonLat(lon, lat))
