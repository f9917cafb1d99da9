"""When a trouble that repeats itself is worth a line in the log: at once, then seldom, with how many there were."""

EVERY_SECONDS = 10.0


class Seldom:
    """Counts by kind; the kinds are ours, so that there are few."""

    def __init__(self, every: float = EVERY_SECONDS) -> None:
        """`every` in seconds."""
        self._every = every
        self._seen: dict[str, tuple[float, int]] = {}  # when last told, how many since

    def times(self, what: str, now: float) -> int:
        """How many there have been since the last line, this one among them; 0 when it is not time for one yet."""
        told_at, since = self._seen.get(what, (now - self._every, 0))
        if now - told_at < self._every:
            self._seen[what] = (told_at, since + 1)
            return 0
        self._seen[what] = (now, 0)
        return since + 1
