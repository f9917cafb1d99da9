"""What a crew needs near a scene: water within reach of a hose, and emergency rooms by driving time."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

import numpy as np

from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.closures import Closure
from goldentime.core.clock import monotonic
from goldentime.core.place import LonLat, bearing_degrees, distance_metres
from goldentime.flows.known_city import KnownCity

WATER_METRES, MOST_WATER = 300.0, 5  # hose laid by hand: 15 lengths of 20 m
MOST_HOSPITALS = 4
FOUND_ANEW_S = 20.0
MOST_SCENES = 1000
BUILDING_METRES = 40.0  # a building's point is its middle, a report's often its door


@dataclass(frozen=True, slots=True)
class Near:
    """A place at the scene: metres from it and degrees from north; for a hospital seconds of driving instead."""

    place: Place
    metres: float
    bearing: float
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Water:
    """The hydrants `near` a scene; with none of them the nearest `beyond`, None too when the city has `listed` none."""

    near: tuple[Near, ...]
    beyond: Near | None
    listed: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What was found near one scene, from which list of places, around which closures, when (monotonic seconds)."""

    places: Sequence[Place]
    closures: tuple[Closure, ...]
    found_at: float
    building: Near | None
    water: Water
    hospitals: tuple[Near, ...]


class Surroundings:
    """Remembers what is near the scenes that crews are driving to: it is asked every two seconds and hardly changes."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: OrderedDict[LonLat, Around] = OrderedDict()

    def around(self, city: KnownCity, scene: LonLat) -> Around:
        """Found anew after an import or a closure, and as often as speeds may have changed who is nearest by time."""
        known, now = self._known.get(scene), monotonic()
        places, closures = city.places, city.live_roads.closures
        is_same = known is not None and known.places is places and known.closures == closures
        if known is None or not is_same or now - known.found_at > FOUND_ANEW_S:
            found = find_building(places, scene), find_water(places, scene), find_hospitals(city, scene)
            known = self._known[scene] = Around(places, closures, now, *found)
        self._known.move_to_end(scene)
        while len(self._known) > MOST_SCENES:
            self._known.popitem(last=False)
        return known


def find_water(places: Sequence[Place], scene: LonLat) -> Water:
    """The hydrants within reach of hose laid by hand, nearest first; where there is none, how far one is."""
    hydrants = [one for one in places if one.kind is PlaceKind.HYDRANT]
    around = [
        _near(one, scene)
        for one in hydrants
        if abs(one.place.lat - scene.lat) < 0.01 and abs(one.place.lon - scene.lon) < 0.01
    ]
    inside = [one for one in around if one.metres <= WATER_METRES]
    near = tuple(sorted(inside, key=lambda one: (one.metres, one.place.id))[:MOST_WATER])
    if near or not hydrants:
        return Water(near, None, listed=bool(hydrants))
    shrink = cos(radians(scene.lat))  # so many degrees of latitude is one of longitude: enough to find which is nearest

    def far(one: Place) -> float:
        return hypot((one.place.lon - scene.lon) * shrink, one.place.lat - scene.lat)

    return Water((), _near(min(hydrants, key=lambda one: (far(one), one.id)), scene), listed=True)


def find_building(places: Sequence[Place], scene: LonLat) -> Near | None:
    """The building the scene is at, as far as the city's list tells: the nearest whose point is close."""
    near = [
        _near(one, scene) for one in places if one.kind is PlaceKind.BUILDING and abs(one.place.lat - scene.lat) < 0.001
    ]
    inside = [one for one in near if one.metres <= BUILDING_METRES]
    return min(inside, key=lambda one: (one.metres, one.place.id), default=None)


def find_hospitals(city: KnownCity, scene: LonLat) -> tuple[Near, ...]:
    """Emergency rooms by driving from the scene, the quickest first; the nearest three times as many are asked."""
    rooms = [one for one in city.places if one.kind is PlaceKind.EMERGENCY_ROOM]
    rooms.sort(key=lambda one: (distance_metres(scene, one.place), one.id))
    start = city.graph.snap(scene) if len(city.graph) else None
    found = []
    for room in rooms[: 3 * MOST_HOSPITALS]:
        door = city.graph.snap(room.place) if start is not None else None
        route = city.live_roads.route(start, door, emergency=True) if start is not None and door is not None else None
        metres, bearing = distance_metres(scene, room.place), bearing_degrees(scene, room.place)
        found.append(Near(room, metres, bearing, route.seconds if route else None))
    known = [one.seconds if one.seconds is not None else np.inf for one in found]
    return tuple(found[at] for at in np.lexsort(([one.metres for one in found], known))[:MOST_HOSPITALS])


def _near(one: Place, scene: LonLat) -> Near:
    return Near(one, distance_metres(scene, one.place), bearing_degrees(scene, one.place))
