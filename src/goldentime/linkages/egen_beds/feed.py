"""How the beds of one area's emergency rooms are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from goldentime.linkage_kit.data_portal import KEY_NAME
from goldentime.linkage_kit.feed import Ask
from goldentime.linkages.egen_beds.parse import parse
from goldentime.messages.beds import BedReport
from goldentime.messages.exchange import RawMessage

NAME = "egen_beds"
PATH = "/getEmrrmRltmUsefulSckbdInfoInqire"
MOST_ROOMS = 500  # the whole country has some 410


@dataclass(frozen=True, slots=True)
class Area:
    """A province (시·도), and within it a city or district when only that is wanted."""

    stage1: str
    stage2: str = ""


class EgenBeds:
    """A `linkage_kit.feed.Feed` of one area."""

    name = NAME
    key_name = KEY_NAME

    def __init__(self, area: Area) -> None:
        """The area it asks for."""
        self._area = area

    def asks(self, at: datetime) -> Sequence[Ask]:  # noqa: ARG002  beds are always those of now
        """The area's rooms, all on one page."""
        area = {"STAGE1": self._area.stage1} | ({"STAGE2": self._area.stage2} if self._area.stage2 else {})
        return [Ask(PATH, {**area, "pageNo": "1", "numOfRows": str(MOST_ROOMS)})]

    def parse(self, raw: RawMessage) -> BedReport:
        """The area's rooms; raises BadMessage."""
        return parse(raw.body)
