"""When what repeats itself is worth another place in the record: once in a while, with how often it was repeated."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

NOTED_AGAIN_AFTER = timedelta(seconds=1)
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Repeated:
    """Counts in memory, of at most `REMEMBERED` things, oldest forgotten first."""

    _noted: OrderedDict[Hashable, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def times(self, what: Hashable, at: datetime) -> int | None:
        """How often it was repeated since it was last noted; None when it was noted less than a second ago."""
        noted_at, since = self._noted.get(what, (None, 0))
        if noted_at is not None and timedelta(0) <= at - noted_at < NOTED_AGAIN_AFTER:
            self._noted[what] = (noted_at, since + 1)
            return None
        self._noted[what] = (at, 0)
        self._noted.move_to_end(what)
        if len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        return since
