"""How a spreadsheet's cells are read in a process of their own, which a hostile file may end without harm."""

import io
import resource
import sys
from datetime import date, datetime, time, timedelta

import msgspec
import python_calamine

MOST_MEMORY = 3 * 1024**3
LOCKED, BROKEN = 3, 4
Cell = str | int | float | bool
Sheets = list[tuple[str, list[list[Cell]]]]


def _words(cell: object) -> Cell:
    """Numbers and words as they are, days and times as ISO has them."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int | float) else str(cell)


def main() -> int:
    """Spreadsheet bytes in, MessagePack of every sheet out; LOCKED for a password, BROKEN for damage."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets: Sheets = [
            (name, [[_words(cell) for cell in row] for row in _rows(book, name)]) for name in book.sheet_names
        ]
    except python_calamine.PasswordError:
        return LOCKED
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError):
        return BROKEN
    sys.stdout.buffer.write(msgspec.msgpack.encode(sheets))
    return 0


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> list[list[object]]:
    return [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]


if __name__ == "__main__":
    sys.exit(main())
