"""How much an agency's system or a stranger may send at our door, and what is said beyond that or when we fail."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog

from fakes.agency_door import POLICE, a_report, client_of, log_in, send
from goldentime.core.errors import StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http import safety_net
from goldentime.edges.intake.keeping import Allowance
from goldentime.edges.intake.seldom import Seldom
from goldentime.messages.exchange import (
    Sender,
)


async def test_strangers_cannot_fill_the_disk_and_what_was_too_much_is_counted(reception):
    allowance = Allowance(messages=5, bytes=1 << 20, bytes_in_all=1 << 20)
    async with client_of(reception, strangers_refused=allowance, unkept_told_after=0.05) as client:
        for _ in range(40):
            assert (await send(client, a_report(), None))["type"] == "4001"
        async with asyncio.timeout(5):
            await reception.noted.wait()
    assert len(reception.refused) == 5
    assert reception.unkept == [(None, 35)]


async def test_of_strangers_together_only_so_many_bytes_are_kept_and_of_one_message_its_beginning(reception):
    allowance = Allowance(messages=100, bytes=1 << 20, bytes_in_all=150_000)
    async with client_of(reception, strangers_refused=allowance) as client:
        for _ in range(9):
            await send(client, a_report(ocrEvtCn="x" * 200_000), None)
    assert [len(raw.body) for raw, _ in reception.refused] == [64 << 10, 64 << 10]


async def test_an_oversized_message_is_refused_and_the_next_one_works(reception):
    async with client_of(reception) as client:
        await log_in(client)
        answer = await send(client, a_report(ocrEvtCn="가" * (1 << 20)))
        assert (answer["result"], answer["type"]) == ("1", "4000")
        assert (await send(client, a_report()))["type"] == "2000"
    [(raw, reason)] = reception.refused
    assert reason == "oversized"
    assert len(raw.body) == 64 << 10


async def test_strangers_together_hold_only_so_much_memory_and_known_senders_pass_meanwhile(reception):
    letting_go, arrived = asyncio.Event(), asyncio.Semaphore(0)

    async def holding() -> AsyncIterator[bytes]:
        yield b"x" * 5000
        arrived.release()
        await letting_go.wait()

    async with client_of(reception, strangers_bytes=12_000) as client:
        await log_in(client)
        held = [asyncio.create_task(send(client, holding(), "nobody")) for _ in range(3)]
        for _ in held:
            await arrived.acquire()
        assert (await send(client, a_report(), "nobody"))["type"] == "4209"
        assert (await send(client, a_report()))["type"] == "2000"
        letting_go.set()
        assert {(await task)["type"] for task in held} == {"4001"}
        assert (await send(client, a_report(), "nobody"))["type"] == "4001"


async def test_a_body_that_dribbles_in_is_given_up_and_what_came_is_kept(reception):
    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"svcTy":'
        await asyncio.Event().wait()

    async with client_of(reception, body_seconds=0.05) as client:
        await log_in(client)
        answer = await send(client, slowly())
        assert answer["type"] == "4000"
        assert (await send(client, a_report()))["type"] == "2000"
    assert [(raw.body, reason) for raw, reason in reception.refused] == [(b'{"svcTy":', "slow_body")]


async def test_ten_thousand_items_are_taken_and_one_more_is_refused(reception):
    async with client_of(reception) as client:
        await log_in(client)
        items = [{"key": "K", "val": str(n)} for n in range(10_000)]
        assert (await send(client, a_report(ocrEvtItem=items)))["type"] == "2000"
        assert (await send(client, a_report(ocrEvtItem=[*items, items[0]])))["type"] == "4000"
        assert (await send(client, a_report()))["type"] == "2000"


async def test_a_flood_beyond_the_limit_is_told_to_come_again_and_others_pass(reception):
    fire = Sender(AgencyId("agency-119"))
    async with client_of(reception, reports_per_second=1) as client:  # so few that a slow machine cannot keep below it
        await log_in(client)
        codes = [(await send(client, a_report()))["type"] for _ in range(20)]
        reception.sessions["fire"] = fire
        assert (await send(client, a_report(), "fire"))["type"] == "2000"
    assert codes[:2] == ["2000"] * 2
    assert "4209" in codes


async def test_a_flood_of_trials_costs_the_agencys_true_reports_nothing(reception):
    async with client_of(reception, reports_per_second=10, trials_per_second=2) as client:
        await log_in(client)
        reception.sessions["trial"] = Sender(POLICE.agency, POLICE.codes, sandbox=True)
        trials = [(await send(client, a_report(), "trial"))["type"] for _ in range(20)]
        reports = [(await send(client, a_report()))["type"] for _ in range(20)]
    assert (trials[:4], trials[-1]) == (["2000"] * 4, "4209")
    assert reports == ["2000"] * 20


async def test_too_many_logins_of_one_address_are_slowed(reception):
    async with client_of(reception, logins_per_second=1) as client:
        codes = [(await log_in(client, "guess"))["type"] for _ in range(6)]
    assert codes[0] == "4001"
    assert codes[-1] == "4209"


@pytest.mark.parametrize(
    ("failure", "type_code"),
    [(StorageFailed(Text("디스크 가득 참", "disk full")), "5003"), (RuntimeError("a bug"), "5000")],
    ids=["storage", "bug"],
)
async def test_our_own_trouble_tells_the_agency_to_send_again(reception, failure, type_code):
    async with client_of(reception) as client:
        await log_in(client)
        reception.failure = failure
        answer = await send(client, a_report())
        assert (answer["result"], answer["type"]) == ("1", type_code)
        assert "disk" not in answer["message"]
        reception.failure = None
        assert (await send(client, a_report()))["type"] == "2000"


async def test_a_full_disk_is_logged_once_and_told_to_every_sender(reception, monkeypatch):
    monkeypatch.setattr(safety_net, "_SELDOM", Seldom())
    reception.failure = StorageFailed(Text("디스크 가득 참", "disk full"))
    async with client_of(reception) as client:
        await log_in(client)
        with structlog.testing.capture_logs() as lines:
            codes = [(await send(client, a_report()))["type"] for _ in range(30)]
    assert codes == ["5003"] * 30
    assert [(line["event"], line["times"]) for line in lines] == [("message_not_accepted", 1)]
