"""What the road network is as a graph: links by row, the turns between them, and where a point lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.line import Access, LinkId, Roads
from goldentime.city.roads.profiles import free_seconds, siren_factors, widths
from goldentime.city.roads.shape import Shapes
from goldentime.city.roads.snap import make_grid, nearest
from goldentime.city.roads.turns import kinds_of, make_turns, seconds_of
from goldentime.core.place import LonLat

SNAP_METRES = 500.0  # the node-link leaves out lanes: a scene may lie that far from the next link


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a link: its row, the share of its length behind, the point there, and how far off the place was."""

    link: int
    along: float
    place: LonLat
    metres_off: float = 0.0


class RoadGraph:
    """One network in arrays, immutable; rows are in the order of `roads.links`."""

    def __init__(self, roads: Roads) -> None:
        """Lay out links and turns; raises ValueError when one id names two links."""
        self.links = roads.links
        self.ids: tuple[LinkId, ...] = tuple(link.id for link in roads.links)
        self.row_of = {link: row for row, link in enumerate(self.ids)}
        self.stamp = sha256("\n".join(self.ids).encode()).hexdigest()[:16]  # the same rows mean the same links
        if len(self.row_of) != len(self.ids):
            msg = "one link id names two links"
            raise ValueError(msg)
        self.shapes = Shapes(roads.links)
        self.metres = self.shapes.metres
        numbers: dict[str, int] = {}
        # an end that the file does not name meets nothing
        named = [(link.from_node or f"?{link.id}<", link.to_node or f"?{link.id}>") for link in roads.links]
        ends = np.array([[numbers.setdefault(end, len(numbers)) for end in pair] for pair in named], dtype=np.int64)
        self.from_node, self.to_node = ends.reshape(-1, 2).T.copy()
        self.node_count = len(numbers)
        lights = {node.id for node in roads.nodes if node.signal}
        self.lights = np.array([str(node) in lights for node in numbers], dtype=np.bool_)
        pairs = _pairs(self.from_node, self.to_node, self.node_count)
        self.turn_kind = _Kinds(self, *pairs)
        self.turns = make_turns(roads, self.row_of, (*pairs, seconds_of(self.turn_kind.kind, self._lights(pairs[0]))))
        access = [link.access for link in roads.links]
        self.private = np.array([one is Access.PRIVATE for one in access], dtype=np.bool_)
        self.sirens_only = np.array([one is Access.EMERGENCY for one in access], dtype=np.bool_)
        self.unopened = np.array([one is Access.CLOSED for one in access], dtype=np.bool_)
        self.free_seconds = free_seconds(roads.links, self.metres)
        self.siren_factor = siren_factors(roads.links)
        self.width = widths(roads.links)
        self.yard = _yards((self.from_node, self.to_node), self.private, self.node_count)
        self._states = _by_link(self.turns.link_of, len(self.ids))
        both = set(map(tuple, ends.reshape(-1, 2).tolist()))
        self._twin = np.array([(to, since) in both for since, to in ends.reshape(-1, 2).tolist()], dtype=np.bool_)
        self._grid = make_grid(self.shapes, ~self.unopened)

    def __len__(self) -> int:
        return len(self.ids)

    def snap(self, place: LonLat, heading: float | None = None, *, within: float = SNAP_METRES) -> Spot | None:
        """The place on the network, None when no link comes within so many metres.

        With a heading (degrees) the link is driven that way; without one, of a two-way street's links it is the one
        that has the place on its right, since one drives on the right.
        """
        found = self.snaps(place, heading, within=within, most=1)
        return found[0] if found else None

    def snaps(
        self, place: LonLat, heading: float | None = None, *, within: float = SNAP_METRES, most: int = 8
    ) -> Sequence[Spot]:
        """The likeliest spots, one a link, the best first."""
        shapes = self.shapes
        here = (*shapes.to_metres(place.lon, place.lat), np.nan if heading is None else float(heading))
        pieces, shares, metres = nearest(self._grid, (shapes.x, shapes.y), self._twin, here, most, within)
        spots = []
        for piece, share, off in zip(pieces.tolist(), shares.tolist(), metres.tolist(), strict=True):
            link = int(self._grid.link_of[piece])
            behind = shapes.along[piece] + share * (shapes.along[piece + 1] - shapes.along[piece])
            along = float(behind / self.metres[link]) if self.metres[link] else 0.0
            (lon, lat), (next_lon, next_lat) = shapes.lonlat[piece : piece + 2].tolist()
            point = LonLat(lon + share * (next_lon - lon), lat + share * (next_lat - lat))
            spots.append(Spot(link, min(1.0, along), point, off))
        return spots

    def spot(self, link: LinkId, along: float) -> Spot:
        """The spot at a share of a link's length; raises KeyError for a link that is not here."""
        row = self.row_of[link]
        return Spot(row, along, LonLat(*self.shapes.place_at(row, along)))

    def states_of(self, link: int) -> NDArray[np.int64]:
        """The search's states that drive this link row."""
        start, states = self._states
        return states[start[link] : start[link + 1]]

    def within(self, place: LonLat, metres: float) -> tuple[LinkId, ...]:
        """The links that come so near to the place, in the network's order."""
        found = self.snaps(place, within=metres, most=max(1, min(len(self), 512)))
        return tuple(self.ids[row] for row in sorted(spot.link for spot in found))

    def _lights(self, arriving: NDArray[np.int64]) -> NDArray[np.bool_]:
        lit: NDArray[np.bool_] = self.lights[self.to_node[arriving]]
        return lit


class _Kinds:
    """The kind of every turn the nodes allow, found by the two links' rows."""

    def __init__(self, graph: RoadGraph, origin: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        shapes = graph.shapes
        returns = graph.to_node[other] == graph.from_node[origin]
        self.kind = kinds_of(shapes.heading_in[origin], shapes.heading_out[other], returns)
        self._key = origin * max(1, len(graph.ids)) + other
        self._count = max(1, len(graph.ids))

    def along(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The turns of a way over these links, one fewer than links; each must lead into the next."""
        found: NDArray[np.int64] = self.kind[np.searchsorted(self._key, rows[:-1] * self._count + rows[1:])]
        return found


def _pairs(
    from_node: NDArray[np.int64], to_node: NDArray[np.int64], node_count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every link and every link that begins where it ends, sorted."""
    leaving = np.argsort(from_node, kind="stable")
    start = np.zeros(node_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(from_node, minlength=node_count), out=start[1:])
    counts = (start[1:] - start[:-1])[to_node]
    origin = np.repeat(np.arange(to_node.size), counts)
    within = np.arange(origin.size) - np.repeat(np.cumsum(counts) - counts, counts)
    other = leaving[start[to_node[origin]] + within]
    return origin.astype(np.int64), other.astype(np.int64)


def _by_link(link_of: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(link_of, minlength=count), out=start[1:])
    return start, np.argsort(link_of, kind="stable")


def _yards(
    ends: tuple[NDArray[np.int64], NDArray[np.int64]], private: NDArray[np.bool_], node_count: int
) -> NDArray[np.int64]:
    """The number of the private ground each link belongs to, from 1; 0 for public roads."""
    ground = list(range(node_count))

    def root(node: int) -> int:
        while ground[node] != node:
            ground[node] = ground[ground[node]]
            node = ground[node]
        return node

    rows = np.flatnonzero(private).tolist()
    since, to = (end.tolist() for end in ends)
    for row in rows:
        ground[root(since[row])] = root(to[row])
    yards = np.zeros(private.size, dtype=np.int64)
    for row in rows:
        yards[row] = root(since[row]) + 1
    return yards
