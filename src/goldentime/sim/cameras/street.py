"""What the drawn street looks like: its houses, lamps and trees, by day and by night."""

from dataclasses import dataclass
from random import Random

import numpy as np

from goldentime.sim.cameras.canvas import Canvas, Colour

WIDTH, HEIGHT = 640, 360
CAMERA_METRES = 5.6
ROAD_METRES, WALK_METRES = 5.6, 9.6  # half widths: kerb, house fronts
NEAREST, FARTHEST = 6.5, 110.0
CROSSING = (13.0, 17.0)

Point3 = tuple[float, float, float]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def shade(colour: Colour, factor: float) -> Colour:
    """Darker or brighter."""
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)


@dataclass(frozen=True, slots=True)
class Scene:
    """One street: where the camera looks, and whether it is night."""

    seed: int
    night: bool
    focal: float
    vanish_x: float
    horizon: float
    fog: Colour
    dim: float

    def project(self, point: Point3) -> tuple[float, float]:
        """Pixels of (metres right, metres up, metres ahead)."""
        x, y, z = point
        z = max(z, 0.5)
        return self.vanish_x + self.focal * x / z, self.horizon + self.focal * (CAMERA_METRES - y) / z

    def scale(self, z: float) -> float:
        """Pixels a metre, at z metres ahead."""
        return self.focal / z

    def tint(self, colour: Colour, z: float) -> Colour:
        """The colour in this light, at this distance."""
        return mix(shade(colour, self.dim), self.fog, min(0.75, z / 170))

    def quad(self, canvas: Canvas, corners: tuple[Point3, ...], colour: Colour, alpha: float = 1.0) -> None:
        """A flat convex shape in the scene, in its own light."""
        canvas.polygon([self.project(corner) for corner in corners], colour, alpha)


def make_scene(seed: int, *, night: bool) -> Scene:
    """A street by its seed."""
    chance = Random(seed)  # noqa: S311  (a picture, no secret)
    fog: Colour = (26, 30, 44) if night else (196, 206, 216)
    return Scene(
        seed=seed,
        night=night,
        focal=chance.uniform(400, 470),
        vanish_x=WIDTH / 2 + chance.uniform(-70, 70),
        horizon=chance.uniform(84, 104),
        fog=fog,
        dim=0.34 if night else 1.0,
    )


def draw_ground(canvas: Canvas, scene: Scene) -> None:
    """Sky, pavements, road, its markings and the crossing."""
    top: Colour = (10, 13, 26) if scene.night else (128, 168, 214)
    share = np.clip(np.arange(HEIGHT, dtype=np.float32) / scene.horizon, 0, 1)[:, None]
    sky = np.asarray(top, np.float32) + (np.asarray(scene.fog, np.float32) - np.asarray(top, np.float32)) * share
    canvas.light[:] = sky[:, None, :]
    strips: list[tuple[float, float, Colour]] = [
        (-80, -WALK_METRES, (120, 116, 108)),
        (WALK_METRES, 80, (120, 116, 108)),
        (-WALK_METRES, -ROAD_METRES, (168, 160, 150)),
        (ROAD_METRES, WALK_METRES, (168, 160, 150)),
        (-ROAD_METRES, ROAD_METRES, (86, 88, 92)),
    ]
    depths = np.geomspace(4.0, 400.0, 22)
    for near, far in reversed(list(zip(depths[:-1], depths[1:] * 1.02, strict=True))):
        for left, right, colour in strips:
            flat = ((left, 0.0, near), (right, 0.0, near), (right, 0.0, far), (left, 0.0, far))
            scene.quad(canvas, flat, scene.tint(colour, float(near)))
    _draw_markings(canvas, scene)


def _draw_markings(canvas: Canvas, scene: Scene) -> None:
    white: Colour = (222, 222, 216)

    def stripe(x: float, half: float, span: tuple[float, float], colour: Colour) -> None:
        near, far = span
        flat = ((x - half, 0.0, near), (x + half, 0.0, near), (x + half, 0.0, far), (x - half, 0.0, far))
        scene.quad(canvas, flat, scene.tint(colour, near), 0.9)

    for side in (-1, 1):
        stripe(side * ROAD_METRES, 0.14, (4.0, 120.0), (196, 196, 190))
        stripe(side * (ROAD_METRES - 0.5), 0.07, (18.5, 120.0), (226, 190, 70))
    stripe(-0.16, 0.07, (19.0, 120.0), (226, 190, 70))
    stripe(0.16, 0.07, (19.0, 120.0), (226, 190, 70))
    for start in np.arange(19.0, 100.0, 8.0):
        for x in (-2.8, 2.8):
            stripe(x, 0.08, (float(start), float(start) + 4.0), white)
    for x in np.arange(-ROAD_METRES + 0.6, ROAD_METRES - 0.3, 1.0):
        stripe(float(x), 0.25, CROSSING, white)
    for side in (-1, 1):  # stop lines
        stripe(side * ROAD_METRES / 2, ROAD_METRES / 2 - 0.4, (18.2, 18.7), white)


def draw_houses(canvas: Canvas, scene: Scene) -> None:
    """House fronts on both sides, far ones first."""
    chance = Random(scene.seed * 7 + 1)  # noqa: S311
    fronts: list[Colour] = [
        (176, 150, 128), (148, 152, 158), (190, 180, 162), (134, 116, 104), (164, 170, 176),
        (120, 128, 140), (202, 196, 186),
    ]  # fmt: skip
    for side in (-1, 1):
        z = 5.0
        row: list[tuple[float, float, float, Colour, int]] = []
        while z < 140:
            length = chance.uniform(8, 17)
            height = chance.choice((7, 10, 13, 16, 20, 26)) * (0.8 if z < 20 else 1.0)
            row.append((z, z + length - 0.3, height, chance.choice(fronts), chance.randrange(1 << 30)))
            z += length
        for near, far, height, colour, own in reversed(row):
            _draw_house(canvas, scene, side, (near, far, height), (colour, own))


def _draw_house(
    canvas: Canvas, scene: Scene, side: int, box: tuple[float, float, float], look: tuple[Colour, int]
) -> None:
    near, far, height = box
    colour, own = look
    chance = Random(own)  # noqa: S311
    x = side * WALK_METRES
    lit = 0.78 if side > 0 else 1.0
    wall = scene.tint(shade(colour, lit), (near + far) / 2)
    scene.quad(canvas, ((x, 0, near), (x, 0, far), (x, height, far), (x, height, near)), wall)
    deep = x + side * 8
    gable = scene.tint(shade(colour, lit * 0.7), near)
    scene.quad(canvas, ((x, 0, near), (deep, 0, near), (deep, height, near), (x, height, near)), gable)
    bays = max(2, int((far - near) / 2.6))
    width = (far - near) / bays
    for floor in range(int(height / 3.1)):
        bottom = floor * 3.1
        for bay in range(bays):
            start = near + bay * width
            if floor == 0:
                _draw_shop(canvas, scene, x, (start, start + width), chance)
            else:
                spans = (start + 0.25 * width, start + 0.78 * width), (bottom + 1.0, bottom + 2.4)
                _draw_window(canvas, scene, x, spans, chance)


def _draw_window(
    canvas: Canvas, scene: Scene, x: float, spans: tuple[tuple[float, float], tuple[float, float]], chance: Random
) -> None:
    (near, far), (low, high) = spans
    flat = ((x, low, near), (x, low, far), (x, high, far), (x, high, near))
    if scene.night and chance.random() < 0.38:
        warm: Colour = chance.choice(((255, 214, 140), (240, 226, 190), (190, 214, 255)))
        scene.quad(canvas, flat, mix(warm, scene.fog, min(0.6, near / 160)))
    else:
        glass: Colour = (58, 74, 92) if chance.random() < 0.8 else (150, 172, 190)
        scene.quad(canvas, flat, scene.tint(glass, near))


def _draw_shop(canvas: Canvas, scene: Scene, x: float, span: tuple[float, float], chance: Random) -> None:
    near, far = span[0] + 0.1, span[1] - 0.1
    front = ((x, 0.2, near), (x, 0.2, far), (x, 2.3, far), (x, 2.3, near))
    sign = ((x, 2.4, near), (x, 2.4, far), (x, 3.0, far), (x, 3.0, near))
    banner: Colour = chance.choice(
        ((190, 52, 48), (36, 96, 168), (236, 178, 48), (40, 128, 84), (224, 224, 218), (92, 60, 130))
    )
    is_open = chance.random() < 0.6
    if scene.night and is_open:
        scene.quad(canvas, front, mix((236, 214, 168), scene.fog, min(0.6, near / 160)))
        scene.quad(canvas, sign, mix(banner, scene.fog, min(0.5, near / 180)))
    else:
        scene.quad(canvas, front, scene.tint((70, 80, 88), near))
        scene.quad(canvas, sign, scene.tint(banner, near))


def draw_lamp(canvas: Canvas, scene: Scene, side: int, z: float) -> None:
    """A street lamp at the kerb; it shines at night."""
    x = side * (ROAD_METRES + 0.5)
    steel: Colour = scene.tint((92, 96, 100), z)
    scene.quad(canvas, ((x - 0.07, 0, z), (x + 0.07, 0, z), (x + 0.05, 7.6, z), (x - 0.05, 7.6, z)), steel)
    arm = x - side * 1.9
    scene.quad(canvas, ((x, 7.5, z), (x, 7.65, z), (arm, 7.85, z), (arm, 7.72, z)), steel)
    if scene.night:
        centre = scene.project((arm, 7.7, z))
        size = scene.scale(z)
        canvas.glow(centre, 2.6 * size, (255, 214, 150), 0.55)
        canvas.ellipse(centre, (0.3 * size, 0.12 * size), (255, 240, 205))


def light_pool(canvas: Canvas, scene: Scene, side: int, z: float) -> None:
    """What a lamp lights on the ground."""
    x, y = scene.project((side * 4.0, 0.0, z))
    reach = scene.scale(z) * 5.5
    for part in (1.0, 0.6):
        canvas.glow((x, y), reach * part, (70, 58, 38), 0.5)


def draw_tree(canvas: Canvas, scene: Scene, side: int, z: float, seed: int) -> None:
    """A tree on the pavement, its crown of many leaves of light."""
    chance = Random(seed)  # noqa: S311
    x = side * (ROAD_METRES + 1.1)
    scene.quad(
        canvas, ((x - 0.14, 0, z), (x + 0.14, 0, z), (x + 0.1, 3.0, z), (x - 0.1, 3.0, z)), scene.tint((84, 66, 50), z)
    )
    size = scene.scale(z)
    for _ in range(26):
        cx, cy = x + chance.gauss(0, 0.75), 4.1 + chance.gauss(0, 0.7)
        green = shade((74, 112, 62), chance.uniform(0.65, 1.25))
        radius = chance.uniform(0.35, 0.75) * size
        canvas.ellipse(scene.project((cx, cy, z)), (radius, radius * 0.85), scene.tint(green, z), 0.85)
