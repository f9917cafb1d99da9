"""What a link and a node of the Ministry's standard node-link are, ids kept, so that live speeds join by link id."""

from dataclasses import dataclass
from typing import NewType

from goldentime.core.place import LonLat

LinkId = NewType("LinkId", str)
NodeId = NewType("NodeId", str)


@dataclass(frozen=True, slots=True)
class RoadLink:
    """One directed link; `rank` is ROAD_RANK (101 motorway ... 107 local), `lines` are (lon, lat) runs.

    `max_kmh` is None when the file says 0 or nothing: unknown is not standing still.
    """

    id: LinkId
    from_node: NodeId
    to_node: NodeId
    name: str
    rank: str
    lines: tuple[tuple[tuple[float, float], ...], ...]
    lanes: int | None = None
    max_kmh: float | None = None
    road_no: str = ""


@dataclass(frozen=True, slots=True)
class RoadNode:
    """One node: a crossing, an end, a bridge; `name` empty when the file says "-"."""

    id: NodeId
    place: LonLat
    kind: str  # NODE_TYPE: 101 crossing, 102 start or end of a road ...
    name: str = ""


@dataclass(frozen=True, slots=True)
class Roads:
    """The network as the files have it."""

    links: tuple[RoadLink, ...] = ()
    nodes: tuple[RoadNode, ...] = ()
