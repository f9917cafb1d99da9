"""What is kept of where units were: the last place of each, and thinned tracks sealed under the key of their day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import hypot

import msgspec

from goldentime.city.units.track import METRES_PER_DEGREE, Motion
from goldentime.core.clock import KST, Clock
from goldentime.core.place import LonLat
from goldentime.flows.ports import Change, Reading, Store
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.positions.tracked import Seen
from goldentime.messages.position import Position

LAST_KEPT = timedelta(days=7)
SUBJECT = "track/"  # and the day in Korea; one key a day, destroyed when its time has come


@dataclass(frozen=True, slots=True)
class TrackRules:
    """How much of a crew's track is kept, and how long."""

    kept: timedelta = timedelta(days=30)
    moving_seconds: float = 5.0  # between two points of a unit that moves
    standing_seconds: float = 120.0  # and of one that stands
    moved_metres: float = 15.0


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """Where a unit was at one moment."""

    at: datetime
    place: LonLat
    speed_kmh: float
    heading: float | None


class PositionKeeper:
    """Writes what is new in one change; what could not be written waits for the next time."""

    def __init__(self, store: Store, clock: Clock, rules: TrackRules | None = None) -> None:
        """Nothing waits yet."""
        self._store, self._clock, self._rules = store, clock, rules or TrackRules()
        self._left: dict[str, Motion] = {}  # the last point kept of each unit
        self._waiting: set[str] = set()

    async def restore(self, positions: Positions) -> int:
        """Take up the places of the last run; how many units have one."""
        last = await self._store.read(lambda look: look.list_last_positions())
        positions.restore(last)
        return len(last)

    async def keep(self, positions: Positions, keys: Iterable[str]) -> int:
        """Write where these units are; how many points of tracks were left. Raises StorageFailed; nothing is lost."""
        self._waiting |= set(keys)
        seen = [one for key in self._waiting if (one := positions.find_seen(key)) is not None and one.motion]
        if not seen:
            return 0
        now = self._clock.now()
        due = [one for one in seen if self._is_due(one)]
        last = [_last(one) for one in seen]
        await self._store.change(lambda tx: self._write(tx, last, due, now))
        self._waiting.clear()
        self._left.update({one.key: one.motion for one in due if one.motion})
        return len(due)

    async def forget(self) -> int:
        """Forget the last places of units not heard of for a week; how many."""
        before = self._clock.now() - LAST_KEPT
        return await self._store.change(lambda tx: tx.forget_last_positions(before))

    def _write(self, tx: Change, last: Sequence[tuple[Position, datetime]], due: Sequence[Seen], now: datetime) -> None:
        tx.put_last_positions(last)
        if not due:
            return
        here = now.astimezone(KST)
        day = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        rows = [_row(one.key, one.motion) for one in due if one.motion]
        tx.seal(
            f"{SUBJECT}{here:%Y%m%d}", f"{here:%H%M%S%f}", msgspec.json.encode(rows), ends_at=day + self._rules.kept
        )

    def _is_due(self, seen: Seen) -> bool:
        now, before = seen.motion, self._left.get(seen.key)
        if now is None or before is None:
            return now is not None
        span = now.at - before.at
        moved = hypot((now.lon - before.lon) * now.shrink, now.lat - before.lat) * METRES_PER_DEGREE
        enough = self._rules.moving_seconds if moved >= self._rules.moved_metres else self._rules.standing_seconds
        return span >= enough


def list_track(look: Reading, key: str, since: datetime, until: datetime) -> list[TrackPoint]:
    """Where the unit was in that time, oldest first, as far as it is still kept."""
    points = []
    day = since.astimezone(KST).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= until:
        first = f"{max(since.astimezone(KST), day):%H%M%S%f}"
        ends = until.astimezone(KST)
        last = f"{ends:%H%M%S%f}" if ends.date() == day.date() else "9"
        for _, sealed in look.list_sealed(f"{SUBJECT}{day:%Y%m%d}", first=first, last=last):
            points += [_point(row) for row in msgspec.json.decode(sealed) if row[0] == key]
        day += timedelta(days=1)
    return points


def _last(seen: Seen) -> tuple[Position, datetime]:
    tracked = seen.tracked()
    assert tracked is not None  # noqa: S101  only units with a motion are asked for
    raw = tracked.raw
    speed, heading = tracked.speed_kmh, tracked.heading
    last = replace(raw, agency=seen.agency, place=tracked.smoothed, at=tracked.at, speed_kmh=speed, heading=heading)
    return last, tracked.received_at


def _row(key: str, motion: Motion) -> list[object]:
    heading = None if motion.heading is None else round(motion.heading)
    place = [round(motion.lon, 6), round(motion.lat, 6)]
    return [key, round(motion.at, 1), *place, round(motion.speed * 3.6), heading]


def _point(row: Sequence[float]) -> TrackPoint:
    return TrackPoint(datetime.fromtimestamp(row[1], UTC), LonLat(row[2], row[3]), row[4], row[5])
