"""Usual speeds by quarter of an hour and kind of day, learned from what is measured."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.city.roads.learned import DayKind, LearnedSpeeds, Slot, slot_at
from goldentime.city.roads.line import LinkId
from goldentime.core.clock import KST

LINKS = (LinkId("a"), LinkId("b"))
MONDAY = datetime(2026, 11, 23, 8, 20, tzinfo=KST)


def _taught(speeds: list[float], at: datetime = MONDAY) -> LearnedSpeeds:
    learned = LearnedSpeeds(LINKS)
    for kmh in speeds:
        learned.take(np.array([0]), np.array([kmh]), at)
    return learned


def test_a_quarter_of_an_hour_of_a_kind_of_day_is_told_in_korean_time():
    assert slot_at(MONDAY) == Slot(DayKind.WEEKDAY, 33)
    assert slot_at(datetime.fromisoformat("2026-11-27T15:00:00Z")) == Slot(DayKind.SATURDAY, 0)
    assert slot_at(MONDAY - timedelta(days=1)).day is DayKind.SUNDAY


def test_too_few_measurements_say_nothing():
    assert np.isnan(_taught([30.0, 31.0]).forecast(MONDAY)).all()
    assert _taught([30.0, 31.0, 32.0]).forecast(MONDAY)[0] == pytest.approx(31.0)


def test_a_neighbouring_quarter_stands_in_and_another_kind_of_day_does_not():
    learned = _taught([30.0] * 5)
    assert learned.forecast(MONDAY + timedelta(minutes=30))[0] == pytest.approx(30.0)
    assert np.isnan(learned.forecast(MONDAY + timedelta(minutes=60))[0])
    assert np.isnan(learned.forecast(MONDAY - timedelta(days=1))[0])


def test_one_wild_measurement_moves_a_settled_mean_by_less_than_one_kmh():
    learned = _taught([30.0, 31.0, 29.0, 30.0] * 10 + [150.0])
    assert learned.forecast(MONDAY)[0] == pytest.approx(30.0, abs=1.0)


def test_what_truly_changed_is_learned_in_weeks():
    learned = _taught([50.0] * 40 + [20.0] * 90)
    assert learned.forecast(MONDAY)[0] == pytest.approx(20.0, abs=5.0)


@given(st.lists(st.floats(1.0, 120.0), min_size=3, max_size=80))
def test_the_mean_never_leaves_what_was_measured(speeds):
    assert min(speeds) - 1e-6 <= _taught(speeds).forecast(MONDAY)[0] <= max(speeds) + 1e-6


@given(st.lists(st.floats(1.0, 120.0), min_size=3, max_size=20))
def test_what_is_kept_is_recalled_on_another_network_by_id(speeds):
    learned = _taught(speeds)
    other = learned.on((LinkId("c"), LinkId("a")))
    assert other.forecast(MONDAY)[1] == pytest.approx(learned.forecast(MONDAY)[0], abs=0.01)
    assert np.isnan(other.forecast(MONDAY)[0])
    assert other.count(LinkId("a"), slot_at(MONDAY)) == learned.count(LinkId("a"), slot_at(MONDAY))
