"""How a frozen value becomes a row of its table and comes back, field by field, from its type hints."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from types import NoneType, UnionType
from typing import Any, Generic, NewType, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from sqlalchemy import Select, Table, select

from goldentime.core.place import LonLat
from goldentime.core.text import Text

T = TypeVar("T")
Row = Sequence[Any]
Values = dict[str, Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970, exact; raises TypeError for a naive time."""
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The time in UTC."""
    return EPOCH + timedelta(microseconds=micros)


class Rowed(Generic[T]):
    """One kind of value and its table; a LonLat takes columns lon and lat, a Text `name_ko` and `name_en`.

    A LonLat that is not the value's `place` takes `name_lon` and `name_lat`.
    `names` maps a field to the column that has another name. Raises KeyError when the table lacks a column.
    """

    def __init__(self, kind: type[T], table: Table, names: Mapping[str, str] | None = None) -> None:
        self.table = table
        self._kind = kind
        hints = get_type_hints(kind)
        self._fields = [_field(one.name, hints[one.name], (names or {}).get(one.name)) for one in fields(kind)]  # type: ignore[arg-type]  # mypy cannot say "dataclass"
        self._columns = [column for one in self._fields for column in one.columns]
        starts = accumulate((len(one.columns) for one in self._fields), initial=0)
        self._takes = [(one.take, start) for one, start in zip(self._fields, starts, strict=False)]
        self._select = select(*[table.c[name] for name in self._columns])

    def select(self) -> "Select[Any]":
        """Every row, the columns in the order `value` wants them."""
        return self._select

    def row(self, value: T, **more: object) -> Values:
        """The value's columns, and `more`."""
        row: Values = {}
        for one in self._fields:
            one.put(row, getattr(value, one.name))
        row.update(more)
        return row

    def value(self, row: Row) -> T:
        """The value in a row of `select`."""
        return self._kind(*[take(row, place) for take, place in self._takes])


class _Field:
    def __init__(self, name: str, columns: tuple[str, ...]) -> None:
        self.name = name
        self.columns = columns

    def put(self, row: Values, value: Any) -> None:
        row[self.columns[0]] = value

    def take(self, row: Row, place: int) -> Any:
        return row[place]


class _Converted(_Field):
    """A field whose column holds something else; None stays None."""

    def __init__(self, name: str, column: str, there: Callable[[Any], Any], back: Callable[[Any], Any]) -> None:
        super().__init__(name, (column,))
        self._there, self._back = there, back

    def put(self, row: Values, value: Any) -> None:
        row[self.columns[0]] = None if value is None else self._there(value)

    def take(self, row: Row, place: int) -> Any:
        return None if row[place] is None else self._back(row[place])


class _Point(_Field):
    def __init__(self, name: str) -> None:
        before = "" if name == "place" else f"{name}_"
        super().__init__(name, (f"{before}lon", f"{before}lat"))

    def put(self, row: Values, value: Any) -> None:
        row[self.columns[0]], row[self.columns[1]] = (None, None) if value is None else (value.lon, value.lat)

    def take(self, row: Row, place: int) -> Any:
        return None if row[place] is None else LonLat(row[place], row[place + 1])


class _Words(_Field):
    def put(self, row: Values, value: Any) -> None:
        row[self.columns[0]], row[self.columns[1]] = value.ko, value.en

    def take(self, row: Row, place: int) -> Any:
        return Text(row[place], row[place + 1])


def _field(name: str, hint: Any, column: str | None) -> _Field:
    column = column or name
    hint = _plain(hint)
    if hint is LonLat:
        return _Point(name)
    if hint is Text:
        return _Words(name, (f"{column}_ko", f"{column}_en"))
    if hint in _SIMPLE:
        return _Converted(name, column, *_SIMPLE[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _Converted(name, column, hint.__str__, {one.value: one for one in hint}.__getitem__)
    if get_origin(hint) in (tuple, frozenset, Mapping):
        decode = msgspec.json.Decoder(hint if get_origin(hint) is not Mapping else dict[str, str]).decode
        return _Converted(name, column, to_json, decode)
    return _Field(name, (column,))


def to_json(value: object) -> str:
    """The value as JSON; sets in order, so that the same value is the same text."""
    if isinstance(value, frozenset):
        value = sorted(value)
    return _ENCODER.encode(value).decode()


def _plain(hint: Any) -> Any:
    """The hint without None and without NewType."""
    if get_origin(hint) is UnionType or type(hint) is UnionType:
        hint = next(one for one in get_args(hint) if one is not NoneType)
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    return hint


_SIMPLE: Mapping[Any, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    datetime: (to_micros, from_micros),
    bool: (bool, bool),  # SQLite gives back 0 and 1
    float: (float, float),
}
_ENCODER = msgspec.json.Encoder()
