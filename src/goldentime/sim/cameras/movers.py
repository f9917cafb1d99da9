"""Who moves in the drawn street, and that everyone is back where he began when the loop closes."""

from dataclasses import dataclass
from math import pi, sin
from random import Random

from goldentime.sim.cameras.canvas import Canvas, Colour
from goldentime.sim.cameras.street import CROSSING, FARTHEST, NEAREST, ROAD_METRES, WALK_METRES, Scene, mix, shade

_PAINTS: tuple[Colour, ...] = (
    (232, 232, 230), (40, 42, 46), (168, 172, 178), (150, 30, 34), (32, 62, 124), (226, 226, 222),
    (96, 100, 106), (238, 152, 36),
)  # fmt: skip
_CLOTHES: tuple[Colour, ...] = (
    (44, 52, 80), (160, 44, 48), (62, 96, 70), (196, 180, 150), (70, 70, 76), (212, 206, 198),
    (110, 70, 120), (226, 170, 60),
)  # fmt: skip
_SKIN: Colour = (214, 174, 146)
_SPAN = FARTHEST - NEAREST


@dataclass(frozen=True, slots=True)
class Car:
    """A car in its lane; drives right, so the right half goes away."""

    x: float
    away: bool
    start: float
    laps: int
    paint: Colour
    bus: bool

    def depth(self, share: float) -> float:
        """Metres ahead, at this share of the loop."""
        way = (self.start + self.laps * share) % 1.0
        return NEAREST + _SPAN * (way if self.away else 1 - way)

    def draw(self, canvas: Canvas, scene: Scene, share: float) -> None:
        """The body as a box, a cabin on it, glass, wheels, lamps and a shadow."""
        z = self.depth(share)
        length, half, sill, roof = (9.5, 1.22, 0.5, 3.0) if self.bus else (4.3, 0.9, 0.32, 0.95)
        back = z + length
        x0, x1 = self.x - half, self.x + half
        shadow = ((x0 - 0.25, 0, z - 0.2), (x1 + 0.25, 0, z - 0.2), (x1 + 0.25, 0, back), (x0 - 0.25, 0, back))
        scene.quad(canvas, shadow, (16, 17, 20), 0.5)
        _box(canvas, scene, (x0, x1, sill, roof, z, back), self.paint)
        for wheel in (z + 0.9, back - 0.9):
            inner = x1 if self.x < 0 else x0
            cx, cy = scene.project((inner, 0.32, wheel))
            size = scene.scale(wheel)
            canvas.ellipse((cx, cy), (0.2 * size, 0.33 * size), scene.tint((24, 24, 26), wheel))
        glass = scene.tint((46, 58, 70), z)
        if self.bus:
            face = ((x0 + 0.15, 1.5, z), (x1 - 0.15, 1.5, z), (x1 - 0.15, 2.7, z), (x0 + 0.15, 2.7, z))
            scene.quad(canvas, face, glass)
        else:
            _box(canvas, scene, (x0 + 0.12, x1 - 0.12, 0.95, 1.45, z + 0.95, back - 0.7), self.paint)
            slope = (
                (x0 + 0.16, 0.97, z + 0.55), (x1 - 0.16, 0.97, z + 0.55), (x1 - 0.26, 1.42, z + 1.0),
                (x0 + 0.26, 1.42, z + 1.0),
            )  # fmt: skip
            scene.quad(canvas, slope, glass)
        self._draw_lamps(canvas, scene, z)

    def _draw_lamps(self, canvas: Canvas, scene: Scene, z: float) -> None:
        size = scene.scale(z)
        colour: Colour = (226, 44, 36) if self.away else (255, 246, 222)
        for side in (-0.62, 0.62):
            centre = scene.project((self.x + side, 0.72, z))
            canvas.ellipse(
                centre, (0.17 * size, 0.1 * size), colour if scene.night else mix(colour, (120, 120, 120), 0.3)
            )
            if scene.night:
                canvas.glow(centre, (0.7 if self.away else 1.7) * size, colour, 0.5)
        if scene.night and not self.away:
            x, y = scene.project((self.x, 0, max(NEAREST, z - 5)))
            canvas.glow((x, y), 3.2 * size, (96, 92, 78), 0.6)


def _box(canvas: Canvas, scene: Scene, box: tuple[float, float, float, float, float, float], paint: Colour) -> None:
    x0, x1, low, high, near, far = box
    top = ((x0, high, near), (x1, high, near), (x1, high, far), (x0, high, far))
    scene.quad(canvas, top, scene.tint(shade(paint, 1.06), near))
    inner = x1 if x1 < 0 else x0 if x0 > 0 else None
    if inner is not None:
        side = ((inner, low, near), (inner, low, far), (inner, high, far), (inner, high, near))
        scene.quad(canvas, side, scene.tint(shade(paint, 0.72), near))
    face = ((x0, low, near), (x1, low, near), (x1, high, near), (x0, high, near))
    scene.quad(canvas, face, scene.tint(shade(paint, 0.88), near))


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who comes out of one door and goes in at another, once a loop."""

    begins: float
    path: tuple[tuple[float, float], ...]
    shirt: Colour
    trousers: Colour
    tall: float
    steps: int

    def place(self, share: float) -> tuple[float, float]:
        """(metres right, metres ahead), at this share of the loop."""
        way = (share + self.begins) % 1.0
        legs = list(zip(self.path[:-1], self.path[1:], strict=True))
        lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in legs]
        left = way * sum(lengths)
        for (a, b), length in zip(legs, lengths, strict=True):
            if left <= length:
                part = left / length if length else 0.0
                return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
            left -= length
        return self.path[-1]

    def depth(self, share: float) -> float:
        """Metres ahead, at this share of the loop."""
        return self.place(share)[1]

    def draw(self, canvas: Canvas, scene: Scene, share: float) -> None:
        """Legs and arms that swing, a body, a head and a shadow."""
        x, z = self.place(share)
        swing = sin(2 * pi * self.steps * share) * 0.2
        size, tall = scene.scale(z), self.tall
        foot = scene.project((x, 0, z))
        canvas.ellipse(foot, (0.34 * size, 0.1 * size), (18, 19, 22), 0.45)
        hip, neck = 0.86 * tall / 1.7, 1.42 * tall / 1.7

        def limb(top: tuple[float, float], low: tuple[float, float], half: float, colour: Colour) -> None:
            flat = (
                (x + top[0] - half, top[1], z), (x + top[0] + half, top[1], z),
                (x + low[0] + half * 0.8, low[1], z), (x + low[0] - half * 0.8, low[1], z),
            )  # fmt: skip
            scene.quad(canvas, flat, scene.tint(colour, z))

        limb((-0.08, hip), (-0.08 - swing, 0.03), 0.09, shade(self.trousers, 0.8))
        limb((0.08, hip), (0.08 + swing, 0.03), 0.09, self.trousers)
        limb((-0.23, neck - 0.05), (-0.25 + swing, hip), 0.06, shade(self.shirt, 0.8))
        limb((0.0, neck), (0.0, hip - 0.05), 0.21, self.shirt)
        limb((0.23, neck - 0.05), (0.25 - swing, hip), 0.06, shade(self.shirt, 0.9))
        head = scene.project((x, neck + 0.15, z))
        canvas.ellipse(head, (0.11 * size, 0.15 * size), scene.tint(_SKIN, z))
        crown = scene.project((x, neck + 0.22, z))
        canvas.ellipse(crown, (0.115 * size, 0.1 * size), scene.tint((40, 32, 28), z))


def make_movers(scene: Scene) -> list[Car | Walker]:
    """The traffic and the people of a scene, by its seed."""
    chance = Random(scene.seed * 13 + 5)  # noqa: S311  (a picture, no secret)
    movers: list[Car | Walker] = []
    for x, away in ((-4.1, False), (-1.5, False), (1.5, True), (4.1, True)):
        laps = chance.choice((1, 1, 2)) if abs(x) < 2 else 1
        first = chance.random()
        for index in range(chance.choice((1, 2, 2))):
            bus = abs(x) > 3 and chance.random() < 0.22
            movers.append(Car(x, away, (first + 0.42 * index) % 1.0, laps, chance.choice(_PAINTS), bus))
    movers.extend(_make_walker(chance) for _ in range(chance.randrange(7, 11)))
    return movers


def _make_walker(chance: Random) -> Walker:
    side = chance.choice((-1, 1))
    lane = side * chance.uniform(ROAD_METRES + 1.2, WALK_METRES - 0.8)
    door = side * (WALK_METRES + 0.4)
    path: tuple[tuple[float, float], ...]
    if chance.random() < 0.3:
        z = chance.uniform(CROSSING[0] + 0.4, CROSSING[1] - 0.4)
        path = ((door, z), (-door, z))
    else:
        start = chance.uniform(10, 46)
        end = start + chance.choice((-1, 1)) * chance.uniform(8, 11)
        end = max(9.0, end)
        path = ((door, start), (lane, start), (lane, end), (door, end))
    return Walker(
        begins=chance.random(),
        path=path,
        shirt=chance.choice(_CLOTHES),
        trousers=chance.choice(((40, 44, 56), (60, 62, 66), (92, 84, 72), (34, 34, 38))),
        tall=chance.uniform(1.52, 1.84),
        steps=chance.randrange(15, 20),
    )
