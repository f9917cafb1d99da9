"""Where plain lines meet: at ends that coincide, where an end touches another line, and where lines cross at grade."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, hypot, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from goldentime.importers.roads.geometry import Line, Point

_METRES_PER_DEGREE = 111_195.0
_EXACT_METRES = 0.01
_Cuts = list[tuple[float, Point]]  # metres along the line, and where


@dataclass(frozen=True, slots=True)
class Piece:
    """A line between two meetings; it begins and ends at the very points its nodes are."""

    line: Line

    @property
    def start(self) -> Point:
        """Where its first node is."""
        return self.line[0]

    @property
    def end(self) -> Point:
        """Where its last node is."""
        return self.line[-1]


@dataclass(frozen=True, slots=True)
class Noded:
    """Each line's pieces in order; `drawn_up` ends were not quite where they now meet."""

    pieces: tuple[tuple[Piece, ...], ...]
    drawn_up: int
    meet_metres: float

    def largest_share(self) -> float:
        """The share of nodes in the largest connected part, directions left aside."""
        parent: dict[Point, Point] = {}

        def top(node: Point) -> Point:
            while (up := parent.setdefault(node, node)) != node:
                parent[node] = node = parent[up]
            return node

        for piece in (piece for made in self.pieces for piece in made):
            parent[top(piece.start)] = top(piece.end)
        sizes = Counter(top(node) for node in list(parent))
        return max(sizes.values(), default=0) / max(1, len(parent))

    def drawn_by_direction(self) -> bool:
        """Whether most lines have another beside them the other way, so that each stands for one direction."""
        ends = [(made[0].start, made[-1].end) for made in self.pieces if made]
        known = set(ends)
        return sum((b, a) in known and a != b for a, b in ends) > 0.6 * len(ends)


def cut(lines: Sequence[Line], levels: Sequence[int], *, crossings: bool, meet_metres: float) -> Noded:
    """The lines cut where they meet.

    With `crossings`, lines of one level that cross meet there; an end that touches a line meets it at any level.
    """
    middle = sum(line[0][1] for line in lines) / len(lines)
    scale = np.array([cos(radians(middle)) * _METRES_PER_DEGREE, _METRES_PER_DEGREE])
    flat: list[NDArray[np.float64]] = [np.array(line) * scale for line in lines]
    shapes = [LineString(line) for line in flat]
    tree = STRtree(shapes)
    cuts: list[_Cuts] = [[] for _ in lines]
    for one, other in _pairs(tree, shapes, levels) if crossings else ():
        for spot in _points_of(shapes[one].intersection(shapes[other])):
            for line in (one, other):
                cuts[line].append((float(shapes[line].project(shapely.points(*spot))), spot))
    ends = [_spot(line[which]) for line in flat for which in (0, -1)]
    nodes = _Nodes([*ends, *(spot for spots in cuts for _, spot in spots)], meet_metres)
    touched = _touch(tree, shapes, cuts, list(dict.fromkeys(nodes.at(end) for end in ends)), meet_metres)
    pieces = tuple(
        tuple(_pieces(line, shape, spots, nodes, scale)) for line, shape, spots in zip(flat, shapes, cuts, strict=True)
    )
    return Noded(pieces, nodes.drawn_up + touched, meet_metres)


def _spot(point: NDArray[np.float64]) -> Point:
    return float(point[0]), float(point[1])


def _pairs(tree: STRtree, shapes: Sequence[LineString], levels: Sequence[int]) -> Iterator[tuple[int, int]]:
    first, second = tree.query(shapes, predicate="intersects")
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one < other and levels[one] == levels[other]:
            yield one, other


def _points_of(geometry: BaseGeometry) -> Iterator[Point]:
    if geometry.geom_type == "Point":
        yield geometry.x, geometry.y
    elif geometry.geom_type == "LineString":  # they run together for a while: they part at its ends
        yield from ((c[0], c[1]) for c in geometry.coords[:: max(1, len(geometry.coords) - 1)])
    else:
        for part in getattr(geometry, "geoms", ()):
            yield from _points_of(part)


class _Nodes:
    """Spots that lie together are one node, at the first of them in order of place, whatever the file's order."""

    def __init__(self, spots: Sequence[Point], metres: float) -> None:
        self.metres = metres
        self._cells: dict[tuple[int, int], list[Point]] = defaultdict(list)
        self.drawn_up = 0
        for spot in sorted(set(spots)):
            node = self._find(spot)
            if node is None:
                self._cells[self._cell(spot)].append(spot)
            elif hypot(node[0] - spot[0], node[1] - spot[1]) > _EXACT_METRES:
                self.drawn_up += 1

    def at(self, spot: Point) -> Point:
        """The node a spot belongs to, or the spot itself."""
        return self._find(spot) or spot

    def _cell(self, spot: Point) -> tuple[int, int]:
        return floor(spot[0] / self.metres), floor(spot[1] / self.metres)

    def _find(self, spot: Point) -> Point | None:
        x, y = self._cell(spot)
        near = [
            (far, other)
            for cell in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
            for other in self._cells.get(cell, ())
            if (far := hypot(other[0] - spot[0], other[1] - spot[1])) <= self.metres
        ]
        return min(near)[1] if near else None


def _touch(
    tree: STRtree, shapes: Sequence[LineString], cuts: list[_Cuts], nodes: Sequence[Point], metres: float
) -> int:
    """Cut every line that a node touches between its own ends; how many were not quite there."""
    points = shapely.points(np.array(nodes))
    at, near = tree.query(points, predicate="dwithin", distance=min(metres, 1.0))
    drawn_up = 0
    for which, line in zip(at.tolist(), near.tolist(), strict=True):
        along = float(shapes[line].project(points[which]))
        if metres < along < shapes[line].length - metres:
            cuts[line].append((along, nodes[which]))
            drawn_up += bool(shapes[line].distance(points[which]) > _EXACT_METRES)
    return drawn_up


def _pieces(
    line: NDArray[np.float64], shape: LineString, cuts: _Cuts, nodes: _Nodes, scale: NDArray[np.float64]
) -> Iterator[Piece]:
    """The line cut at its nodes in order; a stretch that shrinks to a point is gone."""
    alongs = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    stops = [(0.0, nodes.at(_spot(line[0])))]
    for along, spot in (*sorted(cuts), (float(shape.length), _spot(line[-1]))):
        node = nodes.at(spot)
        if node != stops[-1][1] or along - stops[-1][0] > 2 * nodes.metres:
            stops.append((along, node))
    for (start, a), (end, b) in pairwise(stops):
        inside = line[(alongs > start + _EXACT_METRES) & (alongs < end - _EXACT_METRES)]
        run = [a, *map(_spot, inside), b]
        kept = tuple(
            (x / float(scale[0]), y / float(scale[1])) for n, (x, y) in enumerate(run) if n == 0 or (x, y) != run[n - 1]
        )
        if len(kept) > 1:
            yield Piece(kept)
