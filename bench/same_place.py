"""How well and how fast reports of one event are told, on days of calls whose truth is known and nobody tuned on."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from goldentime.adapters.sql import open_store
from goldentime.city.incidents.incident import Incident, Service, Severity, State
from goldentime.city.incidents.nature import nature_of
from goldentime.core.clock import SystemClock
from goldentime.core.ids import IncidentId
from goldentime.flows.incidents.compare_incidents import remember
from goldentime.flows.incidents.read_traits import Traits, digest_number, digest_words
from goldentime.sim.city_day import Day, Wish, paper_spots, plan_day
from goldentime.sim.city_day.judged import judge_days

SEEDS = (201, 202, 203)
REPEATS = 1500


def rows() -> Iterator[dict[str, Any]]:
    spots = paper_spots(7)
    places = {words: spot.place for spot in spots for words in spot.words}
    for burst, words, precise in ((1.0, "usual days", 0.89), (10.0, "days with a tenfold burst", 0.86)):
        days = [plan_day(Wish(2000, burst, seed), spots) for seed in SEEDS]
        judged = judge_days(days, places=places)
        share = round(judged.precision, 3)
        yield _row(f"same place, {words}: precision of what is suggested or joined", share, precise)
        yield _row(f"same place, {words}: recall of calls that follow another", round(judged.recall, 3), 0.74)
        wrong = judged.joined_wrong / max(1, judged.joined)
        told = f"same place, {words}: joined unasked ({judged.joined}), of these wrongly"
        yield {"what": told, "value": round(wrong, 4), "unit": "share", "reach": "<= 0.02", "met": wrong <= 0.02}
    for name, crowd in (("a usual day", False), ("every report at one corner", True)):
        p50, p99 = _cost(plan_day(Wish(REPEATS, 1.0, 204), spots), crowd=crowd)
        told = f"same place: added to opening an incident, {name}, p50 (p99 {p99:.0f} us)"
        yield {"what": told, "value": round(p50), "unit": "us", "reach": "<= 1000", "met": p50 <= 1000}


def _cost(day: Day, *, crowd: bool) -> tuple[float, float]:
    """Microseconds of a transaction with the comparison beyond one without it, p50 and p99; durable SQLite."""
    pepper, now, times = secrets.token_bytes(32), datetime.now(UTC), []
    with TemporaryDirectory() as folder, open_store(Path(folder), clock=SystemClock()) as store:
        for number, call in enumerate(day.calls):
            place = day.calls[0].place if crowd else call.place
            at = now + timedelta(seconds=0 if crowd else call.at)
            incident = Incident(
                IncidentId(f"inc-{number:020d}"), f"GO-{number}", Service.DISPATCH_119, "", "", Severity.WARNING,
                State.OPEN, at, at, at, place=place,
            )  # fmt: skip
            traits = Traits(
                nature_of(call.detail, call.content), digest_words(pepper, call.words),
                digest_number(pepper, call.phone),
            )  # fmt: skip

            def decide(tx: Any, incident: Incident = incident, traits: Traits = traits, at: datetime = at) -> float:
                began = perf_counter()
                remember(tx, incident, traits, at)
                return perf_counter() - began

            times.append(store.change_now(decide) * 1e6)
    p50, p99 = np.percentile(times[REPEATS // 3 :], [50, 99])
    return float(p50), float(p99)


def _row(what: str, value: float, reach: float) -> dict[str, Any]:
    return {"what": what, "value": value, "unit": "share", "reach": f">= {reach}", "met": value >= reach}
