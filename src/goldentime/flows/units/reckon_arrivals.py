"""How long each unit drives to a scene on the roads as they are now, also one whose own road is closed to all."""

from collections.abc import Sequence

import numpy as np

from goldentime.city.roads.graph import Spot
from goldentime.city.roads.live import Floats, LiveRoads
from goldentime.city.units.unit import Unit
from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text
from goldentime.flows.known_city import KnownCity
from goldentime.flows.units.find_here import Here

ROUND_ABOUT = 1.4  # a town's roads are so much longer than the straight line (Boscoe et al. 2012: 1.417)
WITHOUT_ROADS_KMH = 30.0
NO_ROADS = Text(
    "도로망에서 현장을 찾지 못해 직선거리로 어림했습니다.", "The scene is on no known road; reckoned by straight lines."
)
ALL_CLOSED = Text(
    "통제된 도로 때문에 현장까지 이어지는 길이 없어, 통제가 없을 때의 시간으로 어림했습니다.",
    "Closed roads leave no way to the scene; reckoned as if they were open.",
)
NO_WAY = Text(
    "현장까지 이어지는 길이 없어 직선거리로 어림했습니다.", "No road leads to the scene; reckoned by straight lines."
)


def seconds_to(
    city: KnownCity,
    scene: LonLat,
    heres: Sequence[Here],
    units: Sequence[Unit],
) -> tuple[list[float], Text | None]:
    """Seconds of driving to the scene from where each unit is, and in words what is not as on other days.

    A unit on no known road is reckoned by the straight line. A scene whose road is closed is driven to as near as
    roads are open, the rest by the straight line; where that leaves no unit a way, as if nothing were closed.
    """
    live = city.live_roads
    straight = np.array([_straight(scene, here.place) for here in heres], dtype=np.float64)
    own, ends = live.graph.snap(scene) if len(live.graph) else None, live.scene_spots(scene)
    if own is None or not heres:
        return straight.tolist(), NO_ROADS if own is None else None
    starts = [here.on(live.graph) for here in heres]
    is_open = ends[0].link == own.link
    seconds = straight.copy()
    for some, origins, width in _by_width(units, starts):
        ways = [
            live.times_to(end, origins, emergency=True, vehicle_width_m=width)
            + (0.0 if is_open else _straight(scene, end.place))
            for end in ends
        ]
        seconds[some] = np.min(ways, axis=0)
    if np.isfinite(seconds).any():
        return seconds.tolist(), None if is_open else _up_to(scene, ends[0])
    return _as_if_open(live, own, (units, starts), straight)


def _as_if_open(
    live: LiveRoads, own: Spot, who: tuple[Sequence[Unit], Sequence[Spot | None]], straight: Floats
) -> tuple[list[float], Text]:
    seconds = straight.copy()
    for some, origins, width in _by_width(*who):
        seconds[some] = live.times_to(own, origins, emergency=True, vehicle_width_m=width, as_if_open=True)
    if np.isfinite(seconds).any():
        return seconds.tolist(), ALL_CLOSED
    return straight.tolist(), NO_WAY


def _by_width(units: Sequence[Unit], starts: Sequence[Spot | None]) -> list[tuple[list[int], list[Spot], float | None]]:
    """The units that are on a road, those of one width together: their numbers and where they start."""
    found = []
    for width in {unit.width_m for unit in units}:
        some = [i for i, unit in enumerate(units) if unit.width_m == width and starts[i] is not None]
        origins = [start for i in some if (start := starts[i]) is not None]
        if origins:
            found.append((some, origins, width))
    return found


def _up_to(scene: LonLat, end: Spot) -> Text:
    metres = max(10, round(distance_metres(scene, end.place), -1))
    return Text(
        f"현장 앞 도로가 통제되어, 열린 도로(가장 가까운 곳은 약 {metres:.0f} m 앞)까지 간 뒤 직선거리로 어림했습니다.",
        f"The scene's own road is closed: by open roads (the nearest some {metres:.0f} m off), then the straight line.",
    )


def _straight(scene: LonLat, place: LonLat) -> float:
    return distance_metres(scene, place) * ROUND_ABOUT / (WITHOUT_ROADS_KMH / 3.6)
