"""How fast each road usually is at each quarter of an hour, learned so that one outlier moves little."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.line import LinkId
from goldentime.core.clock import KST

Floats = NDArray[np.float64]
SLOT = timedelta(minutes=15)
SLOTS = 96
REMEMBERED = 40  # measurements a mean rests on at most: some three weeks of one quarter of an hour, then old ones fade
TRUSTED = 3  # fewer say nothing about a usual day
NEIGHBOURS = 2  # quarters of an hour to either side that stand in for one never measured
OUTLYING = 3.0  # standard deviations beyond which a measurement counts as that far only (Huber's way)
SIGMA = 1.25  # a normal spread's standard deviation over its mean absolute deviation
LEAST_SPREAD = 2.0  # km/h: what detectors themselves differ by


class DayKind(StrEnum):
    """Days whose traffic is alike."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A quarter of an hour of a kind of day; `number` 0 to 95 from midnight, Korean time."""

    day: DayKind
    number: int


def slot_at(at: datetime) -> Slot:
    """The quarter of an hour that a time lies in."""
    here = at.astimezone(KST)
    kinds = {5: DayKind.SATURDAY, 6: DayKind.SUNDAY}
    return Slot(kinds.get(here.weekday(), DayKind.WEEKDAY), here.hour * 4 + here.minute // 15)


@dataclass(slots=True)
class Learned:
    """One slot, by link row: how many measurements, their robust mean in km/h and mean absolute deviation."""

    count: NDArray[np.int64]
    kmh: Floats
    spread: Floats

    @classmethod
    def nothing(cls, links: int) -> "Learned":
        """Of so many links, before anything was measured."""
        return cls(np.zeros(links, dtype=np.int64), np.full(links, np.nan), np.zeros(links))

    def with_measured(self, rows: NDArray[np.int64], kmh: Floats) -> "Learned":
        """After these rows were measured once more, each row once."""
        count, mean, spread = self.count[rows], self.kmh[rows], self.spread[rows]
        first = count == 0
        mean = np.where(first, kmh, mean)
        far = OUTLYING * SIGMA * np.maximum(spread, LEAST_SPREAD)
        # the first few tell how widely a link scatters, so that nothing can be called outlying yet
        told = np.where(count < TRUSTED, kmh, np.clip(kmh, mean - far, mean + far))
        weight = 1.0 / np.minimum(count + 1, REMEMBERED)
        other = Learned(self.count.copy(), self.kmh.copy(), self.spread.copy())
        other.count[rows] = np.minimum(count + 1, REMEMBERED)
        other.kmh[rows] = mean + weight * (told - mean)
        other.spread[rows] = spread + weight * (np.abs(told - mean) - spread)
        return other


class LearnedSpeeds:
    """What has been learned of one network's links."""

    def __init__(self, links: Sequence[LinkId]) -> None:
        """Nothing yet."""
        self.links = tuple(links)
        self.row_of = {link: row for row, link in enumerate(self.links)}
        self._slots: dict[Slot, Learned] = {}
        self._changed: set[Slot] = set()
        self._changing = Lock()

    def take(self, rows: NDArray[np.int64], kmh: Floats, at: datetime) -> Slot:
        """Learn from rows measured at that time, each row once; the slot it went into."""
        slot = slot_at(at)
        usable = np.isfinite(kmh) & (kmh > 0.0)
        with self._changing:
            known = self._slots.get(slot) or Learned.nothing(len(self.links))
            self._slots[slot] = known.with_measured(rows[usable], kmh[usable])
            self._changed.add(slot)
        return slot

    def take_changed(self) -> frozenset[Slot]:
        """The slots that learned something since this was asked last."""
        with self._changing:
            changed, self._changed = frozenset(self._changed), set()
        return changed

    def forecast(self, at: datetime) -> Floats:
        """Km/h `(links,)` to reckon with at that time, NaN where too little was ever measured around it."""
        slot = slot_at(at)
        total, weight = np.zeros(len(self.links)), np.zeros(len(self.links))
        answer = np.full(len(self.links), np.nan)
        for away in range(NEIGHBOURS + 1):
            for number in {slot.number - away, slot.number + away}:
                known = self._slots.get(Slot(slot.day, number % SLOTS))
                if known is not None:
                    trusted = known.count >= TRUSTED
                    total += np.where(trusted, np.nan_to_num(known.kmh), 0.0)
                    weight += trusted
            fill = np.isnan(answer) & (weight > 0)
            answer[fill] = total[fill] / weight[fill]
        return answer

    def count(self, link: LinkId, slot: Slot) -> int:
        """How many measurements stand behind a link's slot; raises KeyError for a link of another network."""
        known = self._slots.get(slot)
        return int(known.count[self.row_of[link]]) if known else 0

    def told(self, slot: Slot) -> Mapping[LinkId, tuple[int, float, float]]:
        """Count, km/h and spread of the links measured in a slot, to be kept."""
        known = self._slots.get(slot)
        if known is None:
            return {}
        rows = np.flatnonzero(known.count).tolist()
        columns = (known.count[rows].tolist(), known.kmh[rows].round(2).tolist(), known.spread[rows].round(2).tolist())
        return {self.links[row]: values for row, values in zip(rows, zip(*columns, strict=True), strict=True)}

    def recall(self, slot: Slot, told: Mapping[LinkId, Sequence[float]]) -> None:
        """Take over what was kept of a slot; links of other networks are passed over."""
        known = Learned.nothing(len(self.links))
        for link, (count, kmh, spread) in told.items():
            row = self.row_of.get(link)
            if row is not None:
                known.count[row], known.kmh[row], known.spread[row] = int(count), kmh, spread
        self._slots[slot] = known

    def on(self, links: Sequence[LinkId]) -> "LearnedSpeeds":
        """The same on another network, joined by link id."""
        other = LearnedSpeeds(links)
        if other.links == self.links:
            other._slots, other._changed = dict(self._slots), set(self._changed)
            return other
        for slot in self.slots():
            other.recall(slot, self.told(slot))
        other._changed = set(self._changed)
        return other

    def slots(self) -> Iterable[Slot]:
        """Where anything was learned, in order."""
        return sorted(self._slots)
