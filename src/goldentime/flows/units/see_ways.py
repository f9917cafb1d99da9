"""On which ways an incident's units drive to it now, for the map of everybody who is told where these units are."""

from dataclasses import dataclass

from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.ids import IncidentId
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Reading
from goldentime.flows.roads.find_route import find_route
from goldentime.flows.units.dispatch import Dispatch, get_open_incident
from goldentime.flows.units.find_here import find_here

UNDER_WAY = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE})


@dataclass(frozen=True, slots=True)
class SeenWay:
    """A unit and its way from where it is to the scene, (lon, lat)."""

    unit: Unit
    line: tuple[tuple[float, float], ...]


async def see_ways(dispatch: Dispatch, caller: Caller, incident_id: IncidentId) -> list[SeenWay]:
    """The ways as roads are now, none for who drives unheard or has none; raises NotFound, or Conflict once closed."""
    now, city = dispatch.world.clock.now(), dispatch.world.city

    def ask(look: Reading) -> list[SeenWay]:
        scene = get_open_incident(look, incident_id, caller, now).place
        if scene is None or not len(city.graph):
            return []
        ways = []
        for unit in look.list_units(incident=incident_id):
            if unit.state not in UNDER_WAY:
                continue
            here = find_here(dispatch, unit, now)
            if here.age is None and unit.state is not UnitState.ORDERED:
                continue  # it has left its station, for nobody knows where
            start = here.on(city.graph)
            found = find_route(city, start, scene, unit.width_m) if start is not None else None
            if found is not None:
                ways.append(SeenWay(unit, found[0].line))
        return ways

    return await dispatch.world.store.read(ask)
