"""Which units drive to a scene now, on which way, and where on it: found anew off the way or once closures differ."""

from collections.abc import Collection
from dataclasses import dataclass

from goldentime.city.incidents.incident import SEVERITY_ORDER, Incident, Severity, State
from goldentime.city.roads.closures import Closure
from goldentime.city.roads.graph import Spot
from goldentime.city.signals.way import Drive, Way
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.clock import monotonic
from goldentime.core.place import LonLat
from goldentime.flows.known_city import KnownCity
from goldentime.flows.ports import Reading
from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.roads.find_route import find_route
from goldentime.flows.units.dispatch import Whereabouts
from goldentime.flows.units.find_here import here_of

FOUND_ANEW_S = 20.0  # speeds change the best way
PLODDING = 5.0  # m/s, for a link whose own time is not known


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which incidents a city asks for greens: by how grave they are, and whether for drills too."""

    severities: frozenset[Severity] = frozenset({Severity.CRITICAL, Severity.WARNING})
    drills: bool = False

    def covers(self, incident: Incident) -> bool:
        """Whether a unit on its way there is to be let through."""
        return incident.severity in self.severities and (self.drills or not incident.drill)


@dataclass(slots=True)
class _Known:
    way: Way
    scene: LonLat
    city: object  # the network it was found on
    closures: tuple[Closure, ...]  # those it goes around
    found_at: float


class UnitsOnTheWay:
    """Remembers each driving unit's way between looks."""

    def __init__(self, positions: Whereabouts, wanted: Wanted | None = None) -> None:
        """Nobody drives yet."""
        self._positions, self._wanted = positions, wanted or Wanted()
        self._ways: dict[str, _Known] = {}

    def list_drives(self, look: Reading, city: KnownCity, *, without: Collection[str] = ()) -> dict[str, Drive]:
        """The drives of all units en route to an open incident that is wanted, whose place on the road is known."""
        drives: dict[str, Drive] = {}
        for unit in look.list_units():
            if unit.state is not UnitState.EN_ROUTE or unit.incident is None or unit.id in without:
                continue
            incident, tracked = look.find_incident(unit.incident), self._positions.latest(unit.id)
            if incident is None or incident.state is State.CLOSED or incident.place is None or tracked is None:
                continue
            if not self._wanted.covers(incident):
                continue
            drive = self._drive(unit, incident, tracked, city)
            if drive is not None:
                drives[str(unit.id)] = drive
        for gone in self._ways.keys() - drives.keys():
            del self._ways[gone]
        return drives

    def _drive(self, unit: Unit, incident: Incident, tracked: Tracked, city: KnownCity) -> Drive | None:
        graph, scene = city.graph, incident.place
        here = here_of(tracked, tracked.at).on(graph)
        if here is None or scene is None:
            return None
        link = str(graph.ids[here.link])
        known, closures = self._ways.get(str(unit.id)), city.live_roads.closures
        is_same = known is not None and (known.scene, known.closures) == (scene, closures) and known.city is graph
        if known is None or not is_same or _is_off(known, link):
            way = find_way(city, here, scene, unit.width_m)
            if way is None:
                return None
            known = self._ways[str(unit.id)] = _Known(way, scene, graph, closures, monotonic())
        at = known.way.links.index(link)
        along = here.along * known.way.metres[at]
        gravity = SEVERITY_ORDER[incident.severity]
        return Drive(str(unit.id), incident.id, gravity, known.way, at, along, tracked.at)


def _is_off(known: _Known, link: str) -> bool:
    return link not in known.way.links or monotonic() - known.found_at > FOUND_ANEW_S


def find_way(city: KnownCity, here: Spot, scene: LonLat, width_m: float | None) -> Way | None:
    """The quickest way with lights and siren, whole links with their own lengths; None where there is none."""
    graph = city.graph
    found = find_route(city, here, scene, width_m)
    if found is None:
        return None
    route = found[0]
    metres = tuple(float(graph.metres[graph.row_of[link]]) for link in route.links)
    seconds = list(route.link_seconds)
    left = 1.0 - here.along  # the first link is driven in part; whole, it takes as much longer
    seconds[0] = seconds[0] / left if left > 0.05 else metres[0] / PLODDING
    return Way(tuple(map(str, route.links)), metres, tuple(seconds))
