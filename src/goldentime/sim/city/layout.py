"""How the sample city is laid out: main roads, streets and lanes, parks and neighbourhoods between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from shapely import STRtree, contains_xy, prepare
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from goldentime.sim.city import names
from goldentime.sim.city.field import StreetField
from goldentime.sim.city.ground import Ground, lay_ground
from goldentime.sim.city.network import Network, Road, join_ends, make_network
from goldentime.sim.city.plane import Point as Spot
from goldentime.sim.city.streets import Layout, Spacing, Ways, grow

_MAIN = Layout(apart=900, step=40, shortest=1500, longest=30_000)
_STREET = Layout(apart=380, step=30, shortest=450, longest=4500)
_LANE = Layout(apart=88, step=20, shortest=110, longest=1000, keep=0.92)
_LONGEST_BRIDGE = 330.0


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A legal neighbourhood: whole blocks, so that its border follows roads."""

    name: str
    code: str
    district: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole city in metres; `blocks` are what main roads and streets enclose."""

    ground: Ground
    network: Network
    blocks: tuple[Polygon, ...]
    parks: tuple[tuple[str, Polygon], ...]
    neighbourhoods: tuple[Neighbourhood, ...]

    def neighbourhoods_at(self, spots: Sequence[Spot]) -> list[Neighbourhood]:
        """The neighbourhood of each spot, the nearest one for a spot on the city's edge."""
        tree = STRtree([one.shape for one in self.neighbourhoods])
        nearest: list[int] = np.asarray(tree.nearest([Point(spot) for spot in spots])).tolist()
        return [self.neighbourhoods[i] for i in nearest]


def lay_out(random: Random) -> Plan:
    """The plan for a seed."""
    ground = lay_ground(random)
    streets, spacing = StreetField(ground, random), Spacing()
    hearts = [(c.x + 460 * c.radial, c.y) for c in ground.centres]
    mains = _mains(ground, streets, spacing, hearts, random)
    seconds = _seconds(ground, streets, spacing, mains, random)
    blocks = _blocks(ground, [*mains, *seconds])
    parks = _parks(ground, blocks, random)
    lanes = _lanes(ground, streets, spacing, (mains, seconds, parks), random)
    roads = _named(mains, seconds, lanes)
    return Plan(ground, make_network(roads), blocks, parks, _neighbourhoods(ground, blocks, random))


def _mains(
    ground: Ground, streets: StreetField, spacing: Spacing, hearts: list[Spot], random: Random
) -> list[LineString]:
    rings = [(c.x, c.y) for c in ground.centres if c.radial]

    def allowed(x: float, y: float) -> bool:
        # a ring town's middle has no direction of its own: main roads go round it
        in_the_middle = any((x - a) ** 2 + (y - b) ** 2 < 380**2 for a, b in rings)
        return bool(contains_xy(ground.outline, x, y)) and not in_the_middle

    grown = grow(Ways(streets, spacing, _MAIN, allowed), hearts, random)
    lines = [part for line in grown for part in _bridged(LineString(line), ground)]
    banks = []
    for side in (-1, 1):
        bank = ground.river_line.offset_curve(side * 130).intersection(ground.outline)
        banks += [g for g in getattr(bank, "geoms", [bank]) if g.length > 600]
        for one in banks:
            spacing.add(one.segmentize(40).coords, across=False)
    return join_ends([*banks, *lines], [], 500)


def _bridged(line: LineString, ground: Ground) -> list[LineString]:
    """The line without what would run along the river instead of over it."""
    wet = line.intersection(ground.river.buffer(100))
    along = [g for g in getattr(wet, "geoms", [wet]) if g.length > _LONGEST_BRIDGE + 200]
    dry = line.difference(unary_union(along).buffer(1)) if along else line
    return [g for g in getattr(dry, "geoms", [dry]) if g.length > 400]


def _seconds(
    ground: Ground, streets: StreetField, spacing: Spacing, mains: list[LineString], random: Random
) -> list[LineString]:
    wet = ground.river.buffer(135)
    prepare(wet)

    def allowed(x: float, y: float) -> bool:
        dry = contains_xy(ground.outline, x, y) and not contains_xy(wet, x, y)
        return bool(dry) and ground.density(x, y) > 0.2

    seeds = [(x, y) for line in mains for x, y in list(line.coords)[::9]]
    grown = grow(Ways(streets, spacing, _STREET, allowed), seeds, random)
    return join_ends([LineString(line) for line in grown], mains, 330)


def _lanes(
    ground: Ground,
    streets: StreetField,
    spacing: Spacing,
    laid: tuple[list[LineString], list[LineString], tuple[tuple[str, Polygon], ...]],
    random: Random,
) -> list[LineString]:
    mains, seconds, parks = laid
    green = unary_union([ground.river.buffer(140), *(park for _, park in parks)])
    prepare(green)

    def allowed(x: float, y: float) -> bool:
        free = contains_xy(ground.outline, x, y) and not contains_xy(green, x, y)
        return bool(free) and ground.density(x, y) > 0.3

    seeds = [(x, y) for line in (*mains, *seconds) for x, y in list(line.coords)[::3]]
    grown = grow(Ways(streets, spacing, _LANE, allowed), seeds, random)
    return join_ends([LineString(line) for line in grown], [*mains, *seconds], 75)


def _blocks(ground: Ground, lines: list[LineString]) -> tuple[Polygon, ...]:
    net = unary_union([*lines, ground.outline.exterior])
    blocks = [p for p in polygonize(net) if ground.outline.contains(p.representative_point())]
    return tuple(sorted(blocks, key=lambda p: (round(p.centroid.x), round(p.centroid.y))))


def _parks(ground: Ground, blocks: tuple[Polygon, ...], random: Random) -> tuple[tuple[str, Polygon], ...]:
    fit = [
        block
        for block in blocks
        if 25_000 < block.area < 160_000
        and not block.intersects(ground.river)
        and ground.density(block.centroid.x, block.centroid.y) > 0.35
    ]
    chosen: list[Polygon] = []
    for block in random.sample(fit, len(fit)):
        if all(block.distance(other) > 700 for other in chosen):
            chosen.append(block)
    return tuple((name, park.buffer(-14).buffer(4)) for name, park in zip(names.PARKS, chosen, strict=False))


def _neighbourhoods(ground: Ground, blocks: tuple[Polygon, ...], random: Random) -> tuple[Neighbourhood, ...]:
    """Blocks gathered around evenly spread hearts, each side of the river on its own."""
    banks: list[Polygon] = sorted(
        polygonize(unary_union([ground.outline.exterior, ground.river_line])), key=lambda p: -p.area
    )
    hearts: list[Spot] = [(c.x, c.y) for c in ground.centres]
    while len(hearts) < len(names.DONGS):
        x, y = random.uniform(-4600, 4600), random.uniform(-4000, 4000)
        if ground.outline.contains(Point(x, y)) and all((x - a) ** 2 + (y - b) ** 2 > 1100**2 for a, b in hearts):
            hearts.append((x, y))
    gathered: dict[int, list[Polygon]] = {}
    for block in blocks:
        c = block.representative_point()
        same = [i for i, h in enumerate(hearts) if _bank(banks, h) == _bank(banks, (c.x, c.y))]
        best = min(same or range(len(hearts)), key=lambda i: (hearts[i][0] - c.x) ** 2 + (hearts[i][1] - c.y) ** 2)
        gathered.setdefault(best, []).append(block)
    found = []
    for number, (heart, members) in enumerate(sorted(gathered.items())):
        bank = _bank(banks, hearts[heart])
        code = f"9911{bank + 1}{101 + number}00"
        found.append(Neighbourhood(names.DONGS[number], code, names.DISTRICTS[bank], _joined(members)))
    return tuple(found)


def _bank(banks: list[Polygon], spot: Spot) -> int:
    return min(range(min(2, len(banks))), key=lambda i: banks[i].distance(Point(spot)))


def _joined(members: list[Polygon]) -> BaseGeometry:
    joined: BaseGeometry = unary_union([m.buffer(0.05, join_style="mitre") for m in members])
    return MultiPolygon([joined]) if isinstance(joined, Polygon) else joined


def _named(mains: list[LineString], seconds: list[LineString], lanes: list[LineString]) -> list[Road]:
    """Longest first for the names; a lane is called after the nearest named road and where it leaves it."""
    big: list[Road] = []
    words = iter([f"{name}로" for name in names.ROADS] + [f"{name}길" for name in names.ROADS])
    for line in sorted(mains, key=lambda g: -g.length):
        name = next(words)
        wide = line.length > 6000
        big.append(Road(name[:-1] + "대로" if wide else name, "103" if wide else "106", 3 if wide else 2, 60, line))
    big += [Road(next(words, "가온새길"), "107", 1, 50, line) for line in sorted(seconds, key=lambda g: -g.length)]
    tree = STRtree([road.line for road in big])
    taken: set[str] = set()
    small = []
    for line in lanes:
        start = Point(line.coords[0])
        parent = big[int(np.asarray(tree.nearest(start)))]
        number = max(1, round(parent.line.project(start) / 10))
        while f"{parent.name}{number}번길" in taken:
            number += 1
        taken.add(f"{parent.name}{number}번길")
        small.append(Road(f"{parent.name}{number}번길", "107", 1, 30, line))
    return [*big, *small]
