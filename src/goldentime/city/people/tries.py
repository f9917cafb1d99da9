"""How long someone must wait after failed tries: longer each time, never for good."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` failures without a wait, then 1, 2, 4 ... seconds up to `longest` seconds."""

    free: int
    longest: float


# One person at one desk; one name from anywhere, mild so that nobody can lock a colleague out; one address with many names.
PER_PAIR = Allowance(free=5, longest=60.0)
PER_NAME = Allowance(free=20, longest=15.0)
PER_ADDRESS = Allowance(free=30, longest=120.0)


@dataclass(frozen=True, slots=True)
class _Tally:
    failures: int
    last: datetime
    until: datetime


class Tries:
    """Counts tries in memory, of at most `room` names and addresses, oldest forgotten first."""

    def __init__(self, *, room: int = 20_000) -> None:
        self._room = room
        self._tallies: OrderedDict[Hashable, _Tally] = OrderedDict()

    def wait_seconds(self, kinds: Sequence[tuple[Hashable, Allowance]], at: datetime) -> float:
        """Seconds until every one of `kinds` may try again; 0.0 when now."""
        waits = [(tally.until - at).total_seconds() for key, _ in kinds if (tally := self._find(key, at))]
        return max([0.0, *waits])

    def begin(self, kinds: Sequence[tuple[Hashable, Allowance]], at: datetime) -> None:
        """Count a try as failed before it is made, so that many at once cannot slip through."""
        for key, allowance in kinds:
            tally = self._find(key, at)
            failures = 1 if tally is None else tally.failures + 1
            beyond = failures - allowance.free
            wait = 0.0 if beyond < 0 else min(allowance.longest, float(2 ** min(beyond, 30)))
            self._tallies[key] = _Tally(failures, at, at + timedelta(seconds=wait))
            self._tallies.move_to_end(key)
        while len(self._tallies) > self._room:
            self._tallies.popitem(last=False)

    def forget(self, *keys: Hashable) -> None:
        """Start afresh for these after a success."""
        for key in keys:
            self._tallies.pop(key, None)

    def _find(self, key: Hashable, at: datetime) -> _Tally | None:
        tally = self._tallies.get(key)
        return None if tally is None or at - tally.last > FORGOTTEN_AFTER else tally
