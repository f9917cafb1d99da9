"""What the browser is given to run: the built console, the map pack and the headers that keep both to themselves."""

import os
import re
from collections.abc import Callable
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goldentime.core.errors import NotFound
from goldentime.core.text import Text
from goldentime.edges.http.errors import error_response

NOBODY = "'none'"
HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
PLAIN_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self)"),
]
NO_PAGE_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    *PLAIN_HEADERS,
]
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_AGAIN = {"Cache-Control": "no-cache"}
NO_MAP = Text(
    "바탕지도가 아직 없습니다. 도시 경계를 들여오면 그려집니다.",
    "No base map yet; it is drawn once a boundary is imported.",
)
PAGES = ("/", "/viewer", "/field", "/privacy", "/admin", "/golden", "/linkages", "/test-message")
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>goldentime</title>
<p>콘솔이 아직 만들어지지 않았습니다. <code>make setup</code>을 실행하세요.</p>
<p>The console has not been built yet. Run <code>make setup</code>.</p>"""


def install_pages(app: FastAPI, *, console: Path, map_pack: Path, embedders: Callable[[], frozenset[str]]) -> None:
    """Serve the console and the map; `embedders` are the origins whose pages may frame the agency viewer."""
    app.add_middleware(SafeHeaders, embedders=embedders)

    async def page(_request: Request) -> Response:
        if not _is_there(console / "index.html"):
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(console / "index.html", headers=ASKED_AGAIN)

    async def map_description(_request: Request) -> Response:
        return _map_part(map_pack.with_suffix(".json"), "application/json")

    async def map_tiles(_request: Request) -> Response:
        return _map_part(map_pack, "application/vnd.pmtiles")

    app.router.routes.extend(
        [
            Route("/map/city.json", map_description),
            Route("/map/city.pmtiles", map_tiles),
            *(Route(path, page) for path in PAGES),
            Mount("/assets", BuiltOnce(directory=console / "assets", check_dir=False)),
            Mount("/", StaticFiles(directory=console, check_dir=False)),
        ]
    )


class BuiltOnce(StaticFiles):
    """Built files carry their digest in their name: a browser that has one never needs to ask again.

    What lies packed beside itself (`name.gz`) goes out packed to whoever takes gzip: a third of the bytes.
    """

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, to be kept for good."""
        packed = Path(f"{full_path}.gz")
        if "gzip" in Headers(scope=scope).get("accept-encoding", "") and _is_there(packed):
            answer = super().file_response(packed, packed.stat(), scope, status_code)
            answer.headers["Content-Encoding"] = "gzip"
            answer.headers["Content-Type"] = f"{guess_type(full_path)[0]}; charset=utf-8"  # only texts are packed
        else:
            answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = KEPT_FOR_GOOD
        return answer


def _map_part(file: Path, media_type: str) -> Response:
    if not _is_there(file):
        return error_response(NotFound(NO_MAP))
    return FileResponse(file, media_type=media_type, headers=ASKED_AGAIN)


def _is_there(file: Path) -> bool:
    return file.is_file()  # one stat of a local file: cheaper than a thread


class SafeHeaders:
    """Adds the headers that keep pages from being framed, sniffed or fed from outside; streams pass untouched."""

    def __init__(self, app: ASGIApp, embedders: Callable[[], frozenset[str]]) -> None:
        """Wrap the application."""
        self._app = app
        self._embedders = embedders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the headers added to the response's start."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extra = self._extra(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _extra(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        framed = " ".join(sorted(self._embedders())) if scope["path"] == "/viewer" else ""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"127.0.0.1").decode("latin-1")
        host = host if HOST.fullmatch(host) else "127.0.0.1"
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        policy = (
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            f"media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self' ws://{name}:* wss://{name}:*; "
            f"font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors {framed or NOBODY}"
        )
        return [(b"content-security-policy", policy.encode()), *PLAIN_HEADERS]
