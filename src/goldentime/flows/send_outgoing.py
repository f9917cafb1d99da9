"""How our own messages leave: in order per incident, again until the other side has them, none of them twice."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.link_health import LinkHealth
from goldentime.flows.outbox import subject_of
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState

WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)  # seconds before the next try, by how many there were; then the last
JITTER = 0.2  # of a wait, either way: two hundred messages that failed together are not sent together
GIVEN_UP_AFTER: Mapping[Lane, timedelta] = {"wire": timedelta(days=3), "callback": timedelta(hours=6)}
SILENCES = 3  # messages in a row without an answer after which the whole address is taken to be down
LOOK_EVERY = 1.0  # seconds between looks when nobody calls
BREATH = 0.1  # seconds between looks at most when somebody does
SWEPT_EVERY = timedelta(minutes=1)
log = logging.getLogger("goldentime.outbox")
AT_ONCE = 100  # messages taken from the store at a time


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer came; `reached` tells that the message may have arrived, so only the same one may be sent again."""

    reached: bool
    why: str  # unreachable, no_answer, forbidden, login_refused, failed (by an error of our own) ...


class Carrier(Protocol):
    """How bytes reach one agency: over its own connection, or to the address a message of its named."""

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        """What became of it; `parts` are what was sealed: body, and for a callback url and content_type."""
        ...


class Turn(Protocol):
    """The right to send: of several platforms over one state, one has it, and it dies with that one."""

    async def is_ours(self) -> bool:
        """Whether we may send now; takes the turn when nobody has it."""
        ...


@dataclass(slots=True)
class Rest:
    """Until when an address is left in peace because nobody answers there."""

    until: datetime | None = None
    failures: int = 0  # in a row, of the address as a whole
    silences: int = 0


@dataclass(slots=True)
class Channel:
    """One lane to one agency, and how each address on it answers: its own wire has one, the empty name."""

    agency: AgencyId
    lane: Lane
    carrier: Carrier
    rests: dict[str, Rest] = field(default_factory=dict)
    swept_at: datetime | None = None  # when what is too old was last given up
    wanted: asyncio.Event = field(default_factory=asyncio.Event)


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
        resting = [address for address, rest in channel.rests.items() if rest.until is not None and now < rest.until]
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
            lambda look: (look.find_outgoing(message.id), _parts(look, message))
        )
        if found is None or found.state is not OutgoingState.WAITING:  # given up by hand since the look
            return 0
        if "body" not in parts:
            await self._settle(message, OutgoingState.GIVEN_UP, "destroyed")
            return 1
        if not await self._is_ours():  # another took over since the look
            return 0
        if not found.reached:  # written down before it leaves: dying now must not make "already exists" a riddle
            await self._put_back(replace(found, reached=True))
        told = await _carry(channel.carrier, message, parts)
        self._note(channel, message, told)
        if isinstance(told, Reply) and told.verdict is Verdict.EXISTS and not found.reached and parts.get("apart"):
            await self._set_apart(found, parts["apart"])
            return 0
        if isinstance(told, Reply) and told.verdict is not Verdict.LATER:
            taken = told.verdict is Verdict.TAKEN or (told.verdict is Verdict.EXISTS and found.reached)
            state = OutgoingState.SENT if taken else OutgoingState.REFUSED
            await self._settle(message, state, "" if taken else told.code or "refused", told=told)
            return 1
        problem = told.why if isinstance(told, Silence) else told.code or "later"
        again_at = self._world.clock.now() + self._wait(message.tries)
        reached = found.reached or (isinstance(told, Silence) and told.reached)
        again = replace(found, tries=found.tries + 1, next_at=again_at, problem=problem, reached=reached)
        await self._put_back(again)
        return 0

    def _note(self, channel: Channel, message: OutgoingMessage, told: Reply | Silence) -> None:
        """Whether the address as a whole answers: when it does not, what waits for it waits together."""
        rest, silent = channel.rests.setdefault(message.address, Rest()), isinstance(told, Silence)
        rest.silences = rest.silences + 1 if silent else 0
        if isinstance(told, Silence) and (not told.reached or rest.silences >= SILENCES):
            rest.until = self._world.clock.now() + self._wait(rest.failures)
            rest.failures += 1
        elif silent:
            rest.until = None
        else:
            del channel.rests[message.address]
        if channel.lane == "wire":
            detail = told.why if isinstance(told, Silence) else told.code
            ok = isinstance(told, Reply) and told.verdict in (Verdict.TAKEN, Verdict.EXISTS)
            self._links.note(channel.agency, ok=ok, detail=detail, linkage=message.linkage, direction="out")

    async def _put_back(self, message: OutgoingMessage) -> None:
        def keep(tx: Change) -> None:
            known = tx.find_outgoing(message.id)
            if known is not None and known.state is OutgoingState.WAITING:  # not given up by hand meanwhile
                tx.put_outgoing(message)

        await self._world.store.change(keep)

    async def _set_apart(self, message: OutgoingMessage, body: bytes) -> None:
        """From now on it goes under a number of its own: the other side took it for an earlier one of its state."""

        def keep(tx: Change) -> None:
            known = tx.find_outgoing(message.id)
            if known is not None and known.state is OutgoingState.WAITING:
                tx.put_outgoing(replace(known, tries=known.tries + 1, reached=False, problem="exists", size=len(body)))
                tx.seal(subject_of(message.id), "body", body, ends_at=message.ends_at)
                tx.seal(subject_of(message.id), "apart", b"", ends_at=message.ends_at)

        await self._world.store.change(keep)

    async def _settle(
        self, message: OutgoingMessage, state: OutgoingState, problem: str, *, told: Reply | None = None
    ) -> None:
        """Put down the end of a message that waits.

        One given up by hand while it was on its way stays so, unless the other side took it: then "sent" is the truth.
        """
        now = self._world.clock.now()

        def end(tx: Change) -> None:
            known = tx.find_outgoing(message.id)
            was_taken = state is OutgoingState.SENT
            if known is not None and (
                known.state is OutgoingState.WAITING or (was_taken and known.state is OutgoingState.GIVEN_UP)
            ):
                settle(tx, known, state, now, problem=problem, told=told)

        await self._world.store.change(end)

    async def _give_up_old(self, channel: Channel, now: datetime) -> None:
        if channel.swept_at is not None and now - channel.swept_at < SWEPT_EVERY:
            return
        channel.swept_at = now
        before = now - GIVEN_UP_AFTER[channel.lane]
        agency, lane = channel.agency, channel.lane
        for message in await self._world.store.read(lambda look: look.list_stale(agency, lane, before)):
            await self._settle(message, OutgoingState.GIVEN_UP, "too_old")

    def _wait(self, tries: int) -> timedelta:
        chance = int.from_bytes(self._world.randomness(2), "big") / 65_535
        return timedelta(seconds=WAITS[min(tries, len(WAITS) - 1)] * (1 - JITTER + 2 * JITTER * chance))


def settle(
    tx: Change,
    message: OutgoingMessage,
    state: OutgoingState,
    now: datetime,
    *,
    problem: str,
    told: Reply | None = None,
) -> None:
    """Put down how the message came to its end, and what the other side said to it; its receipt is a fact."""
    tries = message.tries + (problem not in ("by_hand", "too_old", "destroyed"))
    tx.put_outgoing(replace(message, state=state, tries=tries, settled_at=now, problem=problem))
    if told is not None and told.words:
        tx.seal(subject_of(message.id), "answer", told.words.encode(), ends_at=message.ends_at)
    if state is OutgoingState.SENT and message.incident and message.lane == "wire":
        code = told.code if told is not None else ""
        receipt: dict[str, FactValue] = {"agency": message.agency, "id": message.id, "topic": message.topic}
        tx.record(Fact("AgencyReceived", IncidentId(message.incident), now, {**receipt, "code": code}))
    if state is not OutgoingState.SENT and message.incident:
        data = {"agency": message.agency, "id": message.id, "topic": message.topic, "reason": problem}
        tx.record(Fact("AgencyNotTold", IncidentId(message.incident), now, data))


async def _keep_going(what: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001  outermost for one channel: the others' messages must go on
            _log_error(what, error)
        await asyncio.sleep(LOOK_EVERY)


async def _carry(carrier: Carrier, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
    """What became of it; an error nobody foresaw is a silence, so that this message holds up no other for good."""
    try:
        return await carrier.send(message, parts)
    except Exception as error:  # noqa: BLE001  outermost for one message
        _log_error(f"{message.id} to {message.agency}", error)
        return Silence(reached=True, why="failed")


def _log_error(what: str, error: Exception) -> None:
    """Without the error's own words, which may name people."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("outbox: %s failed: %s\n%s", what, type(error).__name__, where)


def _parts(look: Reading, message: OutgoingMessage) -> Mapping[str, bytes]:
    subject = subject_of(message.id)
    names = ("body", "apart") if message.lane == "wire" else ("body", "url", "content_type")
    found = {name: look.unseal(subject, name) for name in names}
    return {name: sealed for name, sealed in found.items() if sealed is not None}
