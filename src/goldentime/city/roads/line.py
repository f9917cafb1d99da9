"""What a directed link, the node it ends at and a forbidden turn are; ids are kept, so that live speeds join."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType

from goldentime.core.place import LonLat

LinkId = NewType("LinkId", str)
NodeId = NewType("NodeId", str)

# free-flow km/h by ROAD_RANK where no source gives a limit: 안전속도 5030 in town, the usual limits outside
RANK_KMH: Mapping[str, float] = {
    "101": 100.0,
    "102": 80.0,
    "103": 60.0,
    "104": 50.0,
    "105": 60.0,
    "106": 50.0,
    "107": 40.0,
    "108": 30.0,
}
OTHER_KMH = 30.0


class Access(StrEnum):
    """Who may drive there, as the source says; closures of the day are not in here."""

    OPEN = "open"
    PRIVATE = "private"  # only who is bound for it: never on the way to somewhere else
    EMERGENCY = "emergency"  # police, fire and ambulance, not the public: bus lanes, pedestrian streets
    CLOSED = "closed"  # nobody: not opened yet


class Structure(StrEnum):
    """What carries the road; two links that cross in different structures do not meet."""

    GROUND = "ground"
    BRIDGE = "bridge"
    OVERPASS = "overpass"  # 고가차도
    UNDERPASS = "underpass"  # 지하차도
    TUNNEL = "tunnel"


@dataclass(frozen=True, slots=True)
class RoadLink:
    """One link in its one direction of travel; a street both ways is two links. `lines` are (lon, lat) runs.

    `rank` is ROAD_RANK (101 motorway ... 107 local, 108 other), for other sources the nearest to it; `kind` is the
    source's own class. `max_kmh` and `lanes` are None when the file says 0 or nothing: unknown is not standing still.
    """

    id: LinkId
    from_node: NodeId
    to_node: NodeId
    name: str
    rank: str
    lines: tuple[tuple[tuple[float, float], ...], ...]
    lanes: int | None = None  # in this direction
    max_kmh: float | None = None
    road_no: str = ""
    estimated_kmh: float | None = None  # only where max_kmh is None
    width_m: float | None = None
    max_height_m: float | None = None
    max_weight_t: float | None = None
    access: Access = Access.OPEN
    structure: Structure = Structure.GROUND
    kind: str = ""
    ramp: bool = False
    roundabout: bool = False
    told_from: NodeId | None = None  # what the file calls the end that was joined to another node
    told_to: NodeId | None = None

    @property
    def free_kmh(self) -> float:
        """The speed to reckon with on an empty road: given, else estimated, else by rank."""
        return self.max_kmh or self.estimated_kmh or RANK_KMH.get(self.rank, OTHER_KMH)


@dataclass(frozen=True, slots=True)
class RoadNode:
    """One node: a crossing, an end, a bridge; `name` empty when the file says "-"."""

    id: NodeId
    place: LonLat
    kind: str  # NODE_TYPE: 101 crossing, 102 start or end of a road, 103 attributes change ...
    name: str = ""
    signal: bool = False  # has traffic lights; False also where the source does not tell
    made: bool = False  # not in the file: put where a link ends


@dataclass(frozen=True, slots=True)
class TurnBan:
    """Whoever came by `from_link` to `via_node` may not ("no") take `to_link`, or must ("only").

    With `via_links` the rule is for the whole way from_link, via_links..., to_link, and `via_node` is where from_link
    ends. A U-turn is a turn into the link back.
    """

    from_link: LinkId
    via_node: NodeId
    to_link: LinkId
    kind: Literal["no", "only"] = "no"
    via_links: tuple[LinkId, ...] = ()
    except_emergency: bool = False  # the sign itself lets emergency vehicles through


@dataclass(frozen=True, slots=True)
class Roads:
    """The network: links, nodes and bans, each in a fixed order."""

    links: tuple[RoadLink, ...] = ()
    nodes: tuple[RoadNode, ...] = ()
    turns: tuple[TurnBan, ...] = ()
