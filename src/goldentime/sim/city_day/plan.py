"""Which calls a day brings: events by the hour, told once or more often, to one room or both, with errors of place."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from goldentime.core.place import LonLat
from goldentime.sim.city_day.shape import (
    BURST_FROM,
    BURST_SECONDS,
    POLICE_SHARE,
    weight_at,
    weight_of_day,
    weights_of_day,
)
from goldentime.sim.city_day.sorts import SORTS, Sort
from goldentime.sim.city_day.spots import Spot, busy_weights, moved

DAY_SECONDS = 86_400
STEP_SECONDS = 60
_FIXES = ((0.70, 27.0), (0.18, 60.0), (0.12, 300.0))  # satellite, wifi, base station: share and metres along one axis
_WORDS_ONLY = 0.06  # callers whose place the room knows by words only
_RELAYED = 0.45  # of what both rooms hear, by one asking the other (공동대응), with its own coordinates
_NUMBER_PASSED_ON = 0.5  # of those, with the caller's number
_CALLS_AGAIN = 0.05  # callers who call the same room again
_SOON, _LATER = (0.75, 140.0), 520.0  # further calls: share and mean seconds of the quick ones, mean of the others
_GREAT_SHARE = 0.25  # of the calls of a burst, those that tell of its one great event
_SURNAMES, _GIVEN = (
    "김이박최정강조윤장임",
    ("가람", "나래", "다솜", "라온", "마루", "보람", "새봄", "아라", "이든", "한별"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many calls on the mean day, how steep the burst, which chance; and the day of the week, Monday 0."""

    reports: int = 2000
    burst: float = 1.0
    seed: int = 0
    weekday: int | None = None

    @property
    def calls(self) -> int:
        """How many calls that day of the week has."""
        return self.reports if self.weekday is None else max(1, round(self.reports * weight_of_day(self.weekday)))


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a room passes it on; `event` is the truth nobody on the wire is told. Seconds since midnight."""

    number: int
    event: int
    at: float
    agency: str  # 112 or 119
    detail: str
    content: str
    words: str
    place: LonLat | None
    phone: str
    name: str
    urgent: bool
    ends_after: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day of calls in their order, and where each event truly was."""

    calls: tuple[Call, ...]
    scenes: dict[int, LonLat]


def plan_day(wish: Wish, spots: Sequence[Spot]) -> Day:
    """The same wish and spots give the same day."""
    return _Planner(wish, spots).day()


class _Planner:
    def __init__(self, wish: Wish, spots: Sequence[Spot]) -> None:
        self._wish = wish
        self._chance = Random(wish.seed)  # noqa: S311  (a play, not a secret)
        self._spots = list(spots)
        self._weights = list(accumulate(busy_weights(self._spots, self._chance)))
        steps = range(0, DAY_SECONDS, STEP_SECONDS)
        self._by_agency = {a: list(accumulate(weight_at(a, s, wish.burst) for s in steps)) for a in ("112", "119")}
        self._busy = weights_of_day(wish.weekday)
        self._calls: list[Call] = []
        self._scenes: dict[int, LonLat] = {}

    def day(self) -> Day:
        great = int(self._in_burst() * _GREAT_SHARE) if self._wish.burst > 1 else 0
        if great:
            self._event(SORTS[1], BURST_FROM + 60.0, calls=great)
        while len(self._calls) < self._wish.calls:
            sort = self._chance.choices(SORTS, [one.weight for one in SORTS])[0]
            police, fire = sort.police * self._busy[0], (1 - sort.police) * self._busy[1]
            agency = "112" if self._chance.random() * (police + fire) < police else "119"
            self._event(sort, self._moment(agency), first=agency)
        first = sorted(self._calls, key=lambda call: (call.at, call.number))[: self._wish.calls]
        return Day(tuple(first), self._scenes)

    def _in_burst(self) -> float:
        """How many of the wished calls fall into the burst."""
        begin, end = int(BURST_FROM // STEP_SECONDS), int((BURST_FROM + BURST_SECONDS) // STEP_SECONDS)
        shares = [(table[end - 1] - table[begin - 1]) / table[-1] for table in self._by_agency.values()]
        return self._wish.calls * (POLICE_SHARE * shares[0] + (1 - POLICE_SHARE) * shares[1])

    def _moment(self, agency: str) -> float:
        table = self._by_agency[agency]
        step = bisect_left(table, self._chance.random() * table[-1])
        return (step + self._chance.random()) * STEP_SECONDS

    def _event(self, sort: Sort, at: float, *, first: str = "119", calls: int | None = None) -> None:
        chance, event = self._chance, len(self._scenes)
        spot = self._spots[bisect_left(self._weights, chance.random() * self._weights[-1])]
        scene = moved(spot.place, chance.gauss(0, 25), chance.gauss(0, 25))
        self._scenes[event] = scene
        lasts = sort.minutes * 60 * chance.uniform(0.6, 1.6)
        told = self._tell(sort, event, at, first, spot, lasts)
        if calls is not None:
            for _ in range(calls - 1):
                delay = chance.random() * BURST_SECONDS
                self._tell(sort, event, at + delay, chance.choice(("112", "119")), spot, lasts)
            return
        other = "119" if first == "112" else "112"
        if chance.random() < sort.both:
            relayed = told if chance.random() < _RELAYED else None
            self._tell(sort, event, at + self._delay(), other, spot, lasts, relayed=relayed)
        more = sort.more
        while chance.random() < more / (1 + more):  # geometric, with that mean
            agency = first if chance.random() < 0.7 else other
            self._tell(sort, event, at + self._delay(), agency, spot, lasts)
        if chance.random() < _CALLS_AGAIN:
            self._tell(sort, event, at + chance.uniform(60, 900), first, spot, lasts, again=told)

    def _delay(self) -> float:
        share, soon = _SOON
        return 15 + self._chance.expovariate(1 / (soon if self._chance.random() < share else _LATER))

    def _tell(  # noqa: PLR0913  (what one call is made of)
        self,
        sort: Sort,
        event: int,
        at: float,
        agency: str,
        spot: Spot,
        lasts: float,
        *,
        relayed: Call | None = None,
        again: Call | None = None,
    ) -> Call:
        chance = self._chance
        told = chance.choice(sort.told_112 if agency == "112" else sort.told_119)
        before = again or (relayed if relayed is not None and chance.random() < _NUMBER_PASSED_ON else None)
        phone = before.phone if before else f"010-0000-{chance.randrange(10_000):04d}"  # 010-0000 is given to nobody
        name = before.name if before else chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        place: LonLat | None = (
            self._fix(self._scenes[event]) if relayed is None or relayed.place is None else relayed.place
        )
        if chance.random() < _WORDS_ONLY:
            place = None
        call = Call(
            number=len(self._calls),
            event=event,
            at=at,
            agency=agency,
            detail=told.detail,
            content=chance.choice(told.contents),
            words=chance.choice(spot.words),
            place=place,
            phone=phone,
            name=name,
            urgent=chance.random() < sort.urgent,
            ends_after=lasts,
        )
        self._calls.append(call)
        return call

    def _fix(self, scene: LonLat) -> LonLat:
        roll = self._chance.random()
        for share, metres in _FIXES:
            if roll < share:
                return moved(scene, self._chance.gauss(0, metres), self._chance.gauss(0, metres))
            roll -= share
        return scene
