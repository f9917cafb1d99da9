"""How calls and answers share one socket to the media process."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec

from goldentime.core import errors
from goldentime.core.text import Text

MOST_FRAME_BYTES = 64 << 20
DOWN = Text("영상 서버에 연결할 수 없습니다. 다시 시작하는 중입니다", "The video server is down and being restarted")


class Failure(msgspec.Struct, frozen=True):
    """An error of the engine, by the names of its classes from the most special on."""

    kinds: list[str]
    code: str
    text: Text


def to_error(failure: Failure) -> errors.GoldentimeError:
    """The nearest error that both sides know, with its own code and text."""
    for name in failure.kinds:
        kind = getattr(errors, name, None)
        if isinstance(kind, type) and issubclass(kind, errors.GoldentimeError):
            error = kind(failure.text)
            error.code = failure.code
            return error
    return errors.OurError(failure.text, code=failure.code)


class Channel:
    """Sends calls, matches answers, passes events on."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_event: Callable[[str, msgspec.Raw], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self.is_closed = False

    def send(self, message: Any) -> None:
        """One frame: four bytes of length, then msgpack."""
        body = msgspec.msgpack.encode(message)
        self._writer.write(len(body).to_bytes(4, "big") + body)

    async def call(self, name: str, arguments: Any, seconds: float) -> msgspec.Raw:
        """The answer's bytes; raises the engine's error, or MediaUnavailable when it is gone or silent."""
        if self.is_closed:
            raise errors.MediaUnavailable(DOWN)
        number = next(self._numbers)
        future: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        try:
            self.send((number, name, arguments))
            async with asyncio.timeout(seconds):
                return await future
        except (TimeoutError, ConnectionError) as fault:
            raise errors.MediaUnavailable(DOWN) from fault
        finally:
            self._asked.pop(number, None)

    async def run(self) -> None:
        """Read until the other side is gone; then every waiting call fails."""
        try:
            while True:
                length = int.from_bytes(await self._reader.readexactly(4), "big")
                if length > MOST_FRAME_BYTES:
                    return
                self._take(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.close()

    def close(self) -> None:
        """Fail what waits and let the socket go."""
        self.is_closed = True
        for future in self._asked.values():
            if not future.done():
                future.set_exception(errors.MediaUnavailable(DOWN))
        self._writer.close()

    def _take(self, frame: bytes) -> None:
        number, kind, value = msgspec.msgpack.decode(frame, type=tuple[int, str, msgspec.Raw])
        if number == 0:
            self._on_event(kind, value)
            return
        future = self._asked.get(number)
        if future is None or future.done():
            return
        if kind == "ok":
            future.set_result(value)
        else:
            future.set_exception(to_error(msgspec.msgpack.decode(value, type=Failure)))
