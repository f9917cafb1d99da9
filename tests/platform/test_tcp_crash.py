"""The platform is killed in the middle of a flood over TCP: nothing answered is lost, nothing is twice."""

import asyncio
import contextlib
import signal
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
import pytest

from fakes.hall import Pictures, furnish, seat
from fakes.walk import wait_for
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from goldentime.sim.agencies.occurrence import Message, Numbers, begin
from goldentime.sim.agencies.scenario import load_scenario
from goldentime.sim.agencies.tcp_client import TcpAgencyClient, TcpWay
from goldentime.sim.agencies.tcp_wire import WIRES

pytestmark = [pytest.mark.slow, pytest.mark.socket]
SETTINGS = """
[[agencies]]
id = "agency-119"
name_ko = "소방 119"
name_en = "Fire 119"
senders = ["119"]
services = ["119_dispatch"]

[linkages.fixed_head_tcp.listen]
port = {port}
peers = [{{ agency = "agency-119", addresses = ["127.0.0.1"], codes = ["119"] }}]
"""
SENDERS = 80  # more at once than are worked on at once, so that some are kept and answered first
ENOUGH = 200  # answers after which the power goes


@pytest.fixture
def city(tmp_path: Path) -> tuple[Path, int]:
    """A city's folder, and the port its door will have."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "goldentime.toml").write_text(SETTINGS.format(port=port), encoding="utf-8")
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        furnish(tmp_path / "data", store, Pictures())
        seat(store)
    return tmp_path, port


def messages(count: int) -> list[Message]:
    scenario, numbers, now = load_scenario("119"), Numbers(), SystemClock().now()
    chance = Random(7)  # noqa: S311  stories, no secrets
    return [begin(scenario, numbers.next(now), now, chance) for _ in range(count)]


async def flood(port: int, waiting: list[Message], on_answer: Callable[[int], None]) -> list[Message]:
    """The messages that were accepted, sent over many connections until there are none or nobody answers."""
    answered: list[Message] = []
    way = TcpWay("127.0.0.1", port, WIRES["fixed_head_tcp"])

    async def send() -> None:
        client = TcpAgencyClient(load_scenario("119").agency, way, SystemClock())
        while waiting:
            message = waiting.pop()
            delivered = await client.deliver(message, attempts=1, pause=0)
            if delivered.heard is None:
                break
            assert delivered.heard.ok, delivered.heard
            answered.append(message)
            on_answer(len(answered))
        await client.close()

    await asyncio.gather(*(send() for _ in range(SENDERS)))
    return answered


def rows(data: Path, query: str, *given: object) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{data / 'goldentime.db'}?mode=ro", uri=True)) as bare:
        return bare.execute(query, given).fetchall()


def test_a_kill_in_the_middle_of_a_flood_over_tcp_loses_nothing_and_repeats_nothing(city, serve) -> None:
    folder, port = city
    data = folder / "data"
    everything = messages(900)
    with serve(folder) as platform:
        wait_for(lambda: httpx.get(f"{platform.url}/api/health").is_success, 60, "the start")

        def pull_the_plug(answers: int) -> None:
            if answers == ENOUGH:
                platform.process.send_signal(signal.SIGKILL)

        answered = asyncio.run(flood(port, list(everything), pull_the_plug))
        assert platform.process.wait(10) == -signal.SIGKILL
    assert ENOUGH <= len(answered) < len(everything)
    with serve(folder) as platform:
        wait_for(lambda: httpx.get(f"{platform.url}/api/health").is_success, 60, "the restart")
        wait_for(lambda: rows(data, "SELECT count(*) FROM message WHERE state = 'kept'") == [(0,)], 90, "the backlog")
        again = [message for message in everything if message not in answered][:40]
        assert len(asyncio.run(flood(port, [*again, *answered[:10]], lambda _: None))) == 50
        wait_for(lambda: rows(data, "SELECT count(*) FROM message WHERE state = 'kept'") == [(0,)], 60, "the rest")
        assert platform.stop() == 0
    for message in [*answered, *again]:
        stored = "SELECT count(DISTINCT incident) FROM source WHERE occurrence = ?"
        assert rows(data, stored, message.number) == [(1,)], message.number
        kept = "SELECT count(*) FROM message WHERE occurrence = ? AND incident IS NOT NULL"
        assert rows(data, kept, message.number) == [(1,)], message.number
    assert rows(data, "SELECT DISTINCT linkage FROM message") == [("fixed_head_tcp",)]
