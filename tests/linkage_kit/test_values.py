"""What a coordinate on the wire is worth: a point of this country, or nothing and a word about it."""

import pytest

from goldentime.core.place import LonLat
from goldentime.linkage_kit.values import Bounds, read_place

HERE = Bounds()


def test_a_point_of_the_country_is_taken_and_a_swapped_one_is_mended():
    assert read_place("127.0286", "37.2636", HERE) == (LonLat(127.0286, 37.2636), None)
    place, note = read_place("37.2636", "127.0286", HERE)
    assert place == LonLat(127.0286, 37.2636)
    assert note is not None
    assert "바로잡" in note.ko


@pytest.mark.parametrize(
    ("x", "y"), [("10", "10"), ("139.69", "35.68"), ("1270286", "372636"), ("nan", "37"), ("inf", "1")]
)
def test_a_point_outside_the_country_tells_no_place_and_is_noted(x, y):
    place, note = read_place(x, y, HERE)
    assert place is None
    assert note is not None


@pytest.mark.parametrize(("x", "y"), [("", ""), ("0", "0"), ("0", "37.2"), ("0.0", "0.0")])
def test_a_sender_that_does_not_know_the_place_is_not_blamed(x, y):
    assert read_place(x, y, HERE) == (None, None)
