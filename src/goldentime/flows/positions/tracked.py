"""What is known of where one unit is, and what became of each position it sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import inf

from goldentime.city.roads.line import LinkId
from goldentime.city.units.track import Fix, Motion
from goldentime.city.units.unit import Unit
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.position import Position, PositionSource


class Fate(StrEnum):
    """What became of one position."""

    TAKEN = "taken"
    LATE = "late"
    JUMP = "jump"
    VAGUE = "vague"
    TOO_OLD = "too_old"
    OUTRANKED = "outranked"
    NOT_YOURS = "not_yours"
    TOO_MANY_UNKNOWN = "too_many_unknown"


FATE_WORDS: dict[Fate, Text] = {
    Fate.TAKEN: Text("받았습니다.", "Taken."),
    Fate.LATE: Text("이미 더 새로운 위치가 있습니다.", "A newer position is known already."),
    Fate.JUMP: Text("갈 수 없는 거리를 뛰었습니다.", "Further away than the vehicle can have driven."),
    Fate.VAGUE: Text("오차가 너무 큰 위치입니다.", "Too inaccurate to be a place."),
    Fate.TOO_OLD: Text("하루가 지난 위치입니다.", "Older than a day."),
    Fate.OUTRANKED: Text("차량 단말의 위치를 쓰고 있습니다.", "The vehicle's own position is in use."),
    Fate.NOT_YOURS: Text("이 기관의 차량이 아닙니다.", "Not a unit of this agency."),
    Fate.TOO_MANY_UNKNOWN: Text("등록되지 않은 차량이 너무 많습니다.", "Too many units nobody has registered."),
}


@dataclass(frozen=True, slots=True)
class Matched:
    """The link a unit drives on; `along` metres from its beginning, `off` metres from where it said it is."""

    link: LinkId
    place: LonLat
    along: float
    off: float


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is known of where one unit is; `unit` None while nobody has registered it."""

    key: str
    agency: str | None
    unit: Unit | None
    raw: Position
    smoothed: LonLat
    matched: Matched | None
    heading: float | None
    speed_kmh: float
    at: datetime  # by our own clock
    received_at: datetime

    @property
    def place(self) -> LonLat:
        """On its road, when it is on one."""
        return self.matched.place if self.matched else self.smoothed

    def age(self, now: datetime) -> timedelta:
        """How old the position is; never less than nothing."""
        return max(timedelta(0), now - self.at)


class Heard:
    """What is remembered of one source of one unit: each has a clock of its own, and is doubted by itself."""

    __slots__ = ("count", "lag", "received", "suspects")

    def __init__(self) -> None:
        self.received = self.lag = 0.0
        self.count = 0
        self.suspects: list[Fix] = []


class Seen:
    """One unit as it is kept between fixes; the flows beside this one read it, nobody else."""

    __slots__ = ("agency", "by_source", "key", "matched", "motion", "raw", "received", "unit", "vehicle_at")

    def __init__(self, key: str, agency: str | None, unit: Unit | None) -> None:
        self.key, self.agency, self.unit = key, agency, unit
        self.motion: Motion | None = None
        self.raw: Position | None = None
        self.received = 0.0
        self.vehicle_at = -inf  # seconds since 1970: the newest fix of the vehicle's own receiver
        self.by_source: dict[PositionSource, Heard] = {}
        self.matched: Matched | None = None

    def heard(self, source: PositionSource) -> Heard:
        """What is remembered of that source."""
        found = self.by_source.get(source)
        if found is None:
            found = self.by_source[source] = Heard()
        return found

    def tracked(self) -> Tracked | None:
        """What is told of it; None before its first fix."""
        motion, raw = self.motion, self.raw
        if motion is None or raw is None:
            return None
        return Tracked(
            key=self.key,
            agency=self.agency,
            unit=self.unit,
            raw=raw,
            smoothed=LonLat((motion.lon + 180.0) % 360.0 - 180.0, max(-90.0, min(90.0, motion.lat))),
            matched=self.matched,
            heading=motion.heading,
            speed_kmh=motion.speed * 3.6,
            at=datetime.fromtimestamp(motion.at, UTC),
            received_at=datetime.fromtimestamp(self.received, UTC),
        )
