"""Where a vehicle truly is, going by its own noisy words: what is believed, what is left out, what is smoothed."""

from collections.abc import Mapping
from enum import StrEnum
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

METRES_PER_DEGREE = 111_195.0  # of latitude, on the sphere of core.place

# The fastest each kind of vehicle can be believed to go, km/h; blue lights on an empty motorway included.
MAX_KMH: Mapping[str, float] = {
    "patrol": 230.0,
    "engine": 150.0,
    "ladder": 130.0,
    "ambulance": 180.0,
    "rescue": 150.0,
    "command": 200.0,
}
MAX_KMH_UNKNOWN = 250.0

ACCURACY_UNTOLD = 8.0  # metres: an open-sky phone or car receiver
ACCURACY_BEST = 2.0  # what a receiver claims below this is not believed
ACCURACY_USEFUL = 300.0  # metres; vaguer than this is a cell tower, not a place
JUMP_SLACK = 40.0  # metres a fix may be off beside its accuracy and the way driven
JUMPS_BELIEVED = 3  # fixes in a row that agree on another place move the vehicle there
FORGET_AFTER = 30.0  # seconds without a fix after which the old speed says nothing
ACCELERATION = 2.5  # m/s2, how hard vehicles brake and turn: the filter's one free number
VELOCITY_SIGMA = 1.0  # m/s of the speed and course a receiver tells
SPEED_WITH_HEADING = 1.4  # m/s; slower than this the course is noise, and the last one is kept


class Verdict(StrEnum):
    """What becomes of a fix."""

    TAKEN = "taken"
    LATE = "late"  # not newer than the last one
    JUMP = "jump"  # faster than its kind can drive
    VAGUE = "vague"  # too inaccurate to be a place


class Fix(NamedTuple):
    """One measured place; `at` in seconds since 1970, `speed` in m/s, `accuracy` in metres of 68 %."""

    at: float
    lon: float
    lat: float
    accuracy: float | None = None
    speed: float | None = None
    heading: float | None = None


class Motion(NamedTuple):
    """A smoothed vehicle: metres and m/s east and north of its own origin, with the variances both axes share."""

    at: float
    east: float
    north: float
    v_east: float
    v_north: float
    var_place: float
    var_both: float
    var_speed: float
    heading: float | None
    lon0: float
    lat0: float
    shrink: float  # cosine of the origin's latitude

    @property
    def lon(self) -> float:
        """Degrees."""
        return self.lon0 + self.east / (METRES_PER_DEGREE * self.shrink)

    @property
    def lat(self) -> float:
        """Degrees."""
        return self.lat0 + self.north / METRES_PER_DEGREE

    @property
    def speed(self) -> float:
        """m/s over ground."""
        return hypot(self.v_east, self.v_north)


def judge(motion: Motion | None, fix: Fix, kind: str | None = None) -> Verdict:
    """Whether the fix may move the vehicle; the first one only has to be a place."""
    if fix.accuracy is not None and fix.accuracy > ACCURACY_USEFUL:
        return Verdict.VAGUE
    if motion is None:
        return Verdict.TAKEN
    span = fix.at - motion.at
    if span <= 0:
        return Verdict.LATE
    east, north = _offset(motion, fix)
    reach = MAX_KMH.get(kind or "", MAX_KMH_UNKNOWN) / 3.6 * span + 3 * (fix.accuracy or ACCURACY_UNTOLD) + JUMP_SLACK
    return Verdict.TAKEN if hypot(east - motion.east, north - motion.north) <= reach else Verdict.JUMP


def begin(fix: Fix) -> Motion:
    """A vehicle heard of for the first time, or again after a long silence."""
    velocity = _velocity(fix)
    v_east, v_north = velocity or (0.0, 0.0)
    sigma = max(fix.accuracy or ACCURACY_UNTOLD, ACCURACY_BEST)
    var_speed = VELOCITY_SIGMA**2 if velocity else 15.0**2
    shrink = max(0.05, cos(radians(fix.lat)))
    heading = fix.heading if fix.heading is not None and (fix.speed or 0.0) >= SPEED_WITH_HEADING else None
    return Motion(
        fix.at, 0.0, 0.0, v_east, v_north, sigma * sigma, 0.0, var_speed, heading, fix.lon, fix.lat, shrink
    )  # fmt: skip


def advance(motion: Motion, fix: Fix) -> Motion:
    """The vehicle after a fix newer than its last.

    A Kalman filter of constant velocity, the acceleration of each step white: Bar-Shalom, Li and Kirubarajan,
    Estimation with Applications to Tracking and Navigation (2001), 6.3.2. The place is one measurement; the speed and
    course the receiver tells are a second one.
    """
    span = fix.at - motion.at
    if span > FORGET_AFTER:
        fresh = begin(fix)
        return fresh if fresh.heading is not None else fresh._replace(heading=motion.heading)
    measured_e, measured_n = _offset(motion, fix)
    q = ACCELERATION * ACCELERATION
    # predict
    east = motion.east + motion.v_east * span
    north = motion.north + motion.v_north * span
    v_east, v_north = motion.v_east, motion.v_north
    half = span * span / 2
    pp = motion.var_place + 2 * span * motion.var_both + span * span * motion.var_speed + q * half * half
    pv = motion.var_both + span * motion.var_speed + q * half * span
    vv = motion.var_speed + q * span * span
    # the place
    sigma = max(fix.accuracy or ACCURACY_UNTOLD, ACCURACY_BEST)
    gain = 1.0 / (pp + sigma * sigma)
    k, kv = pp * gain, pv * gain
    off_e, off_n = measured_e - east, measured_n - north
    east, north, v_east, v_north = east + k * off_e, north + k * off_n, v_east + kv * off_e, v_north + kv * off_n
    pp, pv, vv = (1 - k) * pp, (1 - k) * pv, vv - kv * pv
    velocity = _velocity(fix)
    if velocity is not None:
        gain = 1.0 / (vv + VELOCITY_SIGMA**2)
        k, kv = pv * gain, vv * gain
        off_e, off_n = velocity[0] - v_east, velocity[1] - v_north
        east, north, v_east, v_north = east + k * off_e, north + k * off_n, v_east + kv * off_e, v_north + kv * off_n
        pp, pv, vv = pp - k * pv, (1 - kv) * pv, (1 - kv) * vv
    heading = motion.heading
    if v_east * v_east + v_north * v_north >= SPEED_WITH_HEADING**2:
        heading = degrees(atan2(v_east, v_north)) % 360.0 % 360.0  # a hair below north is 360 after the first
    return Motion(fix.at, east, north, v_east, v_north, pp, pv, vv, heading, motion.lon0, motion.lat0, motion.shrink)


def agrees(earlier: Fix, later: Fix, kind: str | None = None) -> bool:
    """Whether one vehicle could have been at both: two fixes left out as jumps may be right after all."""
    return judge(begin(earlier), later, kind) is Verdict.TAKEN


def _offset(motion: Motion, fix: Fix) -> tuple[float, float]:
    wide = fix.lon - motion.lon0
    if wide > 180.0 or wide < -180.0:
        wide -= 360.0 if wide > 0 else -360.0
    return wide * METRES_PER_DEGREE * motion.shrink, (fix.lat - motion.lat0) * METRES_PER_DEGREE


def _velocity(fix: Fix) -> tuple[float, float] | None:
    """m/s east and north as the receiver tells it; None when it does not, or tells a speed without a course."""
    if fix.speed is None:
        return None
    if fix.speed < 0.3:
        return 0.0, 0.0
    if fix.heading is None:
        return None
    course = radians(fix.heading)
    return fix.speed * sin(course), fix.speed * cos(course)
