"""A town, the desk over it and a browser that has not signed in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from fakes.people_desk import Desk
from fakes.town import Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.client() as client:
        yield client
