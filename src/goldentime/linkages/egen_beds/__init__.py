"""국립중앙의료원 응급실 실시간 가용병상: beds free now in each emergency room, as hospitals type them in."""

from collections.abc import Mapping
from typing import Any

from goldentime.linkage_kit.settings import read_table
from goldentime.linkages.egen_beds.feed import NAME, Area, EgenBeds

__all__ = ["NAME", "Area", "EgenBeds", "open_feed"]


def open_feed(table: Mapping[str, Any]) -> EgenBeds:
    """The feed of the area `stage1`, `stage2`; raises OperatorsError for settings it does not know."""
    return EgenBeds(read_table(Area, table))
