"""What a thousand consoles cost the live feed, beside a bare broadcast route on the same server, coalesced alike."""

import asyncio
import json
import os
import re
import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.city_server import Running, cpu_seconds, running_city
from bench.ending import BenchFailed
from bench.report import agency_session, body, call, p99, request
from goldentime.city.people.account import Session
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.flows.tokens import token_digest
from goldentime.wiring import Platform

CONSOLES, PER_SECOND, INCIDENTS, SECONDS, ROUNDS = 1_000, 50, 200, 10.0, 3
BETWEEN_FLUSHES = 0.1
WATCHED = 20  # connections whose events are read for their times; of the others only the number of bytes is taken
STAMP = re.compile(rb'"updated_at":"([^"]+)"')
Row = dict[str, Any]


class Stage:
    """The platform with three routes more: the bare rival, changes made at a pace, and sessions without passwords."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.rival = Broadcast()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.platform.app
        if scope["type"] == "http" and scope["path"].startswith("/bench/"):
            app = await getattr(self, scope["path"].rsplit("/", 1)[1])(Request(scope, receive))
        await app(scope, receive, send)

    async def bare(self, _request: Request) -> Response:
        return StreamingResponse(self.rival.events(), media_type="text/event-stream")

    async def sessions(self, _request: Request) -> Response:
        """Cookies of as many operators as there are consoles."""
        now, store = datetime.now(UTC), self.platform.store
        tokens = [f"bench-{number}-{os.urandom(8).hex()}" for number in range(CONSOLES)]

        def sign_in(tx: Any) -> None:
            account = next(one for one in tx.list_accounts() if one.name == "operator")
            for token in tokens:
                session = Session(token_digest(token), account.id, account.display_name, now, now + timedelta(hours=1))
                tx.put_session(session)

        await store.change(sign_in)
        return JSONResponse(tokens)

    async def drive(self, request: Request) -> Response:
        """Incidents changed durably at a pace; the rival is handed as many bytes as a change of ours has."""
        incidents = await self.platform.store.read(lambda look: look.list_incidents(open_only=True, limit=INCIDENTS))
        count, started = int(PER_SECOND * float(request.query_params["seconds"])), time.monotonic()
        size = int(request.query_params["size"])
        for number in range(count):
            await asyncio.sleep(started + number / PER_SECOND - time.monotonic())
            now = datetime.now(UTC)
            await self._change(incidents[number % len(incidents)].id, now)
            if request.query_params["what"] == "bare":
                stamp = f'"updated_at":"{now.isoformat()}"'.encode()
                self.rival.put(b"event: change\ndata: {" + stamp.ljust(size) + b"}\n\n")
        return JSONResponse(count)

    async def _change(self, incident: IncidentId, now: datetime) -> None:
        def decide(tx: Any) -> None:
            known = tx.find_incident(incident)
            tx.put_incident(replace(known, version=known.version + 1, updated_at=now))
            tx.record(Fact("IncidentUpdated", incident, now, {"version": known.version + 1}))

        await self.platform.store.change(decide)


class Broadcast:
    """Everything to everyone, the first at once and then ten times a second; nothing read, nobody checked."""

    def __init__(self) -> None:
        self.listeners: set[asyncio.Queue[bytes]] = set()
        self.waiting: list[bytes] = []
        self.flushed = 0.0

    def put(self, event: bytes) -> None:
        self.waiting.append(event)
        if len(self.waiting) == 1:
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time(), self.flushed + BETWEEN_FLUSHES), self.flush)

    def flush(self) -> None:
        event, self.waiting = b"".join(self.waiting), []
        self.flushed = asyncio.get_running_loop().time()
        for listener in self.listeners:
            listener.put_nowait(event)

    async def events(self) -> AsyncIterator[bytes]:
        mine: asyncio.Queue[bytes] = asyncio.Queue()
        self.listeners.add(mine)
        try:
            yield b"event: hello\ndata: {}\n\n"
            while True:
                yield await mine.get()
        finally:
            self.listeners.discard(mine)


@dataclass
class Heard:
    """What one round's connections heard; `delays` in seconds, of the watched ones only."""

    size: int = 0
    opened: int = 0
    lost: int = 0
    delays: list[float] = field(default_factory=list)


class Console(asyncio.Protocol):
    """One browser's event stream, as cheap as can be; a watched one reads how old each change is on arrival."""

    def __init__(self, path: str, token: str, heard: Heard, *, watched: bool) -> None:
        self.path, self.token, self.heard, self.watched = path, token, heard, watched
        self.text, self.opened, self.closing = b"", False, False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        cookie = f"Cookie: goldentime_session={self.token}\r\n"
        transport.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.heard.size += len(data)
        if self.watched or not self.opened:
            self._read(data, time.time())

    def connection_lost(self, _problem: Exception | None) -> None:
        self.heard.lost += not self.closing

    def _read(self, data: bytes, now: float) -> None:
        self.text += data
        if not self.opened and b"event: hello" in self.text:
            self.opened = True
            self.heard.opened += 1
        end = 0
        for stamp in STAMP.finditer(self.text):
            end = stamp.end()
            self.heard.delays.append(now - datetime.fromisoformat(stamp[1].decode()).timestamp())
        self.text = self.text[end:]


@dataclass
class Figures:
    """One round: microseconds of the server's CPU for a change delivered to one console, and how late it was."""

    cpu_us: float
    delivered_per_second: float
    p99_ms: float
    bytes_per_change: float


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return as soon as it is so, or when the time is over."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:  # noqa: ASYNC110  (it is told by plain counters)
        await asyncio.sleep(0.02)


async def one_round(city: Running, tokens: list[str], what: str, size: int) -> Figures:
    """All consoles connected, changes for some seconds, all closed again; raises when a change did not arrive."""
    heard, loop = Heard(), asyncio.get_running_loop()
    path = "/api/live" if what == "ours" else "/bench/bare"
    consoles = [Console(path, token, heard, watched=number < WATCHED) for number, token in enumerate(tokens)]
    for console in consoles:
        await loop.create_connection(lambda one=console: one, "127.0.0.1", city.port)  # type: ignore[misc]
    await until(lambda: heard.opened == len(consoles))
    await asyncio.sleep(1.0)  # what the reports before it led to has been told
    heard.delays.clear()
    heard.size, cpu, started = 0, cpu_seconds(city.pid), time.perf_counter()
    _, answer = await call(city.port, request(f"/bench/drive?what={what}&seconds={SECONDS}&size={size}", b""))
    changes, took = int(answer), time.perf_counter() - started
    await until(lambda: len(heard.delays) >= changes * WATCHED)
    used = cpu_seconds(city.pid) - cpu
    for console in consoles:
        console.closing = True
        console.transport.close()
    if heard.lost or len(heard.delays) != changes * WATCHED:
        raise BenchFailed(
            f"{what}: {heard.lost} consoles lost, {len(heard.delays)} of {changes * WATCHED} changes heard"
        )
    delivered = changes * len(consoles)
    delays = [delay * 1000 for delay in heard.delays]
    return Figures(used / delivered * 1e6, delivered / took, p99(delays), heard.size / delivered)


async def measure(city: Running) -> list[tuple[Figures, Figures]]:
    """Rounds of ours and the rival, in turn, on one server."""
    session = await agency_session(city)
    for number in range(INCIDENTS):
        sent = body(number, city.places[number % len(city.places)])
        await call(city.port, request("/linkHttp/recvEvent.json", sent, f"X-Scsns-Secret: {session}\r\n"))
    _, answer = await call(city.port, request("/bench/sessions", b""))
    rounds = []
    for _ in range(ROUNDS):
        ours = await one_round(city, json.loads(answer), "ours", 0)
        rounds.append((ours, await one_round(city, json.loads(answer), "bare", int(ours.bytes_per_change))))
    return rounds


def rows() -> list[Row]:
    """The figures of the live feed."""
    with running_city(around=Stage) as city:
        ours, bare = zip(*uvloop.run(measure(city)), strict=True)
    cost, rival = (statistics.median(one.cpu_us for one in side) for side in (ours, bare))
    heard = statistics.median(one.delivered_per_second for one in ours)
    late, rival_late = (statistics.median(one.p99_ms for one in side) for side in (ours, bare))
    what = f"{CONSOLES:,} consoles x {PER_SECOND} changes/s"
    return [
        {"what": f"{what}: deliveries per CPU-second of the server", "value": round(1e6 / cost), "unit": "1/s",
         "rival": f"bare SSE broadcast, same server, coalesced alike: {1e6 / rival:.0f}/s",
         "ratio": round(rival / cost, 2), "reach": ">= 0.7", "met": rival / cost >= 0.7},
        {"what": f"{what}: delivered a second", "value": round(heard), "unit": "1/s", "rival": "",
         "ratio": None, "reach": "", "met": None},
        {"what": f"{what}: delay from change to console, p99", "value": round(late, 1), "unit": "ms",
         "rival": f"bare broadcast {rival_late:.1f} ms", "ratio": round(late / rival_late, 2), "reach": "< 250 ms",
         "met": late < 250},
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(rows(), ensure_ascii=False, indent=1))
