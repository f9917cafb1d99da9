"""A unit that turns at a crossing is where its matching says, not on the nearest road that lies along its heading."""

from dataclasses import replace

from fakes.roads import both_ways, node_at
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId, Roads
from goldentime.core.place import LonLat
from goldentime.flows.positions.tracked import Matched
from goldentime.flows.units.find_here import Here

CROSSING = LonLat(127.0, 37.25)


def crossing() -> RoadGraph:
    """Two streets of 400 m arms."""
    at = {"m": (0.0, 0.0), "n": (0.0, 0.0036), "s": (0.0, -0.0036), "e": (0.0045, 0.0), "w": (-0.0045, 0.0)}
    nodes = {
        name: replace(node_at(row, 0), place=LonLat(CROSSING.lon + lon, CROSSING.lat + lat))
        for row, (name, (lon, lat)) in enumerate(at.items())
    }
    links = [link for arm in "nsew" for link in both_ways(arm.upper(), nodes["m"], nodes[arm])]
    return RoadGraph(Roads(tuple(links), tuple(nodes.values())))


def test_at_a_crossing_the_matched_link_is_kept_though_another_is_as_near() -> None:
    graph = crossing()
    turning = Here(CROSSING, heading=80.0, age=1.0)  # still pointing east, already matched to the northern arm
    northern = LinkId("N>")
    matched = replace(turning, matched=Matched(northern, CROSSING, along=2.0, off=1.0))
    by_heading, by_matching = turning.on(graph), matched.on(graph)
    assert by_heading is not None
    assert by_matching is not None
    assert graph.ids[by_heading.link] in {"E>", "W<"}
    assert graph.ids[by_matching.link] == northern
    assert 0 < by_matching.along < 0.01


def test_a_link_that_an_import_took_away_leaves_the_nearest() -> None:
    graph = crossing()
    gone = Here(CROSSING, 80.0, 1.0, Matched(LinkId("GONE"), CROSSING, 2.0, 1.0))
    assert gone.on(graph) == Here(CROSSING, 80.0, 1.0).on(graph)
    assert Here(LonLat(128.0, 38.0)).on(graph) is None
