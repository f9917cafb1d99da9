"""What the whole HTTP surface is made of: every router in its place, one shape of error, the console at the end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goldentime import __version__
from goldentime.city.people.account import Act
from goldentime.edges.http import cameras, groups, incidents, integrators, pairings, video_control, views
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.errors import install as install_errors
from goldentime.edges.http.errors import not_allowed
from goldentime.edges.http.limits import LargestBody
from goldentime.edges.http.pages import NO_PAGE_HEADERS, install_pages
from goldentime.edges.http.views import Pictures
from goldentime.flows.caller import Caller
from goldentime.flows.world import World
from goldentime.linkage_kit import Linkage
from goldentime.messages.exchange import Sender


@dataclass(frozen=True, slots=True)
class Surface:
    """What the application is composed of; `routers` and `plain` routes, for where much comes, are made elsewhere."""

    world: World
    gate: Gate
    pictures: Pictures
    linkages: Mapping[str, Linkage]
    find_sender: Callable[[str], Awaitable[Sender | None]]
    links: Callable[[], Sequence[dict[str, Any]]]
    embedders: Callable[[], frozenset[str]]
    console: Path
    map_pack: Path
    routers: Sequence[APIRouter] = ()
    plain: Sequence[Route] = ()


class PlainFirst:
    """Hands requests for the plain routes to them at once; FastAPI's layers cost more than keeping a report durably.

    What those layers add, the headers that say the answer is no page, is added here; another method is refused.
    """

    def __init__(self, app: ASGIApp, plain: Sequence[Route]) -> None:
        """Everything else, start and stop too, is the application's."""
        self._app = app
        self._plain = {(route.path, method): route.app for route in plain for method in route.methods or ()}
        self._methods: dict[str, set[str]] = {}
        for path, method in self._plain:
            self._methods.setdefault(path, set()).add(method)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http" or scope["path"] not in self._methods:
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *NO_PAGE_HEADERS]
            await send(message)

        app = self._plain.get((scope["path"], scope["method"])) or not_allowed(self._methods[scope["path"]])
        await app(scope, receive, with_headers)


def build_app(surface: Surface, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> ASGIApp:
    """The ASGI application; its OpenAPI description is at /api/openapi.json for integrators."""
    app = FastAPI(
        title="goldentime",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # closed networks; and it costs every request
    )
    install_errors(app)
    app.router.routes.extend(surface.plain)
    world, gate = surface.world, surface.gate
    for router in (
        incidents.router(world, gate),
        pairings.router(world, gate),
        video_control.router(world, gate),
        views.router(world, gate, surface.pictures),
        cameras.router(world, gate),
        groups.router(world, gate),
        integrators.router(surface.linkages, gate, surface.find_sender, world.clock),
        _links(gate, surface.links, drill=world.rules.drill),
        *surface.routers,
    ):
        app.include_router(router)
    app.add_middleware(LargestBody)
    install_pages(app, console=surface.console, map_pack=surface.map_pack, embedders=surface.embedders)
    return PlainFirst(app, surface.plain)


def _links(gate: Gate, links: Callable[[], Sequence[dict[str, Any]]], *, drill: bool) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["linkages"])

    @api.get("/links")
    async def listed(caller: Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]) -> dict[str, Any]:
        own = caller.agency
        return {"items": [row for row in links() if own is None or row["id"] == own.id]}

    @api.get("/health")
    async def health() -> dict[str, Any]:
        return {"ok": True, "version": __version__, "drill": drill}

    return api
