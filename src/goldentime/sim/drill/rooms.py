"""How the rooms of 112 and 119 play a day: every call sent at its moment, marked as a drill, and ended in its time."""

import asyncio
import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from goldentime.core.clock import Clock
from goldentime.sim.agencies.client import AgencyClient
from goldentime.sim.agencies.occurrence import Message, Numbers
from goldentime.sim.agencies.scenario import Story
from goldentime.sim.city_day.plan import Call

KINDS = {"112": ("112UC001", "112 긴급영상"), "119": ("119UC001", "119 긴급출동")}
AT_ONCE = 64  # messages on the way; a room has that many lines
OCCURRED, ENDED = "10", "91"


@dataclass(slots=True)
class Answers:
    """What came back: milliseconds each accepted message took, and how many were refused or never answered."""

    milliseconds: list[float] = field(default_factory=list)
    sent: int = 0
    ended: int = 0
    refused: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers stayed below; 0 before any."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Rooms:
    """Both rooms; `done` is how many calls have been sent, so that a stopped drill can go on there."""

    def __init__(self, clients: Mapping[str, AgencyClient], clock: Clock, begins: datetime, speed: float) -> None:
        """Nothing is sent yet; `speed` is how much faster than life the clock goes."""
        self._clients, self._clock, self._begins, self._speed = clients, clock, begins, speed
        self._numbers = {agency: Numbers() for agency in clients}
        self._lines = asyncio.Semaphore(AT_ONCE)
        self.answers = Answers()
        self.done = 0

    async def play(self, calls: Sequence[Call], stop: asyncio.Event, each: Callable[[Call], None]) -> None:
        """Send the calls from `done` on, and the end of each event's calls, until all are sent or `stop` is set."""
        ends: list[tuple[float, int, Message, str]] = []
        sending: set[asyncio.Task[None]] = set()

        def send(message: Message, agency: str) -> None:
            task = asyncio.create_task(self._deliver(message, agency))
            sending.add(task)
            task.add_done_callback(sending.discard)

        for call in calls[self.done :]:
            while ends and ends[0][0] <= call.at:
                at, _, message, agency = heapq.heappop(ends)
                await self._until(at, stop)
                send(_ended(message), agency)
            await self._until(call.at, stop)
            if stop.is_set():
                break
            message = self._message(call)
            await self._lines.acquire()  # a flood waits for answers, not in a heap of tasks
            self._lines.release()
            send(message, call.agency)
            heapq.heappush(ends, (call.at + call.ends_after, call.number, message, call.agency))
            self.done += 1
            each(call)
        await asyncio.gather(*sending)

    async def _until(self, second: float, stop: asyncio.Event) -> None:
        """Wait for that second of the day, or until stopped."""
        due = self._begins + timedelta(seconds=second)
        wait = (due - self._clock.now()).total_seconds() / self._speed
        if wait > 0 and not stop.is_set():
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                return

    async def _deliver(self, message: Message, agency: str) -> None:
        async with self._lines:
            delivery = await self._clients[agency].deliver(message, pause=0.3)
        said = self.answers
        if message.state == OCCURRED:
            said.sent += 1
        else:
            said.ended += 1
        if delivery.heard is None:
            said.failed += 1
            said.problems.append(delivery.problem)
        elif not delivery.heard.ok:
            said.refused += 1
            said.problems.append(delivery.heard.message)
        else:
            said.milliseconds.append(delivery.milliseconds)

    def _message(self, call: Call) -> Message:
        kind, name = KINDS[call.agency]
        now = self._clock.now()
        return Message(
            number=self._numbers[call.agency].next(now),
            story=Story(kind, name, call.detail, (call.content,), grade="10" if call.urgent else "20"),
            state=OCCURRED,
            lon=call.place.lon if call.place else None,
            lat=call.place.lat if call.place else None,
            place=call.words,
            content=f"[훈련] #{call.number} {call.content}",
            items={"APPLICANT_NM": call.name, "APPLICANT_TELNO": call.phone, "DRILL_YN": "Y"},
            occurred_at=self._begins + timedelta(seconds=call.at),
            user="훈련통제관",
        )


def _ended(message: Message) -> Message:
    return Message(
        message.number, message.story, ENDED, message.lon, message.lat, message.place, message.content, message.items,
        message.occurred_at, message.user,
    )  # fmt: skip
