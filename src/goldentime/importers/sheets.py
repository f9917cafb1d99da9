"""How a spreadsheet becomes cells, and which spreadsheets would fill the memory instead."""

import io
import re
import zipfile
from collections.abc import Sequence

import python_calamine

from goldentime.core.text import Text
from goldentime.importers.errors import BadFile

_MOST_CELLS = 20_000_000
_MOST_BYTES = 512 * 1024 * 1024  # unpacked
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_DIMENSION = re.compile(rb'<dimension[^>]*ref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')

Cells = Sequence[Sequence[object]]


def read_sheets(data: bytes) -> list[tuple[str, Cells]]:
    """Each sheet's name and cells; raises BadFile when it is damaged, locked or endless."""
    try:
        if data.startswith(b"PK"):
            _refuse_endless(data)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except python_calamine.PasswordError as locked:
        raise BadFile(
            Text(ko="암호가 걸린 엑셀 파일입니다.", en="The spreadsheet is locked by a password.")
        ) from locked
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as broken:
        raise BadFile(
            Text(ko="엑셀 파일이 손상되어 읽을 수 없습니다.", en="The spreadsheet is damaged and cannot be read.")
        ) from broken


def _refuse_endless(data: bytes) -> None:
    """The reader keeps every cell up to the last: one stray cell far away would end the process."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if sum(part.file_size for part in book.infolist()) > _MOST_BYTES:
            raise _endless()
        for part in book.infolist():
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                words = book.read(part)
                corners = [m.groups() for m in (*_REFERENCE.finditer(words), *_DIMENSION.finditer(words))]
                last_column = max((_number(letters) for letters, _ in corners), default=0)
                last_row = max((int(digits) for _, digits in corners), default=0)
                if last_column * last_row > _MOST_CELLS:
                    raise _endless()


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _endless() -> BadFile:
    return BadFile(
        Text(
            ko="엑셀 시트가 지나치게 큽니다. 자료 밖의 빈 행과 열을 지워 주십시오.",
            en="The sheet is too large; delete the empty rows and columns beyond the data.",
        )
    )
