"""Which pieces of road lie near a point."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from goldentime.city.roads.line import RoadLink
from goldentime.core.place import LonLat

_METRES_PER_DEGREE = 111_320.0


class RoadSegments:
    """The network's straight segments in a tree; built once, asked often."""

    def __init__(self, links: Iterable[RoadLink]) -> None:
        """Cut every link into its straight segments."""
        segments = [(*a, *b) for link in links for line in link.lines for a, b in pairwise(line)]
        self._ends: NDArray[np.float64] = np.array(segments, dtype=np.float64).reshape(-1, 4)
        self._tree = shapely.STRtree(shapely.linestrings(self._ends.reshape(-1, 2, 2)))

    def near(self, place: LonLat, *, within: float) -> NDArray[np.float64]:
        """Segments as `(n, 4)` lon1 lat1 lon2 lat2 whose box comes within so many metres, in the network's order."""
        high = within / _METRES_PER_DEGREE
        wide = high / max(0.2, float(np.cos(np.radians(place.lat))))
        box = shapely.box(place.lon - wide, place.lat - high, place.lon + wide, place.lat + high)
        rows = np.sort(self._tree.query(box))
        nearby: NDArray[np.float64] = self._ends[rows]
        return nearby
