"""How many requests a second one party may make, in memory that strangers cannot fill."""

from collections import OrderedDict

_MOST_PARTIES = 10_000


class Rates:
    """A bucket of one second's allowance for each party, refilled steadily; the longest unseen are forgotten."""

    def __init__(self, per_second: float, *, burst_seconds: float = 2.0) -> None:
        """`burst_seconds` worth may come at once after quiet."""
        self._per_second = per_second
        self._most = max(1.0, per_second * burst_seconds)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def may_pass(self, party: str, now: float) -> bool:
        """Whether one more request fits; `now` in monotonic seconds."""
        left, seen = self._buckets.get(party, (self._most, now))
        left = min(self._most, left + (now - seen) * self._per_second)
        passes = left >= 1
        self._buckets[party] = (left - 1 if passes else left, now)
        self._buckets.move_to_end(party)
        if len(self._buckets) > _MOST_PARTIES:
            self._buckets.popitem(last=False)
        return passes
