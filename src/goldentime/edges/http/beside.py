"""How long answers are made: beside the loop, and once for all who ask while what they are made of stays the same."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer's bytes and their tag."""

    body: bytes
    tag: str


class DrawnOnce:
    """The newest version of one answer; whoever asks while it is drawn waits for that one drawing."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._version: object = None
        self._drawing: asyncio.Task[Drawn] | None = None

    async def get(self, version: object, draw: Callable[[], bytes]) -> Drawn:
        """The answer for that version, an object that another one replaces when anything changes."""
        if self._drawing is None or self._version is not version or _has_failed(self._drawing):
            self._version, self._drawing = version, asyncio.ensure_future(asyncio.to_thread(_drawn, draw))
        return await asyncio.shield(self._drawing)  # whoever leaves must not end it for the others


def tagged(request: Request, drawn: Drawn, media_type: str) -> Response:
    """The answer, or that the asker has it already."""
    headers = {"ETag": drawn.tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == drawn.tag:
        return Response(status_code=304, headers=headers)
    return Response(drawn.body, media_type=media_type, headers=headers)


def _drawn(draw: Callable[[], bytes]) -> Drawn:
    body = draw()
    return Drawn(body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def _has_failed(drawing: "asyncio.Task[Drawn]") -> bool:
    return drawing.done() and (drawing.cancelled() or drawing.exception() is not None)
