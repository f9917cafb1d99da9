"""What importing a list of places would change, decided without touching anything."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from goldentime.city.places.addresses import AddressIndex, Estimate
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.place import KIND_TEXTS, Place, PlaceId, PlaceKind
from goldentime.core.text import Text
from goldentime.importers.columns import ColumnMapping, Columns, is_counter, recognise
from goldentime.importers.coordinates import Area, judge
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import looks_like_geojson, read_geojson
from goldentime.importers.places.kinds import FIELDS, get_kind
from goldentime.importers.report import Report, RowNote
from goldentime.importers.source import counts_of_change
from goldentime.importers.table import Row, Table, read_table

_USED = frozenset({"lat", "lon", "name", "road_address", "lot_address", "phone"})
_WORST_ESTIMATE_METRES = 400.0  # an estimate vaguer than this would mislead a crew


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """What is known before the import; `index` locates rows that have an address only."""

    places: Sequence[Place] = ()
    boundary: Boundary | None = None
    index: Callable[[], AddressIndex] | None = None  # asked for only when a row has no coordinates


@dataclass(frozen=True, slots=True)
class PlacesPlan:
    """All places of the kind as they will be, and what to tell."""

    kind: PlaceKind
    places: tuple[Place, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class _PlaceRow:
    row: Row
    place: Place
    repaired: Text | None


def plan_places(
    data: bytes,
    file_name: str,
    known: KnownPlaces,
    *,
    kind: PlaceKind | None = None,
    mapping: ColumnMapping | None = None,
) -> PlacesPlan:
    """The plan for one file; raises BadFile when its kind is unclear or nothing of it can be used."""
    table = read_places_table(data, file_name)
    columns = recognise(table, FIELDS, mapping)
    kind = kind or get_kind(table, file_name)
    if not {"name", "number", "road_address", "lot_address"} & columns.at.keys():
        raise BadFile(
            Text(ko="이름이나 주소 열을 찾을 수 없습니다.", en="Neither a name nor an address column was found.")
        )
    area, compared = Area(known.boundary), [i for i, name in enumerate(table.header) if not is_counter(name)]
    rows: list[_PlaceRow] = []
    aside: list[RowNote] = []
    seen: dict[object, int] = {}
    for row in table.rows:
        read = _read(row, columns, area, known.index, kind=kind, header=table.header)
        earlier = seen.setdefault(tuple(row.cell(i) for i in compared), row.number)
        if isinstance(read, _PlaceRow) and earlier != row.number:
            text = Text(ko=f"{earlier}행과 모든 열이 같음", en=f"every column is the same as in row {earlier}")
            read = RowNote(row.number, text, "duplicate", read.place.name)
        if isinstance(read, RowNote):
            aside.append(read)
        else:
            rows.append(read)
    if not rows:
        first = aside[0].reason if aside else Text(ko="행이 없음", en="no rows")
        raise BadFile(
            Text(ko=f"쓸 수 있는 행이 없습니다. 첫 이유: {first.ko}", en=f"No row can be used. The first: {first.en}")
        )
    places = _with_ids(rows, kind)
    return PlacesPlan(kind, places, _report(table, columns, rows, aside, places, known=known.places))


def read_places_table(data: bytes, file_name: str) -> Table:
    """A table of the file's rows, or of a GeoJSON's features with a middle for each."""
    if not looks_like_geojson(data):
        return read_table(data, file_name)
    features = read_geojson(data)
    names = list(dict.fromkeys(key for f in features for key in f.properties))
    rows = []
    for feature in features:
        middle = feature.geometry.representative_point() if feature.geometry is not None else None
        words = ["" if (v := feature.properties.get(name)) is None else str(v).strip() for name in names]
        spot = [repr(middle.y), repr(middle.x)] if middle is not None else ["", ""]
        rows.append(Row(feature.number, (*spot, *words)))
    return Table(("WGS84위도", "WGS84경도", *names), tuple(rows), "UTF-8", file_name)


def _read(
    row: Row,
    columns: Columns,
    area: Area,
    index: Callable[[], AddressIndex] | None,
    *,
    kind: PlaceKind,
    header: Sequence[str],
) -> _PlaceRow | RowNote:
    if row.is_empty():
        return RowNote(row.number, Text(ko="빈 행", en="empty row"), "empty_row")
    address = columns.value(row, "road_address") or columns.value(row, "lot_address")
    name = _name(row, columns, kind) or address
    lat, lon = columns.value(row, "lat"), columns.value(row, "lon")
    flagged, repaired, estimated = "", None, False
    if lat or lon:
        judged = judge(lat, lon, area)
        spot, text = judged.place, judged.text
        if spot is None:
            return RowNote(row.number, text or _nowhere(), judged.code, name)
        flagged = text.ko if judged.verdict == "flagged" and text else ""
        repaired = text if judged.verdict == "repaired" else None
    else:
        found = _locate(row, columns, index)
        if found is None:
            return RowNote(row.number, _nowhere(), "not_located", name)
        spot, repaired, estimated = found.place, found.text, True
    place = Place(
        id=PlaceId(""),
        kind=kind,
        name=name,
        place=spot,
        address=address,
        phone=columns.value(row, "phone"),
        extra=_extra(row, columns, header),
        estimated=estimated,
        flagged=flagged,
    )
    return _PlaceRow(row, place, repaired)


def _nowhere() -> Text:
    return Text(
        ko="좌표가 없고 주소로도 위치를 찾을 수 없음", en="no coordinates, and the address could not be located"
    )


def _locate(row: Row, columns: Columns, index: Callable[[], AddressIndex] | None) -> Estimate | None:
    for field in ("lot_address", "road_address"):
        words = columns.value(row, field)
        found = index().find(words) if index is not None and words else None
        if found is not None and found.uncertain_metres <= _WORST_ESTIMATE_METRES:
            return found
    return None


def _name(row: Row, columns: Columns, kind: PlaceKind) -> str:
    name, sort = columns.value(row, "name"), columns.value(row, "sort")
    if kind == PlaceKind.POLICE_BOX and name and sort and not name.endswith(sort):
        return name + sort
    if kind == PlaceKind.HYDRANT:
        return " ".join(w for w in (sort or KIND_TEXTS[kind].ko, columns.value(row, "number") or name) if w)
    return name or columns.value(row, "number")


def _extra(row: Row, columns: Columns, header: Sequence[str]) -> Mapping[str, str]:
    used = {index for name, index in columns.at.items() if name in _USED}
    return {name: row.cell(i) for i, name in enumerate(header) if i not in used and name and row.cell(i)}


def _with_ids(rows: Sequence[_PlaceRow], kind: PlaceKind) -> tuple[Place, ...]:
    """Ids from the name and address; equal ones are numbered in the file's order."""
    times: dict[str, int] = {}
    places = []
    for one in rows:
        place = one.place
        stem = hashlib.sha256(f"{place.name}|{place.address}".encode()).hexdigest()[:12]
        times[stem] = times.get(stem, 0) + 1
        place_id = PlaceId(f"{kind.value}-{stem}" + (f".{times[stem]}" if times[stem] > 1 else ""))
        places.append(replace(place, id=place_id))
    return tuple(places)


def _report(
    table: Table,
    columns: Columns,
    rows: Sequence[_PlaceRow],
    aside: Sequence[RowNote],
    places: Sequence[Place],
    *,
    known: Sequence[Place],
) -> Report:
    kind = places[0].kind
    old = {place.id: place for place in known if place.kind == kind}
    new = {place.id: place for place in places}
    counts = counts_of_change(old, new)
    moved = sum(old[key].place != new[key].place for key in old.keys() & new.keys())
    return Report(
        what="places",
        file_name=table.file_name,
        rows_read=len(table.rows),
        kept=len(rows),
        set_aside=tuple(aside),
        repaired=tuple(
            RowNote(one.row.number, one.repaired, "located" if one.place.estimated else "swapped", one.place.name)
            for one in rows
            if one.repaired is not None
        ),
        flagged=tuple(
            RowNote(one.row.number, Text(ko=one.place.flagged, en="near, but outside the boundary"), "near_outside")
            for one in rows
            if one.place.flagged
        ),
        counts={"places": len(places), **counts, "moved": moved, "changed": counts["changed"] - moved},
        layout=kind.value,
        encoding=table.encoding,
        columns={name: table.header[index] for name, index in columns.at.items()},
    )
