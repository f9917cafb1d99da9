"""Where the sample city's cameras stand: corners of crossings, alleys, schools, parks, banks and gates of the city."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from random import Random

from goldentime.sim.city.layout import Plan
from goldentime.sim.city.network import Edge, Key
from goldentime.sim.city.plane import Point as Spot

_COMPASS = ("북", "북동", "동", "남동", "남", "남서", "서", "북서")
_ALL_ROUND = "360도전방면"


@dataclass(frozen=True, slots=True)
class Pole:
    """One row of the inventory to be; `direction` as 촬영방면정보 would have it, may be empty."""

    spot: Spot
    purpose: str
    cameras: int
    direction: str = ""
    megapixels: int = 200  # 만 화소


@dataclass(frozen=True, slots=True)
class Crossing:
    """A node where roads meet: the bearings of its arms, and the speed of its fastest road."""

    key: Key
    spot: Spot
    arms: tuple[float, ...]
    speed: int


def crossings_of(plan: Plan) -> list[Crossing]:
    """Every node of three arms or more, in a fixed order."""
    around: dict[Key, list[Edge]] = defaultdict(list)
    for edge in plan.network.edges:
        around[edge.a].append(edge)
        around[edge.b].append(edge)
    found = []
    for key in sorted(around):
        edges = around[key]
        if len(edges) >= 3:
            arms = tuple(sorted(_arm(key, edge) for edge in edges))
            found.append(Crossing(key, plan.network.nodes[key], arms, max(e.road.speed for e in edges)))
    return found


def _arm(key: Key, edge: Edge) -> float:
    line = edge.line if edge.a == key else edge.line[::-1]
    (ax, ay), (bx, by) = line[0], line[1]
    return degrees(atan2(bx - ax, by - ay)) % 360


def stand_poles(plan: Plan, schools: Iterable[Spot], random: Random) -> list[Pole]:
    """About 1,500 poles with about 4,500 cameras."""
    crossings = crossings_of(plan)
    poles = [
        *_corners(_spread(plan, [c for c in crossings if c.speed == 60], 95, 230, random), random),
        *_alleys(_spread(plan, [c for c in crossings if c.speed < 60], 660, 62, random), random),
        *_schools(schools, random),
        *_parks(plan, random),
        *_banks(plan, random),
        *_lone(_spread(plan, [c for c in crossings if c.speed == 30], 130, 150, random), random),
        *_roadside(_spread(plan, [c for c in crossings if c.speed >= 50], 110, 180, random), random),
    ]
    return sorted(poles, key=lambda pole: (round(pole.spot[1] / 700), pole.spot[0]))


def _spread(plan: Plan, crossings: list[Crossing], wanted: int, apart: float, random: Random) -> list[Crossing]:
    """Crossings drawn by how built up they are, none within `apart` metres of another."""
    order = sorted(crossings, key=lambda c: -((random.random() + 1e-9) ** (1 / (0.05 + plan.ground.density(*c.spot)))))
    taken: dict[tuple[int, int], list[Spot]] = defaultdict(list)
    chosen = []
    for crossing in order:
        i, j = round(crossing.spot[0] / apart), round(crossing.spot[1] / apart)
        near = (s for a in (i - 1, i, i + 1) for b in (j - 1, j, j + 1) for s in taken[a, b])
        if all(_far(crossing.spot, s) >= apart for s in near):
            taken[i, j].append(crossing.spot)
            chosen.append(crossing)
        if len(chosen) == wanted:
            break
    return chosen


def _corners(crossings: list[Crossing], random: Random) -> Iterable[Pole]:
    """A pole at each corner of a big crossing, each looking down one arm or across."""
    for number, crossing in enumerate(crossings):
        arms = crossing.arms[:4]
        purpose = "교통정보수집" if number % 3 == 0 else "생활방범"
        for arm, following in zip(arms, (*arms[1:], arms[0] + 360), strict=True):
            corner = (arm + (following - arm) / 2) % 360
            looks = arm if purpose == "교통정보수집" else (corner + 180) % 360
            yield Pole(_step(crossing.spot, corner, 17), purpose, 1, _words(looks, random), 400)


def _alleys(crossings: list[Crossing], random: Random) -> Iterable[Pole]:
    """Neighbourhood poles with a camera for each alley, their directions not on record."""
    for crossing in crossings:
        cameras = min(6, max(2, len(crossing.arms) + random.choice((0, 0, 1, 1, 2))))
        direction = _ALL_ROUND if random.random() < 0.08 else ""
        yield Pole(_step(crossing.spot, crossing.arms[0] + 40, 5), "생활방범", cameras, direction)


def _schools(schools: Iterable[Spot], random: Random) -> Iterable[Pole]:
    for school in schools:
        for gate in range(4):
            bearing = gate * 90 + random.uniform(-25, 25)
            looks = _words(bearing, random) if gate == 0 else ""
            yield Pole(
                _step(school, bearing, random.uniform(70, 130)), "어린이보호", random.choice((2, 3, 3, 4)), looks
            )


def _parks(plan: Plan, random: Random) -> Iterable[Pole]:
    for _, park in plan.parks:
        ring = park.buffer(-18)
        edge = ring.exterior if hasattr(ring, "exterior") and not ring.is_empty else park.exterior
        for step in range(8):
            at = edge.interpolate((step + random.random() * 0.5) / 8, normalized=True)
            yield Pole((at.x, at.y), "생활방범", random.choice((4, 5, 5)), _ALL_ROUND if step % 3 == 0 else "")


def _banks(plan: Plan, random: Random) -> Iterable[Pole]:
    """Along the stream, looking upstream."""
    line = plan.ground.river_line.intersection(plan.ground.outline)
    line = max(getattr(line, "geoms", [line]), key=lambda g: g.length)
    for step in range(32):
        along = (step + random.random() * 0.6) * line.length / 32
        here, up = line.interpolate(along), line.interpolate(max(0.0, along - 40))
        upstream = degrees(atan2(up.x - here.x, up.y - here.y)) % 360
        side = 90 if step % 2 else -90
        yield Pole(_step((here.x, here.y), upstream + side, 62), "재난재해", 2, _words(upstream, random))


def _lone(crossings: list[Crossing], random: Random) -> Iterable[Pole]:
    for number, crossing in enumerate(crossings):
        purpose, cameras = (("쓰레기단속", 1), ("시설물관리", 4), ("다목적", 3), ("쓰레기단속", 1))[number % 4]
        yield Pole(_step(crossing.spot, random.uniform(0, 360), 14), purpose, cameras)


def _roadside(crossings: list[Crossing], random: Random) -> Iterable[Pole]:
    """Parking enforcement, and number plates at the city's gates, both looking along the road."""
    for number, crossing in enumerate(crossings):
        arm = crossing.arms[0]
        purpose, cameras = (("교통단속", 1), ("차량방범", 2), ("교통단속", 1))[number % 3]
        direction = _words(arm, random) if number % 2 else ""
        yield Pole(_step(crossing.spot, arm, 26), purpose, cameras, direction)


def _words(bearing: float, random: Random) -> str:
    """A direction as clerks write it: a point of the compass, or degrees."""
    if random.random() < 0.25:
        return f"{round(bearing) % 360}도"
    return _COMPASS[round(bearing / 45) % 8] + random.choice(("", "", "쪽"))


def _step(spot: Spot, bearing: float, metres: float) -> Spot:
    turn = radians(bearing)
    return spot[0] + sin(turn) * metres, spot[1] + cos(turn) * metres


def _far(a: Spot, b: Spot) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
