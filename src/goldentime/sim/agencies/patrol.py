"""How an agency's cars drive about while it plays its day, and tell where they are."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import atan2, cos, degrees, hypot, radians
from random import Random

from goldentime.sim.agencies.scenario import Hotspot
from goldentime.sim.agencies.tcp_client import TcpAgencyClient
from goldentime.sim.agencies.tcp_wire import Fix

METRES_PER_DEGREE = 111_320.0
SPEEDS_KMH = (15.0, 45.0)


@dataclass(frozen=True, slots=True)
class Car:
    """A car on its way to a hotspot, straight over the map: roads are none of the wire's business."""

    fix: Fix
    goal: Hotspot


async def drive(
    client: TcpAgencyClient,
    hotspots: tuple[Hotspot, ...],
    *,
    units: tuple[str, ...],
    every: float,
    seed: int | None = None,
    told: Callable[[str], None] | None = None,
) -> int:
    """Drive until cancelled, each car telling where it is every so many seconds; how many were not accepted."""
    chance = Random(seed)  # noqa: S311  (a play, not a secret)
    cars = [started(unit, hotspots, chance) for unit in units]
    refused = 0
    while True:
        for place, car in enumerate(cars):
            delivery = await client.tell_position(car.fix)
            if delivery.heard is None or not delivery.heard.ok:
                refused += 1
                if told is not None:
                    told(f"{car.fix.unit} → {delivery.heard.message if delivery.heard else delivery.problem}")
            cars[place] = moved(car, hotspots, every, chance)
        await asyncio.sleep(every)


def started(unit: str, hotspots: tuple[Hotspot, ...], chance: Random) -> Car:
    """A car at one hotspot on its way to another."""
    begin, goal = chance.choice(hotspots), chance.choice(hotspots)
    return Car(Fix(unit, begin.lon, begin.lat, chance.uniform(*SPEEDS_KMH), 0.0), goal)


def moved(car: Car, hotspots: tuple[Hotspot, ...], seconds: float, chance: Random) -> Car:
    """The car so much later; at its goal it takes another one."""
    fix, goal = car.fix, car.goal
    east = (goal.lon - fix.lon) * METRES_PER_DEGREE * cos(radians(fix.lat))
    north = (goal.lat - fix.lat) * METRES_PER_DEGREE
    left, step = hypot(east, north), fix.speed / 3.6 * seconds
    if left <= step:
        there = replace(fix, lon=goal.lon, lat=goal.lat, speed=chance.uniform(*SPEEDS_KMH))
        return Car(there, chance.choice(hotspots))
    share = step / left
    lon, lat = fix.lon + (goal.lon - fix.lon) * share, fix.lat + (goal.lat - fix.lat) * share
    return Car(replace(fix, lon=lon, lat=lat, heading=degrees(atan2(east, north)) % 360), goal)
