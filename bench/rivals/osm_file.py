"""Our road network as an OpenStreetMap extract, so that every engine drives the same links at the same speeds."""

from collections.abc import Mapping
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

from goldentime.city.roads.graph import RoadGraph

HIGHWAY: Mapping[str, str] = {
    "101": "motorway",
    "102": "trunk",
    "103": "primary",
    "104": "primary",
    "105": "secondary",
    "106": "secondary",
    "107": "tertiary",
    "108": "residential",
}


def write_osm(graph: RoadGraph, kmh: Mapping[int, float], path: Path) -> int:
    """A way for every link open to traffic, one-way, at its speed; ends meet where our links do. How many ways."""
    ends: dict[int, int] = {}
    nodes: list[Node] = []
    ways: list[Way] = []

    def node(place: tuple[float, float]) -> int:
        nodes.append(Node(id=len(nodes) + 1, location=place, version=1))
        return len(nodes)

    def end(number: int, place: tuple[float, float]) -> int:
        if number not in ends:
            ends[number] = node(place)
        return ends[number]

    for row, link in enumerate(graph.links):
        if graph.unopened[row]:
            continue
        line = graph.shapes.lines[row]
        first, last = int(graph.from_node[row]), int(graph.to_node[row])
        refs = [end(first, line[0]), *map(node, line[1:-1]), end(last, line[-1])]
        tags = {
            "highway": HIGHWAY.get(link.rank, "residential"),
            "oneway": "yes",
            "maxspeed": str(max(5, round(kmh[row]))),
            "name": link.name or "-",
        }
        ways.append(Way(id=row + 1, nodes=refs, tags=tags, version=1))
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for one in nodes:
            writer.add_node(one)
        for way in ways:
            writer.add_way(way)
    return len(ways)
