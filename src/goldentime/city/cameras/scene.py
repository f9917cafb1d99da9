"""What there is to see at a scene: the place, the sides it can be seen from, and the roads that lead to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from goldentime.core.place import LonLat, between_degrees

SIDES = 24
ARM_METRES = (20.0, 45.0, 80.0)  # where along an approach we want to see: at the corner, at the next car, down the road
ARM_SHARES = (0.4, 0.35, 0.25)
UNKNOWN_ARMS = 12  # with no roads known, every direction may be an approach
SAME_ROAD_DEGREES = 20.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something happened; `kind` is the event's (112UC001 ...), `approaches` are bearings of roads leaving it.

    `uncertain_metres` says how far off an estimated place may be. Raises ValueError for what is not finite.
    """

    place: LonLat
    kind: str = ""
    approaches: tuple[float, ...] = ()
    uncertain_metres: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that are none, and an uncertainty below zero."""
        if not all(isfinite(n) for n in (*self.approaches, self.uncertain_metres)) or self.uncertain_metres < 0:
            msg = "approaches and uncertain_metres must be finite, the latter not below zero"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Sights:
    """What is to be covered: unit vectors of sides `(s, 2)`; points on arms `(a * 3, 3)`: east, north, weight."""

    bearings: tuple[float, ...]  # of the arms; empty when no road is known
    sides: NDArray[np.float64]
    arms: NDArray[np.float64]


def sights_of(scene: Scene) -> Sights:
    """What the chosen cameras should cover together; the order of the approaches does not matter."""
    return _sights(merged_bearings(scene.approaches))


def merged_bearings(approaches: Iterable[float]) -> tuple[float, ...]:
    """Bearings in [0, 360), ascending, with near-equal ones (both carriageways of one road) kept once."""
    kept: list[float] = []
    for bearing in sorted(b % 360 for b in approaches):
        if all(between_degrees(bearing, other) >= SAME_ROAD_DEGREES for other in kept):
            kept.append(bearing)
    return tuple(kept)


@lru_cache(maxsize=1024)
def _sights(bearings: tuple[float, ...]) -> Sights:
    sides = np.radians(np.arange(SIDES) * (360 / SIDES))
    arms = np.radians(bearings or np.arange(UNKNOWN_ARMS) * (360 / UNKNOWN_ARMS))
    points = [
        (np.sin(arm) * metres, np.cos(arm) * metres, share / len(arms))
        for arm in arms
        for metres, share in zip(ARM_METRES, ARM_SHARES, strict=True)
    ]
    return Sights(bearings, np.column_stack([np.sin(sides), np.cos(sides)]), np.array(points))
