"""When a unit's own positions say that it has left for the scene, is there, or is back at its station."""

from collections.abc import Sequence
from dataclasses import dataclass

from goldentime.city.units.states import Step
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.place import LonLat, distance_metres

AT_SCENE_METRES = 40.0
AT_SCENE_SECONDS = 5.0  # passing by at 60 km/h takes 80 m and 4.8 s
LEFT_METRES = 100.0  # from where it stood when it was ordered
BACK_METRES = 60.0
BACK_SECONDS = 30.0
STANDING_KMH = 8.0  # faster than this nobody is back at a station


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of one unit on one errand; times in seconds since 1970."""

    order: str = ""
    began: LonLat | None = None
    near_since: float | None = None
    back_since: float | None = None


@dataclass(frozen=True, slots=True)
class Spotted:
    """Where a unit is at one moment; `at` in seconds since 1970."""

    place: LonLat
    at: float
    speed_kmh: float


def look_at(watch: Watch, unit: Unit, now: Spotted, goals: Sequence[LonLat]) -> tuple[Watch, Step | None]:
    """What to remember, and the step its position says it has taken; the unit's own state says whether it may.

    `goals` are the scene and the place on the road nearest to it: either will do. No goals: nothing is known of one.
    """
    order = str(unit.order or "")
    if order != watch.order:
        watch = Watch(order, now.place)
    if unit.state in (UnitState.ORDERED, UnitState.EN_ROUTE):
        return _on_the_way(watch, unit, now, goals)
    if unit.state is UnitState.CLEAR:
        return _on_the_way_back(watch, unit, now)
    return Watch(order, now.place), None


def _on_the_way(watch: Watch, unit: Unit, now: Spotted, goals: Sequence[LonLat]) -> tuple[Watch, Step | None]:
    near = any(distance_metres(now.place, goal) <= AT_SCENE_METRES for goal in goals)
    since = (watch.near_since if watch.near_since is not None else now.at) if near else None
    watch = Watch(watch.order, watch.began or now.place, since)
    if since is not None and now.at - since >= AT_SCENE_SECONDS:
        return watch, Step.ARRIVE
    if unit.state is UnitState.ORDERED and watch.began and distance_metres(now.place, watch.began) > LEFT_METRES:
        return watch, Step.DEPART
    return watch, None


def _on_the_way_back(watch: Watch, unit: Unit, now: Spotted) -> tuple[Watch, Step | None]:
    home = distance_metres(now.place, unit.station) <= BACK_METRES and now.speed_kmh <= STANDING_KMH
    since = (watch.back_since if watch.back_since is not None else now.at) if home else None
    watch = Watch(watch.order, watch.began, None, since)
    return watch, Step.RETURN if since is not None and now.at - since >= BACK_SECONDS else None
