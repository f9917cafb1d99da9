"""The whole platform in a city of four streets around a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from fakes.hall import Hall, Pictures, furnish, seat
from fakes.roads import block
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from goldentime.flows.known_city import CityFiles, KnownCity


@asynccontextmanager
async def hall_on_a_block(tmp_path: Path) -> AsyncIterator[Hall]:
    """Yield it, with its streets the only ones."""
    with open_store(tmp_path, clock=SystemClock()) as store:
        video = Pictures()
        platform = furnish(tmp_path, store, video)
        platform.known.__dict__.update(KnownCity(CityFiles(roads=block(max_kmh=45.0))).__dict__)
        transport = httpx.ASGITransport(platform.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
            yield Hall(platform, store, video, http, seat(store))
