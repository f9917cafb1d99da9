"""How bytes become rows of words: CSV, XLS and XLSX, in UTF-8 or CP949."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.sheets import read_sheets

_SHEET_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MOST_BYTES = 256 * 1024 * 1024
_MAX_LINES_IN_A_ROW = 20
_EXACT_IN_A_FLOAT = 2.0**53

csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is its line in the file counted from 1, the header's included."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """The trimmed words of a column; empty when the column or the cell is missing."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header and rows, as words; `blunted` are columns whose long numbers lost their last digits."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    file_name: str = ""
    blunted: frozenset[int] = field(default_factory=frozenset)
    other_sheets: tuple[str, ...] = ()  # sheets with content that were not read

    def column(self, index: int) -> list[str]:
        """Every non-empty cell of one column."""
        return [row.cells[index] for row in self.rows if index < len(row.cells) and row.cells[index]]


def read_table(data: bytes, file_name: str) -> Table:
    """The file's first table; raises BadFile in words a clerk can act on."""
    if not data.strip():
        raise BadFile(Text(ko="파일이 비어 있습니다.", en="The file is empty."))
    check_size(data)
    if data.startswith(_SHEET_MAGIC):
        return _read_sheets(data, file_name)
    words, encoding = decode(data)
    return _read_csv(words, encoding, file_name)


def check_size(data: bytes) -> None:
    """Raises BadFile for more than any city's list needs."""
    if len(data) > MOST_BYTES:
        raise BadFile(Text(ko="파일이 256 MB를 넘습니다.", en="The file is larger than 256 MB."))


def decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding's name; raises BadFile for UTF-16 and for bytes of neither UTF-8 nor CP949."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4096]:
        raise BadFile(
            Text(
                ko="UTF-16이거나 이진 파일입니다. UTF-8 또는 CP949(엑셀 CSV)로 저장해 주십시오.",
                en="The file is UTF-16 or binary; save it as UTF-8 or CP949.",
            )
        )
    if data.startswith(b"\xef\xbb\xbf"):
        data, name = data[3:], "UTF-8 BOM"
    else:
        name = "UTF-8"
    try:
        return data.decode("utf-8"), name
    except UnicodeDecodeError as not_utf8:
        try:
            return data.decode("cp949"), "CP949"
        except UnicodeDecodeError as not_cp949:
            line = data[: max(not_utf8.start, not_cp949.start)].count(b"\n") + 1
            raise BadFile(
                Text(
                    ko=f"{line}행에 UTF-8도 CP949도 아닌 글자가 있습니다.",
                    en=f"Line {line} holds bytes that are neither UTF-8 nor CP949.",
                )
            ) from not_cp949


def _read_csv(words: str, encoding: str, file_name: str) -> Table:
    first_line = words.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;|", key=first_line.count)
    return _table(_csv_records(words, delimiter), encoding, file_name, frozenset())


def _csv_records(words: str, delimiter: str) -> list[tuple[str, ...]]:
    try:
        records = list(_numbered(words, delimiter, strict=True))
    except csv.Error:
        records = list(_numbered(words, delimiter, strict=False))
    return records


def _numbered(words: str, delimiter: str, *, strict: bool) -> Iterable[tuple[str, ...]]:
    """Every record; raises BadFile where a quotation mark swallows what follows."""
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=strict)
    line = 0
    for record in reader:
        if reader.line_num - line > _MAX_LINES_IN_A_ROW:
            raise BadFile(
                Text(
                    ko=f"{line + 1}행의 따옴표가 닫히지 않아 뒤의 행들을 삼킵니다.",
                    en=f"A quotation mark on line {line + 1} is not closed and swallows the rows after it.",
                )
            )
        line = reader.line_num
        yield tuple(cell.strip() for cell in record)


def _read_sheets(data: bytes, file_name: str) -> Table:
    sheets = read_sheets(data)
    filled = [(name, s) for name, s in sheets if any(any(row) for row in s)]
    if not filled:
        raise BadFile(Text(ko="엑셀 파일에 내용이 없습니다.", en="The spreadsheet holds nothing."))
    first = filled[0][1]
    table = _table([tuple(_words_of(cell) for cell in row) for row in first], "Excel", file_name, _blunted(first))
    return replace(table, other_sheets=tuple(name for name, _ in filled[1:]))


def _words_of(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_IN_A_FLOAT:
        return str(int(cell))
    return str(cell).strip()


def _blunted(sheet: Sequence[Sequence[object]]) -> frozenset[int]:
    return frozenset(
        index
        for row in sheet
        for index, cell in enumerate(row)
        if isinstance(cell, float) and abs(cell) >= _EXACT_IN_A_FLOAT
    )


def _table(records: Sequence[tuple[str, ...]], encoding: str, file_name: str, blunted: frozenset[int]) -> Table:
    """Find the header: the first record with two words that are not numbers, no wider record close behind it."""
    for index, record in enumerate(records[:20]):
        filled = [cell for cell in record if cell]
        widest = max((sum(1 for cell in r if cell) for r in records[index + 1 : index + 20]), default=0)
        if len(filled) >= 2 and len(filled) * 2 >= widest and not any(_is_number(cell) for cell in filled):
            rows = tuple(Row(n, cells) for n, cells in enumerate(records[index + 1 :], index + 2))
            return Table(record, rows, encoding, file_name, blunted)
    raise BadFile(
        Text(
            ko="첫 20행에서 머리글(열 이름)을 찾을 수 없습니다.",
            en="No header row was found in the first 20 rows.",
        )
    )


def _is_number(words: str) -> bool:
    try:
        float(words)
    except ValueError:
        return False
    return True
