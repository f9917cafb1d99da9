"""The platform is killed in the middle of a flood: nothing answered is lost, nothing is twice, no view stays open."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
import pytest

from fakes.hall import OURS, SCENE, Pictures, furnish, seat
from fakes.walk import wait_for
from goldentime.adapters.sql import open_store, verify
from goldentime.core.clock import SystemClock
from goldentime.sim.agencies.client import AgencyClient
from goldentime.sim.agencies.occurrence import Message, Numbers, begin
from goldentime.sim.agencies.scenario import load_scenario

pytestmark = [pytest.mark.slow, pytest.mark.socket]
SETTINGS = """
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
senders = ["P4100000112"]
services = ["112_video", "112_dispatch", "vulnerable", "wanted_vehicle", "anklet", "safe_return"]
"""
SENDERS = 80  # more at once than are worked on at once, so that some are kept and answered first
ENOUGH = 300  # answers after which the power goes


@pytest.fixture
def city(tmp_path: Path, environment: dict[str, str]) -> tuple[Path, str, dict[str, str]]:
    """A city's folder, an agency's key and an operator's cookie."""
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "goldentime.toml").write_text(SETTINGS, encoding="utf-8")
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        furnish(tmp_path / "data", store, Pictures())
        operator = seat(store)["operator"]
    issue = ["goldentime", "keys", "issue", "agency-112", "--data", "data", "--settings", "city/goldentime.toml"]
    done = subprocess.run(issue, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    return tmp_path, done.stdout.strip(), operator


def messages(count: int) -> list[Message]:
    scenario, numbers, now = load_scenario("112"), Numbers(), SystemClock().now()
    chance = Random(7)  # noqa: S311  stories, no secrets
    return [begin(scenario, numbers.next(now), now, chance) for _ in range(count)]


async def flood(url: str, key: str, waiting: list[Message], on_answer: Callable[[int], None]) -> list[Message]:
    """The messages that were answered 2000, sent by many at once until there are none or nobody answers."""
    answered: list[Message] = []
    limits = httpx.Limits(max_connections=SENDERS)
    async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False, limits=limits) as http:
        client = AgencyClient(load_scenario("112").agency, key, http, SystemClock())

        async def send() -> None:
            while waiting:
                message = waiting.pop()
                delivered = await client.deliver(message, attempts=1)
                if delivered.heard is None:
                    return
                if delivered.heard.type_code == "2000":
                    answered.append(message)
                    on_answer(len(answered))

        await asyncio.gather(*(send() for _ in range(SENDERS)))
    return answered


def rows(data: Path, query: str, *given: object) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{data / 'goldentime.db'}?mode=ro", uri=True)) as bare:
        return bare.execute(query, given).fetchall()


def test_a_kill_in_the_middle_of_a_flood_loses_nothing_and_repeats_nothing(city, serve) -> None:
    folder, key, operator = city
    data = folder / "data"
    everything = messages(3000)
    with serve(folder) as platform:
        opened = httpx.post(f"{platform.url}/api/incidents", json={**SCENE, "title": "x"}, headers={**operator, **OURS})
        assert opened.status_code == 201, opened.text
        wish = {"camera_id": opened.json()["cameras"][0]["camera_id"], "incident_id": opened.json()["id"]}
        view = httpx.post(f"{platform.url}/api/views", json=wish, headers={**operator, **OURS}, timeout=20)
        assert view.status_code == 201, view.text
        below = platform.descendants()

        def pull_the_plug(answers: int) -> None:
            if answers == ENOUGH:
                platform.process.send_signal(signal.SIGKILL)

        answered = asyncio.run(flood(platform.url, key, list(everything), pull_the_plug))
        assert platform.process.wait(10) == -signal.SIGKILL
        wait_for(lambda: not any(_is_alive(pid) for pid in below), 15, "the end of the media child")
    assert ENOUGH <= len(answered) < len(everything)
    assert rows(data, "SELECT count(*) FROM access_view WHERE ended_at IS NULL") == [(1,)], "the view was cut off open"
    with serve(folder) as platform:
        wait_for(lambda: httpx.get(f"{platform.url}/api/health").is_success, 20, "the restart")
        wait_for(lambda: rows(data, "SELECT count(*) FROM message WHERE state = 'kept'") == [(0,)], 90, "the backlog")
        assert rows(data, "SELECT count(*) FROM access_view WHERE ended_at IS NULL") == [(0,)]
        again = [message for message in everything if message not in answered][:60]
        assert len(asyncio.run(flood(platform.url, key, list(again), lambda _: None))) == len(again)
        wait_for(lambda: rows(data, "SELECT count(*) FROM message WHERE state = 'kept'") == [(0,)], 60, "the rest")
        assert platform.stop() == 0
    with open_store(data, clock=SystemClock()) as store:
        checked, broken = verify(store)
        assert (broken, checked > len(answered)) == (None, True)
    for message in [*answered, *again]:
        stored = "SELECT count(DISTINCT incident) FROM source WHERE occurrence = ?"
        assert rows(data, stored, message.number) == [(1,)], message.number
        kept = "SELECT count(*) FROM message WHERE occurrence = ? AND incident IS NOT NULL"
        assert rows(data, kept, message.number) == [(1,)], message.number


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
