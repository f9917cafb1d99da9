"""How one loop of the drawn street is made, picture by picture."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from goldentime.sim.cameras.canvas import Canvas
from goldentime.sim.cameras.lettering import burn_in
from goldentime.sim.cameras.movers import make_movers
from goldentime.sim.cameras.street import (
    HEIGHT,
    WIDTH,
    draw_ground,
    draw_houses,
    draw_lamp,
    draw_tree,
    light_pool,
    make_scene,
)

FILM_VERSION = 3  # raise when the drawing changes, so that kept loops are made anew
_LAMPS = ((-1, 16.0), (1, 26.0), (-1, 38.0), (1, 52.0), (-1, 68.0), (1, 84.0))
_TREES = ((1, 18.0), (-1, 24.0), (1, 34.0), (-1, 31.0), (1, 44.0), (-1, 50.0), (1, 62.0), (-1, 60.0))


def draw_film(seed: int, *, night: bool, frames: int) -> Iterator[NDArray[np.uint8]]:
    """(360, 640, 3) pictures whose last is followed by the first without a jump."""
    scene = make_scene(seed, night=night)
    ground = Canvas(WIDTH, HEIGHT)
    draw_ground(ground, scene)
    if night:
        for side, z in _LAMPS:
            light_pool(ground, scene, side, z)
    draw_houses(ground, scene)
    movers = make_movers(scene)
    noise = np.random.default_rng(seed)
    grain = [noise.normal(0, 3.2 if night else 1.8, (HEIGHT, WIDTH, 1)).astype(np.float32) for _ in range(5)]
    for index in range(frames):
        share = index / frames
        canvas = Canvas(WIDTH, HEIGHT, ground.light)
        drawn: list[tuple[float, Callable[[], None]]] = [
            (mover.depth(share), partial(mover.draw, canvas, scene, share)) for mover in movers
        ]
        drawn += [(z, partial(draw_lamp, canvas, scene, side, z)) for side, z in _LAMPS]
        drawn += [(z, partial(draw_tree, canvas, scene, side, z, int(z) + seed)) for side, z in _TREES]
        for _, draw in sorted(drawn, key=lambda pair: -pair[0]):
            draw()
        canvas.light += grain[index % len(grain)]
        picture = canvas.to_picture()
        burn_in(picture, f"SIM {seed:02d} {'NIGHT' if night else 'DAY'}", left=12, top=HEIGHT - 26)
        yield picture
