"""What the Ministry's standard node-link says of links, nodes and turns, link ids kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Generic, TypeVar

from goldentime.city.roads.line import Access, LinkId, NodeId, RoadLink, RoadNode, Roads, Structure, TurnBan
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import Feature
from goldentime.importers.report import RowNote
from goldentime.importers.roads.geometry import lines_of, on_the_globe
from goldentime.importers.roads.read import ReadRoads
from goldentime.importers.table import Table

Words = Mapping[str, str]  # by column name in capitals
T = TypeVar("T")

_STRUCTURES = {  # ROAD_TYPE
    "001": Structure.OVERPASS,
    "002": Structure.UNDERPASS,
    "003": Structure.BRIDGE,
    "004": Structure.TUNNEL,
}
_FORBIDDEN = {"003": False, "101": False, "102": False, "103": False, "002": True}  # TURN_TYPE: buses exempt
_ALLOWED = {"001", "011", "012"}  # unprotected turn, U-turn, P-turn
_TURN_COLUMNS = {"NODE_ID", "ST_LINK", "ED_LINK", "TURN_TYPE"}


def looks_like_links(features: Sequence[Feature]) -> bool:
    """Whether these are links of the standard node-link."""
    return bool(features) and bool(features[0].word("LINK_ID")) and bool(features[0].word("F_NODE"))


def looks_like_nodes(features: Sequence[Feature]) -> bool:
    """Whether these are nodes of the standard node-link."""
    return bool(features) and bool(features[0].word("NODE_ID"))


def looks_like_turns(table: Table) -> bool:
    """Whether this is the standard node-link's table of turns."""
    return {name.upper() for name in table.header} >= _TURN_COLUMNS


def read_links(features: Iterable[Feature], known: Roads) -> ReadRoads:
    """The known network with these links; raises BadFile when none can be used."""
    read = _read_all(features, _link, "LINK_ID", "unusable_link")
    if not read.values:
        raise BadFile(Text(ko="쓸 수 있는 링크가 없습니다.", en="The file holds no usable link."))
    links = tuple(read.values[key] for key in sorted(read.values))
    turns = tuple(b for b in known.turns if b.from_link in read.values and b.to_link in read.values)
    gone = len(known.turns) - len(turns)
    notes = (
        (Text(f"없어진 링크의 회전제한 {gone}개를 버림", f"{gone} turn bans of links that are gone were dropped"),)
        if gone
        else ()
    )
    roads = replace(known, links=links, turns=turns)
    return ReadRoads(roads, read.count, len(links), "links", tuple(read.notes), notes=notes, rows=read.rows)


def read_nodes(features: Iterable[Feature], known: Roads) -> ReadRoads:
    """The known network with these nodes; raises BadFile when none can be used."""
    read = _read_all(features, _node, "NODE_ID", "unusable_node")
    if not read.values:
        raise BadFile(Text(ko="쓸 수 있는 노드가 없습니다.", en="The file holds no usable node."))
    nodes = tuple(read.values[key] for key in sorted(read.values))
    return ReadRoads(replace(known, nodes=nodes), read.count, len(nodes), "nodes", tuple(read.notes), rows=read.rows)


def read_turns(table: Table, known: Roads) -> ReadRoads:
    """The known network with this table's bans; raises BadFile while no links are known."""
    if not known.links:
        raise BadFile(
            Text("회전정보보다 링크를 먼저 넣어야 합니다.", "Import the links first: turns mean nothing without them.")
        )
    at = {name.upper(): index for index, name in enumerate(table.header)}
    ends = {link.id: (link.told_from or link.from_node, link.told_to or link.to_node) for link in known.links}
    bans: dict[TurnBan, None] = {}
    aside: list[RowNote] = []
    allowed = 0
    for row in table.rows:
        words = {name: row.cell(index) for name, index in at.items()}
        read = _turn(words, ends)
        if isinstance(read, TurnBan) and read in bans:
            read = Text("같은 회전이 이미 있음", "the same turn again")
        if isinstance(read, Text):
            aside.append(RowNote(row.number, read, "unusable_turn", words.get("TURN_ID", "")))
        elif read is None:
            allowed += 1
        else:
            bans[read] = None
    roads = replace(known, turns=tuple(sorted(bans, key=lambda b: (b.via_node, b.from_link, b.to_link))))
    kept = len(bans) + allowed
    return ReadRoads(roads, len(table.rows), kept, "turns", tuple(aside), counts={"turns_allowed": allowed})


@dataclass(slots=True)
class _Read(Generic[T]):
    """Values by id, where each stood, and the rows set aside."""

    values: dict[str, T] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[RowNote] = field(default_factory=list)
    count: int = 0


def _read_all(
    features: Iterable[Feature], read: Callable[[Feature, Words], T | Text], name: str, code: str
) -> _Read[T]:
    found = _Read[T]()
    for feature in features:
        found.count += 1
        words = _words(feature)
        key = words.get(name, "")
        value = read(feature, words)
        if not isinstance(value, Text) and key in found.values:
            value = Text(ko=f"{name} {key} 겹침", en=f"{name} {key} repeats")
        if isinstance(value, Text):
            found.notes.append(RowNote(feature.number, value, code, key))
        else:
            found.values[key], found.rows[key] = value, feature.number
    return found


def _words(feature: Feature) -> Words:
    """The properties that say something; "-" says nothing."""
    pairs = ((name.upper(), str(value).strip()) for name, value in feature.properties.items() if value is not None)
    return {name: words for name, words in pairs if words not in {"", "-"}}


def _link(feature: Feature, words: Words) -> RoadLink | Text:
    if feature.geometry is None:
        return feature.broken or Text(ko="도형이 없음", en="no geometry")
    lines = lines_of(feature.geometry)
    if not lines:
        return Text(ko="선이 아님", en="not a line")
    if not on_the_globe(lines):
        return Text(ko="지구 밖의 좌표", en="coordinates off the globe")
    for name in ("LINK_ID", "F_NODE", "T_NODE"):
        if name not in words:
            return Text(ko=f"{name}가 없음", en=f"no {name}")
    lanes, height, weight = (_number(words, name) for name in ("LANES", "REST_H", "REST_W"))
    return RoadLink(
        id=LinkId(words["LINK_ID"]),
        from_node=NodeId(words["F_NODE"]),
        to_node=NodeId(words["T_NODE"]),
        name=words.get("ROAD_NAME", ""),
        rank=words.get("ROAD_RANK", ""),
        lines=lines,
        lanes=int(lanes) if lanes else None,
        max_kmh=_number(words, "MAX_SPD"),
        road_no=words.get("ROAD_NO", ""),
        max_height_m=height / 100 if height else None,  # the file has centimetres
        max_weight_t=weight / 1000 if weight else None,  # and kilograms
        access=Access.CLOSED if words.get("ROAD_USE") == "1" else Access.OPEN,
        structure=_STRUCTURES.get(words.get("ROAD_TYPE", ""), Structure.GROUND),
        ramp=words.get("CONNECT", "000") != "000",
    )


def _node(feature: Feature, words: Words) -> RoadNode | Text:
    if feature.geometry is None:
        return feature.broken or Text(ko="도형이 없음", en="no geometry")
    if "NODE_ID" not in words:
        return Text(ko="NODE_ID가 없음", en="no NODE_ID")
    point = feature.geometry.centroid
    try:
        place = LonLat(point.x, point.y)
    except ValueError:
        return Text(ko="지구 밖의 좌표", en="coordinates off the globe")
    return RoadNode(NodeId(words["NODE_ID"]), place, words.get("NODE_TYPE", ""), words.get("NODE_NAME", ""))


def _turn(words: Words, ends: Mapping[LinkId, tuple[NodeId, NodeId]]) -> TurnBan | Text | None:
    """The ban in a row, None for a turn that the row allows, or why neither."""
    kind = words.get("TURN_TYPE", "")
    if kind in _ALLOWED:
        return None
    if kind not in _FORBIDDEN:
        return Text(f"모르는 회전유형: {kind}", f"unknown TURN_TYPE: {kind}")
    first, via, second = LinkId(words["ST_LINK"]), NodeId(words["NODE_ID"]), LinkId(words["ED_LINK"])
    for link in (first, second):
        if link not in ends:
            return Text(f"링크 {link}이(가) 도로망에 없음", f"link {link} is not in the network")
    if ends[first][1] != via or ends[second][0] != via:
        return Text(f"두 링크가 노드 {via}에서 만나지 않음", f"the links do not meet at node {via}")
    return TurnBan(first, via, second, except_emergency=_FORBIDDEN[kind])


def _number(words: Words, name: str) -> float | None:
    """A number above 0; the file writes 0 where it does not know."""
    try:
        number = float(words.get(name, ""))
    except ValueError:
        return None
    return number if 0 < number < inf else None
