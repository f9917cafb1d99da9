"""How many bytes of messages may be worked on at once: who comes when it is full waits its turn, and reads no more."""

import asyncio
from collections import deque


class HeldBytes:
    """A budget of bytes; a message larger than all of it passes when nothing else is held."""

    def __init__(self, most: int) -> None:
        """Nothing is held."""
        self.most, self.held = most, 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()

    async def take(self, count: int) -> None:
        """Wait until there is room, in the order of asking."""
        if not self._waiting and self._fits(count):
            self.held += count
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, count))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.held -= count
            self._wake()
            raise

    def give(self, count: int) -> None:
        """There is so much more room."""
        self.held -= count
        self._wake()

    def _fits(self, count: int) -> bool:
        return not self.held or self.held + count <= self.most

    def _wake(self) -> None:
        while self._waiting:
            turn, count = self._waiting[0]
            if not turn.done():
                if not self._fits(count):
                    return
                self.held += count
                turn.set_result(None)
            self._waiting.popleft()
