"""How bytes of one connection come and go: slow and endless senders, answers in order, and when to stop reading."""

import asyncio
import contextlib
from collections.abc import Awaitable

from goldentime.core.clock import monotonic
from goldentime.edges.tcp.door import Caller, Door
from goldentime.edges.tcp.held import HeldBytes
from goldentime.edges.tcp.listening import Listening
from goldentime.linkage_kit.framing import Frame

PIECE = 64 << 10
LAST_WORDS_SECONDS = 1.0  # for the last answer to reach the caller


class Connection:
    """One caller's line; messages are answered in the order they came, a few of them worked on at once."""

    def __init__(
        self,
        door: Door,
        listening: Listening,
        caller: Caller,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        held: HeldBytes,
    ) -> None:
        """Nothing has come yet; `held` is the budget of all connections together."""
        self.caller = caller
        self._door, self._listening = door, listening
        self._reader, self._writer = reader, writer
        self._framer = door.linkage.framer()
        self._answers: asyncio.Queue[asyncio.Future[bytes] | None] = asyncio.Queue(listening.at_once)
        self._budgets = (HeldBytes(listening.bytes_each), held)
        self._working: set[asyncio.Future[bytes]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._message_began = self._began = monotonic()

    async def serve(self) -> None:
        """Hear the caller out until it hangs up, is too slow or lengthy, or no agency; what was taken is worked on."""
        answering = asyncio.create_task(self._answer())
        try:
            reading = self._reading = asyncio.create_task(self._read())
            await asyncio.wait({reading, answering}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():  # the caller takes no answers any more
                reading.cancel()
            (ended,) = await asyncio.gather(reading, return_exceptions=True)
            await self._end_answers(answering)
            if isinstance(ended, Exception):
                raise ended
        finally:
            answering.cancel()
            self._writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(LAST_WORDS_SECONDS):
                    await self._writer.wait_closed()
            self._writer.transport.abort()  # a caller that takes nothing must not keep the line

    def hang_up(self) -> None:
        """Read no more; what was taken is still answered."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> None:
        while not self.caller.unwelcome:
            try:
                async with asyncio.timeout(self._patience()):
                    data = await self._reader.read(PIECE)
            except TimeoutError:
                if self._framer.held and await self._was_whole():
                    continue
                break
            except OSError:  # reset by the other side; what it had begun is kept like a message cut off
                data = b""
            if not data:
                break
            if not self._framer.held:
                self._message_began = monotonic()
            if not await self._hear(data):
                return
            if self._framer.lost > self._listening.dropped_bytes:
                break
        await self._was_whole()

    async def _hear(self, data: bytes) -> bool:
        """Take in what these bytes end; False when one is too large: where it ends nobody knows.

        Nothing behind it is read, for its words must not pass for messages.
        """
        frames = self._framer.feed(data)
        if frames:
            self._message_began = monotonic()
        for frame in frames:
            await self._take_in(frame)
            if frame.problem == "oversized":
                return False
        return True

    async def _was_whole(self) -> bool:
        """Take in what is held as it stands; whether all of it was messages, and the caller may go on."""
        frames = self._framer.rest()
        for frame in frames:
            await self._take_in(frame)
        return all(frame.problem is None for frame in frames)

    def _patience(self) -> float:
        """Seconds to wait for the next bytes; raises nothing, 0 when there is no time left."""
        now, listening = monotonic(), self._listening
        if self._framer.held:
            return max(0.0, self._message_began + listening.message_seconds - now)
        if not self.caller.known:
            return max(0.0, self._began + listening.login_seconds - now)
        return listening.idle_seconds

    async def _take_in(self, frame: Frame) -> None:
        """Begin to work on it; with too many bytes held, or messages, this waits, and nothing more is read."""
        size = len(frame.data)
        with contextlib.ExitStack() as room:  # given back when this is cancelled, too
            for budget in self._budgets:
                await budget.take(size)
                room.callback(budget.give, size)
            answer = await self._door.hear(self.caller, frame)
            task = self._begin(answer)
            given_back = room.pop_all()
            task.add_done_callback(lambda _: given_back.close())
        await self._answers.put(task)

    def _begin(self, answer: Awaitable[bytes]) -> asyncio.Future[bytes]:
        task = asyncio.ensure_future(answer)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    async def _answer(self) -> None:
        while (task := await self._answers.get()) is not None:
            self._writer.write(await task)
            async with asyncio.timeout(self._listening.answer_seconds):
                await self._writer.drain()

    async def _end_answers(self, answering: "asyncio.Task[None]") -> None:
        """Wait for what is still answered; a caller that has gone makes room in the queue for no last word."""
        last = asyncio.create_task(self._answers.put(None))
        try:
            await asyncio.wait({last, answering}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            last.cancel()
        with contextlib.suppress(OSError, TimeoutError):
            await answering
        await asyncio.gather(*self._working, return_exceptions=True)  # what nobody hears the answer to
