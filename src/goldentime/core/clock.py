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


def monotonic() -> float:
    """Seconds that never go back, for measuring spans only."""
    return time.monotonic()
