"""In which order a flood is worked off: the gravest first, the oldest among equals, and nobody waits for ever."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from goldentime.city.incidents.incident import Severity
from goldentime.city.incidents.opening import service_of, severity_of
from goldentime.core.ids import MessageId
from goldentime.messages.kept import KeptMessage
from goldentime.messages.report import Report

# A message is overtaken only by graver ones that come within this time; after that it goes before whatever comes.
PATIENCE: Mapping[Severity, timedelta] = {
    Severity.CRITICAL: timedelta(0),
    Severity.WARNING: timedelta(seconds=30),
    Severity.CAUTION: timedelta(minutes=2),
    Severity.NOTICE: timedelta(minutes=10),
}
MOST_REMEMBERED = 100_000  # beyond them only the gravest; the others are recalled from the store in their time

Occurrence = tuple[str, bool, str, str]  # agency, sandbox, sendCd, number: its messages keep their order


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kept message: by when it wants to be acted on, and of which occurrence it tells."""

    due: datetime
    occurrence: Occurrence
    message: MessageId


@dataclass(slots=True)
class Backlog:
    """What waits, in memory; the store keeps it all, so that a crash loses only the order."""

    _queues: dict[Occurrence, deque[Waiting]] = field(default_factory=dict)
    _order: list[tuple[datetime, Occurrence]] = field(default_factory=list)
    _count: int = 0

    def __len__(self) -> int:
        return self._count

    def add(self, message: KeptMessage, report: Report) -> None:
        """Let it wait; an urgent word about an occurrence brings what waits of it before forward too."""
        severity = severity_of(service_of(report), urgent=report.urgent)
        if self._count >= MOST_REMEMBERED and severity is not Severity.CRITICAL:
            return
        key = (message.sender, message.sandbox, report.sender, report.occurrence)
        waiting = Waiting(message.received_at + PATIENCE[severity], key, message.id)
        queue = self._queues.setdefault(key, deque())
        queue.append(waiting)
        self._count += 1
        if waiting.due == min(one.due for one in queue):
            heappush(self._order, (waiting.due, key))

    def put_back(self, taken: list[Waiting]) -> None:
        """Let those wait again that could not be acted on, in the order they were taken."""
        for one in reversed(taken):
            queue = self._queues.setdefault(one.occurrence, deque())
            queue.appendleft(one)
            self._count += 1
            heappush(self._order, (min(each.due for each in queue), one.occurrence))

    def take(self, most: int) -> list[Waiting]:
        """Up to so many that are most due."""
        taken: list[Waiting] = []
        while self._order and len(taken) < most:
            due, key = heappop(self._order)
            queue = self._queues.get(key)
            if queue is None or due != min(one.due for one in queue):
                continue  # a place in the order that something more urgent has made stale
            taken.append(queue.popleft())
            self._count -= 1
            if queue:
                heappush(self._order, (min(one.due for one in queue), key))
            else:
                del self._queues[key]
        return taken
