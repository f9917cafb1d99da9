"""What a reader of road files hands on, whatever the file was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from goldentime.city.roads.line import Roads
from goldentime.core.text import Text
from goldentime.importers.report import RowNote


class RoadFormat(StrEnum):
    """Which kinds of road files there are."""

    NODE_LINK = "node-link"
    LINES = "lines"
    OSM = "osm"


FORMAT_TEXTS: Mapping[RoadFormat, Text] = {
    RoadFormat.NODE_LINK: Text("표준노드링크", "standard node-link"),
    RoadFormat.LINES: Text("노드 번호 없는 선", "lines without node ids"),
    RoadFormat.OSM: Text("OpenStreetMap", "OpenStreetMap"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever imports roads may say beyond the file; None and "" leave it to the file."""

    format: RoadFormat | None = None
    crossings: bool | None = None  # whether lines that cross without a shared point meet there
    meet_metres: float | None = None  # how far apart ends of lines may lie and still be one node
    crs: str = ""  # of a shapefile without .prj


@dataclass(frozen=True, slots=True)
class ReadRoads:
    """The network as far as this file tells it, before mending; `rows` says where each link, node or ban stood."""

    roads: Roads
    rows_read: int
    kept: int
    layout: str
    aside: tuple[RowNote, ...] = ()
    repaired: tuple[RowNote, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
