"""How well calls are told to be of one event: the rule is run over a day as it comes in and held against the truth."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goldentime.city.incidents.nature import nature_of
from goldentime.city.incidents.same import REACH_METRES, SHOWN, TABLE, WINDOW, Table, Trace, Verdict, rank_alike
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat, distance_metres
from goldentime.flows.incidents.read_traits import telling_words
from goldentime.sim.city_day.plan import Call, Day

_ESTIMATE_METRES = 90.0  # how uncertain a place told in words is


@dataclass(frozen=True, slots=True)
class Judgement:
    """Counts over a day: `due` calls that follow one of the same event still open, `found` those told right.

    `shown` pairs suggested or joined and `right` those of one event; `joined` pairs joined unasked, `joined_wrong`.
    """

    due: int
    found: int
    shown: int
    right: int
    joined: int
    joined_wrong: int

    @property
    def precision(self) -> float:
        """How many of the pairs shown are one event."""
        return self.right / self.shown if self.shown else 1.0

    @property
    def recall(self) -> float:
        """How many of the calls that should have met an earlier one did."""
        return self.found / self.due if self.due else 1.0

    def __add__(self, other: "Judgement") -> "Judgement":
        """Both days counted together."""
        return Judgement(
            self.due + other.due, self.found + other.found, self.shown + other.shown, self.right + other.right,
            self.joined + other.joined, self.joined_wrong + other.joined_wrong,
        )  # fmt: skip


def digest_words(words: str) -> frozenset[int]:
    """Address words as numbers, as the platform keeps them but without its salt."""
    return frozenset(
        int.from_bytes(hashlib.blake2b(word.encode(), digest_size=6).digest(), "big") for word in telling_words(words)
    )


def judge_day(day: Day, *, table: Table = TABLE, scenes_by_words: dict[str, LonLat] | None = None) -> Judgement:
    """Run the rule over the day, each event open until it ends; `scenes_by_words` places calls told in words only."""
    begin = datetime.fromisoformat("2026-03-02T00:00:00+09:00")
    open_ones: list[tuple[Call, Trace]] = []
    due = found = shown = right = joined = wrong = 0
    for call in day.calls:
        open_ones = [(c, t) for c, t in open_ones if call.at - c.at < c.ends_after]
        trace = trace_of(call, begin, scenes_by_words or {})
        near = [t for _, t in open_ones if _is_near(trace, t)]
        events = {t.incident: c.event for c, t in open_ones}
        due += any(events[t.incident] == call.event for _, t in open_ones if trace.at - t.at <= WINDOW)
        alike = rank_alike(trace, near, table=table)[:SHOWN]
        good = [events[t.incident] == call.event for t, _ in alike]
        found += any(good)
        shown, right = shown + len(good), right + sum(good)
        for truth, (_, likeness) in zip(good, alike, strict=True):
            joined += likeness.verdict is Verdict.JOIN
            wrong += likeness.verdict is Verdict.JOIN and not truth
        open_ones.append((call, trace))
    return Judgement(due, found, shown, right, joined, wrong)


def trace_of(call: Call, begin: datetime, by_words: dict[str, LonLat]) -> Trace:
    """The call as it would be remembered."""
    place = call.place or by_words.get(call.words)
    return Trace(
        incident=IncidentId(f"inc-{call.number}"),
        at=begin + timedelta(seconds=call.at),
        place=place,
        uncertain_metres=0.0 if call.place else _ESTIMATE_METRES,
        nature=nature_of(call.detail, call.content),
        words=digest_words(call.words),
        caller=call.phone,
        source=call.agency,
    )


def judge_days(days: Sequence[Day], *, table: Table = TABLE, places: dict[str, LonLat] | None = None) -> Judgement:
    """All the days together."""
    total = Judgement(0, 0, 0, 0, 0, 0)
    for day in days:
        total += judge_day(day, table=table, scenes_by_words=places)
    return total


def _is_near(new: Trace, other: Trace) -> bool:
    if new.at - other.at > WINDOW:
        return False
    if new.caller and new.caller == other.caller:
        return True
    return new.place is not None and other.place is not None and distance_metres(new.place, other.place) <= REACH_METRES
