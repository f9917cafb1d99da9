"""What storage does in a second, beside bare sqlite3 committing the same rows with synchronous FULL."""

import asyncio
import json
import secrets
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from goldentime.adapters.sql import SqlStore, open_store, verify
from goldentime.adapters.sql.changing import SqlChange
from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import Choice, Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Purpose, Status, camera_id
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Incident, Service, Severity, State
from goldentime.core.clock import SystemClock
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, GrantId, IncidentId, MessageId, SiteId, new_id
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.kept import KeptMessage, MessageState

NOW = datetime(2026, 5, 1, tzinfo=UTC)
BODY = secrets.token_bytes(1024)
WORDS = json.dumps(
    {"place": "경기도 수원시 팔달구 효원로 1", "content": "신고 내용 " * 20}, ensure_ascii=False
).encode()
AGENCY = AgencyId("112-suwon")


def choice() -> Choice:
    """Four cameras of a small crossing."""
    cameras = []
    for number in range(8):
        site = SiteId(f"site-{number}")
        place = LonLat(127.0 + 0.0004 * (number % 3), 37.26 + 0.0003 * (number // 3))
        cameras.append(Camera(camera_id(site, 1), site, 1, place, Purpose.CRIME, Status.WORKING, megapixels=2.0))
    return rank_cameras(Scene(LonLat(127.0003, 37.2603), "112UC001"), CameraIndex(cameras))


def message(number: int) -> KeptMessage:
    """The row of one raw message of 1 KB."""
    made = MessageId(new_id("msg", NOW))
    ends = NOW + timedelta(days=30)
    return KeptMessage(
        made, "safety_net_http", AGENCY, "application/json", number.to_bytes(32, "big"), len(BODY), NOW, ends
    )


def keep(change: SqlChange, kept: KeptMessage) -> None:
    """First change of a report: the raw message is durable before it is read."""
    change.put_message(kept)
    change.seal(f"message/{kept.id}", "raw", BODY, ends_at=kept.ends_at)


def accept(change: SqlChange, kept: KeptMessage, chosen: Choice) -> None:
    """Second change: incident, source, picks, grant, five facts, three audit entries, sealed words, the answer."""
    occurrence = kept.digest.hex()
    change.find_answered(kept.digest)
    change.find_incident_by_source("P4800000000", occurrence)
    serial = change.next_number("20260501")
    known = IncidentId(new_id("inc", NOW))
    incident = Incident(
        known, f"0501-{serial:04d}", Service.VIDEO_112, "112UC001", "112 긴급영상", Severity.CRITICAL, State.OPEN,
        NOW, NOW, NOW, place=LonLat(127.0003, 37.2603), agency=AGENCY, reports=1,
    )  # fmt: skip
    change.put_incident(incident)
    change.put_source("P4800000000", occurrence, known)
    change.seal(f"incident/{known}", "words", WORDS, ends_at=NOW + timedelta(days=30))
    change.put_picks(known, chosen.picks, chosen.radius, anew=True)
    change.find_agency(AGENCY)
    change.list_grants(incident=known)
    purpose, basis = Text("상황 대응", "Response"), Text("개인정보 보호법 제18조", "PIPA art. 18")
    cameras = frozenset(pick.camera_id for pick in chosen.picks)
    made = GrantId(new_id("gra", NOW))
    change.put_grant(Grant(made, AGENCY, None, purpose, basis, known, cameras, NOW, NOW + timedelta(minutes=30)))
    for kind in ("IncidentOpened", "CamerasChosen", "GrantMade", "MessageRead", "AnswerKept"):
        change.record(Fact(kind, known, NOW, {"message": kept.id, "cameras": 4, "radius": 500.0}))
    for action in ("IncidentOpened", "GrantMade", "MessageAnswered"):
        change.audit(Entry(NOW, action, AGENCY, AGENCY, known, data={"grant": made, "cameras": 4}))
    answered = KeptMessage(
        kept.id, kept.linkage, kept.sender, kept.content_type, kept.digest, kept.size, kept.received_at, kept.ends_at,
        MessageState.READ, occurrence, known, b'{"typeCode":"2000","cameras":4}' * 8, "application/json",
    )  # fmt: skip
    change.put_message(answered)


async def report(store: SqlStore, number: int, chosen: Choice) -> float:
    """Seconds one report takes from its bytes being here to all of it being durable."""
    begun = time.perf_counter()
    kept = message(number)
    await store.change(lambda change: keep(change, kept))
    await store.change(lambda change: accept(change, kept, chosen))
    return time.perf_counter() - begun


async def _reports(store: SqlStore, count: int, at_once: int, *, first: int = 0) -> dict[str, float]:
    chosen = choice()
    took: list[float] = []
    numbers = iter(range(first, first + count))

    async def sender() -> None:
        for number in numbers:
            seconds = await report(store, number, chosen)
            took.append(seconds)

    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.gather(*[sender() for _ in range(at_once)])
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    took.sort()
    return {
        "per_second": count / seconds,
        "cpu_us": cpu / count * 1e6,
        "p50_ms": took[len(took) // 2] * 1e3,
        "p99_ms": took[int(len(took) * 0.99)] * 1e3,
    }


async def _paced(store: SqlStore, count: int, per_second: float, *, first: int) -> dict[str, float]:
    """Reports that come at a steady rate, whether or not earlier ones are done."""
    chosen, begun = choice(), time.perf_counter()
    asked = []
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        asked.append(asyncio.create_task(report(store, first + number, chosen)))
    took = sorted(await asyncio.gather(*asked))
    return {"p99_ms": took[int(count * 0.99)] * 1e3}


async def _flood(store: SqlStore, count: int, at_once: int) -> dict[str, float]:
    messages = [message(number) for number in range(1_000_000, 1_000_000 + count)]
    numbers = iter(messages)

    async def sender() -> None:
        for kept in numbers:
            await store.change(lambda change, kept=kept: keep(change, kept))  # type: ignore[misc]

    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.gather(*[sender() for _ in range(at_once)])
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return {"per_second": count / seconds, "cpu_us": cpu / count * 1e6}


def _rows_of_a_report(folder: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The very rows one report leaves, table by table, read back from a store that took one."""
    with open_store(folder, clock=SystemClock()) as store:
        asyncio.run(_reports(store, 1, 1))
    bare = sqlite3.connect(folder / "goldentime.db")
    tables = ["message", "vault_key", "vault_item", "incident", "source", "pick", "access_grant", "fact", "audit_entry"]
    found = [(table, bare.execute(f"SELECT * FROM {table}").fetchall()) for table in tables]  # noqa: S608  (names above)
    bare.close()
    return found


def bare_commits(folder: Path, count: int) -> dict[str, float]:
    """Bare sqlite3: the same rows, the same two commits a report, one report after another."""
    rows = _rows_of_a_report(folder)
    bare = sqlite3.connect(folder / "goldentime.db", isolation_level=None)
    bare.execute("PRAGMA synchronous = FULL")
    inserts = []
    for table, some in rows:
        bare.execute(f"DELETE FROM {table}")  # noqa: S608  (names above)
        inserts.append((f"INSERT INTO {table} VALUES ({','.join('?' * len(some[0]))})", table, some))  # noqa: S608
    took = []
    first = {"message", "vault_key"}
    for number in range(count):
        begun = time.perf_counter()
        for tables in (first, {table for table, _ in rows} - first):
            bare.execute("BEGIN IMMEDIATE")
            for sql, table, some in inserts:
                if table in tables:
                    bare.executemany(sql, [_renamed(table, row, number, n) for n, row in enumerate(some)])
            bare.execute("COMMIT")
        took.append(time.perf_counter() - begun)
    bare.close()
    took.sort()
    return {
        "per_second": count / sum(took),
        "p99_ms": took[int(len(took) * 0.99)] * 1e3,
        "p50_ms": took[count // 2] * 1e3,
    }


def _renamed(table: str, row: tuple[Any, ...], number: int, n: int) -> tuple[Any, ...]:
    if table in {"fact", "audit_entry"}:
        return (number * 10 + n + 1, *row[1:])
    if table == "source":
        return (row[0], f"{number}", *row[2:])
    return (f"{row[0]}-{number}", *row[1:])


def bare_group(folder: Path, count: int) -> float:
    """Bare sqlite3: 1 KB messages with their key and item, 256 to a commit; messages a second."""
    rows = {
        table: some[0] for table, some in _rows_of_a_report(folder) if table in {"message", "vault_key", "vault_item"}
    }
    bare = sqlite3.connect(folder / "goldentime.db", isolation_level=None)
    bare.execute("PRAGMA synchronous = FULL")
    begun = time.perf_counter()
    for first in range(0, count, 256):
        bare.execute("BEGIN IMMEDIATE")
        for table, row in rows.items():
            marks = ",".join("?" * len(row))
            some = [(f"{row[0]}-{number}", *row[1:]) for number in range(first, first + 256)]
            bare.executemany(f"INSERT INTO {table} VALUES ({marks})", some)  # noqa: S608  (names above)
        bare.execute("COMMIT")
    return count / (time.perf_counter() - begun)


def rows(count: int = 3000) -> list[dict[str, object]]:
    """One line a figure: what, value, unit, rival, ratio, reach, met."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        bare = bare_commits(folder / "bare", count // 3)
        grouped = bare_group(folder / "grouped", 5120)
        with open_store(folder / "ours", clock=SystemClock()) as store:
            asyncio.run(_reports(store, 200, 8))
            many = asyncio.run(_reports(store, count, 32, first=200))
            one = asyncio.run(_reports(store, count // 3, 1, first=200 + count))
            paced = asyncio.run(_paced(store, count // 3, 500, first=200 + 2 * count))
            flood = asyncio.run(_flood(store, count * 2, 256))
            begun = time.perf_counter()
            checked, broken = verify(store)
            verified = checked / (time.perf_counter() - begun)
    return [
        _row("report durable, both changes, one at a time, p99", one["p99_ms"], "ms", "< 30 ms", one["p99_ms"] < 30,
             rival=("bare sqlite3, same rows and commits", bare["p99_ms"])),
        _row("report durable, 500 a second, p99", paced["p99_ms"], "ms", "< 30 ms", paced["p99_ms"] < 30),
        _row("reports stored, 32 at a time", many["per_second"], "reports/s", "> 500/s", many["per_second"] > 500,
             rival=("bare sqlite3, one by one", bare["per_second"])),
        _row("CPU per report in storage", many["cpu_us"], "us", "< 1000 us", many["cpu_us"] < 1000),
        _row("raw messages kept and sealed", flood["per_second"], "messages/s", "> 3000/s", flood["per_second"] > 3000,
             rival=("bare sqlite3, 256 a commit, unsealed", grouped)),
        _row("audit entries verified", verified, "entries/s", "chain holds", broken is None),
    ]  # fmt: skip


def _row(
    what: str,
    value: float,
    unit: str,
    reach: str,
    met: bool,  # noqa: FBT001  (one line a figure, as the results file has it)
    *,
    rival: tuple[str, float] | None = None,
) -> dict[str, object]:
    digits = 2 if value < 100 else None
    return {
        "what": what,
        "value": round(value, digits),
        "unit": unit,
        "rival": f"{rival[0]}: {round(rival[1], digits)} {unit}" if rival else None,
        "ratio": round(value / rival[1], 2) if rival else None,
        "reach": reach,
        "met": met,
    }


if __name__ == "__main__":
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 3000):
        print(json.dumps(row, ensure_ascii=False))
