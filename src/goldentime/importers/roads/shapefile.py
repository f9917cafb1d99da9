"""How a shapefile, or a zip of several, becomes features in WGS84 and tables of words."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any

import shapefile

from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import Feature, to_feature, to_wgs84_from
from goldentime.importers.roads.read import Box, Reading
from goldentime.importers.source import SourceFile
from goldentime.importers.table import Row, Table

_MOST_BYTES = 2 * 1024**3  # unpacked; the whole country's node-link is about 1.2 GB
_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_KOREAN = ("utf-8", "cp949")  # what a shapefile without .cpg is in
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
_BROKEN = (shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, TypeError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Layer:
    """One shapefile's features, or the table of a dbf that stands alone; `elsewhere` are features left unread."""

    name: str
    encoding: str
    features: tuple[Feature, ...] = ()
    table: Table | None = None
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class _How:
    crs: str
    reading: Reading


def looks_like_shapefile(file: SourceFile) -> bool:
    """Whether this is a .shp, or a zip that holds one."""
    if file.data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(file.data)) as packed:
                return any(name.lower().endswith((".shp", ".dbf")) for name in packed.namelist())
        except _BROKEN_ZIP:
            return file.name.lower().endswith(".zip")
    return file.data[:4] == b"\x00\x00\x27\x0a" or file.name.lower().endswith((".shp", ".dbf"))


def read_shapefiles(file: SourceFile, *, crs: str = "", reading: Reading | None = None) -> tuple[Layer, ...]:
    """Every layer in the file; `crs` is for those without .prj.

    Of a layer with very many features only those around the city are read. Raises BadFile when any part is
    missing or broken.
    """
    how = _How(crs, reading or Reading())
    sets = _unzipped(file.data) if file.data.startswith(b"PK") else {file.name: _beside(file)}
    layers = tuple(_layer(name, parts, how) for name, parts in sorted(sets.items()))
    if not layers:
        raise BadFile(Text("zip 안에 shapefile이 없습니다.", "The zip holds no shapefile."))
    return layers


def _beside(file: SourceFile) -> Mapping[str, bytes]:
    own = PurePosixPath(file.name).suffix.lower()
    return {**file.beside, own: file.data}


def _unzipped(data: bytes) -> Mapping[str, Mapping[str, bytes]]:
    sets: dict[str, dict[str, bytes]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            wanted = [
                part
                for part in packed.infolist()
                if PurePosixPath(part.filename).suffix.lower() in _PARTS and "__MACOSX" not in part.filename
            ]
            if sum(part.file_size for part in wanted) > _MOST_BYTES:
                raise BadFile(Text("zip을 풀면 2 GB를 넘습니다.", "Unpacked, the zip is larger than 2 GB."))
            for part in wanted:
                path = PurePosixPath(part.filename)
                sets.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = packed.read(part)
    except _BROKEN_ZIP as broken:
        raise BadFile(Text(f"zip을 풀 수 없습니다: {broken}", f"The zip cannot be unpacked: {broken}")) from broken
    return {name: parts for name, parts in sets.items() if ".shp" in parts or ".dbf" in parts}


def _layer(name: str, parts: Mapping[str, bytes], how: _How) -> Layer:
    if ".dbf" not in parts:
        raise BadFile(
            Text(
                f"{name}: 속성 파일(.dbf)이 없습니다. 이름이 같은 .shp, .dbf, .shx, .prj를 함께 두거나 "
                "zip으로 묶어 주십시오.",
                f"{name}: the attribute file (.dbf) is missing; keep .shp, .dbf, .shx and .prj together, or zip them.",
            )
        )
    if _is_cut(parts):
        raise BadFile(Text(f"{name}: 파일이 잘렸습니다.", f"{name}: the file is cut short."))
    encodings = [_named(parts[".cpg"])] if ".cpg" in parts else list(_KOREAN)
    records = int.from_bytes(parts[".dbf"][4:8], "little")
    wrong, encoding = min(((_wrong(parts[".dbf"], one), one) for one in encodings), key=itemgetter(0))
    if wrong * 100 > records:
        raise BadFile(
            Text(
                f"{name}: 속성의 글자가 {'·'.join(encodings)}이(가) 아닙니다.",
                f"{name}: the attributes are not in {' or '.join(encodings)}.",
            )
        )
    try:
        return _read(name, parts, encoding, how)
    except _BROKEN as broken:
        raise BadFile(
            Text(f"{name}: shapefile을 읽을 수 없습니다: {broken}", f"{name}: cannot be read: {broken}")
        ) from broken


def _is_cut(parts: Mapping[str, bytes]) -> bool:
    """Whether a part is shorter than its own header says."""
    shp, dbf = parts.get(".shp", b""), parts[".dbf"]
    records, header, length = (int.from_bytes(dbf[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    return int.from_bytes(shp[24:28], "big") * 2 > len(shp) or header + records * length > len(dbf)


def _wrong(dbf: bytes, encoding: str) -> int:
    """How many letters of the records are none in this encoding; a short field may cut one in two."""
    records = dbf[int.from_bytes(dbf[8:10], "little") :]
    try:
        return records.decode(encoding, "replace").count("\ufffd")
    except LookupError:
        return len(dbf)


def _named(cpg: bytes) -> str:
    words = cpg.decode("ascii", "replace").strip().lower()
    return {"949": "cp949", "ansi 949": "cp949", "euc-kr": "cp949", "euckr": "cp949", "": "utf-8"}.get(words, words)


def _read(name: str, parts: Mapping[str, bytes], encoding: str, how: _How) -> Layer:
    streams: dict[str, Any] = {part[1:]: io.BytesIO(data) for part, data in parts.items() if part in _PARTS[:3]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", shapefile.PossiblyCorruptFileHeader)  # more bytes than the header says
        reader = shapefile.Reader(**streams, encoding=encoding, encodingErrors="replace")
    if ".shp" not in parts:
        return Layer(name, encoding, table=_table(name, reader, encoding))
    to_wgs84 = _projection(name, reader, parts, how.crs)
    around = how.reading.around if len(reader) > how.reading.many else None
    features = tuple(_features(how.reading.counted(reader.iterShapeRecords()), to_wgs84, around))
    if around is not None and not features:
        raise BadFile(
            Text(f"{name}: 시 경계 가까이에 아무것도 없습니다.", f"{name}: nothing lies near the city's boundary.")
        )
    return Layer(name, encoding, features, elsewhere=len(reader) - len(features))


def _table(name: str, reader: Any, encoding: str) -> Table:
    header = tuple(field[0] for field in reader.fields[1:])
    rows = tuple(
        Row(number, tuple(_words(value) for value in record)) for number, record in enumerate(reader.iterRecords(), 1)
    )
    return Table(header, rows, encoding, name)


def _words(value: object) -> str:
    return "" if value is None else str(value).strip()


def _features(records: Iterable[Any], to_wgs84: Callable[..., Any] | None, around: Box | None) -> Iterator[Feature]:
    for number, record in enumerate(records, 1):
        shape = record.shape
        if around is not None and not _is_around(shape, to_wgs84, around):
            continue
        geometry: Any = None if shape.shapeType == shapefile.NULL else shape.__geo_interface__
        yield to_feature(number, {"properties": record.record.as_dict(), "geometry": geometry}, to_wgs84)


def _is_around(shape: Any, to_wgs84: Callable[..., Any] | None, around: Box) -> bool:
    points = [(point[0], point[1]) for point in (*shape.points[:1], *shape.points[-1:])]
    spots = [to_wgs84(*point) for point in points] if to_wgs84 is not None else points
    return bool(spots) and around.touches(spots)


def _projection(name: str, reader: Any, parts: Mapping[str, bytes], crs: str) -> Callable[..., Any] | None:
    """From the layer's coordinates to WGS84, None when they are that already."""
    words = parts.get(".prj", b"").decode("utf-8", "replace").strip() or crs
    if words:
        return to_wgs84_from(words)
    if _may_be_degrees(reader.bbox):
        return None
    raise BadFile(
        Text(
            f"{name}: 좌표계를 알 수 없습니다(.prj 없음). --crs EPSG:5186처럼 알려 주십시오.",
            f"{name}: the coordinate system is unknown (no .prj); say it, as in --crs EPSG:5186.",
        )
    )


def _may_be_degrees(box: Sequence[float]) -> bool:
    west, south, east, north = box
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90
