"""What a reader of road files hands on, whatever the file was."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from goldentime.city.places.boundary import Shape
from goldentime.city.roads.line import Roads
from goldentime.core.text import Text
from goldentime.importers.report import RowNote
from goldentime.importers.roads.geometry import Point

T = TypeVar("T")
_TOLD_EVERY = 5_000
_MARGIN_DEGREES = 0.05


class RoadFormat(StrEnum):
    """Which kinds of road files there are."""

    NODE_LINK = "node-link"
    LINES = "lines"
    OSM = "osm"


FORMAT_TEXTS: Mapping[RoadFormat, Text] = {
    RoadFormat.NODE_LINK: Text("표준노드링크", "standard node-link"),
    RoadFormat.LINES: Text("노드 번호 없는 선", "lines without node ids"),
    RoadFormat.OSM: Text("오픈스트리트맵", "OpenStreetMap"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever imports roads may say beyond the file; None and "" leave it to the file."""

    format: RoadFormat | None = None
    crossings: bool | None = None  # whether lines that cross without a shared point meet there
    meet_metres: float | None = None  # how far apart ends of lines may lie and still be one node
    crs: str = ""  # of a shapefile without .prj


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of longitudes and latitudes."""

    west: float
    south: float
    east: float
    north: float

    def touches(self, points: Iterable[Point]) -> bool:
        """Whether the rectangle around the points and this one have something in common."""
        spots = list(points)
        lons, lats = [lon for lon, _ in spots], [lat for _, lat in spots]
        return min(lons) <= self.east and max(lons) >= self.west and min(lats) <= self.north and max(lats) >= self.south


def box_around(outline: Shape) -> Box:
    """The box of the city's outline and some 5 km more: crews come from over the boundary."""
    lons, lats = zip(*(point for rings in outline for point in rings[0]), strict=True)
    return Box(
        min(lons) - _MARGIN_DEGREES,
        min(lats) - _MARGIN_DEGREES,
        max(lons) + _MARGIN_DEGREES,
        max(lats) + _MARGIN_DEGREES,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How a big file is read: of a whole country's only what lies `around` the city; `on_read` hears how far it is."""

    around: Box | None = None
    on_read: Callable[[int], None] = lambda _: None
    many: int = 50_000  # features of a shapefile: no city's own has so many roads
    big_bytes: int = 30 * 1024 * 1024  # of an extract: a city's is a few megabytes, Korea's 250

    def counted(self, things: Iterable[T]) -> Iterator[T]:
        """The same things, told in thousands."""
        for number, one in enumerate(things, 1):
            if number % _TOLD_EVERY == 0:
                self.on_read(number)
            yield one


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


def elsewhere_note(count: int) -> Text:
    """That so much of the file lies far from the city."""
    return Text(
        f"시 경계에서 먼 {count:,}개는 읽지 않음(넓은 지역의 파일)",
        f"{count:,} of the file's features lie far from the city and were left unread",
    )
