"""How much a camera adds to those already chosen: the arithmetic of coverage, greedy and exact."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras.compiled import compiled
from goldentime.city.cameras.search import Floats, Ints

# Columns of one camera's row, here and nowhere else: numba's disk cache does not notice other files' constants.
EAST, NORTH, COS_HALF, REACH, SHARE, SHARPNESS, FADE, CIRCLE = range(8)
COLUMNS = 8

# What the pictures together are worth: seeing the scene, from all sides, with its approaches; and being near.
SCENE, SIDE, ARM, NEAR = 0.35, 0.40, 0.20, 0.05
ONE_SIDE = 0.2501  # the part of all sides that one sure view covers
SAME_POLE = 0.82  # a blocked, broken or cut pole loses all its views at once
POLE_METRES = 8.0
NEAR_METRES = 150.0
FAR_ARM = 80.0
WORTH_SAYING = 0.15  # the part of an approach that a camera must add to be praised for it
ROUNDING = 1.0 + 1e-9  # a bound may fall short by the last bits

# Cameras already on the tiles only cover; then those that work are taken, then those without a stream address.
SHOWN_WORKING, SHOWN_WITHOUT_STREAM, WORKING, WITHOUT_STREAM, NEVER = range(5)

# Columns of a pick's parts; the last is the arm it adds most to, -1 when it adds to none.
P_SCENE, P_SIDES, P_ARMS, P_NEAR, P_PURPOSE, P_POLE, P_TOTAL, P_ARM = range(8)
PARTS = 8


@compiled
def _clear(row: Floats, squared: float, blur: float) -> float:
    """How well a point shows at a squared distance: 1 at the lens, a half at the camera's reach."""
    reach = row[REACH] * row[SHARPNESS]
    return float(row[SHARE] / (1.0 + (squared + blur * blur) / (reach * reach)))


@compiled
def _chance(row: Floats, dx: float, dy: float, blur: float) -> float:
    """Chance that the camera shows a point dx, dy metres from it, well enough to tell what happens."""
    squared = dx * dx + dy * dy
    clear = _clear(row, squared, blur)
    distance = sqrt(squared)
    if distance < 1.0:
        return clear
    inside = (dx * row[EAST] + dy * row[NORTH]) / distance - row[COS_HALF]
    if inside >= 0.0:
        return clear
    return float(clear * max(0.0, 1.0 + inside / (row[FADE] + blur / (distance + blur))))


@compiled
def _side(sides: Floats, s: int, x: float, y: float) -> float:
    """How squarely a camera at x, y looks at side s: the squared cosine, 0 from behind."""
    toward = x * sides[s, 0] + y * sides[s, 1]
    if toward <= 0.0:
        return 0.0
    return float(toward * toward / (x * x + y * y))


@compiled
def _adds(chance: float, earlier: float) -> float:
    """The part of what is missing that a chance covers, when `earlier` cameras of its site took theirs before.

    Cameras that share a circle exclude one another: together they cover (earlier + 1) times the chance.
    """
    return chance / (1.0 - earlier * chance)


@compiled
def _gain(  # noqa: PLR0913, PLR0917  (compiled code takes plain arrays and numbers)
    row: Floats,
    x: float,
    y: float,
    blur: float,
    earlier: float,
    sides: Floats,
    arms: Floats,
    missing: Floats,
    parts: Floats,
) -> float:
    """What the camera adds to what is `missing` (scene, sides, arms in a row), its parts written into `parts`."""
    chance = _chance(row, -x, -y, blur)
    seen = 0.0
    for s in range(sides.shape[0]):
        seen += missing[1 + s] * _adds(chance * _side(sides, s, x, y), earlier)
    covered = 0.0
    first = 1 + sides.shape[0]
    for a in range(arms.shape[0]):
        shown = _chance(row, arms[a, 0] - x, arms[a, 1] - y, blur)
        covered += arms[a, 2] * missing[first + a] * _adds(shown, earlier)
    parts[P_SCENE] = SCENE * missing[0] * _adds(chance, earlier)
    parts[P_SIDES] = SIDE * seen / sides.shape[0]
    parts[P_ARMS] = ARM * covered
    parts[P_NEAR] = NEAR / (1.0 + (x * x + y * y) / (NEAR_METRES * NEAR_METRES))
    return float(parts[P_SCENE] + parts[P_SIDES] + parts[P_ARMS] + parts[P_NEAR])


@compiled
def _most(row: Floats, x: float, y: float, blur: float) -> float:
    """No less than the camera can ever add, without looking at sides and arms."""
    beside = max(0.0, sqrt(x * x + y * y) - FAR_ARM)
    near = NEAR / (1.0 + (x * x + y * y) / (NEAR_METRES * NEAR_METRES))
    chance = _chance(row, -x, -y, blur)
    return float((SCENE + SIDE * ONE_SIDE) * chance + ARM * _clear(row, beside * beside, blur) + near + 1e-9)


@compiled
def _take(  # noqa: PLR0913, PLR0917  (the same)
    row: Floats, x: float, y: float, blur: float, earlier: float, sides: Floats, arms: Floats, missing: Floats
) -> int:
    """Mark as covered what the camera shows; the arm it adds most to, -1 for none worth saying."""
    chance = _chance(row, -x, -y, blur)
    missing[0] *= 1.0 - _adds(chance, earlier)
    for s in range(sides.shape[0]):
        missing[1 + s] *= 1.0 - _adds(chance * _side(sides, s, x, y), earlier)
    first = 1 + sides.shape[0]
    best, most, added = -1, WORTH_SAYING * 3.0 / max(arms.shape[0], 3), 0.0
    for a in range(arms.shape[0]):
        shown = _adds(_chance(row, arms[a, 0] - x, arms[a, 1] - y, blur), earlier)
        added = (0.0 if a % 3 == 0 else added) + arms[a, 2] * missing[first + a] * shown
        missing[first + a] *= 1.0 - shown
        if a % 3 == 2 and added > most:
            best, most = a // 3, added
    return best


@compiled
def choose(  # noqa: C901, PLR0912, PLR0913, PLR0917  (one loop reads better whole than cut at its variables)
    found: Ints,
    xs: Floats,
    ys: Floats,
    rows: Floats,
    order: Ints,
    site: Ints,
    phase: NDArray[np.int64],
    weight: Floats,
    sides: Floats,
    arms: Floats,
    blur: float,
    wanted: int,
) -> tuple[Ints, Floats]:
    """Positions among the found of up to `wanted` picks, best first, and their parts `(k, PARTS)`.

    Lazy greedy: what a camera added before bounds what it can add now, so most are looked at once or never.
    """
    count = found.size
    missing = np.ones(1 + sides.shape[0] + arms.shape[0])
    pole = np.ones(count)
    earlier = np.zeros(count)
    bounds = np.empty(count)
    for i in range(count):
        bounds[i] = weight[i] * _most(rows[found[i]], xs[i], ys[i], blur)
    taken = np.zeros(count, np.bool_)
    parts = np.empty(PARTS)
    best_parts = np.empty(PARTS)
    picks = np.empty(wanted, np.int64)
    all_parts = np.empty((wanted, PARTS))
    n = 0
    for step in range(NEVER):
        while step < WORKING or n < wanted:
            start = -1
            for i in range(count):
                if phase[i] == step and not taken[i] and (start < 0 or bounds[i] > bounds[start]):
                    start = i
            if start < 0:
                break
            best, most = -1, -1.0
            for j in range(-1, count):
                i = start if j < 0 else j
                if j == start or phase[i] != step or taken[i] or bounds[i] * ROUNDING < most:
                    continue
                gain = (
                    _gain(rows[found[i]], xs[i], ys[i], blur, earlier[i], sides, arms, missing, parts)
                    * weight[i]
                    * pole[i]
                )
                bounds[i] = gain
                if gain > most or (gain == most and order[found[i]] < order[found[best]]):
                    best, most = i, gain
                    best_parts[:] = parts
            taken[best] = True
            arm = _take(rows[found[best]], xs[best], ys[best], blur, earlier[best], sides, arms, missing)
            if step >= WORKING:
                best_parts[P_PURPOSE], best_parts[P_POLE] = weight[best], pole[best]
                best_parts[P_TOTAL], best_parts[P_ARM] = most, arm
                picks[n] = best
                all_parts[n] = best_parts
                n += 1
            circle = rows[found[best], CIRCLE] > 0.0
            for i in range(count):
                if circle and site[found[i]] == site[found[best]] and rows[found[i], CIRCLE] > 0.0:
                    earlier[i] += 1.0
                dx, dy = xs[i] - xs[best], ys[i] - ys[best]
                if dx * dx + dy * dy <= POLE_METRES * POLE_METRES:
                    pole[i] *= SAME_POLE
    return picks[:n], all_parts[:n]
