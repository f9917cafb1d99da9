"""Which column of a file means what: by its name, by its values, or by a mapping file, never by guessing."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from goldentime.core.text import Text
from goldentime.importers.errors import BadFile, ColumnsNotFound
from goldentime.importers.table import Row, Table

_NOISE = re.compile(r"[\s_()\[\]{}·./:-]+")
_COUNTERS = frozenset({"", "순번", "연번", "번호", "no", "seq", "unnamed0", "일련번호", "index", "구분번호"})
_SAMPLE = 2000

Check = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """What a file may tell; `names` in order of trust, `check` looks at the values a column holds.

    `by_values` may find the column without a name it knows, when just one column passes.
    """

    name: str
    text: Text
    names: tuple[str, ...]
    required: bool = False
    check: Check | None = None
    by_values: Check | None = None
    example: str = "1"  # what a mapping file to start from proposes for every row; empty: no two rows are alike


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping file: our field to the file's column, and values that hold for every row."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands; `by_values` are those no name told."""

    at: Mapping[str, int]
    constants: Mapping[str, str]
    by_values: tuple[str, ...] = ()

    def value(self, row: Row, name: str) -> str:
        """The row's trimmed words for a field; empty when the file does not tell."""
        index = self.at.get(name)
        return row.cell(index) if index is not None else self.constants.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the file, or the mapping, tells the field."""
        return name in self.at or name in self.constants


def read_mapping(data: bytes) -> ColumnMapping:
    """A mapping from TOML with tables `columns` and `constants`; raises BadFile for anything else."""
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise BadFile(
            Text(ko=f"매핑 파일을 읽을 수 없습니다: {broken}", en=f"The mapping file cannot be read: {broken}")
        ) from broken
    tables = {key: tree.pop(key, {}) for key in ("columns", "constants")}
    if tree or not all(isinstance(t, dict) for t in tables.values()):
        raise BadFile(
            Text(
                ko="매핑 파일에는 [columns]와 [constants] 표만 쓸 수 있습니다.",
                en="A mapping file holds the tables [columns] and [constants] only.",
            )
        )
    columns, constants = ({k: str(v) for k, v in table.items()} for table in tables.values())
    return ColumnMapping(columns, constants)


def plain(name: str) -> str:
    """A column name without spaces, brackets and case."""
    return _NOISE.sub("", name).lower()


def is_counter(name: str) -> bool:
    """Whether a column of this name only numbers the rows."""
    return plain(name) in _COUNTERS


def recognise(table: Table, fields: Sequence[Field], mapping: ColumnMapping | None = None) -> Columns:
    """The file's columns; raises ColumnsNotFound naming those missing, with a mapping file to start from."""
    mapping = mapping or ColumnMapping()
    at = _mapped(table, fields, mapping)
    for one in fields:
        if one.name not in at and one.name not in mapping.constants:
            index = _by_name(table, one, set(at.values()))
            if index is not None:
                at[one.name] = index
    by_values = []
    for one in fields:
        if one.by_values and one.name not in at and one.name not in mapping.constants:
            index = _by_values(table, one.by_values, set(at.values()))
            if index is not None:
                at[one.name] = index
                by_values.append(one.name)
    missing = [f for f in fields if f.required and f.name not in at and f.name not in mapping.constants]
    if missing:
        raise _not_found(table, missing, at, mapping)
    return Columns(at, mapping.constants, tuple(by_values))


def _mapped(table: Table, fields: Sequence[Field], mapping: ColumnMapping) -> dict[str, int]:
    known = {f.name for f in fields}
    places: dict[str, list[int]] = {}
    for index, header in enumerate(table.header):
        places.setdefault(plain(header), []).append(index)
    at = {}
    for name, column in mapping.columns.items():
        if name not in known:
            raise BadFile(
                Text(
                    ko=f"매핑 파일의 항목 '{name}'을(를) 모릅니다. 쓸 수 있는 항목: {', '.join(sorted(known))}",
                    en=f"The mapping names an unknown field '{name}'; known: {', '.join(sorted(known))}",
                )
            )
        found = places.get(plain(column), [])
        if len(found) != 1:
            raise BadFile(
                Text(
                    ko=f"매핑 파일이 말하는 열 '{column}'이(가) 파일에 {'여럿 있습니다' if found else '없습니다'}.",
                    en=f"The mapping names the column '{column}', which the file has {len(found)} times.",
                )
            )
        at[name] = found[0]
    return at


def _by_name(table: Table, one: Field, taken: set[int]) -> int | None:
    headers = [plain(name) for name in table.header]
    for name in one.names:
        found = [i for i, header in enumerate(headers) if header == plain(name) and i not in taken]
        if len(found) == 1 and (one.check is None or one.check(table.column(found[0])[:_SAMPLE])):
            return found[0]
    return None


def _by_values(table: Table, check: Check, taken: set[int]) -> int | None:
    found = []
    for index in range(len(table.header)):
        values = table.column(index)[:_SAMPLE]
        if index not in taken and values and check(values):
            found.append(index)
    return found[0] if len(found) == 1 else None


def _not_found(
    table: Table, missing: Sequence[Field], at: Mapping[str, int], mapping: ColumnMapping
) -> ColumnsNotFound:
    lines = ["# goldentime import ... --mapping 이 파일", "[columns]"]
    lines += [f'{name} = "{table.header[index]}"' for name, index in at.items()]
    lines += [f'{f.name} = "여기에 열 이름"  # {f.text.ko}' for f in missing]
    lines += ["", "# 모든 행에 같은 값이면 열 대신 [constants]에:", "[constants]"]
    lines += [f'{name} = "{value}"' for name, value in mapping.constants.items()]
    lines += [f'# {f.name} = "{f.example}"' for f in missing if f.example]
    lines += ["", "# 파일의 열: " + ", ".join(name or "(이름 없음)" for name in table.header)]
    return ColumnsNotFound(
        Text(
            ko="다음 열을 찾을 수 없습니다: " + ", ".join(f.text.ko for f in missing),
            en="These columns were not found: " + ", ".join(f.text.en for f in missing),
        ),
        "\n".join(lines) + "\n",
    )


def share_numbers(values: Sequence[str], low: float, high: float) -> float:
    """Which share of the values are numbers in [low, high]; 1.0 for none."""
    good = 0
    for value in values:
        try:
            good += low <= float(value) <= high
        except ValueError:
            continue
    return good / len(values) if values else 1.0


def has_numbers(values: Sequence[str]) -> bool:
    """Whether any value begins with a number; an empty column passes."""
    return not values or any(value[0].isdigit() or value[0] in "+-" for value in values)


def has_words(values: Sequence[str]) -> bool:
    """Whether most values are not numbers."""
    return share_numbers(values, -1e12, 1e12) < 0.5 or not values


def looks_like_latitudes(values: Sequence[str]) -> bool:
    """Whether most values could be latitudes of Korea, with decimals."""
    return share_numbers(values, 33.0, 39.0) >= 0.8 and sum("." in value for value in values) >= len(values) * 0.5


def looks_like_longitudes(values: Sequence[str]) -> bool:
    """Whether most values could be longitudes of Korea, with decimals."""
    return share_numbers(values, 124.0, 132.0) >= 0.8 and sum("." in value for value in values) >= len(values) * 0.5
