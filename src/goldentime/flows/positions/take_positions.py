"""Where every unit is, in memory, never as a fact: the newest fix of each that is believed, timed and smoothed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from goldentime.city.units.track import JUMPS_BELIEVED, Fix, Verdict, advance, agrees, begin, judge
from goldentime.city.units.unit import Unit
from goldentime.core.clock import Clock, SystemClock
from goldentime.flows.positions.registered_units import RegisteredUnits
from goldentime.flows.positions.tracked import Fate, Heard, Seen, Tracked
from goldentime.messages.position import Position

AHEAD = 5.0  # seconds a vehicle's clock may be ahead before its times are put right
BEHIND = 20.0  # seconds every one of its fixes must be late before its clock, and not the way here, is at fault
SURE_AFTER = 10  # fixes before a clock is called slow
ENVELOPE_RISES = 0.05  # seconds a second: how fast a smallest delay once seen is forgotten
OLDEST = 24 * 3600.0  # seconds; older than this is no word of where a unit is
VEHICLE_RULES = 30.0  # seconds after a vehicle's own fix in which no phone or desk signed in as its crew moves it


_OF_VERDICT = {Verdict.LATE: Fate.LATE, Verdict.JUMP: Fate.JUMP, Verdict.VAGUE: Fate.VAGUE}


class Positions:
    """Every unit's newest position; takes thousands a second on the loop, awaits nothing."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Nothing is known yet; `known` units come by `know_units`, the last run's places by `restore`."""
        self.go_by(clock or SystemClock())
        self._units = RegisteredUnits()
        self.moved: set[str] = set()  # taken since the last beat
        self.taken = 0  # since the start

    def go_by(self, clock: Clock, pace: float = 1.0) -> None:
        """Tell times by this clock, which goes `pace` times as fast as the machine's.

        On a drill's a fix is on its way for many of its seconds, and the vehicle's clock is none the less right.
        """
        self._clock, self._ahead, self._behind = clock, AHEAD * pace, BEHIND * pace

    def know_units(self, units: Iterable[Unit]) -> None:
        """These are all registered units; what was reported under a code before it was registered is theirs."""
        self.moved |= self._units.know(units)

    def take(self, positions: Iterable[Position]) -> list[Fate]:
        """What became of each; the newest of every unit is what `latest` gives from now on."""
        now = self._clock.now().timestamp()
        return [self._take(one, now) for one in positions]

    def latest(self, unit: str) -> Tracked | None:
        """Where the unit is, by its code; None when it never said."""
        seen = self._units.find(unit)
        return seen.tracked() if seen else None

    def all(self) -> list[Tracked]:
        """Every unit that ever said where it is, registered or not."""
        return [one for seen in self._units.all() if (one := seen.tracked()) is not None]

    def pop_moved(self) -> set[str]:
        """The units that moved, or changed what they are doing, since this was last asked."""
        moved, self.moved = self.moved, set()
        return moved

    def find_seen(self, key: str) -> Seen | None:
        """For the flows that match, keep and tell."""
        return self._units.find(key)

    def restore(self, last: Sequence[tuple[Position, datetime]]) -> None:
        """The places of the last run and when they were received; their age goes on counting."""
        for position, received_at in last:
            seen = self._units.seen_of(position)
            if not isinstance(seen, Seen) or seen.motion is not None:
                continue
            seen.motion = begin(_fix_of(position, position.at.timestamp()))
            seen.raw, seen.received = position, received_at.timestamp()
            if position.source != "field":
                seen.vehicle_at = seen.motion.at
            self.moved.add(seen.key)

    def _take(self, position: Position, now: float) -> Fate:
        seen = self._units.seen_of(position)
        if not isinstance(seen, Seen):
            return seen
        heard = seen.heard(position.source)
        at = self._put_right(heard, position.at.timestamp(), now)
        if now - at > OLDEST:
            return Fate.TOO_OLD
        by_crew = position.source == "field"
        if by_crew and now - seen.vehicle_at <= VEHICLE_RULES:
            return Fate.OUTRANKED
        fix = _fix_of(position, at)
        kind = seen.unit.kind.value if seen.unit else None
        before = None if _takes_over(seen, position, at, now) else seen.motion
        verdict = judge(before, fix, kind)
        if verdict is Verdict.JUMP and _is_believed(heard, fix, kind):
            before, verdict = None, Verdict.TAKEN
        if verdict is not Verdict.TAKEN:
            return _OF_VERDICT[verdict]
        heard.suspects.clear()
        seen.motion = begin(fix) if before is None else advance(before, fix)
        seen.raw, seen.received = position, now
        heard.received = now
        if not by_crew:
            seen.vehicle_at = at
        self.moved.add(seen.key)
        self.taken += 1
        return Fate.TAKEN

    def _put_right(self, heard: Heard, told: float, now: float) -> float:
        """The fix's time by our clock: one that is ahead is put right at once, a slow one when every fix was late."""
        lag = now - told
        elapsed = max(0.0, now - heard.received) if heard.count else 0.0
        heard.lag = lag if heard.count == 0 else min(lag, heard.lag + ENVELOPE_RISES * elapsed)
        heard.count += 1
        if heard.lag < -self._ahead or (heard.lag > self._behind and heard.count > SURE_AFTER):
            return min(now, told + heard.lag)
        return min(now, told)


def _takes_over(seen: Seen, position: Position, at: float, now: float) -> bool:
    """Whether the vehicle's own word comes in place of a crew's: wherever that was, its own way begins anew."""
    last = seen.raw
    if last is None or last.source != "field" or position.source == "field":
        return False
    return at > seen.vehicle_at and now - at <= VEHICLE_RULES


def _is_believed(heard: Heard, fix: Fix, kind: str | None) -> bool:
    """Whether enough fixes in a row of one source agree that it is somewhere else."""
    if heard.suspects and not agrees(heard.suspects[-1], fix, kind):
        heard.suspects.clear()
    heard.suspects.append(fix)
    return len(heard.suspects) >= JUMPS_BELIEVED


def _fix_of(position: Position, at: float) -> Fix:
    speed = position.speed_kmh
    return Fix(
        at,
        position.place.lon,
        position.place.lat,
        position.accuracy_m,
        None if speed is None else speed / 3.6,
        position.heading,
    )
