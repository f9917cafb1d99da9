"""What importing a list of units would change, decided without touching anything."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.agencies.agency import Agency
from goldentime.city.places.addresses import AddressIndex
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.units.unit import BUSY, Unit, as_listed, code_of, ids_of
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.text import Text
from goldentime.importers.columns import ColumnMapping, Columns, plain, recognise
from goldentime.importers.coordinates import Area, Judged, judge
from goldentime.importers.errors import BadFile, ColumnsNotFound
from goldentime.importers.report import Report, RowNote
from goldentime.importers.source import counts_of_change
from goldentime.importers.table import Row, Table, read_table
from goldentime.importers.units.words import FIELDS, capabilities_of, fields_for, kind_of, width_of

FEW_UNITS = 5  # so many may go without a question
_AGENCY_ID = re.compile(r"[a-z0-9-]{2,40}")
_STATIONS = frozenset({PlaceKind.POLICE_BOX, PlaceKind.CENTRE_119, PlaceKind.FIRE_STATION})
_WORST_ESTIMATE_METRES = 260.0


@dataclass(frozen=True, slots=True)
class KnownUnits:
    """What is known before the import; a well-formed id that is not in `agencies` is flagged."""

    units: Mapping[UnitId, Unit]
    agencies: Sequence[Agency] = ()
    places: Sequence[Place] = ()
    boundary: Boundary | None = None
    index: Callable[[], AddressIndex] | None = None


@dataclass(frozen=True, slots=True)
class UnitsPlan:
    """The units as listed, which of the known ones go, and what to tell."""

    put: tuple[Unit, ...]
    removed: tuple[UnitId, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class _UnitRow:
    row: Row
    unit: Unit
    judged: Judged
    flaw: Text | None = None


def plan_units(
    data: bytes, file_name: str, known: KnownUnits, *, mapping: ColumnMapping | None = None, replace_most: bool = False
) -> UnitsPlan:
    """The plan for one file; raises BadFile when nothing of it can be used.

    Units of the file's agencies that it does not list go; one on a call stays until it is listed no more and free. A
    file without most of an agency's units is taken for a part of its list unless `replace_most` says otherwise.
    """
    table = read_table(data, file_name)
    columns = recognise(table, fields_for(known.agencies), mapping)
    rows, aside = _read(table, _Reader(columns, known))
    if not rows:
        first = aside[0].reason if aside else Text("행이 없음", "no rows")
        raise BadFile(
            Text(f"쓸 수 있는 행이 없습니다. 첫 이유: {first.ko}", f"No row can be used. The first: {first.en}")
        )
    listed = {one.unit.id: one.unit for one in rows}
    agencies = {unit.agency for unit in listed.values()}
    theirs = {key: unit for key, unit in known.units.items() if unit.agency in agencies}
    gone = [unit for key, unit in theirs.items() if key not in listed]
    if not replace_most and len(gone) > max(FEW_UNITS, len(theirs) // 2):
        raise _partial(len(gone), len(theirs))
    kept = [unit for unit in gone if unit.state in BUSY]
    removed = tuple(sorted(unit.id for unit in gone if unit.state not in BUSY))
    put = tuple(listed.values())
    return UnitsPlan(put, removed, _report(table, columns, (rows, aside), known, (removed, kept)))


def looks_like_units(table: Table) -> bool:
    """Whether a table of a city's folder is a list of units: its columns, and kinds of units in most rows."""
    try:
        columns = recognise(table, FIELDS)
    except ColumnsNotFound:
        return False
    kinds = [kind_of(columns.value(row, "kind")) for row in table.rows if not row.is_empty()]
    return bool(kinds) and sum(kind is not None for kind in kinds) * 2 > len(kinds)


class _Reader:
    """Reads rows of one file."""

    def __init__(self, columns: Columns, known: KnownUnits) -> None:
        self._columns, self._known, self._area = columns, known, Area(known.boundary)
        self._taken = {unit.id: unit.agency for unit in known.units.values()}
        self._agencies: dict[str, AgencyId] = {}
        for agency in known.agencies:
            for word in (agency.id, agency.name.ko, agency.name.en):
                self._agencies[plain(word)] = agency.id
        self._stations: dict[str, list[Place]] = {}
        for place in known.places:
            if place.kind in _STATIONS:
                self._stations.setdefault(plain(place.name), []).append(place)

    def read(self, row: Row) -> _UnitRow | RowNote:
        """The unit the row describes, or the note that sets it aside."""
        if row.is_empty():
            return RowNote(row.number, Text("빈 행", "empty row"), "empty_row")
        value = self._columns.value
        call_sign = value(row, "call_sign")
        code = value(row, "code") or call_sign
        if not call_sign:
            return RowNote(row.number, Text("호출명이 없음", "no call sign"), "no_call_sign", code)
        kind = kind_of(value(row, "kind"))
        if kind is None:
            words = value(row, "kind")
            return RowNote(
                row.number, Text(f"모르는 차종: {words}", f"unknown kind: {words}"), "unknown_kind", call_sign
            )
        agency = self._agency(value(row, "agency"))
        if agency is None:
            words = value(row, "agency")
            text = Text(f"모르는 기관: {words}", f"unknown agency: {words}")
            return RowNote(row.number, text, "unknown_agency", call_sign)
        unit_id = self._id(agency, code)
        judged = self._where(row) if unit_id is not None else _taken(code)
        if judged.place is None or unit_id is None:
            return RowNote(row.number, judged.text or _nowhere(), judged.code, call_sign)
        width = value(row, "width")
        unit = Unit(
            id=unit_id,
            agency=agency,
            call_sign=call_sign,
            kind=kind,
            station=judged.place,
            capabilities=capabilities_of(value(row, "capabilities"), value(row, "kind")),
            station_name=value(row, "station"),
            beat=value(row, "beat"),
            width_m=width_of(width) if width else None,
        )
        flaw = Text(f"차폭을 읽지 못함: {width}", f"not a width: {width}") if width and unit.width_m is None else None
        return _UnitRow(row, unit, judged, flaw)

    def _id(self, agency: AgencyId, code: str) -> UnitId | None:
        """The unit's id: the one it has, else the bare code, else behind its agency's name; None when that is taken."""
        apart, bare = ids_of(agency, code)
        for one in (apart, bare):
            known = self._taken.get(one)
            if known == agency and code_of(one, agency) == code:
                return one
        found = next((one for one in (bare, apart) if one not in self._taken and code_of(one, agency) == code), None)
        if found is not None:
            self._taken[found] = agency
        return found

    def _agency(self, words: str) -> AgencyId | None:
        found = self._agencies.get(plain(words))
        return AgencyId(words) if found is None and _AGENCY_ID.fullmatch(words) else found

    def _where(self, row: Row) -> Judged:
        lat, lon = self._columns.value(row, "lat"), self._columns.value(row, "lon")
        if lat or lon:
            return judge(lat, lon, self._area)
        station = self._columns.value(row, "station")
        found = self._stations.get(plain(station), []) if station else []
        if len(found) == 1:
            return Judged("good", place=found[0].place)
        address = self._columns.value(row, "address")
        match = self._known.index().find(address) if address and self._known.index is not None else None
        if match is not None and match.uncertain_metres <= _WORST_ESTIMATE_METRES:
            return Judged("repaired", "located", match.place, match.text)
        if len(found) > 1:
            text = Text(f"'{station}' 관서가 여럿이라 위치를 정할 수 없음", f"several stations are called {station!r}")
            return Judged("set_aside", "station_not_one", text=text)
        return Judged("set_aside", "not_located", text=_nowhere())


def _taken(code: str) -> Judged:
    text = Text(f"다른 기관이 쓰는 번호: {code}", f"a code another agency uses: {code}")
    return Judged("set_aside", "code_taken", text=text)


def _nowhere() -> Text:
    return Text(
        "좌표가 없고 소속 관서나 주소로도 위치를 찾을 수 없음",
        "no coordinates, and neither station nor address could be located",
    )


def _read(table: Table, reader: _Reader) -> tuple[list[_UnitRow], list[RowNote]]:
    rows: list[_UnitRow] = []
    aside: list[RowNote] = []
    seen: dict[UnitId, int] = {}
    for row in table.rows:
        read = reader.read(row)
        if isinstance(read, _UnitRow) and read.unit.id in seen:
            earlier, code = seen[read.unit.id], read.unit.id
            text = Text(f"{earlier}행과 번호가 같음: {code}", f"the same code as in row {earlier}: {code}")
            read = RowNote(row.number, text, "duplicate", read.unit.call_sign)
        if isinstance(read, RowNote):
            aside.append(read)
        else:
            seen[read.unit.id] = row.number
            rows.append(read)
    return rows, aside


def _partial(removed: int, known: int) -> BadFile:
    return BadFile(
        Text(
            f"이 파일대로면 출동대 {known}대 중 {removed}대가 없어집니다. 전체 목록이 맞으면 --replace를 붙여 다시 "
            "실행하세요. 아무것도 바꾸지 않았습니다.",
            f"This file would remove {removed} of {known} units. If it is the whole list, run again with --replace. "
            "Nothing was changed.",
        )
    )


def _report(
    table: Table,
    columns: Columns,
    read: tuple[Sequence[_UnitRow], Sequence[RowNote]],
    known: KnownUnits,
    gone: tuple[Sequence[UnitId], Sequence[Unit]],
) -> Report:
    (rows, aside), (removed, kept) = read, gone
    new = {one.unit.id: as_listed(known.units.get(one.unit.id), one.unit) for one in rows}
    old = {key: unit for key, unit in known.units.items() if key in new or key in set(removed)}
    notes = tuple(
        Text(f"{unit.call_sign}: 출동 중이라 목록에 없어도 남김", f"{unit.call_sign} is on a call and stays")
        for unit in kept
    )
    flawed = [RowNote(one.row.number, one.flaw, "width", one.unit.call_sign) for one in rows if one.flaw]
    notes += tuple(_apart(one.unit) for one in rows if one.unit.id != one.unit.code)
    return Report(
        what="units",
        file_name=table.file_name,
        rows_read=len(table.rows),
        kept=len(rows),
        set_aside=tuple(aside),
        repaired=_judged(rows, "repaired"),
        flagged=(*_judged(rows, "flagged"), *flawed, *_same_call_signs(rows), *_nobody_s(rows, known)),
        counts={"units": len(rows), **counts_of_change(old, new)},
        encoding=table.encoding,
        columns={name: table.header[index] for name, index in columns.at.items()},
        columns_not_used=tuple(n for i, n in enumerate(table.header) if n and i not in columns.at.values()),
        notes=notes,
    )


def _same_call_signs(rows: Sequence[_UnitRow]) -> tuple[RowNote, ...]:
    """A note for each further unit of an agency by one call sign: on the radio they cannot be told apart."""
    first: dict[tuple[AgencyId, str], _UnitRow] = {}
    notes = []
    for one in rows:
        earlier = first.setdefault((one.unit.agency, one.unit.call_sign), one)
        if earlier is not one:
            text = Text(
                f"{earlier.row.number}행과 호출명이 같음 (번호 {earlier.unit.code}, {one.unit.code})",
                f"the same call sign as in row {earlier.row.number} (codes {earlier.unit.code}, {one.unit.code})",
            )
            notes.append(RowNote(one.row.number, text, "same_call_sign", one.unit.call_sign))
    return tuple(notes)


def _nobody_s(rows: Sequence[_UnitRow], known: KnownUnits) -> Iterator[RowNote]:
    """A note for each unit kept under an agency the city does not name; before it names any, `serve` tells."""
    named = {agency.id for agency in known.agencies}
    for one in rows if named else ():
        if (agency := one.unit.agency) not in named:
            text = Text(
                f"모르는 기관: {agency} (설정에 이 기관을 적거나 파일을 고칠 것)",
                f"unknown agency: {agency} (name it in the settings, or mend the file)",
            )
            yield RowNote(one.row.number, text, "unknown_agency", one.unit.call_sign)


def _apart(unit: Unit) -> Text:
    return Text(
        f"{unit.call_sign}: 번호 {unit.code}을(를) 다른 기관도 써서 {unit.id}(으)로 올림",
        f"{unit.call_sign}: another agency uses the code {unit.code} too; registered as {unit.id}",
    )


def _judged(rows: Sequence[_UnitRow], verdict: str) -> tuple[RowNote, ...]:
    return tuple(
        RowNote(one.row.number, one.judged.text, one.judged.code, one.unit.call_sign)
        for one in rows
        if one.judged.verdict == verdict and one.judged.text
    )
