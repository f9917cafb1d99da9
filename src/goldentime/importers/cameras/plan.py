"""What importing a camera inventory would change, decided without touching anything."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.cameras.inventory import Site
from goldentime.city.places.boundary import Boundary
from goldentime.core.ids import SiteId
from goldentime.core.text import Text
from goldentime.importers.cameras.compare import Difference, compare, with_ids
from goldentime.importers.cameras.layout import FIELDS, layout_of
from goldentime.importers.cameras.rows import SiteRow, read_row
from goldentime.importers.columns import ColumnMapping, Columns, is_counter, recognise
from goldentime.importers.coordinates import Area
from goldentime.importers.errors import BadFile
from goldentime.importers.report import Report, RowNote, Shared
from goldentime.importers.table import Row, Table, read_table

_ROUNDED_KEY = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class City:
    """What is known before the import."""

    sites: Mapping[SiteId, Site]
    boundary: Boundary | None = None


@dataclass(frozen=True, slots=True)
class CamerasPlan:
    """What to write, and what to tell."""

    difference: Difference
    report: Report


def plan_cameras(
    data: bytes, file_name: str, city: City, *, mapping: ColumnMapping | None = None, source: str = "cameras"
) -> CamerasPlan:
    """The plan for one file; raises BadFile when nothing of it can be used."""
    table = read_table(data, file_name)
    columns = recognise(table, FIELDS, mapping)
    _refuse_rounded_keys(table, columns)
    area = Area(city.boundary)
    rows, aside = _read_rows(table, columns, area, source)
    rows, duplicates = _without_duplicates(rows, _compared_columns(table))
    if not rows:
        raise _nothing_usable(table, [*aside, *duplicates])
    known = {site_id: site for site_id, site in city.sites.items() if site.source == source}
    sites = with_ids(rows, known)
    difference = compare(known, sites)
    aside = sorted([*aside, *duplicates], key=lambda note: note.row)
    return CamerasPlan(difference, _report(table, columns, rows, aside, difference=difference, area=area))


def _read_rows(table: Table, columns: Columns, area: Area, source: str) -> tuple[list[SiteRow], list[RowNote]]:
    good, aside = [], []
    for row in table.rows:
        read = read_row(row, columns, area, source)
        if isinstance(read, SiteRow):
            good.append(read)
        else:
            aside.append(read)
    return good, aside


def _compared_columns(table: Table) -> tuple[int, ...]:
    """The columns that tell duplicates when there is no key: all but those that only number the rows."""
    return tuple(index for index, name in enumerate(table.header) if not is_counter(name))


def _without_duplicates(rows: Sequence[SiteRow], compared: Sequence[int]) -> tuple[list[SiteRow], list[RowNote]]:
    first: dict[object, SiteRow] = {}
    kept, aside = [], []
    for row in rows:
        cells = tuple(row.row.cell(index) for index in compared)
        earlier = first.setdefault(row.key or cells, row)
        if earlier is row:
            kept.append(row)
        else:
            aside.append(_duplicate(row, earlier, compared))
    return kept, aside


def _duplicate(row: SiteRow, earlier: SiteRow, compared: Sequence[int]) -> RowNote:
    number = earlier.row.number
    if not row.key:
        text = Text(ko=f"{number}행과 모든 열이 같음", en=f"every column is the same as in row {number}")
    elif all(row.row.cell(index) == earlier.row.cell(index) for index in compared):
        text = Text(ko=f"{number}행과 같은 행", en=f"the same as row {number}")
    else:
        text = Text(
            ko=f"관리번호 {row.key}이(가) {number}행과 겹침(내용은 다름)",
            en=f"key {row.key} repeats that of row {number}, with other content",
        )
    return RowNote(row.row.number, text, "duplicate", row.site.name)


def _refuse_rounded_keys(table: Table, columns: Columns) -> None:
    """A spreadsheet keeps 15 digits of a number: longer keys come out rounded, and sites would be mixed up."""
    index = columns.at.get("key")
    if index is None:
        return
    if index in table.blunted or any(_ROUNDED_KEY.fullmatch(value) for value in table.column(index)):
        raise BadFile(
            Text(
                ko="관리번호가 숫자로 저장되어 끝자리가 잘렸습니다. 열을 텍스트로 바꾸어 다시 저장해 주십시오.",
                en="The keys were saved as numbers and lost their last digits; save the column as text.",
            )
        )


def _nothing_usable(table: Table, aside: Sequence[RowNote]) -> BadFile:
    first = aside[0].reason if aside else Text(ko="행이 없음", en="no rows")
    return BadFile(
        Text(
            ko=f"쓸 수 있는 행이 없습니다({len(table.rows)}행을 읽음). 첫 이유: {first.ko}",
            en=f"No row can be used ({len(table.rows)} read). The first reason: {first.en}",
        )
    )


def _report(
    table: Table,
    columns: Columns,
    rows: Sequence[SiteRow],
    aside: Sequence[RowNote],
    *,
    difference: Difference,
    area: Area,
) -> Report:
    return Report(
        what="cameras",
        file_name=table.file_name,
        rows_read=len(table.rows),
        kept=len(rows),
        set_aside=tuple(aside),
        repaired=_judged(rows, "repaired"),
        flagged=_judged(rows, "flagged"),
        shared=_shared(rows),
        counts={
            "sites": len(rows),
            "cameras": sum(row.site.cameras for row in rows),
            "cameras_read": sum(_plain_count(row, columns) for row in table.rows),
            "added": len(difference.added),
            "moved": len(difference.moved),
            "changed": len(difference.changed),
            "removed": len(difference.removed),
            "unchanged": difference.unchanged,
        },
        layout=layout_of(table),
        encoding=table.encoding,
        columns={name: table.header[index] for name, index in columns.at.items()},
        columns_not_used=tuple(n for i, n in enumerate(table.header) if i not in columns.at.values()),
        notes=(*_notes(table, columns, area), *_undirected(rows, columns)),
    )


def _judged(rows: Sequence[SiteRow], verdict: str) -> tuple[RowNote, ...]:
    return tuple(
        RowNote(row.row.number, row.judged.text, row.judged.code, row.site.name)
        for row in rows
        if row.judged.verdict == verdict and row.judged.text
    )


def _shared(rows: Sequence[SiteRow]) -> tuple[Shared, ...]:
    spots: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row in rows:
        spots[row.site.place.lon, row.site.place.lat].append(row.row.number)
    return tuple(Shared(lon, lat, tuple(numbers)) for (lon, lat), numbers in spots.items() if len(numbers) > 1)


def _plain_count(row: Row, columns: Columns) -> int:
    try:
        return max(0, int(float(columns.value(row, "cameras"))))
    except (ValueError, OverflowError):
        return 0


def _notes(table: Table, columns: Columns, area: Area) -> list[Text]:
    notes = []
    if not area.is_known:
        notes.append(
            Text(
                ko="시 경계가 없어 우리나라 밖의 좌표만 걸렀습니다. 경계를 먼저 넣으십시오(import boundary).",
                en="No boundary is loaded: only coordinates outside Korea were set aside. Import the boundary first.",
            )
        )
    for name in columns.by_values:
        column = table.header[columns.at[name]]
        notes.append(
            Text(
                ko=f"열 '{column}'은(는) 이름이 아니라 값으로 알아보았습니다({name}).",
                en=f"The column '{column}' was recognised by its values ({name}).",
            )
        )
    if not columns.has("purpose"):
        notes.append(Text(ko="설치목적 열이 없어 '기타'로 두었습니다.", en="There is no purpose column: set to other."))
    if table.other_sheets:
        sheets = ", ".join(table.other_sheets)
        notes.append(Text(ko=f"읽지 않은 시트: {sheets}", en=f"Sheets not read: {sheets}"))
    return notes


def _undirected(rows: Sequence[SiteRow], columns: Columns) -> list[Text]:
    """What 촬영방면정보 said of so many sites without giving one direction: it is left unknown, not guessed."""
    words = Counter(
        columns.value(row.row, "direction")
        for row in rows
        if columns.value(row.row, "direction") and row.site.bearing is None and not row.site.all_round
    )
    if not words:
        return []
    shown = ", ".join(word for word, _ in words.most_common(3))
    return [
        Text(
            ko=f"촬영방면을 한 방향으로 알아볼 수 없어 방향 미상으로 둔 개소 {words.total()}곳: {shown}",
            en=f"{words.total()} sites' directions are not one direction and stay unknown: {shown}",
        )
    ]
