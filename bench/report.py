"""From a report's first byte to the camera list on an operator's feed, and how many reports a second one core takes."""

import asyncio
import itertools
import json
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.city_server import Running, cpu_seconds, running_city
from bench.ending import BenchFailed
from bench.intake import measure as measure_door

ONE_BY_ONE, SECONDS, FLOODS = 300, 8.0, 3


def body(number: int, place: tuple[float, float]) -> bytes:
    """One 112 report as the agency sends it, an occurrence of its own."""
    head = {"svcTy": "EVENT", "sendCd": "P4100000112", "rcvCd": "B4111000000", "sysCd": "112", "encAt": "N"}
    told = {
        "evtId": "112UC001", "evtNm": "112 긴급영상", "evtGrad": "10",
        "ocrNbr": f"20261122{number:09d}", "ocrSts": "10",
        "ocrLc": {"crdntX": f"{place[0]:.6f}", "crdntY": f"{place[1]:.6f}", "crdntZ": "0"},
        "ocrPlc": "시장 남측 출입구",
        "ocrEvtCn": "흉기로 위협 후 도주. 검은 점퍼, 남문로터리 방향.", "ocrEvtTime": "20261122212958",
        "ocrEvtStsUsr": {"ocrEvtUsrNm": "정해든"}, "ocrEvtItem": [{"key": "APPLICANT_NM", "val": "한빛나"}],
        "ocrEvtDtl": {"ocrEvtDtlCd": "R01", "ocrEvtDtlCdDtl": "강도"},
    }  # fmt: skip
    part = {"apSeq": {"apCurrent": "1", "apTotal": "1"}, "reqDate": "20261122213012"}
    return json.dumps({**head, **part, "body": told}, ensure_ascii=False).encode()


def request(path: str, content: bytes, headers: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Goldentime: 1\r\n"
        f"{headers}Content-Length: {len(content)}\r\n\r\n"
    ).encode() + content


async def call(port: int, sent: bytes) -> tuple[str, bytes]:
    """Head and body of one answer on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(next(line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length")))
    answer = await reader.readexactly(length)
    writer.close()
    return head, answer


async def agency_session(city: Running) -> str:
    _, answer = await call(city.port, request("/api/getAuth.json", json.dumps({"body": {"apiKey": city.key}}).encode()))
    return str(json.loads(answer)["message"])


async def operator_cookie(city: Running) -> str:
    told = json.dumps({"name": "operator", "password": city.people["operator"]}).encode()
    head, _ = await call(city.port, request("/api/session", told, f"Origin: http://127.0.0.1:{city.port}\r\n"))
    line = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie"))
    return line.split(":", 1)[1].split(";")[0].strip()


class Feed(asyncio.Protocol):
    """An operator's event stream; notes when each occurrence's place in the queue first arrives with its number."""

    def __init__(self, cookie: str) -> None:
        self.cookie, self.seen, self.text = cookie, asyncio.Queue[float](), b""

    def connection_made(self, transport: Any) -> None:
        transport.write(f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self.text += data
        for _ in range(self.text.count(b"event: change")):
            self.seen.put_nowait(now)
        self.text = self.text[-12:] if b"event: change" not in self.text[-12:] else b""


async def one_by_one(city: Running) -> list[float]:
    """Milliseconds from sending a report until an operator's feed has told of it (its cameras are durable by then)."""
    session, cookie = await agency_session(city), await operator_cookie(city)
    loop = asyncio.get_running_loop()
    _, feed = await loop.create_connection(lambda: Feed(cookie), "127.0.0.1", city.port)
    reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
    chance, waits = random.Random(1), []  # noqa: S311  (the same each time)
    await asyncio.sleep(0.5)
    for number in range(ONE_BY_ONE):
        while not feed.seen.empty():
            feed.seen.get_nowait()
        started = time.perf_counter()
        sent = request(
            "/linkHttp/recvEvent.json", body(number, chance.choice(city.places)), f"X-Scsns-Secret: {session}\r\n"
        )
        writer.write(sent)
        waits.append((await asyncio.wait_for(feed.seen.get(), 10) - started) * 1000)
        await reader.readuntil(b"}")
        await asyncio.sleep(0.15)  # quiet again, so that the feed tells at once
    writer.close()
    return waits[20:]


class Flood(asyncio.Protocol):
    """A keep-alive connection that sends the next report as soon as the last is answered."""

    def __init__(self, numbers: Any, places: list[tuple[float, float]], session: str) -> None:
        self.numbers, self.places, self.answered, self.bad = numbers, places, 0, ""
        self.headers = f"X-Scsns-Secret: {session}\r\n"
        self.chance = random.Random(7)  # noqa: S311  (the same each time)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        content = body(next(self.numbers), self.chance.choice(self.places))
        self.transport.write(request("/linkHttp/recvEvent.json", content, self.headers))

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"}"):
            self.answered += 1
            if b'"result":"0"' not in data:
                self.bad = data.decode(errors="replace")
            self.send()


async def throughput(city: Running, connections: int, seconds: float) -> dict[str, float]:
    """Reports answered a second, and per second of the server's own CPU, with so many at once."""
    session = await agency_session(city)
    loop, numbers = asyncio.get_running_loop(), itertools.count(1_000_000 * (1 + connections))
    flood = [Flood(numbers, city.places, session) for _ in range(connections)]
    for one in flood:
        await loop.create_connection(lambda one=one: one, "127.0.0.1", city.port)  # type: ignore[misc]
    await asyncio.sleep(0.5)
    answered, cpu, started = sum(one.answered for one in flood), cpu_seconds(city.pid), time.perf_counter()
    await asyncio.sleep(seconds)
    took, used = time.perf_counter() - started, cpu_seconds(city.pid) - cpu
    done = sum(one.answered for one in flood) - answered
    for one in flood:
        one.transport.close()
    if bad := next((one.bad for one in flood if one.bad), None):
        raise BenchFailed(f"a report was refused: {bad}")
    return {"per_second": done / took, "per_core_second": done / max(used, 0.01)}


def flood() -> dict[str, float]:
    """A flood on a city of its own, so that no earlier one's backlog is worked off beside it."""
    with running_city() as city:
        return asyncio.run(throughput(city, 256, SECONDS))


def bare_commits(count: int = 200) -> list[float]:
    """Milliseconds of a bare SQLite commit of about the rows one report writes, synchronous FULL, WAL."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=full")
        database.execute("create table row (id integer primary key, kind text, body blob)")
        waits = []
        for _ in range(count):
            started = time.perf_counter()
            for rows in (2, 18):  # the raw message first, then what it led to
                database.execute("begin immediate")
                database.executemany("insert into row (kind, body) values (?, ?)", [("x", b"x" * 300)] * rows)
                database.execute("commit")
            waits.append((time.perf_counter() - started) * 1000)
        database.close()
    return waits


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def rows() -> list[dict[str, Any]]:
    """The figures of the report's path."""
    bare = bare_commits()
    with running_city() as city:
        waits = asyncio.run(one_by_one(city))
        chosen = asyncio.run(throughput(city, 32, SECONDS))
    floods = [flood() for _ in range(FLOODS)]
    per_core, a_second = (statistics.median(one[name] for one in floods) for name in ("per_core_second", "per_second"))
    raw = measure_door("bare")
    return [
        {"what": "report accepted (durable) to camera list pushed, p99", "value": round(p99(waits), 1), "unit": "ms",
         "rival": f"bare SQLite commits of the rows, p99 {p99(bare):.2f} ms", "ratio": round(p99(waits) / p99(bare), 1),
         "reach": "< 30 ms", "met": p99(waits) < 30},
        {"what": "reports a second, cameras chosen, per core", "value": round(chosen["per_core_second"]), "unit": "1/s",
         "rival": f"raw ASGI route, {raw:.0f}/s", "ratio": round(chosen["per_core_second"] / raw, 3), "reach": ">= 500",
         "met": chosen["per_core_second"] >= 500},
        {"what": f"reports a second accepted durably in a flood, per core; median of {FLOODS}",
         "value": round(per_core), "unit": "1/s",
         "rival": f"raw ASGI route, {raw:.0f}/s; by the clock {a_second:.0f}/s",
         "ratio": round(per_core / raw, 3), "reach": ">= 3000", "met": per_core >= 3000},
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(rows(), ensure_ascii=False, indent=1))
