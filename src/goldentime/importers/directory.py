"""Which files of a city's folder are what, and in which order they are imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goldentime.city.places.boundary import GROUND_LAYERS
from goldentime.city.places.place import PlaceKind
from goldentime.core.text import Text
from goldentime.importers.boundary import layer_of, looks_like_boundary
from goldentime.importers.cameras.layout import FIELDS as CAMERA_FIELDS
from goldentime.importers.columns import Field, recognise
from goldentime.importers.errors import BadFile, ColumnsNotFound
from goldentime.importers.geojson import Feature, looks_like_geojson, read_geojson
from goldentime.importers.places.kinds import find_kind
from goldentime.importers.places.plan import read_places_table
from goldentime.importers.report import Report
from goldentime.importers.roads.line_words import looks_like_roads
from goldentime.importers.roads.lines import has_lines
from goldentime.importers.roads.node_link import looks_like_links, looks_like_nodes, looks_like_turns
from goldentime.importers.roads.osm import looks_like_osm
from goldentime.importers.roads.shapefile import looks_like_shapefile, read_shapefiles
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile, read_source
from goldentime.importers.streams.plan import FIELDS as STREAM_FIELDS
from goldentime.importers.table import Table, read_table
from goldentime.importers.units.plan import looks_like_units

_ORDER = ("boundary", "roads", "cameras", "places", "streams", "units")
_SUFFIXES = frozenset(
    {".csv", ".txt", ".xls", ".xlsx", ".geojson", ".json", ".gz", ".shp", ".zip", ".pbf", ".osm", ".dbf"}
)
_BESIDE = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd"})  # parts of a shapefile
_WHOLE = "1 links"  # a whole network: one file of this slot, the standard node-link before others
_NODE_LINK = ("", 2.0, 0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A file and what it is; of several with the same `slot`, the one of the highest `rank` is imported."""

    path: Path
    what: str
    slot: str
    rank: tuple[str, float, float] = ("", 0, 0)
    kind: PlaceKind | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not imported, and why."""

    file_name: str
    reason: Text

    def to_dict(self) -> dict[str, object]:
        """`{file, reason: {ko, en}}`."""
        return {"file": self.file_name, "reason": self.reason.to_dict()}


@dataclass(frozen=True, slots=True)
class CityReport:
    """One report a file imported, in order, and the files left out."""

    reports: tuple[Report, ...] = ()
    skipped: tuple[Skipped, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """`{reports: [...], skipped: [...]}`."""
        return {"reports": [r.to_dict() for r in self.reports], "skipped": [s.to_dict() for s in self.skipped]}


def look_through(folder: Path) -> tuple[list[Found], list[Skipped]]:
    """What the folder's files are, in the order of import; raises BadFile when it is no folder."""
    if not folder.is_dir():
        raise BadFile(Text(ko=f"폴더가 아닙니다: {folder}", en=f"Not a folder: {folder}"))
    found, skipped = [], []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith(".") or _is_part(path):
            continue
        known = _what_is(path)
        if isinstance(known, Found):
            found.append(known)
        else:
            skipped.append(Skipped(path.name, known))
    best = {one.slot: one for one in sorted(found, key=lambda f: (f.rank, f.path.name))}
    for one in found:
        if best[one.slot] is not one:
            kept = best[one.slot].path.name
            text = Text(
                ko=f"같은 종류 중 더 새롭거나 자세한 {kept} 파일을 씀",
                en=f"{kept} is newer or more detailed of its kind",
            )
            skipped.append(Skipped(one.path.name, text))
    return sorted(best.values(), key=lambda f: (_ORDER.index(f.what), f.slot)), skipped


def import_city(importer: Importer, folder: Path, on_file: Callable[[str, int, int], None]) -> CityReport:
    """Import what the folder holds; a file that turns out unusable is named among the skipped.

    `on_file` hears the file's name, its number and how many there are. Raises BadFile when nothing was usable.
    """
    found, skipped = look_through(folder)
    reports = []
    for number, one in enumerate(found, 1):
        on_file(one.path.name, number, len(found))
        try:
            reports.append(_import(importer, one, read_source(one.path)))
        except BadFile as bad:
            skipped.append(Skipped(one.path.name, bad.text))
    if not reports:
        raise BadFile(Text(ko="폴더에 가져올 수 있는 파일이 없습니다.", en="The folder holds nothing to import."))
    return CityReport(tuple(reports), tuple(sorted(skipped, key=lambda s: s.file_name)))


def _import(importer: Importer, one: Found, file: SourceFile) -> Report:
    if one.what == "places":
        return importer.places(file, kind=one.kind)
    return {
        "boundary": importer.boundary,
        "roads": importer.roads,
        "cameras": importer.cameras,
        "streams": importer.streams,
        "units": importer.units,
    }[one.what](file)


def _what_is(path: Path) -> Found | Text:
    if path.suffix.lower() not in _SUFFIXES:
        return Text(ko="지원하지 않는 형식", en="not a supported format")
    try:
        file = read_source(path)
        if looks_like_osm(file):
            return Found(path, "roads", _WHOLE, ("", 0, 0))
        if looks_like_shapefile(file):
            return _what_shapefile(path, file)
        if looks_like_geojson(file.data):
            return _what_geojson(path, file)
        return _what_table(path, read_table(file.data, file.name))
    except BadFile as bad:
        return bad.text


def _what_geojson(path: Path, file: SourceFile) -> Found | Text:
    features = read_geojson(file.data)
    if looks_like_links(features):
        return Found(path, "roads", "1 links", _NODE_LINK)
    if looks_like_nodes(features):
        return Found(path, "roads", "2 nodes")
    kind = find_kind(read_places_table(file.data, file.name), file.name)
    if kind is not None:
        return Found(path, "places", kind.value, ("", len(features), 0), kind)
    if looks_like_boundary(features):
        layer = layer_of(features)
        slot = f"{'2' if layer in GROUND_LAYERS else '1'} {layer.value}"  # water and parks need the city first
        return Found(path, "boundary", slot, ("", _points(features), 0))
    if has_lines(features) and looks_like_roads(features):
        return Found(path, "roads", _WHOLE, ("", 1, len(features)))
    return _unknown()


def _what_shapefile(path: Path, file: SourceFile) -> Found | Text:
    """Any kind of road layer; which one, is told by its columns."""
    layers = read_shapefiles(file)
    if any(looks_like_links(one.features) for one in layers):
        return Found(path, "roads", "1 links", _NODE_LINK)
    if any(looks_like_nodes(one.features) for one in layers):
        return Found(path, "roads", "2 nodes")
    if any(one.table is not None and looks_like_turns(one.table) for one in layers):
        return Found(path, "roads", "3 turns")
    if any(has_lines(one.features) and looks_like_roads(one.features) for one in layers):
        return Found(path, "roads", _WHOLE, ("", 1, max(len(one.features) for one in layers)))
    return _unknown()


def _what_table(path: Path, table: Table) -> Found | Text:
    if looks_like_turns(table):
        return Found(path, "roads", "3 turns")
    if looks_like_units(table):
        return Found(path, "units", f"units {path.name}")  # each agency may have a list of its own
    if _is(table, STREAM_FIELDS):
        return Found(path, "streams", "streams", ("", len(table.rows), 0))
    if _is(table, CAMERA_FIELDS) and find_kind(table, path.name) is None:
        return Found(path, "cameras", "cameras", (_newest(table), len(table.rows), 0))
    kind = find_kind(table, path.name)
    if kind is None:
        return _unknown()
    return Found(path, "places", kind.value, ("", len(table.rows), len(table.header)), kind)


def _is(table: Table, fields: Sequence[Field]) -> bool:
    try:
        recognise(table, fields)
    except ColumnsNotFound:
        return False
    return True


def _newest(table: Table) -> str:
    """The latest 데이터기준일자, as ISO words that sort; empty when the file has none."""
    dated = [i for i, name in enumerate(table.header) if name == "데이터기준일자"]
    return max(table.column(dated[0]), default="") if dated else ""


def _points(features: Sequence[Feature]) -> int:
    return sum(str(f.geometry).count(",") for f in features if f.geometry is not None)


def _is_part(path: Path) -> bool:
    """Whether the file is a shapefile's, and read with it."""
    return path.suffix.lower() in _BESIDE and path.with_suffix(".shp").exists()


def _unknown() -> Text:
    return Text(ko="가져올 종류의 파일이 아님", en="not a kind of file that is imported")
