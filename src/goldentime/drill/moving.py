"""Who moves on a drill's roads: crews that drive them as the drill's platform has them, and the traffic told to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

import httpx

from goldentime.city.roads.graph import RoadGraph
from goldentime.core.clock import SpedClock
from goldentime.drill.plan import Plan
from goldentime.sim.drill import FollowedRoads
from goldentime.sim.traffic import PUBLISHED_EVERY, MeasuredLink, tell_traffic
from goldentime.sim.units.crew import REAL, Habits
from goldentime.sim.units.run import Fleet, SimulatedUnits
from goldentime.staged import AGENCIES, TRAFFIC

CREWS = 40  # vehicles that move besides those under orders: a bound for the positions sent
HABITS = Habits(on_scene=(300.0, 1500.0), turnout=REAL, spread=0.35)
SPEEDS_EVERY = 0.5  # real seconds at the least between two tellings of the traffic


@contextlib.asynccontextmanager
async def moving(
    http: httpx.AsyncClient, keys: Mapping[str, str], graph: RoadGraph, *, plan: Plan, clock: SpedClock
) -> AsyncIterator[None]:
    """Crews and traffic move until left; `http` is the desk's own, with its address and its session."""
    url = str(http.base_url)
    roads = FollowedRoads(http, graph, clock)
    fleet = Fleet(url, {one.id: keys[one.id] for one in AGENCIES}, CREWS)
    crews = SimulatedUnits(fleet, lambda: roads.now, habits=HABITS, seed=plan.seed, clock=clock, pace=plan.speed)
    links = [MeasuredLink(one.id, one.name, one.free_kmh) for one in graph.links]
    every = max(SPEEDS_EVERY, PUBLISHED_EVERY / plan.speed)
    traffic = tell_traffic(url, keys[TRAFFIC.id], links, clock, every=every)
    tasks = [asyncio.create_task(one) for one in (roads.run(), crews.run(), traffic)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
