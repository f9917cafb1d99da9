"""Which link of the road a vehicle drives on: candidates weighed by distance, course and whether one could drive there.

A hidden Markov model after Newson and Krumm, Hidden Markov Map Matching Through Noise and Sparseness (2009), run
forward only, for every vehicle at once; being on no known road is one more candidate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OFF_ROAD = -1  # the link of a vehicle on no known road
SIGMA = 7.0  # metres from the road's centre line: half a wide road and the receiver
SIGMA_COURSE = 28.0  # degrees
BETA = 9.0  # metres of difference between the way driven and the way along the roads
OFF_ROAD_SCORE = -8.0  # as unlikely as 4 sigma away
TO_OFF_ROAD = -2.0
FROM_OFF_ROAD = -1.0
TURNED_BACK = -5.0
UNCONNECTED = -6.0  # reached by links between, if the way driven was long enough for that
WORST = -25.0
COURSE_FROM = 2.0  # m/s; slower than this the course says nothing
BACKWARD_NOISE = 12.0  # metres a vehicle may seem to slip back on its link
HALF_LOST = 25.0  # log score below the best at which a candidate is forgotten


@dataclass(frozen=True, slots=True)
class Candidates:
    """Links near `n` vehicles, nearest first, `(n, k)` each; `link` is -1 where there are fewer than k.

    `along` metres from the link's beginning, `off` metres from the vehicle, `course` degrees of the road there.
    """

    link: Ints
    along: Floats
    off: Floats
    course: Floats
    length: Floats
    from_node: Ints
    to_node: Ints
    lon: Floats
    lat: Floats

    def rows(self, which: NDArray[np.int64]) -> "Candidates":
        """Those of some vehicles."""
        return Candidates(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of `n` vehicles after a step: every candidate's log score `(n, k)`, and off the road `(n,)`."""

    candidates: Candidates
    score: Floats
    off_road: Floats

    @property
    def best(self) -> Ints:
        """The column of the likeliest candidate, `(n,)`; OFF_ROAD when none is likelier than no road at all."""
        column = np.argmax(self.score, axis=1)
        value = self.score[np.arange(len(column)), column]
        return np.where(value >= self.off_road, column, OFF_ROAD).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Observed:
    """What `n` vehicles did since the last step: `(n,)` each; `course` NaN when unknown, `driven` metres, `sigma` too.

    `spread` is the accuracy in metres by which being off the line is judged.
    """

    course: Floats
    speed: Floats
    driven: Floats
    spread: Floats


def match(earlier: Belief | None, now: Candidates, seen: Observed) -> Belief:
    """What is believed after this step; `earlier` has the same vehicles in the same order, or None for a beginning.

    A vehicle new among them has an earlier belief without a single candidate.
    """
    emission = _emission(now, seen)
    off_road = np.full(len(seen.speed), OFF_ROAD_SCORE)
    if earlier is None:
        return _normalised(now, emission, off_road)
    step = _transition(earlier.candidates, now, seen.driven)
    fresh = ~np.isfinite(earlier.off_road)
    came = np.max(earlier.score[:, :, None] + step, axis=1)
    from_off = earlier.off_road[:, None] + FROM_OFF_ROAD
    score = emission + np.where(fresh[:, None], 0.0, np.maximum(came, from_off))
    stayed_off = np.maximum(earlier.off_road, np.max(earlier.score, axis=1) + TO_OFF_ROAD)
    off_road = off_road + np.where(fresh, 0.0, stayed_off)
    return _normalised(now, score, off_road)


def _emission(now: Candidates, seen: Observed) -> Floats:
    sigma = np.maximum(SIGMA, seen.spread)[:, None]
    score = -0.5 * np.square(now.off / sigma)
    turned = np.abs((now.course - seen.course[:, None] + 180.0) % 360.0 - 180.0)
    moving = (seen.speed >= COURSE_FROM) & np.isfinite(seen.course)
    score = score - np.where(moving[:, None], 0.5 * np.square(np.nan_to_num(turned) / SIGMA_COURSE), 0.0)
    return np.where(now.link >= 0, np.maximum(score, WORST), -np.inf)


def _transition(before: Candidates, now: Candidates, driven: Floats) -> Floats:
    """Log scores `(n, before, now)` of having driven from one candidate to the other."""
    went = driven[:, None, None]
    a_link, b_link = before.link[:, :, None], now.link[:, None, :]
    a_along, b_along = before.along[:, :, None], now.along[:, None, :]
    rest = before.length[:, :, None] - a_along
    forward = b_along - a_along
    same = (a_link == b_link) & (forward >= -np.maximum(BACKWARD_NOISE, 0.5 * went))
    follows = (before.to_node[:, :, None] == now.from_node[:, None, :]) & (a_link >= 0)
    twin = follows & (before.from_node[:, :, None] == now.to_node[:, None, :])
    way = np.where(same, np.abs(forward), np.where(follows, rest + b_along, np.nan))
    score = -np.abs(way - went) / BETA
    score = score + np.where(~same & twin, TURNED_BACK, 0.0)
    # a turn back is made anywhere on the link, not only at its end
    back = -np.abs(np.abs(rest - b_along) - went) / BETA + TURNED_BACK
    score = np.where(~same & twin, np.maximum(score, back), score)
    missing = np.maximum(0.0, rest + b_along - went)  # two links not joined: at least both remainders were driven
    other = UNCONNECTED - missing / BETA
    score = np.where(np.isfinite(way), np.maximum(score, other), other)
    return np.maximum(np.nan_to_num(score, nan=WORST), WORST)


def _normalised(now: Candidates, score: Floats, off_road: Floats) -> Belief:
    top = np.maximum(np.max(score, axis=1, initial=-np.inf), off_road)
    score = score - top[:, None]
    return Belief(now, np.where(score < -HALF_LOST, -np.inf, score), np.maximum(off_road - top, -HALF_LOST))
