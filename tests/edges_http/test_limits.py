"""How large requests are turned away."""

from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from goldentime.edges.http.limits import LargestBody


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def _client() -> httpx.AsyncClient:
    app = LargestBody(Starlette(routes=[Route("/", _length, methods=["POST"])]), largest=1000)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city")


async def test_a_body_within_the_limit_passes() -> None:
    async with _client() as client:
        assert (await client.post("/", content=b"x" * 1000)).text == "1000"


async def test_a_body_announced_too_large_is_refused_in_both_languages() -> None:
    async with _client() as client:
        answer = await client.post("/", content=b"x" * 1001)
    assert answer.status_code == 413
    assert set(answer.json()["error"]["text"]) == {"ko", "en"}


async def test_a_body_that_grows_too_large_without_announcing_it_is_refused() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    async with _client() as client:
        assert (await client.post("/", content=endless())).status_code == 413
