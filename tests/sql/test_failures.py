"""What is left when the power, the disk or the database server goes away in the middle."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from goldentime.adapters.sql import open_store, verify
from goldentime.core.clock import SystemClock
from goldentime.core.errors import StorageFailed
from goldentime.core.ids import MessageId
from sql import samples as s
from sql.conftest import Place

MANY = """
import asyncio, os, sys
from pathlib import Path
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from sql import samples as s

async def send(store, name):
    def decide(tx):
        tx.put_message(s.message(name))
        tx.seal(f"message/{name}", "raw", b"x" * 5000, ends_at=s.LATER)
        tx.record(s.fact(subject=name))
        tx.audit(s.entry())
    await store.change(decide)
    os.write(1, f"{name}\\n".encode())

async def main(store):
    for first in range(0, 100_000, 20):
        await asyncio.gather(*[send(store, f"msg-{number}") for number in range(first, first + 20)])

asyncio.run(main(open_store(Path(sys.argv[1]), clock=SystemClock())))
"""


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen([sys.executable, "-c", MANY, folder], stdout=subprocess.PIPE, env=environment)


@pytest.mark.slow
@pytest.mark.parametrize("reports", [1, 137, 1500])
def test_every_report_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path, reports: int) -> None:
    process = _started(tmp_path)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().decode().strip() for _ in range(reports)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [line.decode().strip() for line in process.stdout if line.endswith(b"\n")]
    process.wait(10)
    assert len(acknowledged) >= reports
    with open_store(tmp_path, clock=SystemClock()) as store:

        def ask(look):
            return [
                name
                for name in acknowledged
                if look.find_message(MessageId(name)) is None or look.unseal(f"message/{name}", "raw") != b"x" * 5000
            ]

        assert store.read_now(ask) == []
        checked, broken = verify(store)
        assert broken is None
        assert checked >= len(acknowledged)
        assert store.read_now(lambda look: look.last_position()) == checked
        assert store.change_now(lambda tx: tx.audit(s.entry())) == checked + 1


FULL = """
import asyncio, resource, sys
from pathlib import Path
from goldentime.adapters.sql import open_store, verify
from goldentime.core.clock import SystemClock
from goldentime.core.errors import StorageFailed
from sql import samples as s

def keeping(name):
    def decide(tx):
        tx.put_message(s.message(name))
        tx.seal(f"message/{name}", "raw", b"x" * 20_000, ends_at=s.LATER)
        tx.audit(s.entry())
        return name
    return decide

async def main(store):
    kept, failed = [], []
    await store.change(keeping("before"))
    at_most = 3_000_000  # no file may grow beyond: what a full disk does
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_most, resource.RLIM_INFINITY))
    for first in range(0, 400, 8):
        names = [f"msg-{number}" for number in range(first, first + 8)]
        outcomes = await asyncio.gather(*[store.change(keeping(name)) for name in names], return_exceptions=True)
        for name, outcome in zip(names, outcomes):
            assert outcome == name or isinstance(outcome, StorageFailed), outcome
            (kept if outcome == name else failed).append(name)
    assert failed, "the disk never filled"
    assert kept
    looked = await store.read(lambda look: look.find_message("before"))
    assert looked is not None, "looking must go on while the disk is full"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    kept.append(await store.change(keeping("after")))
    there = await store.read(lambda look: [one.id for one in look.list_kept()])
    assert set(there) == {"before", *kept}, set(there) ^ {"before", *kept}
    assert verify(store) == (len(kept) + 1, None), verify(store)
    print("kept", len(kept), "failed", len(failed))

asyncio.run(main(open_store(Path(sys.argv[1]), clock=SystemClock())))
"""


@pytest.mark.slow
def test_a_full_disk_refuses_without_lying_and_recovers_when_there_is_room(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept")


@pytest.mark.socket
async def test_a_database_that_drops_its_connections_is_found_again(new_place: Callable[[str], Place]) -> None:
    place = new_place("postgres")
    store = place.open()
    await store.change(lambda tx: tx.audit(s.entry()))
    await store.read(lambda look: look.last_position())
    with psycopg.connect(place.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await store.change(lambda tx: tx.audit(s.entry())) == 2
    assert await store.read(lambda look: look.audit_head()[0]) == 2
    assert verify(store) == (2, None)


@pytest.mark.socket
async def test_a_connection_lost_in_the_middle_fails_everyone_in_that_commit(
    new_place: Callable[[str], Place],
) -> None:
    place = new_place("postgres")
    store = place.open()

    def cut_off(tx):
        tx.record(s.fact())
        assert tx.list_facts()
        tx.draft.connection.driver.close()
        return tx.record(s.fact())

    def fine(tx):
        return tx.record(s.fact())

    outcomes = await asyncio.gather(*[store.change(each) for each in (fine, cut_off, fine)], return_exceptions=True)
    assert isinstance(outcomes[1], StorageFailed)
    kept = await store.read(lambda look: look.last_position())
    assert [each for each in outcomes if not isinstance(each, StorageFailed)] == list(range(1, kept + 1))


async def test_a_change_nobody_waits_for_any_more_is_made_all_the_same(new_place: Callable[[str], Place]) -> None:
    store = new_place("sqlite").open()
    waiting = asyncio.create_task(store.change(lambda tx: tx.record(s.fact())))
    await asyncio.sleep(0)
    waiting.cancel()
    await store.change(lambda tx: None)
    assert await store.read(lambda look: look.last_position()) == 1


async def test_a_busy_database_is_waited_for(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    mine, other = place.open(), place.open()
    inside, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx):
        loop.call_soon_threadsafe(inside.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
        return tx.record(s.fact())

    first = asyncio.create_task(other.change(slow))
    await inside.wait()
    second = asyncio.create_task(mine.change(lambda tx: tx.record(s.fact())))
    assert await mine.read(lambda look: look.last_position()) == 0  # looking never waits
    go_on.set()
    assert [await first, await second] == [1, 2]
