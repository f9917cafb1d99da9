"""When the compiled road searches are loaded: at start, so that the first order does not wait for them."""

from time import perf_counter

from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.core.place import LonLat


def warm() -> float:
    """Seconds it took to load the compiled searches, or to compile them on a machine's very first start."""
    start = perf_counter()
    line = ((127.0, 37.0), (127.001, 37.0))
    there = RoadLink(LinkId("warm-1"), NodeId("a"), NodeId("b"), "", "107", (line,))
    back = RoadLink(LinkId("warm-2"), NodeId("b"), NodeId("a"), "", "107", (line[::-1],))
    graph = RoadGraph(Roads((there, back)))
    roads = LiveRoads(graph)
    spot = graph.snap(LonLat(127.0005, 37.0))
    if spot is not None:
        roads.route(spot, graph.spot(LinkId("warm-2"), 0.5))
        roads.times_to(spot, [spot])
        roads.reach(spot, 60.0)
    return perf_counter() - start
