"""Which links of a network a closure is about when it was made on another, whose links had other ids."""

from collections.abc import Sequence
from dataclasses import replace

from goldentime.city.roads.closures import Closure
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId
from goldentime.core.place import LonLat, distance_metres

CLICK_METRES = 40.0  # whoever clicks a road is no further off
SAME_END_METRES = 35.0  # the two directions of a street end at one crossing
BOTH_WAYS = 2


def found_again(graph: RoadGraph, closure: Closure) -> Closure:
    """The closure with the links at its place instead of those that are not here; as it is where nothing tells.

    A circle closes what it touches; a point closes the road there, both ways if two links were closed.
    """
    kept = frozenset(link for link in closure.links if link in graph.row_of)
    if len(kept) == len(closure.links) or closure.place is None or not len(graph):
        return closure
    if closure.radius > 0:
        found: Sequence[LinkId] = graph.within(closure.place, closure.radius)
    elif len(closure.links) <= BOTH_WAYS:
        found = _sides(graph, closure.place)[: len(closure.links)]
    else:
        found = ()  # a point says nothing of a whole district
    return replace(closure, links=kept | frozenset(found)) if found else closure


def count_missing(graph: RoadGraph, closure: Closure) -> int:
    """How many of its links are not on this network, and so close nothing."""
    return sum(link not in graph.row_of for link in closure.links)


def _sides(graph: RoadGraph, place: LonLat) -> Sequence[LinkId]:
    """The link nearest to the place, and the one that goes back along the same street if there is one."""
    rows = [spot.link for spot in graph.snaps(place, within=CLICK_METRES, most=8)]
    if not rows:
        return ()
    first, *others = rows
    back = [row for row in others if _is_back(graph, first, row)]
    return tuple(graph.ids[row] for row in (first, *back[:1]))


def _is_back(graph: RoadGraph, one: int, other: int) -> bool:
    ends, back = graph.shapes.lines[one], graph.shapes.lines[other]
    pairs = ((ends[0], back[-1]), (ends[-1], back[0]))
    return all(distance_metres(LonLat(*a), LonLat(*b)) <= SAME_END_METRES for a, b in pairs)
