"""What time it is; the only file that may ask the machine."""

import time
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")


class Clock(Protocol):
    """Tells the time; tests pass one that stands still."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)


class SpedClock:
    """A drill's own clock: from `begins` on it goes `speed` times as fast as the machine's has since `started`."""

    def __init__(self, begins: datetime, started: datetime, speed: float) -> None:
        """Two processes given the same tell the same time."""
        self._begins, self._started, self._speed = begins, started, speed

    def now(self) -> datetime:
        """Aware, in UTC."""
        return (self._begins + (datetime.now(UTC) - self._started) * self._speed).astimezone(UTC)


def monotonic() -> float:
    """Seconds that never go back, for measuring spans only."""
    return time.monotonic()
