"""Which links lie near many points at once, where along each and in which direction it runs there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from goldentime.city.roads.line import LinkId, RoadLink

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
METRES_PER_DEGREE = 111_195.0  # of latitude, on the sphere of core.place


@dataclass(frozen=True, slots=True)
class Near:
    """For `n` points the `k` nearest links, nearest first, `(n, k)` each; `link` -1 where there are fewer.

    `along` and `length` metres from the link's beginning, `off` metres from the point, `course` degrees from north.
    """

    link: Ints
    along: Floats
    off: Floats
    course: Floats
    length: Floats
    from_node: Ints
    to_node: Ints
    lon: Floats
    lat: Floats


class LinkCandidates:
    """The network's straight pieces in a tree, in metres around the city's middle; built once, asked every second."""

    def __init__(self, links: Sequence[RoadLink]) -> None:
        """Links keep the order they are given in: `Near.link` counts in it."""
        self.ids: tuple[LinkId, ...] = tuple(link.id for link in links)
        numbers: dict[str, int] = {}
        # an end that the file does not name meets nothing
        named = [(link.from_node or f"?{link.id}<", link.to_node or f"?{link.id}>") for link in links]
        pairs = [[numbers.setdefault(end, len(numbers)) for end in pair] for pair in named]
        self._from, self._to = np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()
        pieces = [
            (number, *a, *b) for number, link in enumerate(links) for line in link.lines for a, b in pairwise(line)
        ]
        rows = np.array(pieces, dtype=np.float64).reshape(-1, 5)
        self._link = rows[:, 0].astype(np.int64)
        self._lon0, self._lat0 = (float(np.median(rows[:, c])) if len(rows) else 0.0 for c in (1, 2))
        self._scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(self._lat0)), METRES_PER_DEGREE])
        self._a, self._b = self._metres(rows[:, 1:3]), self._metres(rows[:, 3:5])
        self._step = self._b - self._a
        self._long = np.hypot(self._step[:, 0], self._step[:, 1])
        ran = np.concatenate([[0.0], np.cumsum(self._long)])
        first = np.searchsorted(self._link, np.arange(len(links)))
        last = np.searchsorted(self._link, np.arange(len(links)), side="right")
        self._length = ran[last] - ran[first]
        self._begins = ran[:-1] - ran[first][self._link] if len(rows) else np.zeros(0)
        self._course = np.degrees(np.arctan2(self._step[:, 0], self._step[:, 1])) % 360.0
        ends = np.stack([self._a, self._b], axis=1)
        self._tree = shapely.STRtree(shapely.linestrings(ends)) if len(rows) else shapely.STRtree([])

    def _metres(self, degrees: Floats) -> Floats:
        metres: Floats = (degrees - np.array([self._lon0, self._lat0])) * self._scale
        return metres

    def near(self, places: Floats, *, within: float = 45.0, most: int = 6) -> Near:
        """Candidates for `(n, 2)` lon/lat, at most `most` links each, none further than `within` metres."""
        points = self._metres(np.asarray(places, dtype=np.float64).reshape(-1, 2))
        who, piece = self._tree.query(shapely.points(points), predicate="dwithin", distance=within)
        a, step = self._a[piece], self._step[piece]
        share = np.einsum("ij,ij->i", points[who] - a, step) / np.maximum(self._long[piece] ** 2, 1e-9)
        share = np.clip(share, 0.0, 1.0)
        foot = a + share[:, None] * step
        off = np.hypot(*(points[who] - foot).T)
        link = self._link[piece]
        order = np.lexsort((off, link, who))
        who, link = who[order], link[order]
        first = np.ones(len(who), dtype=bool)  # of each link only its nearest piece
        first[1:] = (who[1:] != who[:-1]) | (link[1:] != link[:-1])
        kept = order[first]
        who = who[first]
        nearest = np.lexsort((off[kept], who))
        kept, who = kept[nearest], who[nearest]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        kept, who, rank = kept[rank < most], who[rank < most], rank[rank < most]
        return self._table(len(points), most, (who, rank), (piece[kept], share[kept], off[kept], foot[kept]))

    def _table(
        self,
        count: int,
        most: int,
        cell: tuple[Ints, Ints],
        found: tuple[Ints, Floats, Floats, Floats],
    ) -> Near:
        piece, share, off, foot = found
        link = self._link[piece]

        def floats(values: Floats) -> Floats:
            table = np.zeros((count, most))
            table[cell] = values
            return table

        def ints(values: Ints) -> Ints:
            table = np.full((count, most), -1, dtype=np.int64)
            table[cell] = values
            return table

        return Near(
            link=ints(link),
            along=floats(self._begins[piece] + share * self._long[piece]),
            off=floats(off),
            course=floats(self._course[piece]),
            length=floats(self._length[link]),
            from_node=ints(self._from[link]),
            to_node=ints(self._to[link]),
            lon=floats(foot[:, 0] / self._scale[0] + self._lon0),
            lat=floats(foot[:, 1] / self._scale[1] + self._lat0),
        )
