"""From which sides roads lead to a scene."""

from itertools import pairwise

import numpy as np
import pytest

from goldentime.city.cameras.approaches import approach_bearings


@pytest.fixture(scope="session")
def road(at):
    def make(*corners):
        """Straight pieces through metres east and north of the scene."""
        places = [at(*corner) for corner in corners]
        return [(a.lon, a.lat, b.lon, b.lat) for a, b in pairwise(places)]

    return make


def test_a_crossing_has_four_approaches(road, scene_place):
    pieces = np.array(road((0, -300), (0, 0), (0, 300)) + road((-300, 0), (0, 0), (300, 0)))
    assert approach_bearings(scene_place, pieces) == pytest.approx((0, 90, 180, 270), abs=0.2)


def test_both_carriageways_of_one_road_are_one_approach_each_way(road, scene_place):
    pieces = np.array(road((6, -300), (6, 300)) + road((-6, 300), (-6, -300)))
    assert len(approach_bearings(scene_place, pieces)) == 2


def test_a_road_that_passes_at_a_distance_is_no_approach(road, scene_place):
    crossing = road((0, -300), (0, 300))
    passing = road((-300, 50), (300, 50))
    assert approach_bearings(scene_place, np.array(crossing + passing)) == pytest.approx((0, 180), abs=0.2)


def test_away_from_every_road_nothing_is_known(road, scene_place):
    assert approach_bearings(scene_place, np.array(road((-300, 120), (300, 120)))) == ()
    assert approach_bearings(scene_place, np.empty((0, 4))) == ()


def test_a_bend_is_read_where_the_road_has_left_the_scene(road, scene_place):
    pieces = np.array(road((0, 0), (10, 0), (10, 200)))
    assert approach_bearings(scene_place, pieces) == pytest.approx((9.6,), abs=0.5)
