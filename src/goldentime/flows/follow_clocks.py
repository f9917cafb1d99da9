"""How every incident's clock is kept: a reader follows the log from its own cursor, and may make it all again."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from goldentime.city.incidents.golden_time import CLOCK_FACTS, Clock, clock_of
from goldentime.city.incidents.incident import Incident
from goldentime.core.errors import StorageFailed
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World

READER = "clocks"
AT_ONCE = 500  # facts read in one go
MOST_FACTS = 100_000  # of one incident: far more than any has, and a bound
log = logging.getLogger("goldentime.clocks")


@dataclass(slots=True)
class ClockReader:
    """Follows the log; one that fails keeps its cursor, tries again and shows `failing_since`."""

    world: World
    failing_since: datetime | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, _position: int = 0) -> None:
        """A commit has happened."""
        self.woken.set()

    async def run(self, every: float = 1.0) -> None:
        """Follow for ever; looks again at the latest after so many seconds."""
        while True:
            try:
                taken = await self.step()
                self.failing_since = None
                if taken:
                    continue
            except StorageFailed as problem:
                self.failing_since = self.failing_since or self.world.clock.now()
                log.warning("clocks are behind since %s: %s", self.failing_since, problem.code)
            try:
                async with asyncio.timeout(every):
                    await self.woken.wait()
            except TimeoutError:
                pass
            self.woken.clear()

    async def step(self) -> int:
        """Take in the next facts; how many there were. The clocks and the cursor are kept in one transaction.

        Nothing is kept when the cursor has been moved since it was read: what was read is of another beginning.
        """

        def find(look: Reading) -> tuple[int, int, int, list[Clock]]:
            position = look.find_cursor(READER)
            facts = look.list_facts(after=position, limit=AT_ONCE)
            touched = dict.fromkeys(one.fact.subject for one in facts if one.fact.kind in CLOCK_FACTS)
            clocks = [clock for clock in (read_clock(look, IncidentId(one)) for one in touched) if clock is not None]
            return len(facts), position, facts[-1].position if facts else position, clocks

        count, before, after, clocks = await self.world.store.read(find)
        if not count:
            return 0

        def keep(tx: Change) -> None:
            if tx.find_cursor(READER) != before:
                return
            for clock in clocks:
                tx.put_clock(clock)
            tx.put_cursor(READER, after)

        await self.world.store.change(keep)
        return count

    async def begin_again(self) -> None:
        """Forget every clock; they are made anew from the log, from its beginning."""

        def decide(tx: Change) -> None:
            tx.forget_clocks()
            tx.put_cursor(READER, 0)

        await self.world.store.change(decide)
        self.wake()


def read_clock(look: Reading, incident_id: IncidentId) -> Clock | None:
    """The incident's clock from all its facts; None for a sandbox's, or when there is no such incident."""
    incident = look.find_incident(incident_id)
    if incident is None or incident.sandbox:
        return None
    return clock_of(blank_clock(incident), _facts_of(look, incident_id))


def blank_clock(incident: Incident) -> Clock:
    """What is known before any fact: whose it is and when it was called in."""
    return Clock(
        incident=incident.id,
        number=incident.number,
        agency=incident.agency,
        service=incident.service.value,
        drill=incident.drill,
        called_at=incident.occurred_at,
    )


def _facts_of(look: Reading, incident: IncidentId) -> Iterable[Fact]:
    return (one.fact for one in look.list_facts(subject=incident, limit=MOST_FACTS) if one.fact.kind in CLOCK_FACTS)
