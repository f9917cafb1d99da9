"""How a running platform takes up what the city imports meanwhile: its files anew, and a map drawn after them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from goldentime.adapters.sql import SqlStore
from goldentime.flows.incidents.open_streams import keep_always_streams
from goldentime.flows.known_city import CITY_CHANGES, CityFiles, KnownCity
from goldentime.flows.world import World

log = structlog.get_logger()
CITY_EVERY = 1.0  # seconds between looks for an import made by another process


def city_files(store: SqlStore) -> CityFiles:
    """What the city has imported."""
    city = store.city()
    cameras = store.read_now(lambda look: look.list_cameras())
    return CityFiles(
        cameras=cameras,
        sites=list(city.load_sites().values()),
        places=city.load_places(),
        roads=city.load_roads(),
        boundary=city.load_boundary(),
    )


class ImportedCity:
    """The city as it was last imported; `works` are to be kept running."""

    def __init__(self, store: SqlStore, world: World, *, map_file: Path, draw: Callable[[], Awaitable[object]]) -> None:
        """Nothing is looked for yet; `draw` makes the map anew, in its own time."""
        self._store, self._world = store, world
        self._map_file, self._draw = map_file, draw
        self._map_is_old = asyncio.Event()

    def works(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Background tasks by name."""
        return [("city", self._follow_imports), ("map", self._keep_map)]

    async def _follow_imports(self) -> None:
        position = await self._store.read(lambda look: look.last_position())
        while True:
            await asyncio.sleep(CITY_EVERY)
            facts = await self._store.read(lambda look, p=position: look.list_facts(after=p))  # type: ignore[misc]
            if not facts:
                continue
            position = facts[-1].position
            kinds = {recorded.fact.kind for recorded in facts} & CITY_CHANGES
            if kinds:
                await self._world.city.renew(lambda: asyncio.to_thread(lambda: KnownCity(city_files(self._store))))
                log.info("city_renewed", cameras=len(self._world.city.index))
            if "CityStreamsImported" in kinds:
                await keep_always_streams(self._world)
            if kinds & {"CityBoundaryImported", "CityRoadsImported"}:
                self._map_is_old.set()

    async def _keep_map(self) -> None:
        """Drawing takes its time, and a renewed city must not wait for it."""
        if not self._map_file.exists():
            self._map_is_old.set()
        while True:
            await self._map_is_old.wait()
            self._map_is_old.clear()
            await self._draw()
