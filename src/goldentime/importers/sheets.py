"""How a spreadsheet becomes cells, and which spreadsheets would fill the memory instead."""

import io
import re
import subprocess
import sys
import zipfile
import zlib

import msgspec

from goldentime.core.text import Text
from goldentime.importers.cells import LOCKED, Sheets
from goldentime.importers.errors import BadFile

_SECONDS = 120
_MOST_CELLS = 20_000_000
_MOST_BYTES = 512 * 1024 * 1024  # unpacked
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_DIMENSION = re.compile(rb'<dimension[^>]*ref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')


def read_sheets(data: bytes) -> Sheets:
    """Each sheet's name and cells; raises BadFile when it is damaged, locked or endless."""
    if data.startswith(b"PK"):
        try:
            _refuse_endless(data)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error, RuntimeError) as broken:
            raise _damaged() from broken
    try:
        # the reader ends its process on some damaged files, whatever we catch
        reading = subprocess.run(
            [sys.executable, "-m", "goldentime.importers.cells"],
            input=data,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as endless:
        raise _endless() from endless
    if reading.returncode == LOCKED:
        raise BadFile(Text(ko="암호가 걸린 엑셀 파일입니다.", en="The spreadsheet is locked by a password."))
    if reading.returncode != 0:
        raise _damaged()
    return msgspec.msgpack.decode(reading.stdout, type=Sheets)


def _damaged() -> BadFile:
    return BadFile(
        Text(ko="엑셀 파일이 손상되어 읽을 수 없습니다.", en="The spreadsheet is damaged and cannot be read.")
    )


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
