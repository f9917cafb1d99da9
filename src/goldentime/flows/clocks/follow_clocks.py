"""How every incident's clock is kept: a reader follows the log from its own cursor, and may make it all again."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.golden_time import CLOCK_FACTS, Clock, clocks_of
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.pairing import PairState
from goldentime.city.people.account import Act, must
from goldentime.core.clock import monotonic
from goldentime.core.errors import StorageFailed
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World

READER = "clocks"
AT_ONCE = 500  # facts read in one go
RESTS = 19  # times as long as it read: while much comes in, figures are not what the machine is for
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
            began = monotonic()
            try:
                taken = await self.step()
                self.failing_since = None
                if taken:
                    await asyncio.sleep(RESTS * (monotonic() - began))
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

        def find(look: Reading) -> tuple[int, int, int, dict[IncidentId, list[Clock]]]:
            position = look.find_cursor(READER)
            facts = look.list_facts(after=position, limit=AT_ONCE)
            said = dict.fromkeys(IncidentId(one.fact.subject) for one in facts if one.fact.kind in CLOCK_FACTS)
            joined = (other for one in said for other in _ever_joined(look, one))
            touched = {one: read_clocks(look, one) for one in dict.fromkeys([*said, *joined])}
            return len(facts), position, facts[-1].position if facts else position, touched

        count, before, after, touched = await self.world.store.read(find)
        if not count:
            return 0

        def keep(tx: Change) -> None:
            if tx.find_cursor(READER) != before:
                return
            for incident in touched:
                tx.drop_clocks(incident)
            for clock in chain.from_iterable(touched.values()):
                tx.put_clock(clock)
            tx.put_cursor(READER, after)

        await self.world.store.change(keep)
        return count

    async def begin_again(self, caller: Caller) -> None:
        """Forget every clock, on record; they are made anew from the log, from its beginning."""
        must(caller.account.role, Act.ADMINISTER)

        def decide(tx: Change) -> None:
            tx.forget_clocks()
            tx.put_cursor(READER, 0)
            tx.audit(Entry(self.world.clock.now(), "GoldenTimesBegunAgain", caller.account.id))

        await self.world.store.change(decide)
        self.wake()


def read_clock(look: Reading, incident_id: IncidentId, whose: AgencyId | None = None) -> Clock | None:
    """The agency's clock of the incident, or that of the whole where it has none; None for a sandbox's, or nothing."""
    clocks = {clock.whose: clock for clock in read_clocks(look, incident_id)}
    return clocks.get(str(whose or "")) or clocks.get("")


def read_clocks(look: Reading, incident_id: IncidentId) -> list[Clock]:
    """The incident's clock and each agency's, from all facts; none for a sandbox's, or when there is no such one."""
    incident = look.find_incident(incident_id)
    if incident is None or incident.sandbox:
        return []
    joined = _joined(look, incident_id)
    theirs = [one for one in joined if one.agency != incident.agency and _is_first(look, incident, one)]
    helped = [fact for one in theirs for fact in _facts_of(look, one.id)]
    left_out = frozenset(str(one.agency) for one in joined if one.agency is not None)
    return clocks_of(blank_clock(incident), list(_facts_of(look, incident_id)), helped, left_out=left_out)


def _is_first(look: Reading, incident: Incident, other: Incident) -> bool:
    """Whether this is its agency's first report of what the other is: units sent to the other count there, once."""
    ours = (one for one in _joined(look, other.id) if one.agency == incident.agency)
    return all((incident.occurred_at, incident.id) <= (one.occurred_at, one.id) for one in ours)


def _joined(look: Reading, incident_id: IncidentId) -> list[Incident]:
    pairs = (one for one in look.list_pairings(incident_id) if one.state is PairState.JOINED)
    found = (look.find_incident(one.other(incident_id)) for one in pairs)
    return [one for one in found if one is not None and not one.sandbox]


def _ever_joined(look: Reading, incident_id: IncidentId) -> list[IncidentId]:
    """With what it is joined, or was."""
    return [one.other(incident_id) for one in look.list_pairings(incident_id) if one.state is not PairState.SUGGESTED]


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
