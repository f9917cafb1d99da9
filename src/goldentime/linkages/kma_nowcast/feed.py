"""When and how the weather of one cell is asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from goldentime.core.clock import KST
from goldentime.linkage_kit.data_portal import KEY_NAME
from goldentime.linkage_kit.feed import Ask
from goldentime.linkages.kma_nowcast.grid import Cell
from goldentime.linkages.kma_nowcast.parse import parse
from goldentime.messages.exchange import RawMessage
from goldentime.messages.weather import Weather

NAME = "kma_nowcast"
PATH = "/getUltraSrtNcst"
READY_AFTER = timedelta(minutes=10)  # the service's guide: an hour's reading is there at ten past
HOURS_BACK = 2  # so many hours are tried: the newest may be late


class KmaNowcast:
    """A `linkage_kit.feed.Feed` of one cell."""

    name = NAME
    key_name = KEY_NAME

    def __init__(self, cell: Cell) -> None:
        """The cell it asks for."""
        self._cell = cell

    def asks(self, at: datetime) -> Sequence[Ask]:
        """The newest hour that can be there, then the one before."""
        newest = (at - READY_AFTER).astimezone(KST)
        return [self._ask(newest - timedelta(hours=back)) for back in range(HOURS_BACK)]

    def parse(self, raw: RawMessage) -> Weather:
        """The cell's weather; raises BadMessage."""
        return parse(raw.body, self._cell)

    def _ask(self, hour: datetime) -> Ask:
        given = {
            "pageNo": "1",
            "numOfRows": "100",
            "dataType": "JSON",
            "base_date": f"{hour:%Y%m%d}",
            "base_time": f"{hour:%H}00",
            "nx": str(self._cell.nx),
            "ny": str(self._cell.ny),
        }
        return Ask(PATH, given)
