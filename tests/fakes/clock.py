"""Clocks for tests: one that stands still until it is moved, one that moves on at every look as a real one does."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    """Fits core.clock.Clock; starts at a Monday noon in Korea."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self._at

    def pass_(self, **span: float) -> None:
        """Move on by `seconds=`, `minutes=`, `hours=` or `days=`."""
        self._at += timedelta(**span)


class TickingClock(StandingClock):
    """No two reads of it are alike: what compares two of them for being the same is found out."""

    def now(self) -> datetime:
        """A thousandth of a second after the last read."""
        self._at += timedelta(milliseconds=1)
        return self._at
