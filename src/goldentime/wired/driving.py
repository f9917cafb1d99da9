"""How the roads of a running city are put together: their pages, the door for speeds, and what is done every second."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter
from starlette.routing import Route

from goldentime.city.roads.warm import warm
from goldentime.core.errors import StorageFailed
from goldentime.edges.http import roads
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.speeds import speeds_route
from goldentime.flows.roads.keep_roads import RoadKeeper, recall_roads
from goldentime.flows.world import World
from goldentime.messages.exchange import Sender

EVERY = 1.0  # seconds between looks for closures that end and speeds that grow old
log = structlog.get_logger()


class Driving:
    """The parts of one running city that are about its roads; `works` are to be kept running."""

    def __init__(self, world: World, find_sender: Callable[[str], Awaitable[Sender | None]]) -> None:
        """Nothing runs yet."""
        self._world, self._find_sender = world, find_sender
        self._keeper = RoadKeeper(world)

    def routers(self, gate: Gate) -> list[APIRouter]:
        """What people ask over HTTP."""
        return [roads.router(self._world, gate)]

    def routes(self) -> list[Route]:
        """Where speeds come in."""
        return [speeds_route(self._world, self._find_sender)]

    def works(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Background tasks by name."""
        return [("roads", self._tend)]

    async def begin(self) -> None:
        """Load the compiled searches, and put back in force what was known before the last stop."""
        seconds = await asyncio.to_thread(warm)
        closures = await recall_roads(self._world)
        links = len(self._world.city.graph)
        log.info("roads_ready", links=links, closures=closures, warm_seconds=round(seconds, 2))

    async def stop(self) -> None:
        """Keep what was measured and learned since it was kept last."""
        with contextlib.suppress(StorageFailed):  # half a minute of speeds, and the store has said so itself
            await self._keeper.keep()

    async def _tend(self) -> None:
        while True:
            await self._keeper.tend()
            await asyncio.sleep(EVERY)
