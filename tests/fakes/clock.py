"""A clock that stands still until a test moves it."""

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
