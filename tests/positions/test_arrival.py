"""When positions say that a unit has left, is at the scene, or is back; passing by is not arriving."""

from dataclasses import replace

import pytest

from goldentime.city.units.arrival import Spotted, Watch, look_at
from goldentime.city.units.states import Step
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.ids import AgencyId, IncidentId, OrderId, UnitId
from goldentime.core.place import LonLat

SCENE = LonLat(127.0286, 37.2636)
FREE = Unit(UnitId("순12"), AgencyId("police"), "순12", UnitKind.PATROL, LonLat(127.0, 37.25))
SENT = replace(FREE, state=UnitState.ORDERED, incident=IncidentId("inc-1"), order=OrderId("ord-1"))


def east(metres: float) -> LonLat:
    return LonLat(SCENE.lon + metres / 88_500, SCENE.lat)


def steps(unit, way, goals=(SCENE,)):
    """The steps seen on a way of (second, metres east of the scene)."""
    watch, seen = Watch(), []
    for second, metres in way:
        watch, step = look_at(watch, unit, Spotted(east(metres), float(second), 40.0), goals)
        if step is not None:
            seen.append((second, step))
            state = {Step.DEPART: UnitState.EN_ROUTE, Step.ARRIVE: UnitState.ON_SCENE}[step]
            unit = replace(unit, state=state)
    return seen


def test_it_has_left_a_hundred_metres_from_where_it_was_ordered():
    assert steps(SENT, [(0, 2000), (10, 1950), (20, 1905), (30, 1890)]) == [(30, Step.DEPART)]


def test_it_has_arrived_after_five_seconds_within_forty_metres():
    way = [(0, 300), (1, 250), (10, 39), (12, 20), (14, 5), (15, 5)]
    assert steps(replace(SENT, state=UnitState.EN_ROUTE), way) == [(15, Step.ARRIVE)]


def test_passing_by_at_sixty_is_not_arriving():
    way = [(second, 100 - 16.7 * second) for second in range(12)]
    assert steps(replace(SENT, state=UnitState.EN_ROUTE), way) == []


def test_the_end_of_the_road_is_as_good_as_a_scene_away_from_it():
    far_from_road = LonLat(SCENE.lon, SCENE.lat + 100 / 111_195)
    way = [(second, 0) for second in range(8)]
    assert steps(replace(SENT, state=UnitState.EN_ROUTE), way, (far_from_road,)) == []
    assert steps(replace(SENT, state=UnitState.EN_ROUTE), way, (far_from_road, SCENE)) == [(5, Step.ARRIVE)]


def test_one_that_stood_at_the_scene_when_it_was_ordered_arrives_without_leaving():
    assert steps(SENT, [(0, 10), (5, 10)]) == [(5, Step.ARRIVE)]


def test_a_new_order_is_measured_from_where_it_found_the_unit():
    watch, _ = look_at(Watch(), SENT, Spotted(east(0), 0.0, 0.0), ())
    again = replace(SENT, order=OrderId("ord-2"))
    watch, step = look_at(watch, again, Spotted(east(500), 60.0, 0.0), ())
    assert step is None
    assert look_at(watch, again, Spotted(east(610), 70.0, 30.0), ())[1] is Step.DEPART


@pytest.mark.parametrize("state", [UnitState.AVAILABLE, UnitState.ON_SCENE])
def test_nothing_is_seen_of_a_unit_that_is_not_under_way(state):
    assert steps(replace(SENT, state=state), [(0, 2000), (10, 0), (20, 0)]) == []


def test_it_is_back_after_half_a_minute_standing_at_its_station():
    back, watch, seen = replace(SENT, state=UnitState.CLEAR), Watch(), []
    for second in range(0, 40, 5):
        watch, step = look_at(watch, back, Spotted(FREE.station, float(second), 0.0), ())
        seen.append(step)
    assert seen == [None] * 6 + [Step.RETURN] * 2
