"""기상청 초단기실황: wind, temperature and rain of the last full hour on the weather service's 5 km grid."""

from collections.abc import Mapping
from typing import Any

from goldentime.linkage_kit.settings import read_table
from goldentime.linkages.kma_nowcast.feed import NAME, KmaNowcast
from goldentime.linkages.kma_nowcast.grid import Cell, find_cell, middle_of

__all__ = ["NAME", "Cell", "KmaNowcast", "find_cell", "middle_of", "open_feed"]


def open_feed(table: Mapping[str, Any]) -> KmaNowcast:
    """The feed of the cell `nx`, `ny`; raises OperatorsError for settings it does not know."""
    return KmaNowcast(read_table(Cell, table))
