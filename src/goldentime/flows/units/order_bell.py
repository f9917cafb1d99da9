"""When a crew that waits hears of its order: as soon as a fact names its unit; nobody asks every moment."""

import asyncio
import contextlib
from collections.abc import Iterator

from goldentime.core.ids import UnitId
from goldentime.flows.ports import Store

NOT_OFTENER = 0.05  # seconds: facts that come together ring once
ANYHOW = 5.0  # seconds between looks though nothing was told


class OrderBell:
    """Follows the log of facts for the crews that wait; `run` must be running, and `wake` told of commits."""

    def __init__(self, store: Store) -> None:
        """Nobody waits yet."""
        self._store = store
        self._commit = asyncio.Event()
        self._latest = 0  # the last fact's position, as the commits told it
        self._waiting: dict[UnitId, set[asyncio.Event]] = {}

    def wake(self, position: int = 0) -> None:
        """A commit has happened; what it told is read only for those who wait."""
        if self._waiting:
            self._commit.set()
        else:
            self._latest = max(self._latest, position)

    @contextlib.contextmanager
    def listening(self, unit: UnitId) -> Iterator[asyncio.Event]:
        """An event that is set once a fact names the unit; listen first, then read, and nothing is missed."""
        rung = asyncio.Event()
        self._waiting.setdefault(unit, set()).add(rung)
        try:
            yield rung
        finally:
            theirs = self._waiting[unit]
            theirs.discard(rung)
            if not theirs:
                del self._waiting[unit]

    async def run(self) -> None:
        """Ring until cancelled."""
        self._latest = max(self._latest, await self._store.read(lambda look: look.last_position()))
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANYHOW):
                    await self._commit.wait()
            self._commit.clear()
            facts = await self._store.read(lambda look, after=self._latest: look.list_facts(after=after))  # type: ignore[misc]
            for recorded in facts:
                for rung in self._waiting.get(UnitId(str(recorded.fact.data.get("unit"))), ()):
                    rung.set()
            self._latest = facts[-1].position if facts else self._latest
            await asyncio.sleep(NOT_OFTENER)
