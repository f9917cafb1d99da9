"""Simulated cameras and a real media process before them, with short ways to use both."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import websockets

from goldentime.adapters.media_process import MediaOptions, MediaProcess
from goldentime.core.clock import SystemClock
from goldentime.core.ids import CameraId, ViewId
from goldentime.messages.video import StreamSource
from goldentime.sim.cameras import CameraSimulator

ORIGIN = "http://console.test"


class Stage:
    """Simulated cameras and a media process, with short ways to use both."""

    def __init__(self, cameras: CameraSimulator, media: MediaProcess) -> None:
        self.cameras, self.media = cameras, media

    def source(self, camera_id: str, **kwargs: object) -> StreamSource:
        return StreamSource(f"rtsp://127.0.0.1:{self.cameras.port}/cam/{camera_id}", **kwargs)  # type: ignore[arg-type]

    async def open_camera(self, camera_id: str, source: StreamSource | None = None, *, priority: int = 1) -> None:
        source = source or self.source(camera_id)
        await self.media.ensure_stream(CameraId(camera_id), source, priority=priority, hold="incident")

    async def condition(self, camera_id: str) -> str:
        return next(now.condition for now in await self.media.list_streams() if now.camera_id == camera_id)

    async def until_condition(self, camera_id: str, condition: str, seconds: float = 12) -> None:
        async def reached() -> bool:
            return await self.condition(camera_id) == condition

        await until(reached, seconds)

    async def ticket(self, view_id: str, camera_id: str, *, seconds: float = 60) -> str:
        ticket = secrets.token_urlsafe(32)
        expires = datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251  a real child, a real clock
        await self.media.open_view(ViewId(view_id), CameraId(camera_id), ticket, expires)
        return ticket

    def connect(self, *, origin: str = ORIGIN, proxy: str | None = None) -> websockets.connect:
        address, of = f"ws://127.0.0.1:{self.media.port}/live", websockets.Origin(origin)
        return websockets.connect(address, origin=of, max_size=None, compression=None, proxy=proxy)

    async def watch(self, view_id: str, camera_id: str, *, proxy: str | None = None) -> websockets.ClientConnection:
        """A browser that has shown its ticket, perhaps over a SOCKS proxy."""
        ticket = await self.ticket(view_id, camera_id)
        browser = await self.connect(proxy=proxy)
        await browser.send(json.dumps({"ticket": ticket}))
        return browser


async def until(reached: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for a condition; fails when it does not come."""
    async with asyncio.timeout(seconds):
        while not await reached():  # noqa: ASYNC110  the condition is in another process
            await asyncio.sleep(0.02)


async def next_picture(browser: websockets.ClientConnection) -> bytes:
    """The next binary message."""
    async with asyncio.timeout(10):
        while True:
            message = await browser.recv()
            if isinstance(message, bytes):
                return message


async def next_word(browser: websockets.ClientConnection, kind: str) -> dict[str, object]:
    """The next text message of a kind."""
    async with asyncio.timeout(20):
        while True:
            message = await browser.recv()
            if isinstance(message, str):
                word: dict[str, object] = json.loads(message)
                if word["type"] == kind:
                    return word


def make_media(**changes: object) -> MediaProcess:
    options = {
        "host": "127.0.0.1",
        "port": 0,
        "allowed_origins": (ORIGIN,),
        "allowed_networks": ("127.0.0.0/8",),
        **changes,
    }
    return MediaProcess(MediaOptions(**options), clock=SystemClock())  # type: ignore[arg-type]
