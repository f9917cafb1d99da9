"""The bytes of messages being worked on stay within a budget: whoever is over it is not read from, and none is lost."""

import asyncio

import pytest

from edges_tcp.conftest import message
from goldentime.edges.tcp.held import HeldBytes
from goldentime.linkages import fixed_head_tcp


async def test_who_finds_no_room_waits_in_turn_and_a_message_larger_than_all_passes_alone() -> None:
    held, order = HeldBytes(100), []

    async def come(name: str, count: int) -> None:
        await held.take(count)
        order.append(name)

    await come("first", 60)
    waiting = [asyncio.create_task(come(name, count)) for name, count in (("large", 500), ("small", 10))]
    await asyncio.sleep(0)
    assert order == ["first"], "the small one does not overtake the large one, which would starve"
    held.give(60)
    await waiting[0]
    assert (order, held.held) == (["first", "large"], 500)
    held.give(500)
    await waiting[1]
    assert held.held == 10


async def test_who_goes_away_while_waiting_holds_nothing_and_lets_those_behind_pass() -> None:
    held = HeldBytes(100)
    await held.take(100)
    gone, behind = asyncio.create_task(held.take(50)), asyncio.create_task(held.take(20))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    held.give(100)
    await behind
    assert held.held == 20


@pytest.mark.socket
@pytest.mark.parametrize("budget", ["bytes_each", "bytes_together"])
async def test_a_door_works_on_no_more_bytes_than_its_budget_and_answers_all_in_the_end(opened, budget):
    words = "가" * 300
    stage = await opened("fixed_head_tcp", {budget: 4 * len(message(fixed_head_tcp.open_linkage({}), 0, words))})
    stage.hall.gate.clear()
    lines = [await stage.knock() for _ in range(3)]
    for place, line in enumerate(lines):
        line.writer.write(b"".join(message(stage.linkage, place * 100 + number, words) for number in range(20)))
    most = 4 if budget == "bytes_together" else 12
    async with asyncio.timeout(10):
        while stage.hall.working < most:  # noqa: ASYNC110  the hall counts, it does not tell
            await asyncio.sleep(0)
    stage.hall.gate.set()
    answers = [[(await line.answer()).words[:17] for _ in range(20)] for line in lines]
    assert answers == [[f"20261123{place * 100 + number:09d}" for number in range(20)] for place in range(3)]
    assert stage.hall.most_at_once == most
