"""Positions of units as they come: whose they may be, what is left out, and what a wrong clock does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.clock import StandingClock
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.place import LonLat, distance_metres
from goldentime.flows.positions.registered_units import MOST_UNKNOWN
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.positions.tracked import Fate
from goldentime.messages.position import Position

POLICE, FIRE = AgencyId("police"), AgencyId("fire")
HOME = LonLat(127.0286, 37.2636)
CAR = Unit(UnitId("순12"), POLICE, "순12", UnitKind.PATROL, HOME)


def metres_east(metres: float) -> LonLat:
    return LonLat(HOME.lon + metres / 88_500, HOME.lat)


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def positions(clock):
    made = Positions(clock)
    made.know_units([CAR])
    return made


def said(clock, place=HOME, *, unit="순12", agency=POLICE, ago=0.0, **more):
    return Position(unit, agency, place, clock.now() - timedelta(seconds=ago), **more)


def test_the_newest_position_is_the_units_and_its_age_grows(positions, clock):
    assert positions.take([said(clock, speed_kmh=30.0, heading=90.0)]) == [Fate.TAKEN]
    clock.pass_(seconds=12)
    tracked = positions.latest("순12")
    assert tracked.unit == CAR
    assert tracked.age(clock.now()) == timedelta(seconds=12)
    assert (tracked.heading, round(tracked.speed_kmh)) == (90.0, 30)
    assert distance_metres(tracked.place, HOME) < 0.1


def test_an_older_position_that_comes_later_moves_nothing(positions, clock):
    positions.take([said(clock, metres_east(50))])
    assert positions.take([said(clock, HOME, ago=3), said(clock, HOME, ago=0)]) == [Fate.LATE, Fate.LATE]
    assert distance_metres(positions.latest("순12").place, metres_east(50)) < 0.1


def test_two_agencies_that_use_one_code_each_move_their_own_unit(positions, clock):
    engine = Unit(UnitId("fire:순12"), FIRE, "순12", UnitKind.ENGINE, HOME)
    positions.know_units([CAR, engine])
    assert positions.take([said(clock), said(clock, metres_east(300), agency=FIRE)]) == [Fate.TAKEN, Fate.TAKEN]
    assert positions.latest("순12").unit == CAR
    assert positions.latest("fire:순12").unit == engine
    assert distance_metres(positions.latest("순12").place, HOME) < 0.1
    assert distance_metres(positions.latest("fire:순12").place, metres_east(300)) < 0.1
    assert positions.take([said(clock, metres_east(900), agency=AgencyId("coast"))]) == [Fate.NOT_YOURS]


def test_who_names_no_agency_moves_a_unit_only_while_one_agency_uses_the_code(positions, clock):
    assert positions.take([said(clock, agency=None)]) == [Fate.TAKEN]
    assert positions.latest("순12").unit == CAR
    engine = Unit(UnitId("fire:순12"), FIRE, "순12", UnitKind.ENGINE, HOME)
    positions.know_units([CAR, engine])
    clock.pass_(seconds=5)
    positions.take([said(clock, metres_east(10), agency=None)])
    assert distance_metres(positions.latest("순12").place, HOME) < 0.1
    assert positions.latest("fire:순12") is None
    assert positions.latest("/순12").unit is None


def test_places_of_the_last_run_come_back_to_whose_they_were(clock):
    engine = Unit(UnitId("fire:순12"), FIRE, "순12", UnitKind.ENGINE, HOME)
    positions = Positions(clock)
    positions.restore([(said(clock), clock.now()), (said(clock, metres_east(300), agency=FIRE), clock.now())])
    assert positions.latest("police/순12").unit is None
    positions.know_units([CAR, engine])
    assert positions.latest("fire:순12").unit == engine
    assert positions.latest("순12").unit == CAR


def test_nobody_reports_for_another_agencys_unit(positions, clock):
    assert positions.take([said(clock, agency=FIRE)]) == [Fate.NOT_YOURS]
    assert positions.latest("순12") is None


def test_a_unit_nobody_registered_stays_visible_as_unknown_until_it_is_registered(positions, clock):
    positions.take([said(clock, unit="순99")])
    (seen,) = positions.all()
    assert (seen.unit, seen.agency, seen.raw.unit) == (None, POLICE, "순99")
    registered = replace(CAR, id=UnitId("순99"), call_sign="순99")
    positions.know_units([CAR, registered])
    assert positions.latest("순99").unit == registered
    positions.know_units([CAR])
    assert [(one.key, one.unit) for one in positions.all()] == [("police/순99", None)]


def test_one_agencys_unregistered_units_do_not_fill_the_memory(positions, clock):
    many = [said(clock, unit=f"x{n}") for n in range(MOST_UNKNOWN + 5)]
    assert positions.take(many).count(Fate.TOO_MANY_UNKNOWN) == 5
    assert positions.take([said(clock, unit="fire1", agency=FIRE)]) == [Fate.TAKEN]


def test_one_wild_fix_is_left_out_and_three_that_agree_are_believed(positions, clock):
    positions.take([said(clock)])
    for second in (1, 2):
        clock.pass_(seconds=1)
        assert positions.take([said(clock, metres_east(5000 + second))]) == [Fate.JUMP]
    assert distance_metres(positions.latest("순12").place, HOME) < 0.1
    clock.pass_(seconds=1)
    assert positions.take([said(clock, metres_east(5003))]) == [Fate.TAKEN]
    assert distance_metres(positions.latest("순12").place, metres_east(5003)) < 0.1


def test_wild_fixes_that_do_not_agree_are_never_believed(positions, clock):
    positions.take([said(clock)])
    for second in range(1, 8):
        clock.pass_(seconds=1)
        assert positions.take([said(clock, metres_east(5000 * (second % 2 + 1)))]) == [Fate.JUMP]


def test_a_clock_that_is_ahead_is_put_right(positions, clock):
    for _ in range(5):
        clock.pass_(seconds=1)
        assert positions.take([said(clock, ago=-180)]) == [Fate.TAKEN]
        assert positions.latest("순12").at == clock.now()


def test_a_clock_that_is_slow_is_put_right_once_every_fix_was_late(positions, clock):
    for _ in range(15):
        clock.pass_(seconds=1)
        assert positions.take([said(clock, ago=120)]) == [Fate.TAKEN]
    assert positions.latest("순12").age(clock.now()) < timedelta(seconds=2)


def test_what_was_held_back_in_a_tunnel_keeps_its_own_times(positions, clock):
    for _ in range(20):
        clock.pass_(seconds=1)
        positions.take([said(clock)])
    clock.pass_(seconds=60)
    for ago in (60, 40, 30):
        assert positions.take([said(clock, ago=ago - 0.5)]) == [Fate.TAKEN]
        assert positions.latest("순12").age(clock.now()) == timedelta(seconds=ago - 0.5)


def test_yesterdays_position_is_no_position(positions, clock):
    assert positions.take([said(clock, ago=90_000)]) == [Fate.TOO_OLD]


def test_the_last_runs_places_are_known_again_with_their_age(positions, clock):
    old = said(clock, ago=300)
    positions.restore([(old, clock.now() - timedelta(seconds=298))])
    tracked = positions.latest("순12")
    assert tracked.age(clock.now()) == timedelta(seconds=300)
    assert tracked.received_at == clock.now() - timedelta(seconds=298)
    assert positions.take([said(clock)]) == [Fate.TAKEN]


def test_a_unit_that_changes_what_it_does_is_told_of_though_it_stands(positions, clock):
    positions.take([said(clock)])
    assert positions.pop_moved() == {"순12"}
    assert positions.pop_moved() == set()
    positions.know_units([replace(CAR, state=UnitState.ORDERED, version=2)])
    assert positions.pop_moved() == {"순12"}


def test_a_browser_at_the_station_does_not_hold_a_driving_engine_there(positions, clock):
    """The engine drives 15 m/s and says so every 8 s; a desk signed in as its crew says every 2 s that it stands."""
    fates = []
    for second in range(0, 264, 2):
        clock.pass_(seconds=2)
        if second % 8 == 0:
            fates += positions.take([said(clock, metres_east(15 * second), speed_kmh=54, heading=90, source="mqtt")])
        fate = positions.take([said(clock, source="field")])
        assert fate == [Fate.OUTRANKED]
    assert set(fates) == {Fate.TAKEN}
    assert distance_metres(positions.latest("순12").place, metres_east(15 * 256)) < 20


def test_a_vehicle_heard_at_last_takes_over_from_the_crews_phone_at_once(positions, clock):
    for _ in range(3):
        clock.pass_(seconds=2)
        assert positions.take([said(clock, source="field")]) == [Fate.TAKEN]
    delayed = said(clock, metres_east(4000), ago=4, source="api")  # behind the phone's fix, and far from it
    assert positions.take([delayed]) == [Fate.TAKEN]
    assert distance_metres(positions.latest("순12").place, metres_east(4000)) < 0.1
    assert positions.take([delayed]) == [Fate.LATE]


def test_a_crews_phone_counts_once_the_vehicle_is_silent(positions, clock):
    positions.take([said(clock, source="cot")])
    clock.pass_(seconds=30)
    assert positions.take([said(clock, metres_east(300), source="field")]) == [Fate.OUTRANKED]
    clock.pass_(seconds=1)
    assert positions.take([said(clock, metres_east(300), source="field")]) == [Fate.TAKEN]
    assert distance_metres(positions.latest("순12").place, metres_east(300)) < 0.1


def test_one_sources_wild_fixes_are_not_counted_with_anothers(positions, clock):
    positions.take([said(clock)])
    for second in range(3):
        clock.pass_(seconds=1)
        source = ("api", "mqtt", "wire")[second]
        assert positions.take([said(clock, metres_east(5000 + second), source=source)]) == [Fate.JUMP]


def test_a_vehicles_slow_clock_is_put_right_beside_a_phone_that_is_on_time(positions, clock):
    for _ in range(15):
        clock.pass_(seconds=1)
        positions.take([said(clock, source="field"), said(clock, ago=120, source="mqtt")])
    assert positions.take([said(clock, source="field")]) == [Fate.OUTRANKED]
    assert positions.latest("순12").age(clock.now()) < timedelta(seconds=2)


def test_after_a_restart_the_vehicle_still_counts_before_the_phone(clock):
    positions = Positions(clock)
    positions.restore([(said(clock, source="mqtt"), clock.now())])
    positions.know_units([CAR])
    assert positions.take([said(clock, metres_east(9), source="field")]) == [Fate.OUTRANKED]


def test_on_a_drills_clock_a_fix_that_was_long_on_its_way_keeps_its_time() -> None:
    clock = StandingClock()
    positions = Positions()
    positions.go_by(clock, 60.0)
    for second in range(20):
        late = clock.now() - timedelta(seconds=25)  # of the drill: four tenths of a real one
        place = LonLat(127.0 + second * 0.0001, 37.0)
        assert positions.take([Position("P1", "agency-112", place, late, 30.0)]) == [Fate.TAKEN]
        assert positions.latest("agency-112/P1").at == late
        clock.pass_(seconds=5)
