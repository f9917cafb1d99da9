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


# One name from one address; one name from anywhere, mild, or anyone could lock a colleague out; one address, any name.
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
        self._trusted: OrderedDict[Hashable, None] = OrderedDict()

    def wait_seconds(self, kinds: Sequence[tuple[Hashable, Allowance]], at: datetime) -> float:
        """Seconds until every one of `kinds` may try again; 0.0 when now."""
        waits = [0.0]
        for key, allowance in kinds:
            tally = self._find(key, at)
            wait = 0.0 if tally is None else (tally.until - at).total_seconds()
            if wait <= allowance.longest:  # a longer one means that the clock was set back: nobody pays for that
                waits.append(wait)
        return max(waits)

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

    def refund(self, key: Hashable) -> None:
        """Take back the try just counted, which turned out well."""
        tally = self._tallies.get(key)
        if tally is not None:
            self._tallies[key] = _Tally(tally.failures - 1, tally.last, tally.last)

    def trust(self, key: Hashable) -> None:
        """Remember who has been here before; of at most `room`, the one longest away is forgotten first."""
        self._trusted[key] = None
        self._trusted.move_to_end(key)
        while len(self._trusted) > self._room:
            self._trusted.popitem(last=False)

    def is_trusted(self, key: Hashable) -> bool:
        """Whether they have been here before."""
        return key in self._trusted

    def forget(self, *keys: Hashable) -> None:
        """Start afresh for these after a success."""
        for key in keys:
            self._tallies.pop(key, None)

    def _find(self, key: Hashable, at: datetime) -> _Tally | None:
        tally = self._tallies.get(key)
        return None if tally is None or at - tally.last > FORGOTTEN_AFTER else tally
