"""What is mended of a node-link network: missing end nodes, ends that nearly meet, speeds nobody gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from goldentime.city.roads.line import OTHER_KMH, RANK_KMH, NodeId, RoadLink, RoadNode, Roads, TurnBan
from goldentime.core.place import LonLat
from goldentime.importers.roads.geometry import Point, metres_between

JOIN_METRES = 10.0  # the Ministry draws each direction some 6 m beside its nodes
FAR_METRES = 100.0
RAMP_KMH = 40.0
_END = "102"
_CELL = 0.0005  # degrees: a little more than JOIN_METRES everywhere in Korea


@dataclass(frozen=True, slots=True)
class Mended:
    """The network with every end at a node; `joined` says which end went to which node and how far it was."""

    roads: Roads
    loose_links: int  # with an end node the files do not have
    made: tuple[NodeId, ...] = ()
    joined: tuple[tuple[NodeId, NodeId, float], ...] = ()
    estimated: int = 0
    far: tuple[tuple[RoadLink, NodeId, float], ...] = ()  # links that end more than 100 m from their node


def mend(roads: Roads) -> Mended:
    """The network mended anew from what the files say: earlier mending is undone first, so that it never adds up."""
    links = [as_told(link) for link in roads.links]
    given = {node.id: node.place for node in roads.nodes if not node.made}
    ends = _ends(links)
    missing = {node: _middle(points) for node, points in ends.items() if node not in given}
    loose = sum(link.from_node in missing or link.to_node in missing for link in links)
    joined = _joined(links, given, missing)
    to = {a: b for a, b, _ in joined}
    made = [RoadNode(n, place, _END, made=True) for n, place in missing.items() if n not in to]
    nodes = sorted([*(node for node in roads.nodes if not node.made), *made], key=lambda node: node.id)
    links = [_with_speed(_moved(link, to)) for link in links]
    return Mended(
        Roads(tuple(links), tuple(nodes), _turns(roads.turns, links)),
        loose,
        tuple(sorted(node.id for node in made)),
        joined,
        sum(link.estimated_kmh is not None for link in links),
        tuple(_far(links, {node.id: node.place for node in nodes if not node.made})),
    )


def as_told(link: RoadLink) -> RoadLink:
    """The link as the file has it."""
    return replace(
        link,
        from_node=link.told_from or link.from_node,
        to_node=link.told_to or link.to_node,
        told_from=None,
        told_to=None,
        estimated_kmh=None,
    )


def estimate_kmh(rank: str, *, ramp: bool = False) -> float:
    """The speed to reckon with where no limit is given."""
    kmh = RANK_KMH.get(rank, OTHER_KMH)
    return min(kmh, RAMP_KMH) if ramp else kmh


def _with_speed(link: RoadLink) -> RoadLink:
    return link if link.max_kmh else replace(link, estimated_kmh=estimate_kmh(link.rank, ramp=link.ramp))


def _ends(links: Iterable[RoadLink]) -> Mapping[NodeId, list[Point]]:
    ends: dict[NodeId, list[Point]] = defaultdict(list)
    for link in links:
        ends[link.from_node].append(link.lines[0][0])
        ends[link.to_node].append(link.lines[-1][-1])
    return ends


def _middle(points: Sequence[Point]) -> LonLat:
    return LonLat(sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))


def _joined(
    links: Sequence[RoadLink], given: Mapping[NodeId, LonLat], missing: Mapping[NodeId, LonLat]
) -> tuple[tuple[NodeId, NodeId, float], ...]:
    """Each missing node that can only be entered, or only left, with the nearest one that offers the other way."""
    leaving: dict[NodeId, set[NodeId]] = defaultdict(set)
    entering: dict[NodeId, set[NodeId]] = defaultdict(set)
    for link in links:
        leaving[link.from_node].add(link.to_node)
        entering[link.to_node].add(link.from_node)
    cells = _cells({**given, **missing})
    joined: dict[NodeId, tuple[NodeId, float]] = {}
    for node in sorted(missing):
        wanted = entering if not entering[node] else leaving if not leaving[node] else None
        if wanted is None or node in {to for to, _ in joined.values()}:
            continue
        near = [
            (metres, other)
            for metres, other in _near(missing[node], cells)
            if other != node and other not in joined and wanted[other]
            and other not in leaving[node] and other not in entering[node]
        ]  # fmt: skip
        if near:
            metres, other = min(near)
            joined[node] = (other, metres)
    return tuple((node, to, metres) for node, (to, metres) in joined.items())


_Cells = Mapping[tuple[int, int], Sequence[tuple[NodeId, LonLat]]]


def _cells(places: Mapping[NodeId, LonLat]) -> _Cells:
    cells: dict[tuple[int, int], list[tuple[NodeId, LonLat]]] = defaultdict(list)
    for node, place in places.items():
        cells[int(place.lon // _CELL), int(place.lat // _CELL)].append((node, place))
    return cells


def _near(place: LonLat, cells: _Cells) -> Iterable[tuple[float, NodeId]]:
    x, y = int(place.lon // _CELL), int(place.lat // _CELL)
    for cell in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
        for node, other in cells.get(cell, ()):
            metres = metres_between((place.lon, place.lat), (other.lon, other.lat))
            if metres <= JOIN_METRES:
                yield metres, node


def _moved(link: RoadLink, to: Mapping[NodeId, NodeId]) -> RoadLink:
    a, b = link.from_node, link.to_node
    if a not in to and b not in to:
        return link
    return replace(
        link,
        from_node=to.get(a, a),
        to_node=to.get(b, b),
        told_from=a if a in to else None,
        told_to=b if b in to else None,
    )


def _turns(turns: Sequence[TurnBan], links: Iterable[RoadLink]) -> tuple[TurnBan, ...]:
    """The bans at the node their first link now ends at."""
    ends = {link.id: link.to_node for link in links}
    return tuple(replace(ban, via_node=ends.get(ban.from_link, ban.via_node)) for ban in turns)


def _far(links: Iterable[RoadLink], given: Mapping[NodeId, LonLat]) -> Iterable[tuple[RoadLink, NodeId, float]]:
    for link in links:
        for node, point in ((link.from_node, link.lines[0][0]), (link.to_node, link.lines[-1][-1])):
            place = given.get(node)
            metres = metres_between(point, (place.lon, place.lat)) if place else 0.0
            if metres > FAR_METRES:
                yield link, node, metres
