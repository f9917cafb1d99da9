"""How a linkage's own table of the settings file is read: known names only, each of its type."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Shape = TypeVar("Shape", bound="DataclassInstance")


def read_table(shape: type[Shape], table: Mapping[str, Any]) -> Shape:
    """The table as the dataclass `shape`; raises OperatorsError for names and values it does not know."""
    unknown = sorted(set(table) - {one.name for one in fields(shape)})
    if unknown:
        names = ", ".join(unknown)
        raise OperatorsError(Text(f"알 수 없는 연계 설정: {names}", f"Unknown linkage settings: {names}"))
    try:
        return msgspec.convert(dict(table), shape)
    except msgspec.ValidationError as wrong:
        raise OperatorsError(Text(f"연계 설정 오류: {wrong}", f"Bad linkage settings: {wrong}")) from wrong
