"""How the roads stay true while time passes: closures end, old speeds give way to usual ones, and both are kept."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import numpy as np

from goldentime.city.roads.closures import Closure
from goldentime.city.roads.conditions import Measured
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.learned import DayKind, LearnedSpeeds, Slot, slot_at
from goldentime.city.roads.line import LinkId
from goldentime.city.roads.live import LiveRoads
from goldentime.flows.ports import Change
from goldentime.flows.roads.close_road import put_opened
from goldentime.flows.world import World

LIVE, LEARNED = "live", "learned"
KEPT_EVERY = timedelta(seconds=30)  # so much of what was measured may a crash forget
_TOLD = msgspec.json.Decoder(dict[str, tuple[float, ...]])


async def recall_roads(world: World) -> int:
    """Put back in force what was known of the roads before the last stop; how many closures there are."""
    memory = await world.store.read(lambda look: look.list_road_memory())
    closures = await world.store.read(lambda look: look.list_closures())
    now, city = world.clock.now(), world.city
    for name, body in memory.items():
        kind, *rest = name.split("/")
        told = _TOLD.decode(body)
        if kind == LEARNED and len(rest) == 2:
            links = {LinkId(link): values for link, values in told.items()}
            city.learned.recall(Slot(DayKind(rest[0]), int(rest[1])), links)
        elif kind == LIVE:
            rows = city.live_roads.rows([LinkId(link) for link in told])
            values = np.array(list(told.values()), dtype=np.float64).reshape(-1, 2)[rows >= 0]
            city.live_roads.set_measured(rows[rows >= 0], values[:, 0], values[:, 1], now=now)
    city.live_roads.set_forecast(city.learned.forecast(now), now)
    city.live_roads.set_closures(closures, now)
    return len(closures)


class RoadKeeper:
    """Looks after the roads; `tend` once a second, `keep` before the end."""

    def __init__(self, world: World) -> None:
        """Nothing is due yet."""
        self._world = world
        self._forecast_for: tuple[Slot, RoadGraph] | None = None
        self._kept: Measured | None = None
        self._kept_at = world.clock.now()

    async def tend(self) -> None:
        """Open what has run out, hear of other processes' closures, renew the speeds, keep what was learned."""
        await self._follow_closures()
        now, city = self._world.clock.now(), self._world.city
        due = (slot_at(now), city.graph)
        if self._forecast_for != due:
            self._forecast_for = due
            city.live_roads.set_forecast(city.learned.forecast(now), now)
        else:
            city.live_roads.renew(now)
        if now - self._kept_at >= KEPT_EVERY:
            await self.keep()

    async def keep(self) -> None:
        """Write down the speeds measured lately and the slots that learned something."""
        now, city = self._world.clock.now(), self._world.city
        self._kept_at = now
        live, learned = city.live_roads, city.learned
        measured, changed = live.measured, learned.take_changed()
        if not changed and measured is self._kept:
            return
        bodies = await asyncio.to_thread(_bodies, live, learned, changed, now)
        await self._world.store.change(lambda tx: tx.put_road_memory(bodies))
        self._kept = measured

    async def _follow_closures(self) -> None:
        live = self._world.city.live_roads
        before = live.known_closures
        stored = await self._world.store.read(lambda look: look.list_closures())
        now = self._world.clock.now()
        over = [one for one in stored if one.until is not None and one.until <= now]
        if over:
            for opened in await self._world.store.change(lambda tx: [_end(tx, one, now) for one in over]):
                self._world.city.live_roads.put_closure(opened, now)
        elif self._world.city.live_roads.known_closures is before and set(stored) != set(before):
            live.set_closures(stored, now)


def _end(tx: Change, closure: Closure, now: datetime) -> Closure:
    """The closure opened, unless somebody was quicker."""
    found = tx.find_closure(closure.id) or closure
    return found if found.opened_at is not None else put_opened(tx, found, now, actor="system")


def _bodies(live: LiveRoads, learned: LearnedSpeeds, changed: frozenset[Slot], now: datetime) -> Mapping[str, bytes]:
    measured, ids = live.measured, live.graph.ids
    rows = np.flatnonzero(measured.fresh(now)).tolist()
    speeds = {ids[row]: (round(float(measured.kmh[row]), 2), float(measured.at[row])) for row in rows}
    bodies = {LIVE: msgspec.json.encode(speeds)}
    for slot in changed:
        bodies[f"{LEARNED}/{slot.day.value}/{slot.number}"] = msgspec.json.encode(learned.told(slot))
    return bodies
