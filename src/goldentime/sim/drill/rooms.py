"""How the rooms of 112 and 119 play a day: every call sent at its moment, marked as a drill, and ended in its time."""

import asyncio
import heapq
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf

from goldentime.core.clock import Clock
from goldentime.sim.agencies.client import AgencyClient
from goldentime.sim.agencies.occurrence import Message, Numbers
from goldentime.sim.agencies.scenario import Story
from goldentime.sim.city_day.plan import Call
from goldentime.sim.drill.figures import Figures

KINDS = {"112": ("112UC001", "112 긴급영상"), "119": ("119UC001", "119 긴급출동")}
AT_ONCE = 64  # messages on the way; a room has that many lines
OCCURRED, ENDED = "10", "91"
ENDS_AGAIN = 900.0  # seconds of the day: an end sent so shortly before a stop may not have arrived
NO_CALL = -1


class Rooms:
    """Both rooms; `done` is how many calls have been sent, `safe` before which all were answered.

    A stopped drill goes on from there: a call has one number however often it is sent, and is heard once.
    """

    def __init__(
        self, clients: Mapping[str, AgencyClient], clock: Clock, figures: Figures, *, begins: datetime, speed: float
    ) -> None:
        """Nothing is sent yet; `speed` is how much faster than life the clock goes."""
        self._clients, self._clock, self._begins, self._speed = clients, clock, begins, speed
        self._figures = figures
        self._numbers: dict[int, str] = {}
        self._unanswered: set[int] = set()  # places in the day of calls on their way
        self._lines = asyncio.Semaphore(AT_ONCE)
        self.done = 0
        self.ends_left = 0  # of calls sent, when it was stopped

    @property
    def safe(self) -> int:
        """How many calls from the first on need not be sent again."""
        return min(self._unanswered, default=self.done)

    async def play(self, calls: Sequence[Call], stop: asyncio.Event, each: Callable[[Call], None]) -> None:
        """Send the calls from `done` on, and the end of each when it is due, until all are sent or `stop` is set."""
        ends: list[tuple[float, int, Message, Call]] = []
        sending: set[asyncio.Task[None]] = set()
        self._number(calls)
        for call in calls[: self.done]:  # what an earlier part of the drill began is ended too
            if self._begins + timedelta(seconds=call.at + call.ends_after + ENDS_AGAIN) > self._clock.now():
                heapq.heappush(ends, (call.at + call.ends_after, call.number, self._message(call), call))

        def send(message: Message, call: Call, place: int = NO_CALL) -> None:
            task = asyncio.create_task(self._deliver(message, call, place))
            sending.add(task)
            task.add_done_callback(sending.discard)

        async def end_until(second: float) -> None:
            while ends and ends[0][0] <= second:
                await self._until(ends[0][0], stop)
                if stop.is_set():
                    return
                _, _, message, over = heapq.heappop(ends)
                send(_ended(message), over)

        for call in calls[self.done :]:
            await end_until(call.at)
            await self._until(call.at, stop)
            if stop.is_set():
                break
            message = self._message(call)
            await self._lines.acquire()  # a flood waits for answers, not in a heap of tasks
            self._lines.release()
            self._unanswered.add(self.done)
            send(message, call, self.done)
            heapq.heappush(ends, (call.at + call.ends_after, call.number, message, call))
            self.done += 1
            each(call)
        await end_until(inf)  # an event goes on behind the last call
        self.ends_left = len(ends)
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

    def _number(self, calls: Sequence[Call]) -> None:
        """A call's number is that of its moment in the day, the same in every part of a stopped drill."""
        numbers = {agency: Numbers() for agency in self._clients}
        for call in calls:
            self._numbers[call.number] = numbers[call.agency].next(self._begins + timedelta(seconds=call.at))

    async def _deliver(self, message: Message, call: Call, place: int) -> None:
        async with self._lines:
            delivery = await self._clients[call.agency].deliver(message, pause=0.3)
        heard = delivery.heard
        problem = delivery.problem if heard is None else "" if heard.ok else heard.message or heard.type_code
        spent = None if heard is None else delivery.milliseconds
        self._figures.answered(call.number, spent, problem, ended=message.state != OCCURRED)
        self._unanswered.discard(place)

    def _message(self, call: Call) -> Message:
        kind, name = KINDS[call.agency]
        return Message(
            number=self._numbers[call.number],
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
