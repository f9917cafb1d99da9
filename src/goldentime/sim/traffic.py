"""What a traffic centre measures in a simulated city: speeds by road and hour, told like a real one's every minute."""

import asyncio
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import httpx
import msgspec
import structlog

from goldentime.core.clock import KST, Clock

EVERY = 60.0  # seconds between tellings
PUBLISHED_EVERY = 300.0  # seconds of its own day in which a real centre tells once
RUSH = ((8.0, 0.45), (18.5, 0.5))  # hour of the day, and how much of the speed is lost at its worst
LASTS = 1.3  # hours that a rush goes on to either side
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MeasuredLink:
    """One link of the city: its id, its road and the speed of the empty road."""

    id: str
    road: str
    free_kmh: float


def speed_at(link: MeasuredLink, at: datetime, chance: Random) -> float:
    """Km/h now: less in the rush, less on some roads than on others, never quite the same twice."""
    lost, liking = _lost_at(at), _liking(link.road or link.id)
    wave = 0.1 * math.sin(at.timestamp() / 420 + liking * 40)
    return max(4.0, link.free_kmh * (liking - lost * liking + wave) * chance.uniform(0.92, 1.08))


@functools.lru_cache(maxsize=1)
def _lost_at(at: datetime) -> float:
    here = at.astimezone(KST)
    hour = here.hour + here.minute / 60
    return max(share * math.exp(-(((hour - peak) / LASTS) ** 2)) for peak, share in RUSH)


@functools.lru_cache(maxsize=1 << 17)  # every road of a province; drawing it anew is most of a telling's work
def _liking(road: str) -> float:
    return Random(road).uniform(0.55, 1.0)  # noqa: S311  a road's own character, no secret


async def tell_traffic(
    url: str, key: str, links: Sequence[MeasuredLink], clock: Clock, *, every: float = EVERY
) -> None:
    """Tell every link's speed `every` so many real seconds until cancelled; one that does not answer, later.

    What is told is made in a thread: a drill times its platform's answers on this loop.
    """
    chance = Random(7)  # noqa: S311  a simulation
    headers = {"X-Goldentime-Key": key, "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as http:
        while True:
            told = await asyncio.to_thread(_written, links, clock.now(), chance)
            try:
                answer = await http.post("/api/roads/speeds", content=told, headers=headers)
                answer.raise_for_status()
            except httpx.HTTPError as problem:
                _log.warning("speeds_not_told", problem=repr(problem))
            await asyncio.sleep(every)


def _written(links: Sequence[MeasuredLink], now: datetime, chance: Random) -> bytes:
    at = now.isoformat()
    items = [{"link_id": one.id, "kmh": round(speed_at(one, now, chance), 1), "measured_at": at} for one in links]
    return msgspec.json.encode({"items": items})
