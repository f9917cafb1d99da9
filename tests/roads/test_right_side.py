"""On which side of a two-way street a point lies: one drives on the right, and a heading says more than that."""

import pytest

from fakes.roads import both_ways, node_at
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import Roads
from goldentime.core.place import LonLat

METRES_NORTH = 1 / 111_000  # degrees
METRES_EAST = 1 / 88_800  # at 37 degrees north
SOUTH, NORTH, EAST = node_at(0, 0), node_at(0, 1), node_at(1, 0)


def street(*, reverse: bool) -> RoadGraph:
    """A street to the north and back and one to the east and back, their links in either order."""
    links = (*both_ways("N", SOUTH, NORTH), *both_ways("E", SOUTH, EAST))
    return RoadGraph(Roads(links[::-1] if reverse else links, (SOUTH, NORTH, EAST)))


def beside_north(metres_east: float) -> LonLat:
    """Amid the street to the north, so far to the east of its middle."""
    return LonLat(SOUTH.place.lon + metres_east * METRES_EAST, (SOUTH.place.lat + NORTH.place.lat) / 2)


def beside_east(metres_north: float) -> LonLat:
    return LonLat((SOUTH.place.lon + EAST.place.lon) / 2, SOUTH.place.lat + metres_north * METRES_NORTH)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("place", "heading", "expected"),
    [
        (beside_north(3), None, "N>"),
        (beside_north(-3), None, "N<"),
        (beside_east(-3), None, "E>"),
        (beside_east(3), None, "E<"),
        (beside_north(3), 0.0, "N>"),
        (beside_north(-3), 180.0, "N<"),
        (beside_north(-3), 0.0, "N>"),  # it drives there, and the place is known to some metres only
        (beside_north(3), 180.0, "N<"),
        (beside_east(3), 90.0, "E>"),
        (beside_east(-3), 270.0, "E<"),
        (beside_north(3), 90.0, "N>"),  # across: turning in or out, and on which side
        (beside_north(-3), 90.0, "N<"),
    ],
)
def test_a_point_is_on_the_links_right_unless_it_drives_the_other_way(
    place: LonLat, heading: float | None, expected: str, *, reverse: bool
) -> None:
    graph = street(reverse=reverse)
    found = graph.snap(place, heading)
    assert found is not None
    assert graph.ids[found.link] == expected
    assert found.metres_off == pytest.approx(3, abs=0.1)
