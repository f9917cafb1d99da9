"""How Suwon's standard node-link becomes a SUMO network: plain nodes and edges, lights at the main roads' crossings."""

import json
import subprocess
import sys
from collections import defaultdict
from math import cos, dist, radians
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

SUWON = Path(__file__).parents[3] / "shared" / "cities" / "suwon"
WINDOW = (127.009, 37.252, 127.046, 37.286)  # lon, lat, lon, lat: 3.3 by 3.8 km of Suwon, with three of its 119 centres
METRES_PER_DEGREE = 111_320.0
UNKNOWN_KMH, UNKNOWN_LANES = 50.0, 1  # the file's 0: the city's own limit on roads (안전속도 5030), one lane
ONE_CROSSING_METRES = 45.0
MOTORWAYS = {"101", "102"}  # ROAD_RANK: no lights on these


def metres(lon: float, lat: float) -> tuple[float, float]:
    """Plane metres around the window's middle, good to a thousandth over six kilometres."""
    lon0, lat0 = (WINDOW[0] + WINDOW[2]) / 2, (WINDOW[1] + WINDOW[3]) / 2
    return (lon - lon0) * METRES_PER_DEGREE * cos(radians(lat0)), (lat - lat0) * METRES_PER_DEGREE


def read_links() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The links with both ends inside the window, and every node by id."""
    nodes = {}
    for feature in json.loads((SUWON / "suwon_node.geojson").read_text())["features"]:
        lon, lat = feature["geometry"]["coordinates"][0]
        nodes[feature["properties"]["NODE_ID"]] = {**feature["properties"], "lon": lon, "lat": lat}
    links = []
    for feature in json.loads((SUWON / "suwon_link.geojson").read_text())["features"]:
        line = [tuple(spot[:2]) for part in feature["geometry"]["coordinates"] for spot in part]
        if all(_inside(*spot) for spot in (line[0], line[-1])):
            links.append({**feature["properties"], "line": line})
    return links, nodes


def _inside(lon: float, lat: float) -> bool:
    return WINDOW[0] <= lon <= WINDOW[2] and WINDOW[1] <= lat <= WINDOW[3]


def lit(node: str, nodes: dict[str, Any], ins: list[dict[str, Any]], outs: list[dict[str, Any]]) -> bool:
    """Whether this crossing has lights: three arms or more, one of them a road of two lanes a way, no motorway."""
    kind = nodes.get(node, {}).get("NODE_TYPE")
    arms = {link["F_NODE"] for link in ins} | {link["T_NODE"] for link in outs}
    ranks = {link["ROAD_RANK"] for link in (*ins, *outs)}
    wide = any((link["LANES"] or 0) >= 2 for link in ins)
    return kind == "101" and len(arms) >= 3 and len(ins) >= 2 and wide and not ranks & MOTORWAYS


def _crossings(links: list[dict[str, Any]], places: dict[str, tuple[float, float]]) -> list[set[str]]:
    """Nodes that are one crossing outside: the file has a node for each carriageway of a wide road."""
    group = {node: {node} for node in places}
    for link in links:
        one, other = link["F_NODE"], link["T_NODE"]
        if dist(metres(*places[one]), metres(*places[other])) <= ONE_CROSSING_METRES:
            both = group[one] | group[other]
            for node in both:
                group[node] = both
    found = {frozenset(nodes) for nodes in group.values() if len(nodes) > 1}
    return [set(one) for one in sorted(found, key=sorted)]


def write_net(folder: Path) -> Path:
    """The network as netconvert makes it; returns its file."""
    links, nodes = read_links()
    ins, outs = defaultdict(list), defaultdict(list)
    places: dict[str, tuple[float, float]] = {}
    for link in links:
        outs[link["F_NODE"]].append(link)
        ins[link["T_NODE"]].append(link)
        places.setdefault(link["F_NODE"], link["line"][0])
        places.setdefault(link["T_NODE"], link["line"][-1])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "plain.nod.xml").open("w") as file:
        file.write("<nodes>\n")
        for node, place in sorted(places.items()):
            known = nodes.get(node)
            x, y = metres(known["lon"], known["lat"]) if known else metres(*place)
            kind = "traffic_light" if lit(node, nodes, ins[node], outs[node]) else "priority"
            file.write(f'<node id="{node}" x="{x:.2f}" y="{y:.2f}" type="{kind}"/>\n')
        for one in _crossings(links, places):
            file.write(f'<join nodes="{" ".join(sorted(one))}"/>\n')
        file.write("</nodes>\n")
    with (folder / "plain.edg.xml").open("w") as file:
        file.write("<edges>\n")
        for link in sorted(links, key=lambda one: str(one["LINK_ID"])):
            shape = " ".join(f"{x:.2f},{y:.2f}" for x, y in (metres(*spot) for spot in link["line"]))
            lanes = int(link["LANES"] or 0) or UNKNOWN_LANES
            speed = (link["MAX_SPD"] or UNKNOWN_KMH) / 3.6
            rank = 10 - int(link["ROAD_RANK"][-1])
            file.write(
                f'<edge id={quoteattr(link["LINK_ID"])} from="{link["F_NODE"]}" to="{link["T_NODE"]}" '
                f'numLanes="{lanes}" speed="{speed:.2f}" priority="{rank}" shape="{shape}"/>\n'
            )
        file.write("</edges>\n")
    net = folder / "suwon.net.xml"
    subprocess.run(
        [
            "netconvert", "-n", folder / "plain.nod.xml", "-e", folder / "plain.edg.xml", "-o", net,
            "--no-turnarounds.except-deadend", "--keep-edges.components", "1",
            "--sidewalks.guess", "--sidewalks.guess.max-speed", "22.3", "--crossings.guess",
            "--crossings.guess.speed-threshold", "22.3",
            "--tls.layout", "opposites", "--tls.left-green.time", "12", "--default.junctions.radius", "6",
            "--junctions.corner-detail", "3", "--no-internal-links", "false", "--offset.disable-normalization",
        ],
        check=True,
    )  # fmt: skip
    return net


if __name__ == "__main__":
    write_net(Path(sys.argv[1]))
