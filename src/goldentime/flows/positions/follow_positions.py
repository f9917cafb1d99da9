"""What happens once a second to the units that moved: put on their roads, kept, watched for arrival, and told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from goldentime.core.clock import monotonic
from goldentime.core.errors import StorageFailed
from goldentime.flows.ports import Reading
from goldentime.flows.positions.keep_positions import PositionKeeper
from goldentime.flows.positions.match_positions import RoadMatcher
from goldentime.flows.positions.spot_arrivals import Arrivals
from goldentime.flows.world import World

EVERY = 1.0  # seconds
LEAST_REST = 0.05  # seconds between a beat that took long and the next
FASTEST, ARRIVALS_WITHIN = 0.1, 6.0  # seconds; the latter of a drill's own clock
FORGET_EVERY = 3600.0
FEW = 100  # units matched on the loop: a hundred take 3 ms


@dataclass(slots=True)
class PositionBeat:
    """One beat a second; `tell` hands the moved units to the screens, `lights` notes which sources spoke."""

    world: World
    keeper: PositionKeeper
    arrivals: Arrivals
    tell: Callable[[set[str]], Awaitable[None]]
    lights: Callable[[], None] = lambda: None
    _matcher: RoadMatcher = field(default_factory=RoadMatcher)
    _units_at: int = -1  # the position in the log of facts up to which units are known
    _forgotten_at: float = 0.0

    async def beat(self) -> int:
        """How many units had moved; what cannot be stored now is stored with the next beat."""
        await self.know_units()
        positions = self.world.positions
        moved = positions.pop_moved()
        roads = self.world.city.candidates
        if len(moved) > FEW:
            await asyncio.to_thread(self._matcher.match, positions, roads, moved)  # nobody's request waits for it
        else:
            self._matcher.match(positions, roads, moved)
        await self.tell(moved)
        self.lights()
        try:
            await self.keeper.keep(positions, moved)
            await self._forget()
        except StorageFailed:
            pass  # the keeper holds on to what it could not write
        await self.arrivals.look(positions, moved)
        return len(moved)

    async def know_units(self) -> None:
        """Read the units anew when anything has happened since."""

        def ask(look: Reading) -> int:
            return look.last_position()

        now = await self.world.store.read(ask)
        if now != self._units_at:
            self.world.positions.know_units(await self.world.store.read(lambda look: look.list_units()))
            self._units_at = now

    async def _forget(self) -> None:
        if monotonic() - self._forgotten_at >= FORGET_EVERY:
            self._forgotten_at = monotonic()
            await self.keeper.forget()


def beat_every(pace: float) -> float:
    """Seconds between two beats where the clock goes `pace` times as fast: arrivals are seen within seconds of its."""
    return max(FASTEST, min(EVERY, ARRIVALS_WITHIN / pace))


async def beat_for_ever(beat: PositionBeat, every: float = EVERY) -> None:
    """A beat a second, or so often, until cancelled; waking late puts off no later beat, and none is made up for."""
    due = monotonic()
    while True:
        await beat.beat()
        due = max(due + every, monotonic() + LEAST_REST)
        await asyncio.sleep(due - monotonic())
