"""What is told to an agency outlives us and them: killed or silent on the way, each thing is taken once, in order."""

import asyncio
import secrets
import signal
from collections import defaultdict
from functools import partial
from pathlib import Path
from random import Random

import httpx
import pytest
from typer.testing import CliRunner

from fakes.hall import OURS, Pictures, furnish, seat
from goldentime.adapters.sql import open_store
from goldentime.command import build
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.flows.people.manage_keys import issue_key
from goldentime.sim.agencies.client import AgencyClient
from goldentime.sim.agencies.occurrence import Numbers, begin
from goldentime.sim.agencies.receiver import ReceivingAgency
from goldentime.sim.agencies.scenario import load_scenario

pytestmark = [pytest.mark.slow, pytest.mark.socket]
SETTINGS = """
[web]
callback_networks = ["127.0.0.0/8"]
[linkages.safety_net_http]
[linkages.safety_net_tcp]
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
senders = ["P4100000112"]
services = ["112_video", "112_dispatch", "vulnerable", "wanted_vehicle", "anklet", "safe_return"]
[agencies.wire]
linkage = "safety_net_tcp"
host = "127.0.0.1"
port = {port}
api_key = "what they gave us"
"""
OCCURRENCES = 8


def settle(folder: Path, port: int) -> tuple[str, str, dict[str, str]]:
    """A city's folder with our line to the agency; its key, a sandbox key and an operator's headers."""
    (folder / "city").mkdir()
    (folder / "city" / "goldentime.toml").write_text(SETTINGS.format(port=port), encoding="utf-8")
    issue = partial(issue_key, clock=SystemClock(), randomness=secrets.token_bytes, agency=AgencyId("agency-112"))
    with open_store(folder / "data", clock=SystemClock()) as store:
        furnish(folder / "data", store, Pictures())
        operator = seat(store)["operator"]
        keys = [asyncio.run(issue(store, sandbox=sandbox)).secret for sandbox in (False, True)]
    return keys[0], keys[1], {**operator, **OURS}


async def report(url: str, key: str) -> None:
    scenario, numbers, now = load_scenario("112"), Numbers(), SystemClock().now()
    chance = Random(7)  # noqa: S311  stories, no secrets
    async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as http:
        client = AgencyClient(scenario.agency, key, http, SystemClock())
        for _ in range(OCCURRENCES):
            delivered = await client.deliver(begin(scenario, numbers.next(now), now, chance))
            assert delivered.heard is not None
            assert delivered.heard.ok


async def until(reached, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not reached():  # noqa: ASYNC110  another process moves it
            await asyncio.sleep(0.02)


@pytest.fixture
async def agency():
    there = ReceivingAgency(code="P4100000112", api_key="what they gave us")
    yield there
    await there.stop()


async def test_killed_platform_and_dying_agency_lose_and_repeat_nothing(agency, tmp_path, serve) -> None:
    port = await agency.start()
    key, sandbox, operator = await asyncio.to_thread(settle, tmp_path, port)
    with serve(tmp_path) as platform:
        await report(platform.url, key)
        async with httpx.AsyncClient(base_url=platform.url, timeout=20) as http:
            incidents = (await http.get("/api/incidents", headers=operator)).json()["items"]
            assert len(incidents) == OCCURRENCES
            agency.silent = 2
            for one in incidents:
                assert (await http.post(f"/api/incidents/{one['id']}/take", headers=operator)).status_code == 200
            await agency.stop()
            for one in incidents:
                told = {"text": f"{one['number']} 안내함", "action": True}
                done = await http.post(f"/api/incidents/{one['id']}/note", json=told, headers=operator)
                assert done.status_code == 200
            await agency.start(port=port)
            for one in incidents:
                closed = {"disposition": "handled"}
                await http.post(f"/api/incidents/{one['id']}/close", json=closed, headers=operator)
        await until(lambda: len(agency.taken) > OCCURRENCES)
        platform.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(platform.process.wait)
    with serve(tmp_path) as platform:
        await until(lambda: len(agency.taken) >= 3 * OCCURRENCES)
        await asyncio.sleep(0.3)  # long enough for a message too many
        by_occurrence = defaultdict(list)
        for one in agency.taken:
            by_occurrence[one.occurrence].append((one.number.rpartition("-")[2], one.state))
        assert list(by_occurrence.values()) == [[("1", "20"), ("2", "40"), ("3", "50")]] * OCCURRENCES
        assert agency.wrong == []
        await replayed_to_the_sandbox(tmp_path, platform.url, sandbox)


async def replayed_to_the_sandbox(folder: Path, url: str, sandbox: str) -> None:
    """A recorded message is sent again with a sandbox key; with a real one it is not."""
    samples = Path(__file__).parents[2] / "src/goldentime/linkages/safety_net_http/samples"
    body = folder / "recorded.json"
    body.write_bytes((samples / "112_robbery_json.json").read_bytes().replace(b"P4100000000", b"P4100000112"))
    command = ["linkage", "replay", str(body), "--linkage", "safety_net_http", "--url", url]
    for key, code, said in ((sandbox, 0, "[시험]"), ("no key at all", 2, "시험용 인증키가 아닙니다")):
        given = {"GOLDENTIME_AGENCY_KEY": key}
        done = await asyncio.to_thread(CliRunner().invoke, build(), command, env=given)
        assert (done.exit_code, said in done.output + done.stderr) == (code, True), done.output


def as_the_how_to_says(port: int) -> tuple[str, str]:
    """The settings of the page for speaking first, and the same without the line that lets us speak to this machine."""
    page = (Path(__file__).parents[2] / "docs/how-to/follow-an-interface.md").read_text(encoding="utf-8")
    written = page.partition("```toml\n")[2].partition("```")[0].replace("9112", str(port))
    written += "[linkages.safety_net_http]\n"
    allowed = next(line for line in written.splitlines() if line.startswith("callback_networks"))
    return written, written.replace(allowed, "")


async def test_the_how_to_s_settings_reach_an_agency_on_this_machine_and_a_missing_line_is_named(
    agency, tmp_path, serve
) -> None:
    port = await agency.start()
    agency.api_key = ""
    written, without = as_the_how_to_says(port)
    key, _, operator = await asyncio.to_thread(settle, tmp_path, port)
    settings = tmp_path / "city" / "goldentime.toml"
    settings.write_text(without, encoding="utf-8")
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        admin = seat(store)["admin"] | OURS
    with serve(tmp_path) as platform:
        await report(platform.url, key)
        async with httpx.AsyncClient(base_url=platform.url, timeout=20) as http:
            first = (await http.get("/api/incidents", headers=operator)).json()["items"][0]
            assert (await http.post(f"/api/incidents/{first['id']}/take", headers=operator)).status_code == 200
            async with asyncio.timeout(20):
                named = "설정 web.callback_networks"
                while named not in (await http.get("/api/linkages", headers=admin)).text:  # noqa: ASYNC110  another process
                    await asyncio.sleep(0.1)
            asked = await http.post("/api/interface-log/search", json={"direction": "out"}, headers=admin)
            assert [(row["state"], row["problem"]) for row in asked.json()["items"]] == [("waiting", "forbidden")]
    assert agency.taken == []
    settings.write_text(written, encoding="utf-8")
    with serve(tmp_path):
        await until(lambda: bool(agency.taken))
    assert [one.state for one in agency.taken] == ["20"]
    assert agency.wrong == []
