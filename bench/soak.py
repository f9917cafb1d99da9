"""Whether a long shift is calm: a hundred cameras, twenty viewers and a report a second lose no view and no memory."""

import asyncio
import itertools
import json
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import uvloop
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.city_server import Running, running_city
from bench.ending import BenchFailed
from bench.media_cameras import KEPT, cameras, resident_bytes
from bench.report import agency_session, body, call, p99, request
from goldentime.sim.cameras import Loop, encode_loop
from goldentime.sim.cameras.film import draw_film
from goldentime.wiring import Platform

CAMERAS, VIEWERS, BEAT_SECONDS, FEWEST_FRAMES = 100, 20, 5.0, 10.0
ENDED_AFTER = 60  # reports: each incident of the soak is cleared a minute after it was reported
SETTLED = 180.0  # seconds until the first incidents have long been ended and every cache has its size; at most
SETTLED_SHARE = 0.4  # of the time, when the soak is shorter
MINUTES = float(os.environ.get("GOLDENTIME_SOAK_MINUTES", "10"))
Row = dict[str, Any]


@dataclass
class Shift:
    """What was seen of it; sizes are (seconds, server, video) in MB, counts (seconds, incidents, streams, views)."""

    frames: list[int] = field(default_factory=lambda: [0] * VIEWERS)
    longest_gap: float = 0.0
    dropped: list[str] = field(default_factory=list)
    answers_ms: list[float] = field(default_factory=list)
    sizes: list[tuple[float, float, float]] = field(default_factory=list)
    counts: list[tuple[float, int, int, int]] = field(default_factory=list)
    opened: int = 0
    seconds: float = 0.0
    over: bool = False


class Counted:
    """The platform with one route more: how many incidents, streams and views are open."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.platform.app
        if scope["type"] == "http" and scope["path"] == "/bench/open":
            incidents = await self.platform.store.read(lambda look: look.list_incidents(open_only=True, limit=10_000))
            health = await self.platform.media.health()
            app = JSONResponse([len(incidents), health.streams, health.views])
        await app(scope, receive, send)


class Agency:
    """The 112 line: a report each time it is asked."""

    def __init__(self, city: Running, session: str) -> None:
        self.city, self.headers = city, f"X-Scsns-Secret: {session}\r\n"
        self.numbers = itertools.count(1)

    async def report(self, number: int, place: tuple[float, float], *, cleared: bool = False) -> float:
        """Seconds until it was answered; raises BenchFailed when it was refused."""
        sent = body(number, place)
        if cleared:
            sent = sent.replace(b'"ocrSts": "10"', b'"ocrSts": "50"')
        started = time.perf_counter()
        _, answer = await call(self.city.port, request("/linkHttp/recvEvent.json", sent, self.headers))
        if b'"result":"0"' not in answer:
            raise BenchFailed(f"a report was refused: {answer.decode(errors='replace')}")
        return time.perf_counter() - started


def video_pid(server: int) -> int:
    """The server's child that carries video."""
    children = [Path(f"/proc/{pid}/cmdline") for pid in _children(server)]
    return next(int(path.parent.name) for path in children if b"goldentime.media" in path.read_bytes())


def _children(pid: int) -> list[str]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [child for one in found for child in one.read_text().split()]


async def sign_in(city: Running, name: str) -> httpx.AsyncClient:
    """A browser's session of that person."""
    origin = f"http://127.0.0.1:{city.port}"
    client = httpx.AsyncClient(base_url=origin, headers={"X-Goldentime": "1", "Origin": origin}, timeout=30)
    (await client.post("/api/session", json={"name": name, "password": city.people[name]})).raise_for_status()
    return client


async def open_cameras(
    city: Running, agency: Agency, client: httpx.AsyncClient
) -> tuple[list[tuple[str, str]], list[tuple[float, float]]]:
    """Reports until a hundred cameras are chosen, which opens them; (incident, camera) of each, and the places."""
    found: dict[str, str] = {}
    places = []
    for place in random.Random(3).sample(city.places, len(city.places)):  # noqa: S311  (the same each time)
        await agency.report(next(agency.numbers), place)
        places.append(place)
        incidents = (await client.get("/api/incidents")).raise_for_status().json()["items"]
        told = (await client.get(f"/api/incidents/{incidents[0]['id']}")).raise_for_status().json()
        for camera in told["cameras"]:
            found.setdefault(camera["camera_id"], told["id"])
        if len(found) >= CAMERAS:
            break
    return [(incident, camera) for camera, incident in found.items()], places


async def watch(city: Running, client: httpx.AsyncClient, which: tuple[str, str], number: int, shift: Shift) -> None:
    """One viewer over a ticket of its own, with heartbeats, until the shift is over; notes when it is dropped."""
    incident, camera = which
    view = await client.post("/api/views", json={"incident_id": incident, "camera_id": camera})
    told = view.raise_for_status().json()
    origin = f"http://127.0.0.1:{city.port}"
    async with connect(f"ws://127.0.0.1:{told['media_port']}/live", origin=origin, max_size=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"ticket": told["ticket"]}))
        beating = asyncio.create_task(_beat(socket))
        try:
            await _look(socket, number, shift)
        except ConnectionClosed as closed:
            if not shift.over:
                shift.dropped.append(f"viewer {number}: {closed}")
        finally:
            beating.cancel()


async def _beat(socket: ClientConnection) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        await socket.send('{"beat":1}')


async def _look(socket: ClientConnection, number: int, shift: Shift) -> None:
    last = 0.0
    async for message in socket:
        now = time.monotonic()
        if isinstance(message, bytes):
            shift.frames[number] += 1
            shift.longest_gap = max(shift.longest_gap, now - last if last else 0.0)
            last = now
        elif json.loads(message)["type"] in {"ended", "refused"} and not shift.over:
            shift.dropped.append(f"viewer {number}: {message}")


async def report_each_second(agency: Agency, places: list[tuple[float, float]], shift: Shift, seconds: float) -> None:
    """A report a second, and the end of the one a minute earlier."""
    chance, started, ended = random.Random(5), time.monotonic(), []  # noqa: S311  (the same each time)
    for second in range(int(seconds)):
        await asyncio.sleep(max(0.0, started + second - time.monotonic()))
        number, place = next(agency.numbers), chance.choice(places)
        shift.answers_ms.append(await agency.report(number, place) * 1000)
        ended.append((number, place))
        if len(ended) > ENDED_AFTER:
            await agency.report(*ended.pop(0), cleared=True)


async def weigh(city: Running, pids: tuple[int, int], shift: Shift) -> None:
    """Memory of both processes every two seconds, and every ten how much is open, which explains it."""
    started = time.monotonic()
    for turn in itertools.count():
        server, video = (resident_bytes(pid) / 1e6 for pid in pids)
        shift.sizes.append((time.monotonic() - started, server, video))
        if turn % 5 == 0:
            _, answer = await call(city.port, request("/bench/open", b""))
            incidents, streams, views = json.loads(answer)
            shift.counts.append((time.monotonic() - started, incidents, streams, views))
        await asyncio.sleep(2)


async def work(city: Running, minutes: float) -> Shift:
    """The whole shift."""
    shift, agency = Shift(), Agency(city, await agency_session(city))
    client = await sign_in(city, "agency112")
    chosen, places = await open_cameras(city, agency, client)
    shift.opened, seconds = len(chosen), minutes * 60
    await asyncio.sleep(5)
    weighing = asyncio.create_task(weigh(city, (city.pid, video_pid(city.pid)), shift))
    viewers = [asyncio.create_task(watch(city, client, chosen[n], n, shift)) for n in range(VIEWERS)]
    started = time.monotonic()
    await report_each_second(agency, places, shift, seconds)  # the same cameras, so that memory can be told apart
    await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
    shift.over, shift.seconds = True, time.monotonic() - started
    watching = [weighing, *viewers]
    for one in watching:
        one.cancel()
    for problem in await asyncio.gather(*watching, return_exceptions=True):
        if isinstance(problem, Exception):
            shift.dropped.append(repr(problem))
    await client.aclose()
    return shift


def settled_at(shift: Shift) -> float:
    """Seconds from which on memory is compared."""
    return min(SETTLED, shift.sizes[-1][0] * SETTLED_SHARE)


def growth(shift: Shift, column: int) -> tuple[float, float, float]:
    """MB when all has settled, at the end, and the growth in MB a minute of a line through all between."""
    times, sizes = (np.array([one[i] for one in shift.sizes]) for i in (0, column))
    late = times >= settled_at(shift)
    slope = float(np.polyfit(times[late], sizes[late], 1)[0]) * 60
    return float(sizes[late][0]), float(sizes[-1]), slope


def open_between(shift: Shift) -> str:
    """Fewest and most of what was open since all had settled."""
    late = [one for one in shift.counts if one[0] >= settled_at(shift)] or shift.counts[-1:]
    columns = zip(*(one[1:] for one in late), strict=True)
    spans = [(min(column), max(column)) for column in columns]
    names = ("incidents", "streams", "views")
    return ", ".join(f"{low} to {high} {name}" for (low, high), name in zip(spans, names, strict=True))


def street_360p() -> Loop:
    """Six drawn seconds, kept in build/bench."""
    kept = KEPT / "street-360p.loop"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(msgspec.msgpack.encode(encode_loop("street", draw_film(1, night=False, frames=90))))
    return msgspec.msgpack.decode(kept.read_bytes(), type=Loop)


def rows(minutes: float = MINUTES) -> list[Row]:
    """The figures of the soak; the row says how long it was."""
    with cameras(street_360p()) as base, running_city(base, Counted) as city:
        shift = uvloop.run(work(city, minutes))
    what = f"{shift.opened} cameras, {VIEWERS} viewers, a report a second for {minutes:g} minutes"
    fewest = min(shift.frames) / shift.seconds
    found: list[Row] = [
        {"what": f"{what}: views dropped", "value": len(shift.dropped), "unit": "views", "reach": "0",
         "met": not shift.dropped and shift.opened >= CAMERAS},
        {"what": f"{what}: pictures a second of the worst view", "value": round(fewest, 1), "unit": "1/s",
         "rival": f"longest gap {shift.longest_gap:.1f} s", "ratio": None, "reach": f">= {FEWEST_FRAMES:g} of 15",
         "met": fewest >= FEWEST_FRAMES},
        {"what": f"{what}: report answered, p99", "value": round(p99(shift.answers_ms), 1), "unit": "ms", "reach": "",
         "met": None},
    ]  # fmt: skip
    for column, name in ((1, "platform"), (2, "video process")):
        first, last, slope = growth(shift, column)
        found.append(
            {"what": f"{what}: memory of the {name}, growth", "value": round(slope, 2), "unit": "MB a minute",
             "rival": f"{first:.1f} MB after {settled_at(shift):.0f} s, {last:.1f} MB at the end;"
             f" {open_between(shift)} open",
             "ratio": round(last / first, 3), "reach": "< 1 MB a minute", "met": slope < 1}
        )  # fmt: skip
    return [*found, *({"what": one, "value": None, "unit": "", "met": None} for one in shift.dropped[:5])]


if __name__ == "__main__":
    for line in rows():
        print(json.dumps(line, ensure_ascii=False))
