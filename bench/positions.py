"""Positions taken in by one process with a thousand maps open, beside a plain dict and Redis GEO on like sockets."""

import asyncio
import json
import multiprocessing as mp
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.city_server import AGENCY, Running, cpu_seconds, running_city
from bench.ending import BenchFailed
from bench.live import Stage as LiveStage
from bench.map_viewers import KEPT, Heard, Maps, open_maps
from bench.position_senders import PER_SECOND, POSTS, SECONDS, VEHICLES, make_lines, make_posts, send_posts, sent
from bench.report import call, p99, request
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.place import LonLat
from goldentime.edges.http.positions import Fix
from goldentime.wiring import Platform

VIEWERS, ROUNDS = 1_000, 3
FLAT_OUT = 100_000  # positions sent as fast as they are taken, a round
AHEAD = 20.0  # seconds in which what is to be sent is written
_DECODE = msgspec.json.Decoder(Fix).decode_lines
Row = dict[str, Any]


class Stage:
    """The platform with more routes: the rivals' streams, where many may open maps, what was taken."""

    def __init__(self, platform: Platform, redis: int) -> None:
        self.platform, self._redis = platform, redis
        self._others = LiveStage(platform)
        self.dict: dict[str, tuple[float, float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.platform.app
        if scope["type"] == "http" and scope["path"].startswith("/bench/"):
            name = scope["path"].rsplit("/", 1)[1]
            app = await (getattr(self, name, None) or getattr(self._others, name))(Request(scope, receive))
        await app(scope, receive, send)

    async def taken(self, _request: Request) -> Response:
        return JSONResponse({"taken": self.platform.world.positions.taken})

    async def units(self, _request: Request) -> Response:
        """Register every vehicle that will drive."""
        station = LonLat(127.0, 37.0)
        cars = [
            Unit(UnitId(f"car{number}"), AgencyId(AGENCY.id), f"순{number}", UnitKind.PATROL, station)
            for number in range(VEHICLES)
        ]

        def put(tx: Any) -> None:
            for car in cars:
                tx.put_unit(car)
            tx.record(Fact("CityUnitsImported", "city", datetime.now(UTC), {"units": len(cars)}))

        await self.platform.store.change(put)
        await asyncio.sleep(2.5)  # the next beat knows them
        return JSONResponse(len(cars))

    async def plain(self, request: Request) -> Response:
        """Decoded alike, the newest kept in a dict; nobody checked, nothing smoothed."""
        count = 0
        async for lines in _lines(request):
            for one in _DECODE(lines):
                self.dict[one.unit] = (one.lon, one.lat, time.time())
                count += 1
        return JSONResponse({"taken": count})

    async def redis(self, request: Request) -> Response:
        """Decoded alike, GEOADD for each, pipelined by chunk on one connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._redis)
        count = 0
        async for lines in _lines(request):
            fixes = _DECODE(lines)
            for one in fixes:
                parts = (b"GEOADD", b"units", str(one.lon).encode(), str(one.lat).encode(), one.unit.encode())
                writer.write(b"*5\r\n" + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
            await writer.drain()
            for _ in fixes:
                await reader.readuntil(b"\r\n")
            count += len(fixes)
        writer.close()
        return JSONResponse({"taken": count})


async def _lines(request: Request) -> Any:
    rest = b""
    async for chunk in request.stream():
        whole, found, rest_of = (rest + chunk).rpartition(b"\n")
        rest = rest_of
        if found:
            yield whole


@dataclass(frozen=True)
class Watched:
    """What a paced run showed: positions taken a second, the server's share of a core, the answers' waits, the maps."""

    rate: float
    share: float
    waits_ms: list[float]
    seconds: float
    heard: Heard


def watched_round(city: Running, maps: Maps) -> Watched:
    """The positions paced by the clock, with every map open."""
    begins = datetime.now(UTC) + timedelta(seconds=AHEAD)
    posts = make_posts(begins, city.places, city.key)
    if (early := begins.timestamp() - time.time()) < 0:
        raise BenchFailed(f"what is to be sent was not written {AHEAD} s ahead")
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=send_posts, args=(there, city.port, begins.timestamp(), posts))
    process.start()
    time.sleep(early)
    maps.begin()
    cpu, started = cpu_seconds(city.pid), time.perf_counter()
    taken, took, waits, refused = here.recv()
    used, seconds = cpu_seconds(city.pid) - cpu, time.perf_counter() - started
    heard = maps.end()
    process.join()
    if heard.lost or taken != PER_SECOND * SECONDS:
        raise BenchFailed(f"{heard.lost} maps lost; {taken} of {PER_SECOND * SECONDS} taken {refused}")
    return Watched(taken / took, used / seconds, [wait * 1000 for wait in waits], seconds, heard)


def flat_out(city: Running, path: str, beside: int = 0) -> float:
    """Positions for each second of CPU of the server, and of a process `beside` it that keeps them, nobody watching."""
    time.sleep(FLAT_OUT / PER_SECOND + 0.5)  # the last round is over before these times begin
    ago = datetime.now(UTC) - timedelta(seconds=FLAT_OUT / PER_SECOND)
    pieces = make_lines(FLAT_OUT, ago, city.places, 2)
    pids = [city.pid, *([beside] if beside else [])]
    cpu = sum(map(cpu_seconds, pids))
    process, told = sent(city.port, path, city.key, pieces)
    taken, _ = told.recv()
    used = sum(map(cpu_seconds, pids)) - cpu
    process.join()
    if taken < FLAT_OUT * 0.99:  # what is refused as late is cheaper, and no figure
        raise BenchFailed(f"{path}: only {taken} of {FLAT_OUT} taken")
    return float(taken / used)


@contextmanager
def running_redis() -> Iterator[tuple[int, int]]:
    """Port and process of a redis-server of our own, kept in memory; zeros when none is installed."""
    program = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    if program is None:
        yield 0, 0
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        server = subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), 0.2).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(10)


async def sessions_of(city: Running) -> list[str]:
    return list(json.loads((await call(city.port, request("/bench/sessions", b"")))[1]))


def rows() -> list[Row]:
    """One server for all; ours and the rivals in turn, medians of rounds."""
    with running_redis() as (redis, redis_pid):
        around: Callable[[Platform], ASGIApp] = lambda platform: Stage(platform, redis)  # noqa: E731
        with running_city(around=around) as city:
            asyncio.run(call(city.port, request("/bench/units", b"")))
            rivals = ["/bench/plain", *(["/bench/redis"] if redis else [])]
            flat: dict[str, list[float]] = {path: [] for path in ("/api/positions", *rivals)}
            for _ in range(ROUNDS):
                for path, figures in flat.items():
                    figures.append(flat_out(city, path, redis_pid if path.endswith("redis") else 0))

            tokens = asyncio.run(sessions_of(city))[:VIEWERS]
            with open_maps(city.port, tokens) as maps:
                watched = watched_round(city, maps)
    ours, plain = (statistics.median(flat[path]) for path in ("/api/positions", "/bench/plain"))
    geo = statistics.median(flat["/bench/redis"]) if redis else None
    rival = (
        f"Redis GEO behind the same socket {geo:.0f}/s, plain dict {plain:.0f}/s"
        if geo
        else (f"plain dict behind the same socket {plain:.0f}/s (no redis-server here)")
    )
    flat_row = {
        "what": "positions decoded, checked, smoothed and kept in memory per CPU-second, one process, nobody watching",
        "value": round(ours), "unit": "1/s", "rival": rival, "ratio": round(ours / (geo or plain), 2),
        "reach": ">= 20000", "met": ours >= 20_000,
    }  # fmt: skip
    return [flat_row, *_watched_rows(watched)]


def _watched_rows(watched: Watched) -> list[Row]:
    heard = watched.heard
    every, ages = min(heard.rates), [age * 1000 for age in heard.ages]
    what = f"positions of {VEHICLES} vehicles in POSTs of {PER_SECOND // POSTS}, {VIEWERS} maps open, {SECONDS} s"
    sent = f"{heard.size / SECONDS / 1e6:.0f} MB/s told to the maps, whose own process took {heard.cpu / SECONDS:.2f}"
    return [
        {"what": f"{what}: taken a second", "value": round(watched.rate), "unit": "1/s", "rival": "", "ratio": None,
         "reach": ">= 20000 offered, all taken", "met": watched.rate >= 0.98 * PER_SECOND},
        {"what": f"{what}: the server's share of one core, matching, storing and telling included",
         "value": round(watched.share, 2), "unit": "core", "rival": sent, "ratio": None, "reach": "< 1",
         "met": watched.share < 1},
        {"what": f"{what}: map updates a second, the slowest map", "value": round(every, 2), "unit": "1/s",
         "rival": "", "ratio": None, "reach": ">= 0.98", "met": every >= 0.98},
        {"what": f"{what}: age of a position on the map when it is new there, p99", "value": round(p99(ages)),
         "unit": "ms", "rival": f"median {statistics.median(ages):.0f} ms, {len(ages)} positions on {KEPT} maps",
         "ratio": None, "reach": "< 2500", "met": p99(ages) < 2500},
        {"what": f"{what}: a POST answered after, p99", "value": round(p99(watched.waits_ms), 1), "unit": "ms",
         "rival": f"median {statistics.median(watched.waits_ms):.1f} ms, longest {max(watched.waits_ms):.0f} ms",
         "ratio": None, "reach": "", "met": None},
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(rows(), ensure_ascii=False, indent=1))
