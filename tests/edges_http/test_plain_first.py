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
        ("GET", "/linkHttp/recvEvent.json", 405, False),
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


async def test_a_plain_route_asked_by_another_method_says_which_it_takes() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front()), base_url="http://city.test") as client:
        answer = await client.get("/linkHttp/recvEvent.json")
    assert answer.headers["allow"] == "POST"
    assert answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_plain_routes_answer_says_that_it_is_no_page(method: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front()), base_url="http://city.test") as client:
        answer = await client.request(method, "/linkHttp/recvEvent.json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
