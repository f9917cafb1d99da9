"""With a certificate of its own the platform speaks TLS, the web and the video alike."""

import asyncio
import json
import ssl
from pathlib import Path

import httpx
import pytest
import websockets
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from fakes.certificate import make_certificate
from fakes.stage import ORIGIN, Stage, make_media, next_picture
from goldentime.edges.http.server import listen, make_server
from goldentime.settings import Web
from goldentime.sim.cameras import CameraSimulator, film_loop

pytestmark = pytest.mark.socket


@pytest.mark.slow
async def test_video_plays_over_wss_and_not_in_clear(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    cameras = CameraSimulator([film_loop(tmp_path / "film", 1, night=False, seconds=1)])
    await cameras.start("127.0.0.1", 0)
    media = make_media(tls_certificate=str(certificate), tls_key=str(key))
    await media.start()
    stage = Stage(cameras, media)
    try:
        await stage.open_camera("one")
        ticket = await stage.ticket("view", "one")
        trusted = ssl.create_default_context(cafile=str(certificate))
        address = f"wss://localhost:{media.port}/live"
        async with websockets.connect(
            address, host="127.0.0.1", ssl=trusted, origin=websockets.Origin(ORIGIN), max_size=None
        ) as browser:
            await browser.send(json.dumps({"ticket": ticket}))
            assert (await next_picture(browser))[4:8] == b"ftyp"
            assert b"moof" in await next_picture(browser)
        with pytest.raises((websockets.InvalidHandshake, OSError)):
            await stage.connect()
    finally:
        await media.stop()
        await cameras.stop()


async def test_the_web_speaks_https(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    web = Web(port=0, tls_certificate=certificate, tls_key=key)
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    door = listen(web)
    server = make_server(app, web)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        trusted = ssl.create_default_context(cafile=str(certificate))
        async with httpx.AsyncClient(verify=trusted) as client:
            async with asyncio.timeout(10):
                while not server.started:  # noqa: ASYNC110  uvicorn tells by a flag only
                    await asyncio.sleep(0.02)
            answer = await client.get(f"https://localhost:{door.getsockname()[1]}/")
        assert answer.text == "here"
    finally:
        server.should_exit = True
        await serving
