"""How grown streets become a network: ends joined, crossings made nodes, stubs cut, every road named and ranked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.ops import unary_union

from goldentime.sim.city.plane import Point as Spot

_STUB = 32.0  # metres; a shorter dead end is cut off
_LANE_SPEED = 30
_LONGEST_TAPER = 140.0  # metres between crossings; roads out of the city run longer between theirs

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Road:
    """One road before it is cut at crossings; `rank` as in ROAD_RANK, `speed` in km/h."""

    name: str
    rank: str
    lanes: int
    speed: int
    line: LineString


@dataclass(frozen=True, slots=True)
class Edge:
    """A stretch between two nodes; `start` is how far along its road it begins, in metres."""

    a: Key
    b: Key
    line: tuple[Spot, ...]
    road: Road
    start: float


@dataclass(frozen=True, slots=True)
class Network:
    """Edges and the nodes they meet at; `degree` counts a node's edges."""

    edges: tuple[Edge, ...]
    nodes: dict[Key, Spot]
    degree: dict[Key, int]


def join_ends(lines: Sequence[LineString], others: Sequence[LineString], reach: float) -> list[LineString]:
    """The lines, each end drawn on to the street ahead when one runs within `reach` metres."""
    everything = [*lines, *others]
    tree = STRtree(everything)
    joined = []
    for index, line in enumerate(lines):
        coords = [(c[0], c[1]) for c in line.coords]
        for at_end in (False, True):
            tip, before = (coords[-1], coords[-2]) if at_end else (coords[0], coords[1])
            hit = _ahead(tip, before, reach, [everything[i] for i in _near(tree, tip, reach) if i != index])
            if hit is not None:
                coords = [*coords, hit] if at_end else [hit, *coords]
        joined.append(LineString(coords))
    return joined


def _near(tree: STRtree, tip: Spot, reach: float) -> Iterable[int]:
    found: Iterable[int] = tree.query(Point(tip).buffer(reach)).tolist()
    return found


def _ahead(tip: Spot, before: Spot, reach: float, others: Sequence[LineString]) -> Spot | None:
    """Just past the first crossing of the ray from `before` through `tip`; None when nothing is ahead."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = hypot(dx, dy) or 1.0
    ray = LineString([tip, (tip[0] + dx / length * reach, tip[1] + dy / length * reach)])
    best: tuple[float, Spot] | None = None
    for other in others:
        crossing = ray.intersection(other)
        if not crossing.is_empty:
            spot = crossing.representative_point()
            far = hypot(spot.x - tip[0], spot.y - tip[1])
            if best is None or far < best[0]:
                best = (far, (spot.x + dx / length * 0.5, spot.y + dy / length * 0.5))
    return best[1] if best else None


def make_network(roads: Sequence[Road]) -> Network:
    """The largest connected network of the roads, without stubs."""
    pieces = [g for g in unary_union([road.line for road in roads]).geoms if g.length > 0.5]
    owner = _owners(pieces, roads)
    edges = []
    for piece, road in zip(pieces, owner, strict=True):
        spots = tuple((float(x), float(y)) for x, y in piece.coords)
        first, last = road.line.project(Point(spots[0])), road.line.project(Point(spots[-1]))
        if first > last:
            spots = spots[::-1]
        a, b = _key(spots[0]), _key(spots[-1])
        if a != b:
            edges.append(Edge(a, b, spots, road, min(first, last)))
    edges = _tapered(_largest(_without_stubs(edges)))
    nodes = {key: spot for e in edges for key, spot in ((e.a, e.line[0]), (e.b, e.line[-1]))}
    return Network(tuple(edges), nodes, _degrees(edges))


def _tapered(edges: list[Edge]) -> list[Edge]:
    """A main road that ends among lanes narrows to a lane from its last street on."""
    while True:
        wide: dict[Key, int] = defaultdict(int)
        for edge in edges:
            if edge.road.speed > _LANE_SPEED:
                wide[edge.a] += 1
                wide[edge.b] += 1
        loose = {
            index
            for index, edge in enumerate(edges)
            if edge.road.speed > _LANE_SPEED
            and min(wide[edge.a], wide[edge.b]) == 1
            and length_of(edge.line) < _LONGEST_TAPER
        }
        if not loose:
            return edges
        edges = [_narrow(edge) if index in loose else edge for index, edge in enumerate(edges)]


def _narrow(edge: Edge) -> Edge:
    return replace(edge, road=replace(edge.road, rank="107", lanes=1, speed=_LANE_SPEED))


def _owners(pieces: Sequence[LineString], roads: Sequence[Road]) -> list[Road]:
    tree = STRtree([road.line for road in roads])
    middles = [piece.interpolate(0.5, normalized=True) for piece in pieces]
    nearest: list[int] = np.asarray(tree.nearest(middles)).tolist()
    return [roads[i] for i in nearest]


def _key(spot: Spot) -> Key:
    return round(spot[0] * 2), round(spot[1] * 2)


def _degrees(edges: Iterable[Edge]) -> dict[Key, int]:
    degree: dict[Key, int] = defaultdict(int)
    for edge in edges:
        degree[edge.a] += 1
        degree[edge.b] += 1
    return dict(degree)


def _without_stubs(edges: list[Edge]) -> list[Edge]:
    while True:
        degree = _degrees(edges)
        kept = [e for e in edges if (degree[e.a] > 1 and degree[e.b] > 1) or length_of(e.line) > _STUB]
        if len(kept) == len(edges):
            return kept
        edges = kept


def _largest(edges: list[Edge]) -> list[Edge]:
    around: dict[Key, list[Key]] = defaultdict(list)
    for edge in edges:
        around[edge.a].append(edge.b)
        around[edge.b].append(edge.a)
    part: dict[Key, int] = {}
    sizes: list[int] = []
    for start in around:
        if start in part:
            continue
        stack, size = [start], 0
        part[start] = len(sizes)
        while stack:
            node = stack.pop()
            size += 1
            for other in around[node]:
                if other not in part:
                    part[other] = len(sizes)
                    stack.append(other)
        sizes.append(size)
    best = sizes.index(max(sizes))
    return [edge for edge in edges if part[edge.a] == best]


def length_of(line: Sequence[Spot]) -> float:
    """Metres along the line."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))
