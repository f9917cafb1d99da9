"""Four chosen cameras against the nearest ones, over real sites and roads."""

import os
from dataclasses import astuple
from pathlib import Path

import pytest

from fakes.watched_suwon import chosen, crossings, draw_directions, lanes, nearest, read_cameras, tell, watched
from goldentime.city.cameras.grid import CameraIndex

SUWON = Path(__file__).parents[3] / "shared/cities/suwon"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SUWON.exists() and os.environ.get("CI") != "true", reason="needs ../shared"),
]


@pytest.fixture(scope="module")
def cameras():
    return read_cameras(SUWON)


@pytest.fixture(scope="module", params=["crossings", "lanes"])
def spots(request, cameras):
    index = CameraIndex(cameras)
    return crossings(SUWON, index, 100, seed=5) if request.param == "crossings" else lanes(index, 100, seed=5)


def test_with_directions_known_four_chosen_show_more_than_the_nearest_five(cameras, spots):
    truth = draw_directions(cameras, seed=1)
    index = tell(cameras, truth, 1.0, seed=1)
    ours = watched(spots, truth, lambda spot: chosen(index, spot, 4))
    five = watched(spots, truth, lambda spot: nearest(index, spot.place, 5))
    assert ours.scene > 1.05 * five.scene
    assert ours.sides > 1.5 * five.sides
    assert ours.approaches > five.approaches - 0.02


def test_with_half_of_the_directions_known_four_chosen_show_the_scene_from_more_sides_than_the_nearest_four(
    cameras, spots
):
    truth = draw_directions(cameras, seed=2)
    index = tell(cameras, truth, 0.5, seed=2)
    ours = watched(spots, truth, lambda spot: chosen(index, spot, 4))
    four = watched(spots, truth, lambda spot: nearest(index, spot.place, 4))
    assert ours.scene > four.scene
    assert ours.sides > 1.3 * four.sides


def test_with_no_direction_known_four_chosen_show_about_as_much_as_the_nearest_four_from_more_poles(cameras, spots):
    index = CameraIndex(cameras)
    ours, four = [], []
    for seed in range(3):
        truth = draw_directions(cameras, seed=seed)
        ours.append(astuple(watched(spots, truth, lambda spot: chosen(index, spot, 4))))
        four.append(astuple(watched(spots, truth, lambda spot: nearest(index, spot.place, 4))))
    for mine, theirs in zip(map(sum, zip(*ours, strict=True)), map(sum, zip(*four, strict=True)), strict=True):
        assert mine > 0.92 * theirs
    poles = [len({c.site_id for c in chosen(index, spot, 4)}) for spot in spots]
    beside = [len({c.site_id for c in nearest(index, spot.place, 4)}) for spot in spots]
    assert sum(poles) > 1.1 * sum(beside)
