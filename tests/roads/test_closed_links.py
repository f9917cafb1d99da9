"""A closure outlives the import of other roads: found again by its place, or said to close nothing any more."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from fakes.roads import block
from goldentime.city.roads.closed_links import count_missing
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId, Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.core.place import LonLat
from goldentime.edges.wire.roads import closure_json

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ON_WEST = LonLat(127.00001, 37.0005)  # on A, on the right of who drives north: that is A>
NOWHERE = LonLat(127.5, 37.5)


def renumbered() -> Roads:
    """The same streets from another file: every link has another id."""
    roads = block()
    return replace(roads, links=tuple(replace(one, id=LinkId(f"new-{one.id}")) for one in roads.links))


def closure(*links: str, place: LonLat | None = None, radius: float = 0.0) -> Closure:
    named = frozenset(map(LinkId, links))
    return Closure(ClosureId("c"), named, Scope.FOR_ALL, "침수", NOW, place=place, radius=radius)


def closed_after_import(made: Closure, roads: Roads | None = None) -> set[str]:
    """What is closed on the new roads: after an import while running, and after a restart alike."""
    live = LiveRoads(RoadGraph(block()))
    live.put_closure(made, NOW)
    graph = RoadGraph(roads or renumbered())
    running, restarted = live.on(graph), LiveRoads(graph)
    restarted.set_closures([made], NOW)
    found = [{graph.ids[row] for row in np.flatnonzero(np.isinf(one.now.siren))} for one in (running, restarted)]
    assert found[0] == found[1]
    assert running.known_closures == (made,)  # as it is stored: the old roads may come back
    return set(map(str, found[0]))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (closure("A>", place=ON_WEST), {"new-A>"}),
        (closure("A>", "A<", place=ON_WEST), {"new-A>", "new-A<"}),
        (closure("A>", "A<", place=ON_WEST, radius=20.0), {"new-A>", "new-A<"}),
        (closure("A>", place=NOWHERE), set()),
        (closure("A>"), set()),
        (closure("A>", "A<", "B>", place=ON_WEST), set()),  # a point says nothing of three
    ],
)
def test_a_closure_is_found_again_by_its_place_on_roads_with_other_ids(made: Closure, found: set[str]) -> None:
    assert closed_after_import(made) == found


def test_a_closure_whose_links_are_still_there_stays_on_them_wherever_its_place_is() -> None:
    assert closed_after_import(closure("B>", place=ON_WEST), block()) == {"B>"}


def test_what_closes_nothing_any_more_stays_listed_and_says_so() -> None:
    live = LiveRoads(RoadGraph(renumbered()))
    live.set_closures([closure("A>", "A<")], NOW)
    (listed,) = live.closures
    assert closure_json(live.graph, listed)["missing_links"] == count_missing(live.graph, listed) == 2
    live.set_closures([closure("A>", "A<", place=ON_WEST)], NOW)
    (found,) = live.closures
    told = closure_json(live.graph, found)
    assert (told["links"], told["roads"], told["missing_links"]) == (["new-A<", "new-A>"], ["서로"], 0)
