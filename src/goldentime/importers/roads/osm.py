"""How an OpenStreetMap extract becomes a network: ways cut where they meet, one link for each direction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import osmium

from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.report import RowNote
from goldentime.importers.roads.geometry import Point
from goldentime.importers.roads.osm_tags import Lane, Street, find_street, may_be_street
from goldentime.importers.roads.osm_turns import Relation, Turns, barrier_bans, blocks
from goldentime.importers.roads.read import Box, Reading, ReadRoads, elsewhere_note
from goldentime.importers.source import SourceFile

_FORMATS = {".osm.pbf": "pbf", ".pbf": "pbf", ".osm": "osm", ".osm.bz2": "osm.bz2", ".o5m": "o5m"}
# osmium says RuntimeError for nearly whatever is wrong with a file
_BROKEN = (RuntimeError, osmium.InvalidLocationError, ValueError, KeyError)
_CROSSING, _END, _INNER = "101", "102", "103"  # NODE_TYPE


@dataclass(frozen=True, slots=True)
class Way:
    """A drivable way; a node outside the extract has no point."""

    id: int
    name: str
    road_no: str
    street: Street
    refs: tuple[int, ...]
    points: tuple[Point | None, ...]


@dataclass(slots=True)
class _Extract:
    ways: list[Way] = field(default_factory=list)
    nodes: dict[int, dict[str, str]] = field(default_factory=dict)  # only those whose tags matter
    relations: list[Relation] = field(default_factory=list)
    elsewhere: int = 0  # ways far from the city


def looks_like_osm(file: SourceFile) -> bool:
    """Whether this is an OpenStreetMap extract, by its first bytes or else its name."""
    head = file.data[:256]
    return b"OSMHeader" in head or b"<osm" in head or _format(file.name) is not None


def read_osm(file: SourceFile, reading: Reading | None = None) -> ReadRoads:
    """The drivable network of the extract, of a country's only what lies around the city.

    Raises BadFile when the extract is damaged or holds no road.
    """
    extract = _read(file, reading or Reading())
    if not extract.ways:
        raise BadFile(Text("차가 다닐 도로가 없는 OSM 파일입니다.", "The OSM file holds no road to drive on."))
    cuts = _cuts(extract)
    links: dict[int, list[RoadLink]] = {}
    aside: list[RowNote] = []
    for way in extract.ways:
        made = list(_links(way, cuts))
        if made:
            links[way.id] = made
        else:
            text = Text("좌표가 있는 점이 둘이 안 됨", "fewer than two of its points have coordinates")
            aside.append(RowNote(0, text, "unusable_way", f"way/{way.id}"))
    every = [link for made in links.values() for link in made]
    turns = Turns(links)
    bans, unread = turns.read(extract.relations)
    blocked = {NodeId(f"node/{ref}"): tags for ref, tags in extract.nodes.items() if blocks(tags)}
    bans += barrier_bans(every, blocked)
    roads = Roads(
        tuple(sorted(every, key=lambda link: link.id)),
        tuple(sorted(_nodes(extract, links), key=lambda node: node.id)),
        tuple(sorted(dict.fromkeys(bans), key=lambda b: (b.via_node, b.from_link, b.to_link, b.via_links))),
    )
    counts = {"ways": len(extract.ways), "relations": len(extract.relations), "signals": _signals(roads)}
    notes = (elsewhere_note(extract.elsewhere),) if extract.elsewhere else ()
    read = len(extract.ways) + len(extract.relations)
    return ReadRoads(roads, read, read - len(aside) - len(unread), "osm", (*aside, *unread), counts=counts, notes=notes)


def _format(name: str) -> str | None:
    return next((form for suffix, form in _FORMATS.items() if name.lower().endswith(suffix)), None)


def _read(file: SourceFile, reading: Reading) -> _Extract:
    found = _Extract()
    buffer = osmium.io.FileBuffer(
        file.data, _format(file.name) or ("pbf" if b"OSMHeader" in file.data[:256] else "osm")
    )
    around = reading.around if len(file.data) > reading.big_bytes else None
    try:
        wanted = osmium.filter.KeyFilter("highway", "barrier", "junction", "restriction", "type")
        for one in reading.counted(osmium.FileProcessor(buffer).with_locations().with_filter(wanted)):
            _take(one, found, around)
    except _BROKEN as broken:
        raise BadFile(
            Text(f"OSM 파일이 손상되었거나 잘렸습니다: {broken}", f"The OSM file is damaged or cut short: {broken}")
        ) from broken
    if around is not None:  # most relations are of ways elsewhere
        ways = {way.id for way in found.ways}
        found.relations = [one for one in found.relations if ways.issuperset(one.ways("from"))]
    return found


def _take(one: object, found: _Extract, around: Box | None) -> None:
    if isinstance(one, osmium.osm.Way):
        way = _way(one)
        if way is not None and around is not None and not _is_around(way, around):
            found.elsewhere += 1
        elif way is not None:
            found.ways.append(way)
    elif isinstance(one, osmium.osm.Node):
        if around is None or around.touches([(one.location.lon, one.location.lat)]):
            found.nodes[one.id] = dict(one.tags)
    elif isinstance(one, osmium.osm.Relation) and one.tags.get("type") == "restriction":
        members = tuple((m.role, m.type, m.ref) for m in one.members)
        found.relations.append(Relation(one.id, dict(one.tags), members))


def _is_around(way: Way, around: Box) -> bool:
    points = [point for point in way.points if point is not None]
    return bool(points) and around.touches(points)


def _way(one: osmium.osm.Way) -> Way | None:
    if not may_be_street(one.tags.get("highway") or ""):
        return None
    tags = dict(one.tags)
    street = find_street(tags)
    if street is None or (street.forward is None and street.backward is None):
        return None
    refs: list[int] = []
    points: list[Point | None] = []
    for node in one.nodes:
        if refs and node.ref == refs[-1]:
            continue
        refs.append(node.ref)
        location = node.location
        points.append((location.lon, location.lat) if location.valid() else None)
    return Way(one.id, tags.get("name", ""), tags.get("ref", ""), street, tuple(refs), tuple(points))


def _cuts(extract: _Extract) -> set[int]:
    """Nodes that become the network's: ends, meetings, traffic lights and barriers on the way."""
    uses = Counter(ref for way in extract.ways for ref in set(way.refs))
    cuts = {ref for ref, times in uses.items() if times > 1}
    for way in extract.ways:
        # a way that meets itself is cut there too, or it would be one link from a node to the same
        cuts.update(ref for ref, times in Counter(way.refs).items() if times > 1)
    cuts.update(ref for ref, tags in extract.nodes.items() if tags.get("highway") == "traffic_signals" or blocks(tags))
    return cuts


def _pieces(way: Way, cuts: set[int]) -> Iterator[tuple[tuple[int, ...], tuple[Point, ...]]]:
    """Runs from cut to cut; a node without a point ends one."""
    refs: list[int] = []
    points: list[Point] = []
    for ref, point in zip(way.refs, way.points, strict=True):
        if point is None:
            if len(refs) > 1:
                yield tuple(refs), tuple(points)
            refs, points = [], []
            continue
        refs.append(ref)
        points.append(point)
        if ref in cuts and len(refs) > 1:
            yield tuple(refs), tuple(points)
            refs, points = [ref], [point]
    if len(refs) > 1:
        yield tuple(refs), tuple(points)


def _links(way: Way, cuts: set[int]) -> Iterator[RoadLink]:
    for number, (refs, points) in enumerate(_pieces(way, cuts)):
        first, last = NodeId(f"node/{refs[0]}"), NodeId(f"node/{refs[-1]}")
        if way.street.forward is not None:
            yield _link(way, f"{number}+", (first, last), points, way.street.forward)
        if way.street.backward is not None:
            yield _link(way, f"{number}-", (last, first), points[::-1], way.street.backward)


def _link(way: Way, piece: str, ends: tuple[NodeId, NodeId], points: tuple[Point, ...], lane: Lane) -> RoadLink:
    street = way.street
    return RoadLink(
        id=LinkId(f"way/{way.id}/{piece}"),
        from_node=ends[0],
        to_node=ends[1],
        name=way.name,
        rank=street.rank,
        lines=(points,),
        lanes=lane.lanes,
        max_kmh=lane.max_kmh,
        road_no=way.road_no,
        estimated_kmh=None if lane.max_kmh else street.estimated_kmh,
        width_m=street.width_m,
        max_height_m=street.max_height_m,
        max_weight_t=street.max_weight_t,
        access=lane.access,
        structure=street.structure,
        kind=street.kind,
        ramp=street.ramp,
        roundabout=street.roundabout,
    )


def _nodes(extract: _Extract, links: Mapping[int, Sequence[RoadLink]]) -> Iterator[RoadNode]:
    places: dict[NodeId, LonLat] = {}
    around: dict[NodeId, set[NodeId]] = {}
    for link in _every(links):
        for node, other, point in (
            (link.from_node, link.to_node, link.lines[0][0]),
            (link.to_node, link.from_node, link.lines[-1][-1]),
        ):
            if node not in places:
                places[node] = LonLat(*point)
            around.setdefault(node, set()).add(other)
    for node, place in places.items():
        tags = extract.nodes.get(int(node.removeprefix("node/")), {})
        kind = {1: _END, 2: _INNER}.get(len(around[node]), _CROSSING)
        signal = tags.get("highway") == "traffic_signals"
        named = signal or "junction" in tags or tags.get("highway") == "motorway_junction"
        yield RoadNode(node, place, kind, tags.get("name", "") if named else "", signal=signal)


def _every(links: Mapping[int, Sequence[RoadLink]]) -> Iterable[RoadLink]:
    for made in links.values():
        yield from made


def _signals(roads: Roads) -> int:
    return sum(node.signal for node in roads.nodes)
