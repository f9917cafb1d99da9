"""How an agency's day goes: new occurrences at a pace, each followed to its end, every answer counted."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from goldentime.core.clock import KST, Clock, SystemClock
from goldentime.sim.agencies.client import AgencyClient, Delivery, Opener, open_http
from goldentime.sim.agencies.occurrence import Message, Numbers, begin, follow
from goldentime.sim.agencies.patrol import drive
from goldentime.sim.agencies.scenario import Scenario
from goldentime.sim.agencies.tcp_client import TcpAgencyClient, TcpWay

Print = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What came of the messages."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0  # no lawful answer at all
    logins: int = 0
    by_type: Counter[str] = field(default_factory=Counter)
    by_state: Counter[str] = field(default_factory=Counter)
    milliseconds: deque[float] = field(default_factory=lambda: deque(maxlen=100_000))  # the latest only
    problems: deque[str] = field(default_factory=lambda: deque(maxlen=100))

    def add(self, message: Message, delivery: Delivery) -> None:
        """Count one delivery."""
        self.sent += 1
        self.logins += delivery.logins
        self.by_state[message.state] += 1
        if delivery.heard is None:
            self.failed += 1
            self.problems.append(delivery.problem)
            return
        self.by_type[delivery.heard.type_code] += 1
        self.milliseconds.append(delivery.milliseconds)
        if delivery.heard.ok:
            self.accepted += 1
        else:
            self.refused += 1

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers stayed below; 0 before any answer."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def __str__(self) -> str:
        types = ", ".join(f"{code}: {count}" for code, count in sorted(self.by_type.items())) or "-"
        return (
            f"보냄 sent {self.sent} · 접수 accepted {self.accepted} · 거절 refused {self.refused} · "
            f"실패 failed {self.failed} · p50 {self.quantile(0.5):.1f} ms · p99 {self.quantile(0.99):.1f} ms · {types}"
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: seconds between new occurrences, how many of them, and how much faster than life they go on."""

    every: float = 30.0
    count: int | None = None  # None: until stopped
    speed: float = 1.0
    parallel: int = 4
    follow_up: bool = True
    pause: float = 1.0  # seconds before a message is sent again, doubled each time


async def run_agency(  # noqa: PLR0913  (every one of them is a choice of the caller's, with a default)
    scenario: Scenario,
    *,
    url: str,
    api_key: str,
    pace: Pace | None = None,
    drill: bool = False,
    seed: int | None = None,
    print_line: Print | None = print,
    stop: asyncio.Event | None = None,
    clock: Clock | None = None,
    opener: Opener = open_http,
) -> Tally:
    """Play the scenario until `pace.count` occurrences have run their course or `stop` is set; what came of it."""
    day = _Day(scenario, pace or Pace(), clock or SystemClock(), drill=drill, seed=seed)
    day.print_line = print_line
    async with opener(url) as http:
        await day.play(AgencyClient(scenario.agency, api_key, http, day.clock), stop or asyncio.Event())
    return day.tally


async def run_agency_over_tcp(  # noqa: PLR0913  (every one of them is a choice of the caller's, with a default)
    scenario: Scenario,
    *,
    way: TcpWay,
    pace: Pace | None = None,
    units: tuple[str, ...] = (),
    units_every: float = 5.0,
    drill: bool = False,
    seed: int | None = None,
    print_line: Print | None = print,
    stop: asyncio.Event | None = None,
    clock: Clock | None = None,
) -> Tally:
    """The same over TCP; `units` drive about meanwhile and tell where they are every `units_every` seconds."""
    day = _Day(scenario, pace or Pace(), clock or SystemClock(), drill=drill, seed=seed)
    day.print_line = print_line
    client, cars = (TcpAgencyClient(scenario.agency, way, day.clock) for _ in range(2))
    told = print_line or (lambda _: None)
    driving = (
        asyncio.create_task(drive(cars, scenario.hotspots, units=units, every=units_every, seed=seed, told=told))
        if units
        else None
    )
    try:
        await day.play(client, stop or asyncio.Event())
    finally:
        if driving is not None:
            driving.cancel()
            await asyncio.gather(driving, return_exceptions=True)
        await client.close()
        await cars.close()
    return day.tally


class Deliverer(Protocol):
    """Gets a message through, whichever way."""

    async def deliver(self, message: Message, *, attempts: int = 5, pause: float = 1.0) -> Delivery:
        """How it fared."""
        ...


class _Day:
    """The occurrences on the way; messages of one occurrence never overtake each other."""

    def __init__(self, scenario: Scenario, pace: Pace, clock: Clock, *, drill: bool, seed: int | None) -> None:
        self.tally = Tally()
        self.clock = clock
        self.print_line: Print | None = print
        self._scenario = scenario
        self._pace = pace
        self._drill = drill
        self._chance = Random(seed)  # noqa: S311  (a play, not a secret)
        self._numbers = Numbers()
        self._places = asyncio.Semaphore(pace.parallel)

    async def play(self, client: Deliverer, stop: asyncio.Event) -> None:
        begun = 0
        stopping = asyncio.create_task(stop.wait())
        running: set[asyncio.Task[None]] = set()
        try:
            while not stop.is_set() and (self._pace.count is None or begun < self._pace.count):
                await self._places.acquire()  # a flood waits here for answers, not in a heap of tasks
                task = asyncio.create_task(self._course(client, stopping))
                running.add(task)
                task.add_done_callback(running.discard)
                begun += 1
                if self._pace.count is None or begun < self._pace.count:
                    await asyncio.wait({stopping}, timeout=self._pace.every)
            await asyncio.gather(*running)
        finally:
            stopping.cancel()
            for task in running:
                task.cancel()

    async def _course(self, client: Deliverer, stopping: "asyncio.Task[bool]") -> None:
        now = self.clock.now()
        message = begin(self._scenario, self._numbers.next(now), now, self._chance, drill=self._drill)
        try:
            await self._send(client, message)
        finally:
            self._places.release()
        while self._pace.follow_up and message.following and not stopping.done():
            await asyncio.wait({stopping}, timeout=message.following[0].after / self._pace.speed)
            if stopping.done():
                return
            message = follow(message, self._chance, drill=self._drill)
            async with self._places:
                await self._send(client, message)

    async def _send(self, client: Deliverer, message: Message) -> None:
        delivery = await client.deliver(message, pause=self._pace.pause)
        self.tally.add(message, delivery)
        if self.print_line is not None:
            self.print_line(line(message, delivery, self.clock))


def line(message: Message, delivery: Delivery, clock: Clock) -> str:
    """One message and its answer on one line; no names, no telephone numbers."""
    at = clock.now().astimezone(KST).strftime("%H:%M:%S")
    heard = delivery.heard
    said = f"{heard.type_code} {delivery.milliseconds:.0f} ms {heard.message}" if heard else delivery.problem
    story = message.story
    return f"{at} {story.kind} {story.detail} [{message.state}] {message.number} {message.place} → {said}"
