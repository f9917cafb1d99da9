"""How a browser hears the feed: server-sent events on one connection, its session rechecked at every flush."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from goldentime.core.clock import Clock
from goldentime.core.text import Text
from goldentime.edges.live.feed import Feed
from goldentime.flows.caller import Caller

BEAT = 10.0  # seconds
SESSION_OVER = Text("로그인이 끝났습니다. 다시 로그인하세요.", "Your session has ended; sign in again.")
FELL_BEHIND = Text("변경을 놓쳐 다시 연결합니다.", "Changes were missed; connecting again.")


class Door(Protocol):
    """Who may listen, and whether they still may."""

    async def caller(self, request: Request) -> Caller: ...

    async def is_live(self, session_digest: bytes) -> bool: ...


def live_route(feed: Feed, door: Door, clock: Clock, refuse: Callable[[Exception], Awaitable[Response]]) -> Route:
    """`GET /api/live`."""

    async def live(request: Request) -> Response:
        try:
            caller = await door.caller(request)
        except Exception as error:  # noqa: BLE001  the outermost edge of a plain route: every error becomes an answer
            return await refuse(error)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(feed, door, clock, caller), media_type="text/event-stream", headers=headers)

    return Route("/api/live", live)


class _Beats:
    """Wakes a listener every ten seconds; a timeout around each wait would cost as much as sending."""

    def __init__(self, woken: asyncio.Event) -> None:
        self._woken = woken
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(BEAT, self._beat)

    def stop(self) -> None:
        self._timer.cancel()

    def _beat(self) -> None:
        self._woken.set()
        self._timer = self._loop.call_later(BEAT, self._beat)


async def _events(feed: Feed, door: Door, clock: Clock, caller: Caller) -> AsyncIterator[bytes]:
    listener = feed.join(caller)
    beats = _Beats(listener.woken)
    try:
        yield _event("hello", {"position": feed.position, "now": clock.now().isoformat()})
        while True:
            await listener.woken.wait()
            listener.woken.clear()
            if not await door.is_live(caller.session.digest):
                break
            if listener.lost:
                yield _event("ended", {"reason": "behind", "text": FELL_BEHIND.to_dict()})
                return
            events, listener.waiting = listener.waiting, []
            yield (
                (events[0] if len(events) == 1 else b"".join(events))
                if events
                else _event("beat", {"now": clock.now().isoformat()})
            )
        yield _event("ended", {"reason": "session", "text": SESSION_OVER.to_dict()})
    finally:
        beats.stop()
        feed.leave(listener)


def _event(name: str, data: object) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
