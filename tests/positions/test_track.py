"""What is believed of a vehicle's own words: jumps, old and vague ones left out, the rest smoothed."""

from math import hypot, isfinite
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goldentime.city.units.track import (
    ACCURACY_USEFUL,
    MAX_KMH,
    METRES_PER_DEGREE,
    Fix,
    Verdict,
    advance,
    agrees,
    begin,
    judge,
)

LON, LAT = 127.0286, 37.2636


def east(metres):
    return LON + metres / (METRES_PER_DEGREE * 0.7959)


def test_a_vehicle_that_stands_is_not_moved_by_its_receivers_noise():
    chance = Random(1)  # noqa: S311  (a play, not a secret)
    motion = begin(Fix(0.0, LON, LAT, 8.0, 0.0))
    for second in range(1, 60):
        fix = Fix(float(second), east(chance.gauss(0, 8)), LAT + chance.gauss(0, 8) / METRES_PER_DEGREE, 8.0, 0.0)
        motion = advance(motion, fix)
    assert hypot(motion.east, motion.north) < 6.0
    assert motion.speed < 0.5


def test_the_smoothed_place_follows_a_steady_drive_without_lagging_behind():
    motion = begin(Fix(0.0, LON, LAT, 5.0))
    for second in range(1, 30):
        motion = advance(motion, Fix(float(second), east(15.0 * second), LAT, 5.0))
    assert motion.lon == pytest.approx(east(15.0 * 29), abs=1e-5)
    assert motion.speed == pytest.approx(15.0, abs=0.5)
    assert motion.heading == pytest.approx(90.0, abs=2)


def test_the_course_of_the_last_drive_is_kept_while_it_stands():
    motion = begin(Fix(0.0, LON, LAT, 5.0, 15.0, 90.0))
    for second in range(1, 10):
        motion = advance(motion, Fix(float(second), LON, LAT, 5.0, 0.0, 213.0))
    assert motion.heading == pytest.approx(90.0, abs=15)


@pytest.mark.parametrize("kind", [*MAX_KMH, "unheard of"])
def test_no_vehicle_is_believed_to_have_crossed_the_city_in_a_second(kind):
    motion = begin(Fix(0.0, LON, LAT, 5.0))
    assert judge(motion, Fix(1.0, east(4000.0), LAT, 5.0), kind) is Verdict.JUMP
    assert judge(motion, Fix(400.0, east(4000.0), LAT, 5.0), kind) is Verdict.TAKEN
    assert judge(motion, Fix(1.0, east(25.0), LAT, 5.0), kind) is Verdict.TAKEN


def test_an_engine_is_slower_than_a_patrol_car():
    motion, far = begin(Fix(0.0, LON, LAT, 5.0)), Fix(60.0, east(3300.0), LAT, 5.0)
    assert judge(motion, far, "patrol") is Verdict.TAKEN
    assert judge(motion, far, "engine") is Verdict.JUMP


def test_what_is_not_newer_is_late_and_a_cell_tower_is_no_place():
    motion = begin(Fix(10.0, LON, LAT, 5.0))
    assert judge(motion, Fix(10.0, LON, LAT, 5.0)) is Verdict.LATE
    assert judge(motion, Fix(9.0, LON, LAT, 5.0)) is Verdict.LATE
    assert judge(None, Fix(9.0, LON, LAT, ACCURACY_USEFUL + 1)) is Verdict.VAGUE


def test_two_fixes_left_out_agree_when_one_vehicle_could_have_been_at_both():
    there = Fix(1.0, east(4000.0), LAT, 5.0)
    assert agrees(there, Fix(2.0, east(4015.0), LAT, 5.0))
    assert not agrees(there, Fix(2.0, LON, LAT, 5.0))


fixes = st.lists(
    st.tuples(
        st.floats(0.05, 120.0),
        st.floats(-3000, 3000),
        st.floats(-3000, 3000),
        st.none() | st.floats(0.0, 300.0),
        st.none() | st.floats(0.0, 70.0),
        st.none() | st.floats(0.0, 359.99),
    ),
    min_size=1,
    max_size=25,
)


@given(fixes)
@example(
    [(1.0, 0.0, 0.0, None, None, None)] * 5 + [(1.0, 0.0, 0.0, None, 1.0, 4.3e-34), (3.0, 0.0, 0.0, None, 2.0, 0.0)]
)
def test_whatever_comes_the_vehicle_stays_within_its_fixes_and_is_surer_than_the_filter_began(steps):
    at, motion, furthest = 0.0, None, 0.0
    for span, to_east, to_north, accuracy, speed, heading in steps:
        at += span
        fix = Fix(at, east(to_east), LAT + to_north / METRES_PER_DEGREE, accuracy, speed, heading)
        furthest = max(furthest, hypot(to_east, to_north))
        motion = begin(fix) if motion is None else advance(motion, fix)
        assert isfinite(motion.lon)
        assert isfinite(motion.speed)
        assert motion.heading is None or 0.0 <= motion.heading < 360.0
        assert motion.var_place > 0
        assert motion.var_speed > 0
        assert motion.var_both**2 <= motion.var_place * motion.var_speed * (1 + 1e-9)
        off = hypot((motion.lon - LON) * METRES_PER_DEGREE * 0.7959, (motion.lat - LAT) * METRES_PER_DEGREE)
        assert off <= 3 * furthest + 70.0 * 120.0 + 300.0
