"""How positions become steps of units: who is sent is watched every second, and has left, arrived or is back."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from goldentime.city.units.arrival import Spotted, Watch, look_at
from goldentime.city.units.states import Step
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Conflict, NotFound, StorageFailed
from goldentime.core.ids import IncidentId, UnitId
from goldentime.core.place import LonLat
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.world import World

WATCHED = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE, UnitState.CLEAR})
TO_SCENE = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE})
ROAD_NEAR_SCENE = 150.0  # metres; a scene further from any known road is reached on foot
FRESH_SECONDS = 30.0  # an older position says nothing of now


@dataclass(slots=True)
class Arrivals:
    """Watches the units that were sent; `seen` is told what a unit's position says, and knows whether it is news."""

    world: World
    seen: Callable[[UnitId, Step], Awaitable[object]]
    fresh: float = FRESH_SECONDS
    _watches: dict[str, Watch] = field(default_factory=dict)

    async def look(self, positions: Positions, keys: Iterable[str]) -> list[tuple[UnitId, Step]]:
        """The steps taken by those of these units that were sent."""
        now = self.world.clock.now()
        tracked = [one for key in keys if (one := positions.latest(key)) and one.unit]
        sent = [one for one in tracked if one.unit and one.unit.state in WATCHED]
        for one in tracked:
            if one.unit and one.unit.state not in WATCHED:
                self._watches.pop(one.key, None)
        wanted = {one.unit.incident for one in sent if one.unit and one.unit.state in TO_SCENE and one.unit.incident}
        goals = await self._goals(wanted) if wanted else {}
        steps = []
        for one in sent:
            unit = one.unit
            if unit is None or one.age(now).total_seconds() > self.fresh:
                continue
            spotted = Spotted(one.place, one.at.timestamp(), one.speed_kmh)
            there = goals.get(unit.incident, ()) if unit.incident else ()
            self._watches[one.key], step = look_at(self._watches.get(one.key, Watch()), unit, spotted, there)
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
