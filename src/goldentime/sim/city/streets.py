"""How streets grow: evenly spaced lines along the field, main roads first, lanes between them last."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor, hypot
from random import Random

from goldentime.sim.city.field import StreetField
from goldentime.sim.city.plane import Point

_CELL = 60.0

Allowed = Callable[[float, float], bool]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one class of road is laid: spacing, step, shortest and longest line, all in metres."""

    apart: float
    step: float
    shortest: float
    longest: float
    keep: float = 1.0  # the share of lines kept


@dataclass(slots=True)
class Spacing:
    """Remembers where lines of each family run, so that new ones keep their distance."""

    cells: dict[tuple[bool, int, int], list[Point]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: Iterable[Point], *, across: bool) -> None:
        """Remember a line."""
        for x, y in line:
            self.cells[across, floor(x / _CELL), floor(y / _CELL)].append((x, y))

    def is_near(self, x: float, y: float, distance: float, *, across: bool) -> bool:
        """Whether a line of the same family runs within a distance."""
        reach = int(distance // _CELL) + 1
        i, j, square = floor(x / _CELL), floor(y / _CELL), distance * distance
        for a in range(i - reach, i + reach + 1):
            for b in range(j - reach, j + reach + 1):
                for px, py in self.cells.get((across, a, b), ()):
                    if (px - x) ** 2 + (py - y) ** 2 < square:
                        return True
        return False


@dataclass(frozen=True, slots=True)
class Ways:
    """What growing lines go by: the field, the lines already there, the layout, and where lines may run."""

    streets: StreetField
    spacing: Spacing
    layout: Layout
    allowed: Allowed


def grow(ways: Ways, seeds: Iterable[Point], random: Random) -> list[list[Point]]:
    """New lines of both families from the seeds outward; `ways.spacing` remembers them."""
    lines = []
    layout, spacing = ways.layout, ways.spacing
    queue = deque((x, y, across) for x, y in seeds for across in (False, True))
    while queue:
        x, y, across = queue.popleft()
        if not ways.allowed(x, y) or spacing.is_near(x, y, layout.apart * 0.9, across=across):
            continue
        line = _trace(ways, (x, y), across=across)
        if _length(line) < layout.shortest:
            continue
        spacing.add(line, across=across)
        if random.random() < layout.keep:
            lines.append(line)
        queue.extend(_beside(line, layout, across=across, random=random))
    return lines


def _trace(ways: Ways, start: Point, *, across: bool) -> list[Point]:
    dx, dy = ways.streets.direction(*start, across=across)
    onward, back = (_walk(ways, start, (dx * sign, dy * sign), across=across) for sign in (1.0, -1.0))
    return [*reversed(back), start, *onward]


def _walk(ways: Ways, start: Point, heading: Point, *, across: bool) -> list[Point]:
    """Points onward from the start until the ground, another line or the longest length ends it."""
    (x, y), (dx, dy), layout = start, heading, ways.layout
    points: list[Point] = []
    for _ in range(int(layout.longest / 2 / layout.step)):
        mx, my = _along(ways.streets, x + dx * layout.step / 2, y + dy * layout.step / 2, (dx, dy), across=across)
        x, y, dx, dy = x + mx * layout.step, y + my * layout.step, mx, my
        if not ways.allowed(x, y) or ways.spacing.is_near(x, y, layout.apart * 0.55, across=across):
            break
        if _is_beside_itself(points, x, y, layout):
            break
        points.append((x, y))
    return points


def _is_beside_itself(points: list[Point], x: float, y: float, layout: Layout) -> bool:
    """Whether the line winds back beside itself, as it would around a ring town's middle."""
    older = points[: -round(2 * layout.apart / layout.step)]
    near = (layout.apart * 0.5) ** 2
    return any((x - a) ** 2 + (y - b) ** 2 < near for a, b in older)


def _along(streets: StreetField, x: float, y: float, heading: Point, *, across: bool) -> Point:
    dx, dy = streets.direction(x, y, across=across)
    return (dx, dy) if dx * heading[0] + dy * heading[1] >= 0 else (-dx, -dy)


def _beside(line: list[Point], layout: Layout, *, across: bool, random: Random) -> Iterable[tuple[float, float, bool]]:
    """Seeds one spacing away on both sides, and on the line itself for the crossing family."""
    every = max(1, round(layout.apart / layout.step))
    for index in range(random.randrange(every), len(line) - 1, every):
        (ax, ay), (bx, by) = line[index], line[index + 1]
        length = hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / length, (bx - ax) / length
        apart = layout.apart * random.uniform(0.95, 1.25)
        yield ax + nx * apart, ay + ny * apart, across
        yield ax - nx * apart, ay - ny * apart, across
        yield ax, ay, not across


def _length(line: list[Point]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))
