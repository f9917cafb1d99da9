"""What a simulated crew does next: waits or patrols, turns out when ordered, drives, works, clears, goes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from goldentime.city.roads.closures import Scope
from goldentime.city.roads.graph import Spot
from goldentime.city.roads.live import LiveRoads
from goldentime.core.place import LonLat, distance_metres
from goldentime.sim.units.driving import Vehicle, Way

PATROLS = frozenset({"patrol"})
BEAT_METRES = 1500.0  # how far from its station a patrol car roams
OTHERS = "others"  # every kind without a word of its own
BRISK: Mapping[str, float] = {"patrol": 3.0, OTHERS: 20.0}  # a show that nobody waits long for
REAL: Mapping[str, float] = {"patrol": 15.0, OTHERS: 62.0}  # a crew's own: dressing and boarding
LOOKS_AGAIN = 5.0  # seconds between looks whether the way is still the best
AT_SCENE_METRES = 30.0


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit as its agency's system has it; `scene` and `order` while it is under orders."""

    id: str
    kind: str
    state: str
    station: LonLat
    order: str | None = None
    scene: LonLat | None = None
    width_m: float | None = None
    place: LonLat | None = None  # where it was seen last, by whom it goes on after a stop


@dataclass(frozen=True, slots=True)
class Habits:
    """How the crews live: seconds on a scene (from, to), how much faster than life they drive and turn out.

    `turnout` is the seconds from the order to the wheels turning, by kind; `spread` how far crews differ in it, as the
    sigma of a lognormal.
    """

    on_scene: tuple[float, float] = (60.0, 180.0)
    hurry: float = 1.0
    noise: float = 5.0
    turnout: Mapping[str, float] = field(default_factory=lambda: BRISK)
    spread: float = 0.0


class Crew:
    """One unit and its vehicle; `act` is called every second and says which step the crew tells of, if any."""

    def __init__(self, duty: Duty, roads: Callable[[], LiveRoads], habits: Habits, chance: Random) -> None:
        """At its station, or where it was seen last while it is out; doing nothing yet."""
        self.duty, self._roads, self._habits, self._chance = duty, roads, habits, chance
        out = duty.state != "available" or duty.kind in PATROLS
        self.vehicle = Vehicle((duty.place if out else None) or duty.station, chance, noise=habits.noise)
        self._goal: LonLat | None = None
        self._is_there = False  # at the end of its way: a scene off the road is no nearer by driving on
        self._turns_out_at: float | None = None
        self._clears_at: float | None = None
        self._looked_at = 0.0
        self._rests_until = chance.uniform(0, 20)

    def act(self, duty: Duty, now: float, seconds: float) -> str | None:
        """What the crew tells its agency now: `clear`, or nothing; `now` in seconds of any steady clock."""
        fresh = duty.order != self.duty.order and duty.order is not None
        if duty.state != self.duty.state or fresh:
            self._change(duty, now, fresh=fresh)
        self.duty = duty
        step = self._decide(now)
        self._is_there |= self.vehicle.drive(seconds * self._habits.hurry)
        return step

    def _change(self, duty: Duty, now: float, *, fresh: bool) -> None:
        if duty.state == "ordered" and fresh:
            self._turns_out_at = now + self._turnout(duty.kind)
            if duty.kind not in PATROLS:
                self.vehicle.stop()
        elif duty.state == "on_scene":
            self._clears_at = now + self._chance.uniform(*self._habits.on_scene)
        elif duty.state in ("clear", "available"):
            self._goal = self._clears_at = self._turns_out_at = None
            self.vehicle.stop()

    def _turnout(self, kind: str) -> float:
        habits = self._habits
        mean = habits.turnout.get(kind, habits.turnout.get(OTHERS, 0.0))
        return mean * self._chance.lognormvariate(0.0, habits.spread) / habits.hurry

    def _decide(self, now: float) -> str | None:
        duty = self.duty
        if duty.state in ("ordered", "en_route"):
            if duty.scene is not None and (self._turns_out_at is None or now >= self._turns_out_at):
                self._go(duty.scene, now, siren=True)
        elif duty.state == "on_scene":
            if self._clears_at is None:  # it was there before this play began
                self._clears_at = now + self._chance.uniform(*self._habits.on_scene)
            if now >= self._clears_at:
                self._clears_at = now + 15  # told again if nobody heard
                return "clear"
        elif duty.state == "clear":
            self._go(duty.station, now, siren=False)
        elif duty.kind in PATROLS:
            self._roam(now)
        return None

    def _roam(self, now: float) -> None:
        """A patrol car drives about its beat and stops now and then."""
        if self.vehicle.way is not None or now < self._rests_until:
            return
        self._rests_until = now + self._chance.uniform(5, 40)
        station = self.duty.station
        metres = BEAT_METRES / 111_195
        for _ in range(5):
            east, north = self._chance.uniform(-metres, metres), self._chance.uniform(-metres, metres)
            if self._set_out(LonLat(station.lon + east / 0.8, station.lat + north), siren=False):
                return

    def _go(self, goal: LonLat, now: float, *, siren: bool) -> None:
        """Drive there by the best way of the moment; looking again and again whether it has been closed since."""
        looks_again = now - self._looked_at >= LOOKS_AGAIN / self._habits.hurry
        if goal != self._goal:
            self._goal, self._looked_at, self._is_there = goal, now, False
            self._set_out(goal, siren=siren)
        elif self.vehicle.way is None:
            if not self._is_there and distance_metres(self.vehicle.at, goal) > AT_SCENE_METRES and looks_again:
                self._looked_at = now
                self._set_out(goal, siren=siren)
        elif looks_again:
            self._looked_at = now
            self._look_again(goal, siren=siren)

    def _look_again(self, goal: LonLat, *, siren: bool) -> None:
        way, roads = self.vehicle.way, self._roads()
        if way is None:
            return
        stops = (Scope.FOR_ALL,) if siren else tuple(Scope)
        closed = {link for closure in roads.closures if closure.scope in stops for link in closure.links}
        if closed.intersection(way.ahead(self.vehicle.along)):
            self._set_out(goal, siren=siren)

    def _set_out(self, goal: LonLat, *, siren: bool) -> bool:
        """Whether there is a way; it begins where the vehicle is."""
        roads = self._roads()
        here, there = self._spot(roads), roads.graph.snap(goal)
        if here is None or there is None:
            return False
        route = roads.route(here, there, emergency=siren, vehicle_width_m=self.duty.width_m)
        if route is None or len(route.line) < 2:
            return False
        self.vehicle.set_out(Way(route, roads.graph))
        self._is_there = False
        return True

    def _spot(self, roads: LiveRoads) -> Spot | None:
        heading = self.vehicle.heading if self.vehicle.speed > 1 else None
        return roads.graph.snap(self.vehicle.at, heading)
