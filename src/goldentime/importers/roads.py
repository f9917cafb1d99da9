"""What a standard node-link file says of the roads, link ids kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shapely.geometry.base import BaseGeometry

from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads
from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import Feature, read_geojson
from goldentime.importers.report import Report, RowNote
from goldentime.importers.source import counts_of_change


@dataclass(frozen=True, slots=True)
class RoadsPlan:
    """The network as it will be."""

    roads: Roads
    report: Report
    changed: bool


def looks_like_links(features: Sequence[Feature]) -> bool:
    """Whether these are links of the standard node-link."""
    return bool(features) and bool(features[0].word("LINK_ID")) and bool(features[0].word("F_NODE"))


def looks_like_nodes(features: Sequence[Feature]) -> bool:
    """Whether these are nodes of the standard node-link."""
    return bool(features) and bool(features[0].word("NODE_ID"))


def plan_roads(data: bytes, file_name: str, known: Roads) -> RoadsPlan:
    """The known network with this file's links, or its nodes, in place of its own; raises BadFile for other files."""
    features = read_geojson(data)
    if looks_like_links(features):
        return _plan_links(features, file_name, known)
    if looks_like_nodes(features):
        return _plan_nodes(features, file_name, known)
    raise BadFile(
        Text(
            ko="표준노드링크가 아닙니다(LINK_ID·F_NODE 또는 NODE_ID가 없음).",
            en="Not a standard node-link file: no LINK_ID and F_NODE, and no NODE_ID.",
        )
    )


def _plan_links(features: Sequence[Feature], file_name: str, known: Roads) -> RoadsPlan:
    links: dict[LinkId, RoadLink] = {}
    aside = []
    for feature in features:
        read = _link(feature)
        if isinstance(read, RoadLink) and read.id in links:
            read = Text(ko=f"LINK_ID {read.id} 겹침", en=f"LINK_ID {read.id} repeats")
        if isinstance(read, Text):
            aside.append(RowNote(feature.number, read, "unusable_link", feature.word("LINK_ID")))
        else:
            links[read.id] = read
    if not links:
        raise BadFile(Text(ko="쓸 수 있는 링크가 없습니다.", en="The file holds no usable link."))
    roads = replace(known, links=tuple(links[key] for key in sorted(links)))
    old = {link.id: link for link in known.links}
    counts = {
        "links": len(links),
        "metres": round(sum(_metres(f.geometry) for f in features if f.geometry is not None)),
        **counts_of_change(old, links),
    }
    report = Report(
        "roads", file_name, len(features), len(links), tuple(aside), counts=counts, layout="links", notes=_gaps(roads)
    )
    return RoadsPlan(roads, report, changed=roads != known)


def _plan_nodes(features: Sequence[Feature], file_name: str, known: Roads) -> RoadsPlan:
    nodes: dict[NodeId, RoadNode] = {}
    aside = []
    for feature in features:
        read = _node(feature)
        if isinstance(read, RoadNode) and read.id in nodes:
            read = Text(ko=f"NODE_ID {read.id} 겹침", en=f"NODE_ID {read.id} repeats")
        if isinstance(read, Text):
            aside.append(RowNote(feature.number, read, "unusable_node", feature.word("NODE_ID")))
        else:
            nodes[read.id] = read
    if not nodes:
        raise BadFile(Text(ko="쓸 수 있는 노드가 없습니다.", en="The file holds no usable node."))
    roads = replace(known, nodes=tuple(nodes[key] for key in sorted(nodes)))
    old = {node.id: node for node in known.nodes}
    counts = {"nodes": len(nodes), **counts_of_change(old, nodes)}
    report = Report(
        "roads", file_name, len(features), len(nodes), tuple(aside), counts=counts, layout="nodes", notes=_gaps(roads)
    )
    return RoadsPlan(roads, report, changed=roads != known)


def _gaps(roads: Roads) -> tuple[Text, ...]:
    notes = []
    unknown = sum(link.max_kmh is None for link in roads.links)
    if unknown:
        notes.append(Text(ko=f"제한속도가 없는 링크 {unknown}개", en=f"{unknown} links without a speed"))
    if roads.links and roads.nodes:
        ids = {node.id for node in roads.nodes}
        loose = sum(link.from_node not in ids or link.to_node not in ids for link in roads.links)
        if loose:
            notes.append(
                Text(ko=f"끝 노드가 파일에 없는 링크 {loose}개", en=f"{loose} links whose end node is missing")
            )
    return tuple(notes)


def _link(feature: Feature) -> RoadLink | Text:
    if feature.geometry is None:
        return feature.broken or Text(ko="도형이 없음", en="no geometry")
    lines = _lines(feature.geometry)
    if not lines:
        return Text(ko="선이 아님", en="not a line")
    link_id = feature.word("LINK_ID")
    if not link_id:
        return Text(ko="LINK_ID가 없음", en="no LINK_ID")
    speed, lanes = _number(feature.word("MAX_SPD")), _number(feature.word("LANES"))
    return RoadLink(
        id=LinkId(link_id),
        from_node=NodeId(feature.word("F_NODE")),
        to_node=NodeId(feature.word("T_NODE")),
        name=feature.word("ROAD_NAME"),
        rank=feature.word("ROAD_RANK"),
        lines=lines,
        lanes=int(lanes) if lanes else None,
        max_kmh=speed or None,
        road_no=feature.word("ROAD_NO"),
    )


def _node(feature: Feature) -> RoadNode | Text:
    if feature.geometry is None:
        return feature.broken or Text(ko="도형이 없음", en="no geometry")
    node_id = feature.word("NODE_ID")
    if not node_id:
        return Text(ko="NODE_ID가 없음", en="no NODE_ID")
    point = feature.geometry.centroid
    try:
        place = LonLat(point.x, point.y)
    except ValueError:
        return Text(ko="지구 밖의 좌표", en="coordinates off the globe")
    return RoadNode(NodeId(node_id), place, feature.word("NODE_TYPE"), feature.word("NODE_NAME"))


def _lines(geometry: BaseGeometry) -> tuple[tuple[tuple[float, float], ...], ...]:
    if geometry.geom_type == "LineString":
        return (tuple((float(c[0]), float(c[1])) for c in geometry.coords),)
    if geometry.geom_type == "MultiLineString":
        return tuple(line for part in geometry.geoms for line in _lines(part))
    return ()


def _number(words: str) -> float | None:
    try:
        return float(words)
    except ValueError:
        return None


def _metres(geometry: BaseGeometry) -> float:
    """Length of the lines in metres, good to 0.5 %."""
    total = 0.0
    for line in _lines(geometry):
        for a, b in pairwise(line):
            total += distance_metres(LonLat(*a), LonLat(*b))
    return total
