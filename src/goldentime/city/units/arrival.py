"""When a unit's own positions say that it has left for the scene, is there, or is back at its station."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from goldentime.city.units.states import Step
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.place import LonLat, distance_metres

AT_SCENE_METRES = 40.0
GONE_METRES = 60.0  # from the scene; at the edge of its circle a fix wanders in and out
AT_SCENE_SECONDS = 5.0  # passing by at 60 km/h takes 80 m and 4.8 s
LEFT_METRES = 100.0  # from where it stood when it was ordered
BACK_METRES = 60.0
BACK_SECONDS = 30.0
STANDING_KMH = 8.0  # faster than this nobody is back at a station


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of one unit on one errand; times in seconds since 1970.

    `began` is where it stood when it was ordered. `no_arrival` and `no_departure`: a person has taken that step back,
    so it is not seen again until the unit has left the scene, or has been back where it stood.
    """

    order: str = ""
    began: LonLat | None = None
    near_since: float | None = None
    back_since: float | None = None
    no_arrival: bool = False
    no_departure: bool = False


@dataclass(frozen=True, slots=True)
class Spotted:
    """Where a unit is at one moment; `at` in seconds since 1970."""

    place: LonLat
    at: float
    speed_kmh: float


def look_at(
    watch: Watch, unit: Unit, now: Spotted, goals: Sequence[LonLat], *, taken_back: bool = False
) -> tuple[Watch, Step | None]:
    """What to remember, and the step its position says it has taken; the unit's own state says whether it may.

    `goals` are the scene and the place on the road nearest to it: either will do. No goals: nothing is known of one.
    `taken_back`: a person has taken the unit back into the state it is in.
    """
    order = str(unit.order or "")
    if order != watch.order:
        # where it stood when it was ordered an earlier run knew: the likeliest place is its station
        watch = Watch(order, unit.station if taken_back else now.place)
    if unit.state in (UnitState.ORDERED, UnitState.EN_ROUTE):
        if taken_back:
            departed = unit.state is not UnitState.ORDERED
            watch = replace(watch, near_since=None, no_arrival=True, no_departure=watch.no_departure or not departed)
        return _on_the_way(watch, unit, now, goals)
    if unit.state is UnitState.CLEAR:
        return _on_the_way_back(watch, unit, now)
    return Watch(order, now.place), None


def _on_the_way(watch: Watch, unit: Unit, now: Spotted, goals: Sequence[LonLat]) -> tuple[Watch, Step | None]:
    began = watch.began or now.place
    off = [distance_metres(now.place, goal) for goal in goals]
    no_arrival = watch.no_arrival and min(off, default=0.0) <= GONE_METRES
    has_left = distance_metres(now.place, began) > LEFT_METRES
    near = not no_arrival and min(off, default=inf) <= AT_SCENE_METRES
    since = (watch.near_since if watch.near_since is not None else now.at) if near else None
    no_departure = watch.no_departure and has_left
    watch = Watch(watch.order, began, since, None, no_arrival, no_departure)
    if since is not None and now.at - since >= AT_SCENE_SECONDS:
        return watch, Step.ARRIVE
    if unit.state is UnitState.ORDERED and has_left and not no_departure:
        return watch, Step.DEPART
    return watch, None


def _on_the_way_back(watch: Watch, unit: Unit, now: Spotted) -> tuple[Watch, Step | None]:
    home = distance_metres(now.place, unit.station) <= BACK_METRES and now.speed_kmh <= STANDING_KMH
    since = (watch.back_since if watch.back_since is not None else now.at) if home else None
    watch = Watch(watch.order, watch.began, None, since)
    return watch, Step.RETURN if since is not None and now.at - since >= BACK_SECONDS else None
