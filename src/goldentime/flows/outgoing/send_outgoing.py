"""How our own messages leave: in order per incident, again until the other side has them, none of them twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from goldentime.core.ids import AgencyId
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.carrier import Silence, carry, log_error
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.settle_outgoing import heed, put_back, settle_waiting, unseal_parts
from goldentime.flows.world import World
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState

GIVEN_UP_AFTER: Mapping[Lane, timedelta] = {"wire": timedelta(days=3), "callback": timedelta(hours=6)}
LOOK_EVERY = 1.0  # seconds between looks when nobody calls
BREATH = 0.1  # seconds between looks at most when somebody does
SWEPT_EVERY = timedelta(minutes=1)
AT_ONCE = 100  # messages taken from the store at a time


class Turn(Protocol):
    """The right to send: of several platforms over one state, one has it, and it dies with that one."""

    async def is_ours(self) -> bool:
        """Whether we may send now; takes the turn when nobody has it."""
        ...


class Outbox:
    """Sends what waits, one message at a time for each channel; a crash at any moment loses and repeats nothing."""

    def __init__(
        self, world: World, channels: Sequence[Channel], links: LinkHealth, *, turn: Turn | None = None
    ) -> None:
        """Nothing is on its way; without a `turn` nobody else sends over this state."""
        self._turn = turn
        self._world = world
        self._channels = {(one.agency, one.lane): one for one in channels}
        self._links = links

    def wake(self, _position: int = 0) -> None:
        """Something may have been put; may be called after every commit."""
        for channel in self._channels.values():
            channel.wanted.set()

    def try_now(self, agency: AgencyId, lane: Lane) -> None:
        """Do not wait for the address to have rested."""
        channel = self._channels.get((agency, lane))
        if channel is not None:
            channel.rests.clear()
            channel.wanted.set()

    async def run(self) -> None:
        """Send until cancelled; what one channel stumbles over is logged and tried again, and stops no other."""
        async with asyncio.TaskGroup() as group:
            for channel in self._channels.values():
                group.create_task(_keep_going(f"{channel.agency} {channel.lane}", partial(self._serve, channel)))
            group.create_task(_keep_going("count", self._count))

    async def turn(self) -> int:
        """Give every channel one look; how many messages came to an end."""
        return sum([await self._look(channel) for channel in self._channels.values()])

    async def _serve(self, channel: Channel) -> None:
        while True:
            channel.wanted.clear()
            if await self._look(channel):
                continue
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await channel.wanted.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(BREATH)  # a flood commits a thousand times a second, and none of it may be ours

    async def _is_ours(self) -> bool:
        return self._turn is None or await self._turn.is_ours()

    async def _count(self) -> None:
        while True:
            await self.count()
            await asyncio.sleep(LOOK_EVERY)

    async def count(self) -> None:
        """Tell the lights how many messages wait for each agency."""
        self._links.note_waiting(await self._world.store.read(lambda look: look.count_waiting()))

    async def _look(self, channel: Channel) -> int:
        now = self._world.clock.now()
        resting = channel.list_resting(now)
        if channel.lane == "wire" and resting:
            return 0
        if not await self._is_ours():
            return 0
        await self._give_up_old(channel, now)
        agency, lane = channel.agency, channel.lane
        heads = await self._world.store.read(
            lambda look: look.list_heads(agency, lane, now, resting=resting, limit=AT_ONCE)
        )
        ended = 0
        for message in heads:
            rest = channel.rests.get(message.address)
            if rest is None or rest.until is None or now >= rest.until:
                ended += await self._send(channel, message)
        return ended

    async def _send(self, channel: Channel, message: OutgoingMessage) -> int:
        found, parts = await self._world.store.read(
            lambda look: (look.find_outgoing(message.id), unseal_parts(look, message))
        )
        if found is None or found.state is not OutgoingState.WAITING:  # given up by hand since the look
            return 0
        if "body" not in parts:
            await settle_waiting(self._world, message, OutgoingState.GIVEN_UP, "destroyed")
            return 1
        if not await self._is_ours():  # another took over since the look
            return 0
        if not found.reached:  # written down before it leaves: dying now must not make "already exists" a riddle
            await put_back(self._world, replace(found, reached=True))
        told = await carry(channel.carrier, message, parts)
        self._note(channel, message, told)
        return await heed(self._world, found, told, parts)

    def _note(self, channel: Channel, message: OutgoingMessage, told: Reply | Silence) -> None:
        channel.note(message.address, told, self._world.clock.now(), self._world.randomness)
        if channel.lane == "wire":
            detail = told.why if isinstance(told, Silence) else told.code
            ok = isinstance(told, Reply) and told.verdict in (Verdict.TAKEN, Verdict.EXISTS)
            self._links.note(channel.agency, ok=ok, detail=detail, linkage=message.linkage, direction="out")

    async def _give_up_old(self, channel: Channel, now: datetime) -> None:
        if channel.swept_at is not None and now - channel.swept_at < SWEPT_EVERY:
            return
        channel.swept_at = now
        before = now - GIVEN_UP_AFTER[channel.lane]
        agency, lane = channel.agency, channel.lane
        for message in await self._world.store.read(lambda look: look.list_stale(agency, lane, before)):
            await settle_waiting(self._world, message, OutgoingState.GIVEN_UP, "too_old")


async def _keep_going(what: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001  outermost for one channel: the others' messages must go on
            log_error(what, error)
        await asyncio.sleep(LOOK_EVERY)
