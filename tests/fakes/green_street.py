"""A street from the west with two crossings, a fleet that drives on it, and a signal centre that remembers."""

from dataclasses import dataclass, field, replace

from fakes.fleet import Fleet, Seen
from fakes.room import CROSSING
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads
from goldentime.city.signals.junction import Junction
from goldentime.city.signals.request import Request, RequestId, State
from goldentime.city.units.states import Step
from goldentime.core.ids import IncidentId, UnitId
from goldentime.core.place import LonLat
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.signals.clear_the_way import beat
from goldentime.flows.signals.clearing import ClearTheWay, make_clear_the_way
from goldentime.flows.signals.signal_centre import LinkLost, Said
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.send_units import send_units
from goldentime.messages.position import Position
from goldentime.sim.signals.layout import lit_junctions

STEP = 0.0045  # degrees of longitude, some 400 m


def street(*, back: bool = False) -> Roads:
    """Nodes 0 to 4 from west to east, the scene just before the last; 1 and 2 are crossings with side streets.

    With a street at the back the northern side streets join, so that there is a second way.
    """
    nodes = [RoadNode(NodeId(f"{n}"), LonLat(CROSSING.lon + (n - 4) * STEP, CROSSING.lat), "101") for n in range(5)]
    sides = [
        RoadNode(NodeId(f"{n}{way}"), LonLat(nodes[n].place.lon, CROSSING.lat + up), "102")
        for n in (1, 2)
        for way, up in (("n", 0.003), ("s", -0.003))
    ]
    pairs = [(nodes[n], nodes[n + 1]) for n in range(4)] + [(side, nodes[int(side.id[0])]) for side in sides]
    if back:
        pairs.append((sides[0], sides[2]))
    links = [
        RoadLink(
            LinkId(f"{a.id}-{b.id}"),
            a.id,
            b.id,
            "",
            "107",
            (((a.place.lon, a.place.lat), (b.place.lon, b.place.lat)),),
            2,
            50.0,
        )
        for one, other in pairs
        for a, b in ((one, other), (other, one))
    ]
    return Roads(tuple(links), (*nodes, *sides))


@dataclass
class RememberingCentre:
    """Fits flows.signal_centre.SignalCentre; says only what a test lets it say."""

    junctions: tuple[Junction, ...]
    is_up: bool = True
    told: list[tuple[str, Request]] = field(default_factory=list)

    def request(self, request: Request, eta_s: float) -> None:
        self.told.append(("request", request))

    def renew(self, request: Request, eta_s: float) -> None:
        self.told.append(("renew", request))

    def release(self, request: Request) -> None:
        self.told.append(("release", request))

    async def take_said(self, timeout_s: float) -> list[Said | LinkLost]:
        return []

    def of(self, kind: str) -> list[str]:
        """The junctions of what was told, in order."""
        return [str(request.junction) for what, request in self.told if what == kind]


class GreenStreet:
    """An engine of the fleet drives from the west; `clearing` is beaten by hand."""

    def __init__(self, roads: Roads | None = None) -> None:
        """Lay the street."""
        self.fleet = Fleet()
        roads = roads or street()
        city = KnownCity(replace_roads(roads))
        self.fleet.world = replace(self.fleet.world, city=city)
        self.fleet.room.world = self.fleet.world
        self.fleet.dispatch = replace(self.fleet.dispatch, world=self.fleet.world)
        self.centre = RememberingCentre(lit_junctions(roads))
        self.clearing: ClearTheWay = make_clear_the_way(self.fleet.dispatch, self.centre)
        self.incident = IncidentId("")

    async def sets_out(self, *names: str) -> None:
        """A fire at the eastern end; the units are ordered and depart."""
        self.incident = await self.fleet.fire()
        ids = [UnitId(name) for name in names]
        await send_units(self.fleet.dispatch, await self.fleet.operator(), self.incident, ids)
        for one in ids:
            await change_unit_state(self.fleet.dispatch, await self.fleet.crew(one), one, Step.DEPART)

    def drives_at(self, name: str, metres: float, *, north: float = 0.0) -> None:
        """So many metres along the street from its western end, now."""
        lon = CROSSING.lon - 4 * STEP + metres * STEP / 400.0
        place = LonLat(lon, CROSSING.lat + north)
        seen: Seen = self.fleet.seen
        self.fleet.drives_at(name, place, seconds_ago=0)
        tracked = seen.places[name]
        raw = Position(name, tracked.agency, place, tracked.at)
        heading = 90.0 if north == 0.0 else 180.0
        seen.places[name] = replace(tracked, raw=raw, smoothed=place, heading=heading, speed_kmh=50.0)

    async def beat(self, *said: Said | LinkLost, seconds: float = 1.0) -> None:
        """One beat, so much later."""
        self.fleet.clock.pass_(seconds=seconds)
        await beat(self.clearing, said)

    def held(self) -> list[Request]:
        """What the centre may hold."""
        return [one for one in self.clearing.book.values() if one.holds]

    def say(self, request: RequestId, state: State) -> Said:
        """The centre's word."""
        return Said(request, state)


def replace_roads(roads: Roads) -> CityFiles:
    """A city of these roads only."""
    return CityFiles(roads=roads)
