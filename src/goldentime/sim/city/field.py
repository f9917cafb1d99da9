"""Which way streets run at each spot: grids of the new towns, rings of the old one, banks of the river, blended."""

from math import atan2, cos, floor, hypot, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray

from goldentime.sim.city.ground import Ground

_HALF = 6500.0
_STEP = 50.0

Array = NDArray[np.float64]


class StreetField:
    """Directions on a 50 m raster, kept as the cosine and sine of twice the angle so that they blend."""

    def __init__(self, ground: Ground, random: Random) -> None:
        """Blend every centre's pattern and the river's, each by its nearness."""
        axis = np.arange(-_HALF, _HALF + _STEP, _STEP)
        x, y = np.meshgrid(axis, axis)
        c = np.full_like(x, 0.02)
        s = np.zeros_like(x)
        for centre in ground.centres:
            dx, dy = x - centre.x, y - centre.y
            near = centre.weight * np.exp(-(dx**2 + dy**2) / (2 * centre.reach**2))
            turn = np.arctan2(dy, dx) if centre.radial else np.full_like(x, centre.turn)
            c += near * np.cos(2 * turn)
            s += near * np.sin(2 * turn)
        self._add_river(ground, x, y, c, s)
        wave = _smooth_noise(x.shape, random)
        turn = 0.5 * np.arctan2(s, c) + 0.22 * wave
        self._size = x.shape[0]
        self._c: list[list[float]] = np.cos(2 * turn).tolist()
        self._s: list[list[float]] = np.sin(2 * turn).tolist()

    def _add_river(self, ground: Ground, x: Array, y: Array, c: Array, s: Array) -> None:
        spots = list(ground.river_line.coords)
        for (ax, ay), (bx, by) in zip(spots[::3], spots[3::3], strict=False):
            turn = atan2(by - ay, bx - ax)
            near = 0.55 * np.exp(-((x - (ax + bx) / 2) ** 2 + (y - (ay + by) / 2) ** 2) / (2 * 260.0**2))
            c += near * cos(2 * turn)
            s += near * sin(2 * turn)

    def direction(self, x: float, y: float, *, across: bool) -> tuple[float, float]:
        """The unit vector of the streets here, or of those that cross them."""
        fx, fy = (x + _HALF) / _STEP, (y + _HALF) / _STEP
        i, j = min(max(floor(fx), 0), self._size - 2), min(max(floor(fy), 0), self._size - 2)
        u, v = fx - i, fy - j
        c = _blend(self._c, i, j, u, v)
        s = _blend(self._s, i, j, u, v)
        angle = 0.5 * atan2(s, c) + (pi / 2 if across else 0.0)
        return cos(angle), sin(angle)


def _blend(rows: list[list[float]], i: int, j: int, u: float, v: float) -> float:
    low, high = rows[j], rows[j + 1]
    return (low[i] * (1 - u) + low[i + 1] * u) * (1 - v) + (high[i] * (1 - u) + high[i + 1] * u) * v


def _smooth_noise(shape: tuple[int, ...], random: Random) -> Array:
    """A few long waves in random directions, about -1 to 1."""
    j, i = np.mgrid[0 : shape[0], 0 : shape[1]] * _STEP
    total = np.zeros(shape)
    for _ in range(7):
        angle, length, phase = random.uniform(0, 2 * pi), random.uniform(1100, 3200), random.uniform(0, 2 * pi)
        total += np.sin(2 * pi * (i * cos(angle) + j * sin(angle)) / length + phase)
    noise: Array = total / 3.2
    return noise


def unit(dx: float, dy: float) -> tuple[float, float]:
    """The vector of length one; (1, 0) for none."""
    length = hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)
