"""How a city's simulated crews live: every second they drive and report, and hear what their agencies were told."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from random import Random
from typing import Any

import httpx
import structlog

from goldentime.city.roads.live import LiveRoads
from goldentime.core.clock import Clock, SystemClock, monotonic
from goldentime.core.place import LonLat
from goldentime.sim.units.crew import Crew, Duty, Habits

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds
STRIDE = 8.0  # seconds of a faster clock between two words of a vehicle
FASTEST = 0.1  # seconds: more often no vehicle speaks, however fast the clock
STEP = 2.0  # seconds driven in one go
LONGEST = 5.0  # real seconds made up for after a pause
QUIET = 2.0  # real seconds after which one that stands says so again
TROUBLE_PAUSE = 3.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """Which agencies' units drive: their keys by agency, and at most so many of each."""

    url: str
    keys: Mapping[str, str]
    most: int = 30


class SimulatedUnits:
    """Plays the crews of one agency after another until cancelled; `sent` counts positions that were taken."""

    def __init__(
        self,
        fleet: Fleet,
        roads: Callable[[], LiveRoads],
        *,
        habits: Habits | None = None,
        seed: int | None = None,
        clock: Clock | None = None,
        pace: float = 1.0,
    ) -> None:
        """Nobody drives yet; `roads` gives the network as it is now, closures and all.

        `pace` is how many seconds of `clock` pass in a real one: a drill's crews drive as fast as its day goes.
        """
        self._fleet, self._roads, self._habits = fleet, roads, habits or Habits()
        self._chance = Random(seed)  # noqa: S311  (a play, not a secret)
        self._clock, self._pace = clock or SystemClock(), pace
        self._every = max(FASTEST, min(EVERY, STRIDE / pace))
        self._said: dict[str, tuple[float, LonLat]] = {}
        self.crews: dict[str, Crew] = {}
        self.sent = 0

    async def run(self) -> None:
        """One agency's crews beside the other's; an agency that cannot be heard stops nobody."""
        async with httpx.AsyncClient(base_url=self._fleet.url, timeout=10.0, trust_env=False) as http:
            share = max(1, self._fleet.most // max(1, len(self._fleet.keys)))
            await asyncio.gather(*(self._play(http, key, share) for key in self._fleet.keys.values()))

    async def _play(self, http: httpx.AsyncClient, key: str, most: int) -> None:
        headers = {"X-Goldentime-Key": key}
        last = monotonic()
        while True:
            began = monotonic()
            try:
                duties = await self._duties(http, headers, most)
                await self._second(http, headers, duties, began - last)
            except httpx.HTTPError as problem:
                log.warning("simulated_units_unheard", problem=type(problem).__name__)
                await asyncio.sleep(TROUBLE_PAUSE)
            last = began
            await asyncio.sleep(max(0.05, self._every - (monotonic() - began)))

    async def _duties(self, http: httpx.AsyncClient, headers: dict[str, str], most: int) -> list[Duty]:
        answer = await http.get("/api/agency/units", headers=headers)
        answer.raise_for_status()
        duties = [_duty(row) for row in answer.json()["items"]]
        chosen = spread(duties, most, set(self.crews))
        for duty in chosen:
            if duty.id not in self.crews:
                self.crews[duty.id] = Crew(duty, self._roads, self._habits, Random(self._chance.random()))  # noqa: S311
        return chosen

    async def _second(
        self, http: httpx.AsyncClient, headers: dict[str, str], duties: list[Duty], seconds: float
    ) -> None:
        real, at = monotonic(), self._clock.now()
        told = []
        for duty in duties:
            step = self._drive(duty, real * self._pace, min(LONGEST, seconds) * self._pace)
            if step is not None:
                told_of = {"step": step, "order": duty.order, "at": at.isoformat()}
                await http.post(f"/api/agency/units/{duty.id}/state", headers=headers, json=told_of)
            fix = _fix(self.crews[duty.id], at, self._habits.hurry)
            if fix is not None and self._is_news(duty, real):
                told.append(fix)
        if not told:
            return
        answer = await http.post("/api/positions", headers=headers, json=told)
        answer.raise_for_status()
        self.sent += int(answer.json()["taken"])

    def _drive(self, duty: Duty, now: float, seconds: float) -> str | None:
        """Drive so long until `now`, in steps no longer than the roads allow; the last step the crew tells of."""
        crew, said = self.crews[duty.id], None
        steps = max(1, ceil(seconds / STEP)) if self._pace > 1 else 1
        for number in range(1, steps + 1):
            said = crew.act(duty, now - seconds + seconds * number / steps, seconds / steps) or said
        return said

    def _is_news(self, duty: Duty, real: float) -> bool:
        """Whether it has moved, is on a call, or has been quiet: on a fast clock one that stands says little."""
        at, place = self._said.get(duty.id, (0.0, None))
        here = self.crews[duty.id].vehicle.at
        if self._pace > 1 and duty.state == "available" and here == place and real - at < QUIET:
            return False
        self._said[duty.id] = (real, here)
        return True


def spread(duties: list[Duty], most: int, driving: set[str]) -> list[Duty]:
    """At most so many, those already driving or under orders first, then of each kind in turn."""
    kinds: dict[str, int] = {}
    ranked = []
    for duty in duties:
        number = kinds[duty.kind] = kinds.get(duty.kind, 0) + 1
        ranked.append((duty.id not in driving, duty.scene is None, number, duty))
    ranked.sort(key=lambda one: one[:3])
    under = [duty for _, free, _, duty in ranked if not free]
    others = [duty for _, free, _, duty in ranked if free]
    return [*under, *others[: max(0, most - len(under))]]


def _duty(row: Mapping[str, Any]) -> Duty:
    scene, place = (row["scene"] or {}).get("place"), row.get("place")
    return Duty(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        station=LonLat(row["station"]["lon"], row["station"]["lat"]),
        order=row["order"],
        scene=LonLat(scene["lon"], scene["lat"]) if scene else None,
        width_m=row["width_m"],
        place=LonLat(place["lon"], place["lat"]) if place else None,
    )


def _fix(crew: Crew, at: datetime, hurry: float) -> dict[str, Any] | None:
    told = crew.vehicle.told()
    if told is None:
        return None
    return {
        "unit": crew.duty.id,
        "lon": round(told.place.lon, 7),
        "lat": round(told.place.lat, 7),
        "at": at.isoformat(),
        "speed_kmh": round(min(400.0, told.speed_kmh * hurry), 1),
        "heading": None if told.heading is None else round(told.heading, 1),
        "accuracy_m": told.accuracy_m,
    }
