"""How positions become steps of units: who is sent is watched every second, and has left, arrived or is back."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from goldentime.city.units.arrival import Spotted, Watch, look_at
from goldentime.city.units.states import FACT_KINDS, Step, Who
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.errors import Conflict, NotFound, StorageFailed
from goldentime.core.ids import IncidentId, UnitId
from goldentime.core.place import LonLat
from goldentime.flows.ports import Reading
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.world import World

WATCHED = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE, UnitState.CLEAR})
TO_SCENE = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE})
ROAD_NEAR_SCENE = 150.0  # metres; a scene further from any known road is reached on foot
FRESH_SECONDS = 30.0  # an older position says nothing of now
NEWEST_FACTS = 500  # of an incident, looked through for a unit's last step
BY_A_PERSON = frozenset({Who.CREW.value, Who.DISPATCHER.value})
STEP_KINDS = frozenset(FACT_KINDS.values())


@dataclass(slots=True)
class Arrivals:
    """Watches the units that were sent; `seen` is told what a unit's position says, and knows whether it is news."""

    world: World
    seen: Callable[[UnitId, Step], Awaitable[object]]
    fresh: float = FRESH_SECONDS
    _watches: dict[str, Watch] = field(default_factory=dict)
    _states: dict[str, datetime | None] = field(default_factory=dict)  # of when is the state last looked at

    async def look(self, positions: Positions, keys: Iterable[str]) -> list[tuple[UnitId, Step]]:
        """The steps taken by those of these units that were sent."""
        now = self.world.clock.now()
        tracked = [one for key in keys if (one := positions.latest(key)) and one.unit]
        sent = [one for one in tracked if one.unit and one.unit.state in WATCHED]
        for one in tracked:
            if one.unit and one.unit.state is UnitState.AVAILABLE:
                self._watches.pop(one.key, None)
                self._states.pop(one.key, None)
        wanted = {one.unit.incident for one in sent if one.unit and one.unit.state in TO_SCENE and one.unit.incident}
        goals = await self._goals(wanted) if wanted else {}
        news = [one.unit for one in sent if one.unit and self._states.get(one.key) != one.unit.state_at]
        taken_back = await self._taken_back(news)
        steps = []
        for one in sent:
            unit = one.unit
            if unit is None or one.age(now).total_seconds() > self.fresh:
                continue
            spotted = Spotted(one.place, one.at.timestamp(), one.speed_kmh)
            there = goals.get(unit.incident, ()) if unit.incident else ()
            watch, self._states[one.key] = self._watches.get(one.key, Watch()), unit.state_at
            self._watches[one.key], step = look_at(watch, unit, spotted, there, taken_back=unit.id in taken_back)
            if step is not None:
                steps.append((unit.id, step))
        for unit_id, step in steps:
            await self._tell(unit_id, step)
        return steps

    async def _tell(self, unit_id: UnitId, step: Step) -> None:
        try:
            await self.seen(unit_id, step)
        except (Conflict, NotFound, StorageFailed):
            return  # changed meanwhile, or said again in a second

    async def _taken_back(self, units: Sequence[Unit]) -> frozenset[UnitId]:
        """Those of them that a person has taken back into the state they are in; the record knows it over a restart."""
        asked = [unit for unit in units if unit.state in TO_SCENE and unit.state_by in BY_A_PERSON]
        if not asked:
            return frozenset()
        return await self.world.store.read(lambda look: frozenset(one.id for one in asked if _is_taken_back(look, one)))

    async def _goals(self, incidents: Iterable[IncidentId]) -> dict[IncidentId, tuple[LonLat, ...]]:
        """Where each incident's scene is, and the place on the road nearest to it."""
        wanted = list(incidents)
        found = await self.world.store.read(lambda look: [look.find_incident(one) for one in wanted])
        scenes = {one.id: one.place for one in found if one is not None}
        placed = {which: place for which, place in scenes.items() if place is not None}
        roads = self.world.city.candidates
        if roads is None or not placed:
            return {which: (place,) for which, place in placed.items()}
        near = roads.near(
            np.array([(place.lon, place.lat) for place in placed.values()]), within=ROAD_NEAR_SCENE, most=1
        )
        return {
            which: (place, LonLat(float(near.lon[row, 0]), float(near.lat[row, 0])))
            if near.link[row, 0] >= 0
            else (place,)
            for row, (which, place) in enumerate(placed.items())
        }


def _is_taken_back(look: Reading, unit: Unit) -> bool:
    newest = look.list_newest_facts(unit.incident or unit.id, limit=NEWEST_FACTS)
    steps = (one.fact for one in newest if one.fact.kind in STEP_KINDS and one.fact.data.get("unit") == unit.id)
    last = next(steps, None)
    return last is not None and last.kind == FACT_KINDS[Step.TAKE_BACK]
