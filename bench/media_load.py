"""What a viewer costs at a hundred, beside Janus, and what a camera costs at fifty, beside a PyAV thread for each."""

import asyncio
import contextlib
import json
import multiprocessing as mp
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import av
import uvloop
from playwright.async_api import async_playwright

from bench.ending import BenchFailed, die_with_parent
from bench.media_cameras import cameras, cpu_seconds, film_720p, resident_bytes
from bench.media_click import ARGUMENTS, open_page
from bench.media_janus import fed, may_run, running_janus
from goldentime.adapters.media_process import MediaOptions, MediaProcess
from goldentime.core.clock import SystemClock
from goldentime.core.ids import CameraId, ViewId
from goldentime.messages.video import StreamSource

ORIGIN = "http://127.0.0.1:1"
VIEWERS, CAMERAS = 100, 50
JANUS_VIEWERS = 40  # more, and the browser that must watch them takes the machine; a viewer costs the same
SECONDS = 10.0
_HANDSHAKE = (
    "GET /live HTTP/1.1\r\nHost: bench\r\nOrigin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@contextlib.asynccontextmanager
async def media_process() -> AsyncIterator[MediaProcess]:
    options = MediaOptions(
        host="127.0.0.1", port=0, allowed_origins=(ORIGIN,), allowed_networks=("127.0.0.0/8",), open_limit=200
    )
    media = MediaProcess(options, clock=SystemClock())
    await media.start()
    try:
        yield media
    finally:
        await media.stop()


async def open_cameras(media: MediaProcess, base: str, count: int) -> None:
    """Returns when all are live."""
    for number in range(count):
        source = StreamSource(f"{base}/cam/c{number}")
        await media.ensure_stream(CameraId(f"c{number}"), source, priority=1, hold="bench")
    async with asyncio.timeout(60):
        while (await media.health()).live_streams < count:  # noqa: ASYNC110  the condition is in another process
            await asyncio.sleep(0.2)


async def share_of_core(pid: int, seconds: float = SECONDS) -> float:
    """Percent of one core that the process takes."""
    before, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.sleep(seconds)
    return (cpu_seconds(pid) - before) / (time.perf_counter() - began) * 100


def _masked(message: dict[str, Any]) -> bytes:
    body = json.dumps(message).encode()
    return bytes((0x81, 0x80 | len(body), 0, 0, 0, 0)) + body


class _Viewer(asyncio.Protocol):
    """Shows its ticket, throws away what comes, and says every four seconds that it is there."""

    def __init__(self, ticket: str) -> None:
        self._ticket = ticket
        self._transport: Any = None
        self.received = 0
        self.last_byte = 0.0
        self.gone = asyncio.Event()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(_HANDSHAKE.format(origin=ORIGIN).encode())
        asyncio.get_running_loop().call_later(0.5, transport.write, _masked({"ticket": self._ticket}))

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self.last_byte = time.monotonic()

    def connection_lost(self, _fault: Exception | None) -> None:
        self.gone.set()

    def beat(self) -> None:
        self._transport.write(_masked({"beat": 1}))


def _watch(port: int, tickets: list[str], told: Connection) -> None:
    die_with_parent()

    async def run() -> None:
        loop, viewers = asyncio.get_running_loop(), [_Viewer(ticket) for ticket in tickets]
        for viewer in viewers:
            await loop.create_connection(lambda viewer=viewer: viewer, "127.0.0.1", port)  # type: ignore[misc]
        everyone = asyncio.gather(*(viewer.gone.wait() for viewer in viewers))
        while not (await asyncio.wait({everyone}, timeout=4))[0]:
            told.send([viewer.received for viewer in viewers])
            for viewer in viewers:
                viewer.beat()
        told.send(max(viewer.last_byte for viewer in viewers))

    uvloop.run(run())


@contextlib.contextmanager
def watching(port: int, tickets: list[str]) -> Iterator[Connection]:
    """Viewers in a process of their own; it tells every 4 s what each has got, at the end when the last byte came."""
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=_watch, args=(port, tickets, there), daemon=True)
    process.start()
    try:
        yield here
    finally:
        process.kill()
        process.join()


async def our_viewers(base: str) -> tuple[float, float, float]:
    """Percent of a core per viewer, megabits a second that each got, milliseconds from ending all to the last byte."""
    async with media_process() as media:
        await open_cameras(media, base, 1)
        alone = await share_of_core(media.pid)
        tickets = [secrets.token_urlsafe(32) for _ in range(VIEWERS)]
        until = SystemClock().now() + timedelta(minutes=5)
        for number, ticket in enumerate(tickets):
            await media.open_view(ViewId(f"v{number}"), CameraId("c0"), ticket, until)
        with watching(media.port, tickets) as told:
            await asyncio.sleep(4)
            full = await share_of_core(media.pid)
            if len(await media.list_views()) != VIEWERS:
                raise BenchFailed("viewers were lost")
            counts: list[list[int]] = []
            while told.poll(0):
                counts.append(told.recv())
            began = time.monotonic()
            await media.kick_all("revoked")
            while not isinstance(last := await asyncio.to_thread(told.recv), float):
                pass
    got = [later - earlier for earlier, later in zip(counts[-2], counts[-1], strict=True)]
    return (full - alone) / VIEWERS, min(got) * 8 / 4 / 1e6, (last - began) * 1000


async def janus_viewers(base: str) -> tuple[float, float]:
    """Percent of a core per viewer, and pictures a second that the slowest got."""
    with running_janus() as janus:
        async with fed(janus, f"{base}/cam/c0"), async_playwright() as playwright:
            alone = await share_of_core(janus.pid)
            browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            page = await open_page(browser, ORIGIN)
            await page.evaluate("(address) => janusConnect(address)", janus.signalling)
            await page.evaluate("(count) => janusMany(count)", JANUS_VIEWERS)
            await asyncio.sleep(4)
            before, began = await page.evaluate("janusFrames()"), time.perf_counter()
            full = await share_of_core(janus.pid)
            after, seconds = await page.evaluate("janusFrames()"), time.perf_counter() - began
            await browser.close()
    slowest = min(later - earlier for earlier, later in zip(before, after, strict=True)) / seconds
    return (full - alone) / JANUS_VIEWERS, slowest


async def our_ingest(base: str) -> tuple[float, float]:
    """Percent of a core and megabytes per camera."""
    async with media_process() as media:
        await asyncio.sleep(1)
        before, alone = resident_bytes(media.pid), await share_of_core(media.pid, 3)
        await open_cameras(media, base, CAMERAS)
        await asyncio.sleep(8)  # until every ring holds its past seconds
        share = await share_of_core(media.pid)
        return (share - alone) / CAMERAS, (resident_bytes(media.pid) - before) / CAMERAS / 1e6


def _pyav(base: str, told: Connection) -> None:
    """Threads that demux and keep the present GOP, as the simplest recorder would."""
    die_with_parent()
    told.send(0)
    live = [0] * CAMERAS

    def follow(number: int) -> None:
        gop: list[bytes] = []
        with av.open(f"{base}/cam/c{number}", options={"rtsp_transport": "tcp"}) as container:
            for packet in container.demux(video=0):
                if packet.is_keyframe:
                    gop = []
                gop.append(bytes(packet))
                live[number] += 1

    time.sleep(2)
    for number in range(CAMERAS):
        threading.Thread(target=follow, args=(number,), daemon=True).start()
    while min(live) < 150:
        time.sleep(0.2)
    told.send(1)
    time.sleep(600)


async def pyav_ingest(base: str) -> tuple[float, float]:
    """Percent of a core and megabytes per camera."""
    here, there = mp.Pipe()
    process = mp.get_context("spawn").Process(target=_pyav, args=(base, there), daemon=True)
    process.start()
    try:
        await asyncio.to_thread(here.recv)
        await asyncio.sleep(1)
        before = resident_bytes(process.pid or 0)
        if not await asyncio.to_thread(here.poll, 90):
            raise BenchFailed("PyAV did not open every camera")
        share = await share_of_core(process.pid or 0)
        return share / CAMERAS, (resident_bytes(process.pid or 0) - before) / CAMERAS / 1e6
    finally:
        process.kill()
        process.join()


def viewer_rows(base: str) -> list[dict[str, Any]]:
    ours, megabits, cut = asyncio.run(our_viewers(base))
    what = f"CPU per viewer at {VIEWERS}, 720p 2 Mb/s"
    row = {"what": what, "value": round(ours, 3), "unit": "% of a core", "reach": "a tenth of Janus", "met": None}
    found = [
        row,
        {"what": "what the slowest of them got", "value": round(megabits, 2), "unit": "Mb/s", "met": None},
        {"what": f"{VIEWERS} views revoked at once, to the last byte at any viewer", "value": round(cut, 1),
         "unit": "ms", "reach": "200 ms", "met": cut <= 200},
    ]  # fmt: skip
    if not may_run():
        row["rival"] = "Janus: not installed, not run"
    else:
        janus, pictures = asyncio.run(janus_viewers(base))
        row |= {
            "rival": f"Janus 1.1.2 at {JANUS_VIEWERS} ({janus:.3f} %)",
            "ratio": round(ours / janus, 3),
            "met": ours <= janus / 10,
        }
        found.append(
            {"what": "what the slowest of Janus's got", "value": round(pictures, 1), "unit": "pictures/s", "met": None}
        )
    return found


def ingest_rows(base: str, gop_megabytes: float) -> list[dict[str, Any]]:
    ours, memory = asyncio.run(our_ingest(base))
    pyav, pyav_memory = asyncio.run(pyav_ingest(base))
    beyond = memory - gop_megabytes
    return [
        {"what": f"CPU per ingested 720p camera at {CAMERAS}", "value": round(ours, 3), "unit": "% of a core",
         "rival": f"PyAV thread per camera ({pyav:.3f} %)", "ratio": round(ours / pyav, 2), "reach": "not above PyAV",
         "met": ours <= pyav},
        {"what": f"memory per ingested 720p camera at {CAMERAS}, beyond its GOP",
         "value": round(beyond, 2), "unit": "MB",
         "rival": f"PyAV thread per camera ({pyav_memory - gop_megabytes:.2f} MB)",
         "ratio": round(beyond / (pyav_memory - gop_megabytes), 2), "reach": "2 MB; not above PyAV",
         "met": beyond <= 2.0 and memory <= pyav_memory},
    ]  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Each rival under the same load, one after the other."""
    loop = film_720p()
    gop = sum(len(nal) for frame in loop.frames[: loop.fps] for nal in frame) / 1e6
    with cameras(loop) as base:
        return [*ingest_rows(base, gop), *viewer_rows(base)]
