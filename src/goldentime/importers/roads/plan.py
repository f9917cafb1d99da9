"""What importing a file of roads would change, decided without touching anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goldentime.city.roads.line import Roads
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import looks_like_geojson, read_geojson
from goldentime.importers.report import Report
from goldentime.importers.roads.lines import has_lines, read_lines
from goldentime.importers.roads.mend import mend
from goldentime.importers.roads.node_link import (
    looks_like_links,
    looks_like_nodes,
    looks_like_turns,
    read_links,
    read_nodes,
    read_turns,
)
from goldentime.importers.roads.osm import looks_like_osm, read_osm
from goldentime.importers.roads.read import FORMAT_TEXTS, Asked, Reading, ReadRoads, RoadFormat, elsewhere_note
from goldentime.importers.roads.shapefile import Layer, looks_like_shapefile, read_shapefiles
from goldentime.importers.roads.tell import tell
from goldentime.importers.source import SourceFile
from goldentime.importers.table import Table, read_table

OUR_IDS = ("way/", "line/")  # what ids begin with that were made here; all others are the Ministry's


@dataclass(frozen=True, slots=True)
class RoadsPlan:
    """The network as it will be."""

    roads: Roads
    report: Report
    changed: bool


def plan_roads(file: SourceFile, known: Roads, asked: Asked | None = None, reading: Reading | None = None) -> RoadsPlan:
    """The network with this file's roads.

    A node-link file replaces its own part of a known node-link (links, nodes or turns); lines and OpenStreetMap replace
    the whole network. Raises BadFile for other files.
    """
    asked = asked or Asked()
    ours = any(link.id.startswith(OUR_IDS) for link in known.links)
    read, made_by = _read(file, Roads() if ours else known, asked, reading or Reading())
    if ours and not read.roads.links:
        raise _no_links_yet()
    if made_by is RoadFormat.NODE_LINK:
        mended = mend(read.roads)
        roads = mended.roads
    else:
        mended, roads = None, read.roads
    notes: list[Text] = []
    if known.links and ours != (made_by is not RoadFormat.NODE_LINK):
        kind = FORMAT_TEXTS[made_by]
        notes.append(
            Text(
                f"이전 도로망({len(known.links)}개 링크)은 다른 종류여서 {kind.ko}(으)로 모두 바꿈",
                f"the {len(known.links)} links known before were of another kind and all gave way to {kind.en}",
            )
        )
    report = tell(file.name, replace(read, notes=(*read.notes, *notes)), known, roads, mended=mended)
    return RoadsPlan(roads, report, changed=roads != known)


def _read(file: SourceFile, known: Roads, asked: Asked, reading: Reading) -> tuple[ReadRoads, RoadFormat]:
    if looks_like_osm(file):
        _refuse_other(asked, RoadFormat.OSM)
        return read_osm(file, reading), RoadFormat.OSM
    if looks_like_shapefile(file):
        return _read_layers(read_shapefiles(file, crs=asked.crs, reading=reading), known, asked)
    if looks_like_geojson(file.data):
        return _read_layers((Layer(file.name, "", read_geojson(file.data)),), known, asked)
    table = read_table(file.data, file.name)
    return _read_layers((Layer(file.name, table.encoding, table=table),), known, asked)


def _refuse_other(asked: Asked, found: RoadFormat) -> None:
    if asked.format not in (None, found):
        kind = FORMAT_TEXTS[found]
        raise BadFile(
            Text(
                f"--format {asked.format}(이)라고 했지만 파일은 {kind.ko}입니다.",
                f"--format says {asked.format}, but the file is {kind.en}.",
            )
        )


def _read_layers(layers: Sequence[Layer], known: Roads, asked: Asked) -> tuple[ReadRoads, RoadFormat]:
    links = [one for one in layers if looks_like_links(one.features)]
    nodes = [one for one in layers if looks_like_nodes(one.features) and one not in links]
    turns = [one for one in layers if one.table is not None and looks_like_turns(one.table)]
    if asked.format is not RoadFormat.LINES and (links or nodes or turns):
        _refuse_other(asked, RoadFormat.NODE_LINK)
        read = _read_node_link(known, links, nodes, turns)
        return replace(read, notes=(*read.notes, *_elsewhere([*links, *nodes]))), RoadFormat.NODE_LINK
    plain = [one for one in layers if has_lines(one.features)]
    if asked.format is RoadFormat.NODE_LINK or not plain:
        raise _not_roads()
    _refuse_other(asked, RoadFormat.LINES)
    if len(plain) > 1:
        names = ", ".join(one.name for one in plain)
        raise BadFile(
            Text(
                f"선이 든 파일이 여럿입니다. 도로 하나만 골라 주십시오: {names}",
                f"Several layers hold lines; give the one with the roads: {names}",
            )
        )
    read = read_lines(plain[0].features, crossings=asked.crossings, meet_metres=asked.meet_metres)
    return replace(read, encoding=plain[0].encoding, notes=(*read.notes, *_elsewhere(plain))), RoadFormat.LINES


def _read_node_link(known: Roads, links: Sequence[Layer], nodes: Sequence[Layer], turns: Sequence[Layer]) -> ReadRoads:
    """Links before nodes before turns, each in place of its own part of what is known."""
    if max(len(links), len(nodes), len(turns)) > 1:
        raise BadFile(Text("같은 종류의 파일이 여럿입니다.", "There are several files of one kind."))
    reads = []
    for layer in links:
        reads.append(read_links(layer.features, known))
        known = reads[-1].roads
    for layer in nodes:
        reads.append(read_nodes(layer.features, known))
        known = reads[-1].roads
    reads += [read_turns(layer.table or Table((), (), ""), known) for layer in turns]
    return _together(reads, (links or nodes or turns)[0].encoding)


def _elsewhere(layers: Sequence[Layer]) -> tuple[Text, ...]:
    left = sum(layer.elsewhere for layer in layers)
    return (elsewhere_note(left),) if left else ()


def _together(reads: Sequence[ReadRoads], encoding: str) -> ReadRoads:
    return ReadRoads(
        reads[-1].roads,
        sum(read.rows_read for read in reads),
        sum(read.kept for read in reads),
        "+".join(read.layout for read in reads),
        tuple(note for read in reads for note in read.aside),
        counts={key: value for read in reads for key, value in read.counts.items()},
        notes=tuple(note for read in reads for note in read.notes),
        rows={key: row for read in reads for key, row in read.rows.items()},
        encoding=encoding,
    )


def _no_links_yet() -> BadFile:
    return BadFile(
        Text(
            "지금 도로망은 표준노드링크가 아닙니다. 링크 파일을 먼저 넣어 주십시오. 아무것도 바꾸지 않았습니다.",
            "The network known now is not the standard node-link: import its links first. Nothing was changed.",
        )
    )


def _not_roads() -> BadFile:
    return BadFile(
        Text(
            "도로 파일이 아닙니다. 표준노드링크(LINK_ID·F_NODE, NODE_ID, 또는 ST_LINK·ED_LINK), 선으로 된 도로, "
            "OpenStreetMap(.osm.pbf)을 넣을 수 있습니다.",
            "Not a file of roads: the standard node-link (LINK_ID and F_NODE, NODE_ID, or ST_LINK and ED_LINK), "
            "roads drawn as lines, or OpenStreetMap (.osm.pbf).",
        )
    )
