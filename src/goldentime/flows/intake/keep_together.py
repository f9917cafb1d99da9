"""How messages that come in one moment are kept: in one change, and each by itself when they cannot be together."""

import asyncio
from dataclasses import dataclass

from goldentime.core.errors import StorageFailed
from goldentime.flows.intake.kept_messages import put_with_bytes
from goldentime.flows.ports import Change, Store
from goldentime.messages.exchange import RawMessage
from goldentime.messages.kept import KeptMessage

MOST_TOGETHER = 64  # in one change: nobody waits long for the others


@dataclass(slots=True)
class _Coming:
    message: KeptMessage
    raw: RawMessage
    kept: "asyncio.Future[KeptMessage | None]"


class KeepTogether:
    """Keeps messages; those of one turn of the loop share a change, which a flood pays for once."""

    def __init__(self, store: Store) -> None:
        """Nothing has come yet."""
        self._store = store
        self._coming: list[_Coming] = []
        self._at_work: set[asyncio.Task[None]] = set()

    async def keep(self, message: KeptMessage, raw: RawMessage) -> KeptMessage | None:
        """None once the message is durable, or the same one answered before, and then nothing is kept.

        Raises StorageFailed when nothing could be kept, and what the store says of a message it cannot hold.
        """
        loop = asyncio.get_running_loop()
        one = _Coming(message, raw, loop.create_future())
        if not self._coming:
            loop.call_soon(self._send)
        self._coming.append(one)
        if len(self._coming) >= MOST_TOGETHER:
            self._send()
        return await one.kept

    def _send(self) -> None:
        coming, self._coming = self._coming, []
        if coming:
            task = asyncio.create_task(self._keep(coming))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def _keep(self, coming: list[_Coming]) -> None:
        try:
            earlier = await self._store.change(lambda tx: _keep_all(tx, coming))
        except Exception as problem:  # noqa: BLE001  told to each who waits
            if len(coming) == 1 or isinstance(problem, StorageFailed):
                _fail(coming, problem)
            else:  # one of them cannot be stored: the others must not suffer for it
                for one in coming:
                    await self._keep([one])
            return
        for one, found in zip(coming, earlier, strict=True):
            if not one.kept.done():
                one.kept.set_result(found)


def _keep_all(tx: Change, coming: list[_Coming]) -> list[KeptMessage | None]:
    """For each the same message answered before, or None, and then it is kept; all are looked for before one is put."""
    earlier = [tx.find_answered(one.message.digest) for one in coming]
    put_with_bytes(tx, [(one.message, one.raw) for one, found in zip(coming, earlier, strict=True) if found is None])
    return earlier


def _fail(coming: list[_Coming], problem: Exception) -> None:
    """Each who waits hears of it in an error of their own."""
    for one in coming:
        if one.kept.done():
            continue
        told = StorageFailed(problem.text) if isinstance(problem, StorageFailed) else problem
        told.__cause__ = None if told is problem else problem
        one.kept.set_exception(told)
