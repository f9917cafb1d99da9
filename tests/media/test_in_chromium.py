"""A real browser plays what the media process sends, and stops when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from fakes.stage import Stage, make_media
from goldentime.sim.cameras import CameraSimulator

pytestmark = [pytest.mark.browser, pytest.mark.socket]


@pytest.fixture
async def page_address(player: Path) -> AsyncIterator[str]:
    def answer(_connection: object, _request: Request) -> Response:
        headers = Headers({"Content-Type": "text/html; charset=utf-8", "Connection": "close"})
        return Response(HTTPStatus.OK, "OK", headers, player.read_bytes())

    async with serve(lambda _socket: asyncio.sleep(0), "127.0.0.1", 0, process_request=answer) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
async def chromium() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield await browser.new_page()
        await browser.close()


async def test_a_camera_plays_moves_and_ends_in_words(
    cameras: CameraSimulator, page_address: str, chromium: Page
) -> None:
    media = make_media(allowed_origins=(page_address,))
    await media.start()
    try:
        stage = Stage(cameras, media)
        await stage.open_camera("one")
        await stage.until_condition("one", "live")
        ticket = await stage.ticket("view", "one")
        await chromium.goto(page_address)
        await chromium.evaluate(f"play('ws://127.0.0.1:{media.port}/live', '{ticket}')")
        await chromium.wait_for_function("seen.firstFrameMs !== null && video.currentTime > 0.5", timeout=10_000)
        before, at = await chromium.evaluate("[pixels(), video.currentTime]")
        await chromium.wait_for_function(f"video.currentTime > {at} + 1.5", timeout=10_000)
        after = await chromium.evaluate("pixels()")
        moved = sum(abs(a - b) > 12 for a, b in zip(before, after, strict=True))
        assert moved > 20
        assert await chromium.evaluate("video.videoWidth") == 640
        assert await chromium.evaluate("video.buffered.end(0) - video.currentTime") < 2.5
        await media.kick("view", "revoked")
        await chromium.wait_for_function("seen.closed === 4403", timeout=2000)
        assert (await chromium.evaluate("seen.ended"))["text"]["ko"]
    finally:
        await media.stop()
