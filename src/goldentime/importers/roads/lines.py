"""How lines without node ids become a network: where they end, meet and cross at grade there is a node."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import Feature
from goldentime.importers.report import RowNote
from goldentime.importers.roads.geometry import Line, lines_of, on_the_globe
from goldentime.importers.roads.line_words import LineWords, Reader
from goldentime.importers.roads.mend import estimate_kmh
from goldentime.importers.roads.noding import Noded, Piece, cut
from goldentime.importers.roads.read import ReadRoads

_CROSSING, _END, _INNER = "101", "102", "103"  # NODE_TYPE
_MEET_METRES = (1.0, 5.0, 15.0)
_CONNECTED = 0.8  # of the nodes in one part: the ends do meet


@dataclass(frozen=True, slots=True)
class _Drawn:
    row: int
    key: str
    words: LineWords
    line: Line


def has_lines(features: Sequence[Feature]) -> bool:
    """Whether most of these are lines."""
    return sum(f.geometry is not None and "LineString" in f.geometry.geom_type for f in features) * 2 > len(features)


def read_lines(
    features: Sequence[Feature], *, crossings: bool | None = None, meet_metres: float | None = None
) -> ReadRoads:
    """The network of the lines; raises BadFile when none can be used.

    Ends within `meet_metres` of each other are one node; left open, it is the least of 1, 5 and 15 that connects most.

    Lines that cross without an end there meet when `crossings` says so, or, left open, when the file tells bridges and
    tunnels apart; those at different levels never do.
    """
    reader = Reader(features)
    drawn, kept, aside = _drawn(features, reader)
    if not drawn:
        first = aside[0].reason if aside else Text("선이 없음", "no lines")
        raise BadFile(
            Text(f"쓸 수 있는 도로가 없습니다. 첫 이유: {first.ko}", f"No road can be used. The first: {first.en}")
        )
    at_grade = reader.tells_grade if crossings is None else crossings
    noded = _noded(drawn, crossings=at_grade, meet_metres=meet_metres)
    by_direction = not reader.tells_direction and noded.drawn_by_direction()
    if by_direction:
        drawn = [replace(one, words=replace(one.words, backward=False)) for one in drawn]
    rows = {link: one.row for one, made in zip(drawn, noded.pieces, strict=True) for link in _links(one, made)}
    links = tuple(sorted(rows, key=lambda link: link.id))
    roads = Roads(links, tuple(sorted(_nodes(links), key=lambda node: node.id)))
    return ReadRoads(
        roads,
        len(features),
        kept,
        "lines",
        tuple(aside),
        counts={"joined_ends": noded.drawn_up},
        notes=(*_notes_of_direction(reader, drawn, by_direction=by_direction), *_notes(noded, at_grade=at_grade)),
        rows={link.id: row for link, row in rows.items()},
    )


def _noded(drawn: Sequence[_Drawn], *, crossings: bool, meet_metres: float | None) -> Noded:
    lines, levels = [one.line for one in drawn], [one.words.level for one in drawn]
    tried: list[Noded] = []
    for metres in _MEET_METRES if meet_metres is None else (meet_metres,):
        tried.append(cut(lines, levels, crossings=crossings, meet_metres=metres))
        if tried[-1].largest_share() >= _CONNECTED:
            return tried[-1]
    return max(tried, key=lambda one: (one.largest_share() > 2 * tried[0].largest_share(), -one.meet_metres))


def _drawn(features: Sequence[Feature], reader: Reader) -> tuple[list[_Drawn], int, list[RowNote]]:
    """Every usable run of line with a key of its own, the number of features they came from, and the rest."""
    aside: list[RowNote] = []
    found: list[tuple[Feature, LineWords, tuple[Line, ...]]] = []
    seen: dict[tuple[Line, ...], int] = {}
    for feature in features:
        read = _read(feature, reader, seen)
        if isinstance(read, Text):
            aside.append(RowNote(feature.number, read, "unusable_line"))
        else:
            found.append((feature, *read))
    keys = Counter(words.key for _, words, _ in found)
    drawn = []
    for feature, words, lines in found:
        stem = words.key if words.key and keys[words.key] == 1 else _digest(lines)
        for part, line in enumerate(lines):
            drawn.append(_Drawn(feature.number, stem if len(lines) == 1 else f"{stem}.{part}", words, line))
    return drawn, len(found), aside


def _read(
    feature: Feature, reader: Reader, seen: dict[tuple[Line, ...], int]
) -> tuple[LineWords, tuple[Line, ...]] | Text:
    if feature.geometry is None:
        return feature.broken or Text("도형이 없음", "no geometry")
    lines = lines_of(feature.geometry)
    if not lines:
        return Text("선이 아님", "not a line")
    if not on_the_globe(lines):
        return Text("지구 밖의 좌표", "coordinates off the globe")
    words = reader.read(feature)
    if isinstance(words, Text):
        return words
    earlier = seen.setdefault(lines, feature.number)
    if earlier != feature.number:
        return Text(f"{earlier}번째와 같은 선", f"the same line as number {earlier}")
    return words, lines


def _digest(lines: tuple[Line, ...]) -> str:
    words = ";".join(f"{lon:.7f},{lat:.7f}" for line in lines for lon, lat in line)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _links(one: _Drawn, pieces: Sequence[Piece]) -> Iterator[RoadLink]:
    for number, piece in enumerate(pieces):
        a, b = _node_id(piece.start), _node_id(piece.end)
        if one.words.forward:
            yield _link(one, f"{number}+", (a, b), piece.line)
        if one.words.backward:
            yield _link(one, f"{number}-", (b, a), piece.line[::-1])


def _link(one: _Drawn, piece: str, ends: tuple[NodeId, NodeId], line: Line) -> RoadLink:
    words = one.words
    both = words.forward and words.backward
    return RoadLink(
        id=LinkId(f"line/{one.key}/{piece}"),
        from_node=ends[0],
        to_node=ends[1],
        name=words.name,
        rank=words.rank,
        lines=(line,),
        lanes=max(1, words.lanes // 2) if words.lanes and both else words.lanes,
        max_kmh=words.max_kmh,
        road_no=words.road_no,
        estimated_kmh=None if words.max_kmh else words.estimated_kmh or estimate_kmh(words.rank),
        width_m=words.width_m,
        access=words.access,
        structure=words.structure,
        kind=words.kind,
    )


def _node_id(point: tuple[float, float]) -> NodeId:
    return NodeId(f"at/{point[0]:.6f},{point[1]:.6f}")


def _nodes(links: Sequence[RoadLink]) -> Iterator[RoadNode]:
    places: dict[NodeId, LonLat] = {}
    around: dict[NodeId, set[NodeId]] = {}
    for link in links:
        for node, other, point in (
            (link.from_node, link.to_node, link.lines[0][0]),
            (link.to_node, link.from_node, link.lines[-1][-1]),
        ):
            places.setdefault(node, LonLat(*point))
            around.setdefault(node, set()).add(other)
    for node, place in places.items():
        yield RoadNode(node, place, {1: _END, 2: _INNER}.get(len(around[node]), _CROSSING))


def _notes_of_direction(reader: Reader, drawn: Sequence[_Drawn], *, by_direction: bool) -> Iterator[Text]:
    if by_direction:
        yield Text(
            "선마다 반대 방향의 선이 따로 있어 그린 방향으로만 통행하는 것으로 봄",
            "each line has one beside it the other way: each is driven only as it is drawn",
        )
    elif not reader.tells_direction:
        yield Text(
            "일방통행을 알려 주는 열이 없어 모두 양방향으로 둠", "no column tells one-way streets: all are two-way"
        )
    unclear = sorted({one.words.unclear for one in drawn if one.words.unclear})
    if unclear:
        words = ", ".join(unclear[:5])
        yield Text(f"모르는 일방통행 값은 양방향으로 둠: {words}", f"unknown one-way values count as two-way: {words}")


def _notes(noded: Noded, *, at_grade: bool) -> Iterator[Text]:
    if noded.drawn_up:
        yield Text(
            f"{noded.meet_metres:g} m 안에서 끝난 선 {noded.drawn_up}곳을 이음",
            f"{noded.drawn_up} ends within {noded.meet_metres:g} m of each other or of a line were joined",
        )
    if not at_grade:
        yield Text(
            "끝점 없이 교차하는 선은 이어지지 않은 것으로 봄(평면교차면 --crossings)",
            "lines that cross without an end there do not meet (if they are at grade: --crossings)",
        )
