"""What tests of every room may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from fakes.blank_database import open_blank
from fakes.hall import Hall, Pictures, furnish, seat
from goldentime.core.clock import SystemClock


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A whole platform of its own for each test, asked without a socket."""
    with open_blank(tmp_path, clock=SystemClock()) as store:
        video = Pictures()
        platform = furnish(tmp_path, store, video)
        transport = httpx.ASGITransport(platform.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
            yield Hall(platform, store, video, http, seat(store))
