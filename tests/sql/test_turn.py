"""Two platforms over one state: only one of them sends, and the other goes on when it dies."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg
import pytest

from fakes.agency_line import AgencyLine, a_message
from goldentime.adapters.sql import SqlStore
from goldentime.core.errors import StorageFailed
from goldentime.core.ids import AgencyId, OutgoingId
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.outbox import subject_of
from goldentime.flows.outgoing.send_outgoing import Outbox
from goldentime.flows.world import World
from sql.conftest import Place

TAKEN_OVER_WITHIN = 5.0  # seconds, as docs/decisions/outbox.md says
HOLD = """
import asyncio, sys
from pathlib import Path
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
store = open_store(Path(sys.argv[1]), url=sys.argv[2] or None, clock=SystemClock())
turn = store.turn("outbox")
print(asyncio.run(turn.is_ours()), flush=True)
sys.stdin.read()
"""


def put_messages(store: SqlStore, count: int) -> None:
    def put(tx: object) -> None:
        for number in range(count):
            message = a_message(id=OutgoingId(f"out-{number:03}"), incident=f"inc-{number % 7}", sequence=number)
            tx.put_outgoing(message)
            tx.seal(
                subject_of(message.id), "body", json.dumps({"number": str(number)}).encode(), ends_at=message.ends_at
            )

    store.change_now(put)


def outbox_of(place: Place, store: SqlStore, line: AgencyLine) -> Outbox:
    place.clock.pass_(seconds=1)
    links = LinkHealth(place.clock, lambda: None)
    world = World(store, place.clock, bytes, None, None, pepper=b"")
    return Outbox(world, [Channel(AgencyId("police"), "wire", line)], links, turn=store.turn("outbox"))


@contextmanager
def another_process(place: Place) -> Iterator["subprocess.Popen[str]"]:
    """A platform of its own that has the turn."""
    command = [sys.executable, "-c", HOLD, str(place.folder), place.url or ""]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "True"
            yield process
        finally:
            process.kill()


async def test_of_two_platforms_one_sends_and_the_other_goes_on_when_it_stops(place: Place) -> None:
    first, second = place.open(), place.open()
    put_messages(first, 40)
    lines = AgencyLine(), AgencyLine()
    place.clock.pass_(minutes=24 * 60)
    boxes = [outbox_of(place, store, line) for store, line in zip((first, second), lines, strict=True)]
    for _ in range(12):
        await asyncio.gather(*(box.turn() for box in boxes))
        place.clock.pass_(seconds=1)
    assert sorted([len(line.came) for line in lines]) == [0, 40]
    begun = 0 if lines[0].came else 1
    put_messages(first, 40)  # the same again, waiting
    await boxes[begun]._turn.give_back()
    for _ in range(12):
        await boxes[1 - begun].turn()
        place.clock.pass_(seconds=1)
    assert len(lines[1 - begun].came) == 40


@pytest.mark.socket
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_process_that_is_killed_lets_go_at_once(kind: str, new_place) -> None:
    place = new_place(kind)
    ours = place.open().turn("outbox")
    with another_process(place) as process:
        assert not await ours.is_ours()
        process.kill()
        process.wait()
        begun = monotonic()
        while not await ours.is_ours():
            assert monotonic() - begun < TAKEN_OVER_WITHIN
            await asyncio.sleep(0.05)
    await ours.give_back()


@pytest.mark.socket
async def test_who_has_lost_its_session_knows_before_the_next_message(new_place) -> None:
    place = new_place("postgres")
    store, other = place.open(), place.open()
    ours, theirs = store.turn("outbox"), other.turn("outbox")
    assert await ours.is_ours()
    with psycopg.connect(place.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    begun = monotonic()
    while not await theirs.is_ours():
        assert monotonic() - begun < TAKEN_OVER_WITHIN
        await asyncio.sleep(0.02)
    with pytest.raises(StorageFailed):
        await ours.is_ours()
    assert not await ours.is_ours()
    await theirs.give_back()
    assert await ours.is_ours()
    await ours.give_back()
