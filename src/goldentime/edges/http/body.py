"""How much of a request is read, how long it may take and how much memory strangers may hold meanwhile."""

import asyncio
from dataclasses import dataclass

from starlette.types import Receive


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Sizes in bytes; `strangers_bytes` is what all unknown senders together may hold in memory."""

    max_body: int
    seconds: float
    kept_bytes: int
    drained_bytes: int
    strangers_bytes: int


@dataclass(frozen=True, slots=True)
class Body:
    """What arrived; `problem` says why it is not whole: oversized, slow_body, cut_off or crowded."""

    data: bytes
    problem: str | None = None


class BodyReader:
    """Reads bodies under one set of limits."""

    def __init__(self, limits: BodyLimits) -> None:
        """Nobody is sending yet."""
        self._limits = limits
        self._strangers = 0

    async def read(self, receive: Receive, *, known: bool) -> Body:
        """The body; of one that did not come whole its beginning, the rest drained so that the client hears why."""
        chunks: list[bytes] = []
        problem: str | None = None
        try:
            async with asyncio.timeout(self._limits.seconds):
                problem = await self._gather(receive, chunks, known=known)
        except TimeoutError:
            problem = "slow_body"
        finally:
            if not known:
                self._strangers -= sum(map(len, chunks))
        data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return Body(data if problem is None else data[: self._limits.kept_bytes], problem)

    async def _gather(self, receive: Receive, chunks: list[bytes], *, known: bool) -> str | None:
        limits, size, problem, more = self._limits, 0, None, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return "cut_off"
            chunk, more = message.get("body", b""), message.get("more_body", False)
            if not chunk:
                continue
            size += len(chunk)
            if problem is None and size > limits.max_body:
                problem = "oversized"
                chunk = chunk[: limits.kept_bytes]  # the rest is not wanted
            elif problem is None and not known and self._strangers > limits.strangers_bytes:
                problem = "crowded"
            elif problem is not None:
                if size > limits.max_body + limits.drained_bytes:
                    break
                continue
            chunks.append(chunk)
            if not known:
                self._strangers += len(chunk)
        return problem
