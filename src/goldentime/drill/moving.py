"""Who moves on a drill's roads, crews and the traffic told to its platform, and that no drill goes on without them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any, TypeVar

import httpx

from goldentime.city.roads.graph import RoadGraph
from goldentime.core.clock import SpedClock
from goldentime.core.errors import OurError
from goldentime.core.text import Text
from goldentime.drill.plan import Plan
from goldentime.sim.drill import FollowedRoads
from goldentime.sim.traffic import PUBLISHED_EVERY, MeasuredLink, tell_traffic
from goldentime.sim.units.crew import REAL, Habits
from goldentime.sim.units.run import Fleet, SimulatedUnits
from goldentime.staged import AGENCIES, TRAFFIC

CREWS = 40  # vehicles that move besides those under orders: a bound for the positions sent
HABITS = Habits(on_scene=(300.0, 1500.0), turnout=REAL, spread=0.35)
SPEEDS_EVERY = 0.5  # real seconds at the least between two tellings of the traffic
_ROADS = Text("도로 상황을 듣는 일", "Hearing of the roads")
_CREWS = Text("출동대를 움직이는 일", "Moving the crews")
DESK = Text("모의 관제가 하는 일", "The simulated control room")
_TRAFFIC = Text("교통 속도를 알리는 일", "Telling the traffic")
Movers = Mapping["asyncio.Task[None]", Text]  # what goes on for as long as a drill does, and what it is called
Played = TypeVar("Played")


@contextlib.asynccontextmanager
async def moving(
    http: httpx.AsyncClient, keys: Mapping[str, str], graph: RoadGraph, *, plan: Plan, clock: SpedClock
) -> AsyncIterator[Movers]:
    """Crews and traffic move until left; `http` is the desk's own, with its address and its session."""
    url = str(http.base_url)
    roads = FollowedRoads(http, graph, clock)
    fleet = Fleet(url, {one.id: keys[one.id] for one in AGENCIES}, CREWS)
    crews = SimulatedUnits(fleet, lambda: roads.now, habits=HABITS, seed=plan.seed, clock=clock, pace=plan.speed)
    links = [MeasuredLink(one.id, one.name, one.free_kmh) for one in graph.links]
    every = max(SPEEDS_EVERY, PUBLISHED_EVERY / plan.speed)
    traffic = tell_traffic(url, keys[TRAFFIC.id], links, clock, every=every)
    async with at_work((roads.run(), _ROADS), (crews.run(), _CREWS), (traffic, _TRAFFIC)) as movers:
        yield movers


@contextlib.asynccontextmanager
async def at_work(*works: tuple[Coroutine[Any, Any, None], Text]) -> AsyncIterator[Movers]:
    """What goes on until left, for `while_moving` to watch, and what each is called."""
    movers = {asyncio.create_task(work): name for work, name in works}
    try:
        yield movers
    finally:
        for task in movers:
            task.cancel()
        await asyncio.gather(*movers, return_exceptions=True)


async def while_moving(play: Coroutine[Any, Any, Played], movers: Movers) -> Played:
    """What the play returns; raises OurError, and ends the play, once a mover has ended, as none does by itself."""
    playing = asyncio.create_task(play)
    try:
        await asyncio.wait({playing, *movers}, return_when=asyncio.FIRST_COMPLETED)
        for task, name in movers.items():
            if task.done():
                problem = None if task.cancelled() else task.exception()
                raise _stopped(name, problem) from problem
        return playing.result()
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


def _stopped(name: Text, problem: BaseException | None) -> OurError:
    why = f" ({problem!r})" if problem else ""
    return OurError(
        Text(
            f"{name.ko}이 멈추어 훈련을 그만둡니다. 이대로면 결과가 사실과 다릅니다.{why}",
            f"{name.en} has stopped, and the drill with it: its figures would not be true.{why}",
        )
    )
