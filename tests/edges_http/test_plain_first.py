"""Where much comes in, FastAPI's layers are passed by; everything else still goes through them."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from goldentime.edges.http.app import PlainFirst


def front() -> PlainFirst:
    app = FastAPI()

    @app.middleware("http")
    async def layered(request, call_next):  # type: ignore[no-untyped-def]
        answer = await call_next(request)
        answer.headers["x-layers"] = "all"
        return answer

    @app.get("/api/slow")
    async def slow() -> str:
        return "slow"

    plain = [Route("/linkHttp/recvEvent.json", PlainTextResponse("plain"), methods=["POST"])]
    app.router.routes.extend(plain)
    return PlainFirst(app, plain)


@pytest.mark.parametrize(
    ("method", "path", "status", "layered"),
    [
        ("POST", "/linkHttp/recvEvent.json", 200, False),
        ("GET", "/linkHttp/recvEvent.json", 405, True),
        ("GET", "/api/slow", 200, True),
        ("POST", "/linkHttp/recvEvent.json/more", 404, True),
    ],
)
async def test_only_a_plain_routes_own_method_and_path_go_past_the_layers(
    method: str, path: str, status: int, *, layered: bool
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front()), base_url="http://city.test") as client:
        answer = await client.request(method, path)
    assert (answer.status_code, "x-layers" in answer.headers) == (status, layered)
