"""What a city's list tells of a building, as a crew reads it: the register's columns in words, with units and dates."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from goldentime.core.text import Text

MOST_TOLD = 8
LONGEST = 60  # letters; longer is an address or a remark, nothing to read while driving


class _Unit(NamedTuple):
    ko: str
    en: str


_FLOORS, _SQUARE_METRES, _METRES = _Unit("층", "floors"), _Unit("㎡", "m²"), _Unit("m", "m")
_USE, _STRUCTURE = Text("용도", "Use"), Text("구조", "Structure")
# columns of the building register (건축물대장) as cities name them, and the unit of a bare number
_KNOWN: Mapping[str, tuple[Text, _Unit | None]] = {
    "지상층수": (Text("지상", "Above ground"), _FLOORS),
    "지하층수": (Text("지하", "Below ground"), _FLOORS),
    "주용도": (_USE, None),
    "주용도코드명": (_USE, None),
    "구조": (_STRUCTURE, None),
    "구조코드명": (_STRUCTURE, None),
    "사용승인일": (Text("사용승인", "In use since"), None),
    "위험물": (Text("위험물", "Dangerous goods"), None),
    "연면적": (Text("연면적", "Floor area"), _SQUARE_METRES),
    "높이": (Text("높이", "Height"), _METRES),
}
_FOR_OFFICES = frozenset({"관리번호", "관리건축물대장PK", "순번"})  # tells nothing at the door
_NUMBER, _DAY = re.compile(r"\d+(\.\d+)?"), re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")


def told_of(columns: Mapping[str, str]) -> list[dict[str, dict[str, str]]]:
    """Name and value of each column worth telling, in the list's order; unknown ones as they are."""
    worth = [(name, value) for name, value in columns.items() if value and len(value) <= LONGEST]
    rows = [_row(name, value) for name, value in worth if name not in _FOR_OFFICES]
    return [{"name": name.to_dict(), "value": value.to_dict()} for name, value in rows[:MOST_TOLD]]


def _row(name: str, value: str) -> tuple[Text, Text]:
    word, unit = _KNOWN.get(name, (Text(name, name), None))
    if unit is not None and _NUMBER.fullmatch(value):
        return word, Text(f"{value}{'' if unit is _FLOORS else ' '}{unit.ko}", f"{value} {_counted(value, unit)}")
    day = _DAY.fullmatch(value) if name == "사용승인일" else None
    said = "-".join(day.groups()) if day else value
    return word, Text(said, said)


def _counted(value: str, unit: _Unit) -> str:
    return "floor" if unit is _FLOORS and value == "1" else unit.en
