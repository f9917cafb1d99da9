"""What importing a list of places would change, decided without touching anything."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from goldentime.city.places.addresses import AddressIndex
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.place import KIND_TEXTS, Place, PlaceId, PlaceKind
from goldentime.core.text import Text
from goldentime.importers.columns import ColumnMapping, Columns, is_counter, recognise
from goldentime.importers.coordinates import Area, Judged, judge
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import looks_like_geojson, read_geojson
from goldentime.importers.places.kinds import FIELDS, get_kind
from goldentime.importers.report import Report, RowNote
from goldentime.importers.source import counts_of_change
from goldentime.importers.table import Row, Table, read_table

_USED = frozenset({"lat", "lon", "name", "road_address", "lot_address", "phone"})
_WORST_ESTIMATE_METRES = 260.0  # an estimate vaguer than this would mislead a crew


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
    judged: Judged


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
    reader, compared = (
        _Reader(columns, kind, table.header, known),
        [i for i, name in enumerate(table.header) if not is_counter(name)],
    )
    rows: list[_PlaceRow] = []
    aside: list[RowNote] = []
    seen: dict[object, int] = {}
    for row in table.rows:
        read = reader.read(row)
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


class _Reader:
    """Reads rows of one file; finds places by their addresses, and leaves where it was one found before."""

    def __init__(self, columns: Columns, kind: PlaceKind, header: Sequence[str], known: KnownPlaces) -> None:
        self._columns, self._kind, self._header = columns, kind, header
        self._area, self._index = Area(known.boundary), known.index
        self._before = {(p.name, p.address): p.place for p in known.places if p.kind == kind and p.estimated}

    def read(self, row: Row) -> _PlaceRow | RowNote:
        """The place the row describes, or the note that sets it aside."""
        if row.is_empty():
            return RowNote(row.number, Text(ko="빈 행", en="empty row"), "empty_row")
        columns = self._columns
        address = columns.value(row, "road_address") or columns.value(row, "lot_address")
        name = _name(row, columns, self._kind) or address
        lat, lon = columns.value(row, "lat"), columns.value(row, "lon")
        judged = judge(lat, lon, self._area) if lat or lon else self._located(row, name, address)
        if judged.place is None:
            return RowNote(row.number, judged.text or _nowhere(), judged.code, name)
        place = Place(
            id=PlaceId(""),
            kind=self._kind,
            name=name,
            place=judged.place,
            address=address,
            phone=columns.value(row, "phone"),
            extra=_extra(row, columns, self._header),
            estimated=judged.code == "located",
            flagged=judged.text.ko if judged.verdict == "flagged" and judged.text else "",
        )
        return _PlaceRow(row, place, judged)

    def _located(self, row: Row, name: str, address: str) -> Judged:
        before = self._before.get((name, address))
        if before is not None:
            text = Text(ko="앞서 주소로 찾은 위치를 그대로 둠", en="stays where its address was found before")
            return Judged("repaired", "located", before, text)
        for field in ("lot_address", "road_address"):
            words = self._columns.value(row, field)
            found = self._index().find(words) if self._index is not None and words else None
            if found is not None and found.uncertain_metres <= _WORST_ESTIMATE_METRES:
                return Judged("repaired", "located", found.place, found.text)
        return Judged("set_aside", "not_located", text=_nowhere())


def _nowhere() -> Text:
    return Text(
        ko="좌표가 없고 주소로도 위치를 찾을 수 없음", en="no coordinates, and the address could not be located"
    )


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
        repaired=_judged(rows, "repaired"),
        flagged=_judged(rows, "flagged"),
        counts={"places": len(places), **counts, "moved": moved, "changed": counts["changed"] - moved},
        layout=kind.value,
        encoding=table.encoding,
        columns={name: table.header[index] for name, index in columns.at.items()},
    )


def _judged(rows: Sequence[_PlaceRow], verdict: str) -> tuple[RowNote, ...]:
    return tuple(
        RowNote(one.row.number, one.judged.text, one.judged.code, one.place.name)
        for one in rows
        if one.judged.verdict == verdict and one.judged.text
    )
