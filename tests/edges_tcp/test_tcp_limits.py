"""Rude callers on real sockets, and too many of them: the door cuts off whom it must and serves the others."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

import pytest

from edges_tcp.conftest import KEY, LETTERS, Line, either, message, now

pytestmark = pytest.mark.socket


@either
async def test_five_hundred_connections_are_served_at_once(opened, wire):
    stage = await opened(wire)
    lines = await asyncio.gather(*(stage.knock() for _ in range(500)))
    codes = await asyncio.gather(*(line.ask(message(stage.linkage, n)) for n, line in enumerate(lines)))
    assert set(codes) == {"2000"}
    assert stage.server.connections == 500
    too_many = await stage.knock()
    await too_many.closed()
    for line in lines:
        line.writer.close()


@either
async def test_slow_senders_are_cut_off_and_do_not_hold_up_the_others(opened, wire):
    stage = await opened(wire, {"message_seconds": 0.5})
    slow = [await stage.knock() for _ in range(200)]
    for line in slow:
        line.writer.write(message(stage.linkage, 1)[:60])
    await stage.assert_still_serving()
    answers = await asyncio.gather(*(line.answer() for line in slow))
    assert {one.code for one in answers} == {"4000"}
    assert {(await stage.hall.refused.get())[2] for _ in slow} == {"cut_off"}
    await asyncio.gather(*(line.closed() for line in slow))


@either
async def test_a_message_dripped_byte_by_byte_must_still_end_in_time(opened, wire):
    stage = await opened(wire, {"message_seconds": 0.5})
    line = await stage.knock()

    async def drip() -> None:
        for byte in message(stage.linkage, 1)[:-1]:
            line.writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert (await line.answer()).code == "4000"
    dripping.cancel()


async def test_a_whole_message_whose_length_asks_for_more_is_taken_and_its_sender_may_go_on(opened):
    stage = await opened("safety_net_tcp", {"message_seconds": 0.3}, LETTERS)
    line = await stage.knock()
    assert await line.ask(message(stage.linkage, 1, more=40)) == "2000"
    assert await line.ask(message(stage.linkage, 2, more=40)) == "2000"
    assert await line.ask(message(stage.linkage, 3)) == "2000"
    assert len(stage.hall.reports) == 3
    assert stage.hall.refused.empty()


async def test_a_wrong_length_costs_none_of_the_messages_behind_it(opened):
    stage = await opened("fixed_head_tcp")
    line = await stage.knock()
    behind = b"".join(message(stage.linkage, number) for number in range(1, 11))
    line.writer.write(message(stage.linkage, 0, more=3) + behind)
    assert [(await line.answer()).code for _ in range(11)] == ["4000"] + ["2000"] * 10


async def test_a_message_that_is_too_large_is_told_so_once_and_none_of_its_words_are_taken_for_a_message(opened):
    stage = await opened("fixed_head_tcp")
    line = await stage.knock()
    forged = message(stage.linkage, 9).decode("latin-1")
    line.writer.write(message(stage.linkage, 1))
    whole = message(stage.linkage, 2, "112UCP" * 12_500).decode("latin-1")
    line.writer.write(whole.replace("112UCP" * 20, ";" + forged, 1).encode("latin-1"))
    assert (await line.answer()).code == "2000"
    told = await line.answer()
    assert (told.code, "메시지가 너무 큽니다." in told.words) == ("4000", True)
    assert await line.reader.read() == b"", "and hung up"
    assert stage.hall.refused.qsize() == 1
    assert len(stage.hall.reports) == 1
    again = await stage.knock()
    assert await again.ask(message(stage.linkage, 3)) == "2000"


async def test_an_endless_message_is_cut_and_the_others_are_served(opened):
    stage = await opened("safety_net_tcp", {"dropped_bytes": 1 << 20})
    line = await stage.knock()
    line.writer.write(message(stage.linkage, 1).split(b"\xdb")[0])

    async def pour() -> None:
        while True:
            line.writer.write(b"x" * 65536)
            await line.writer.drain()

    pouring = asyncio.create_task(pour())
    assert (await line.answer()).code == "4000"
    assert (await stage.hall.refused.get())[2] == "oversized"
    await stage.assert_still_serving()
    with pytest.raises(ConnectionError):  # nobody reads on
        await asyncio.wait_for(pouring, 10)


async def test_a_caller_that_says_nothing_is_sent_away_and_one_that_is_known_may_stay(opened):
    stage = await opened("fixed_head_tcp", {"peers": [], "login_seconds": 0.3, "strangers": 2})
    silent = [await stage.knock() for _ in range(2)]
    third = await stage.knock()
    await third.closed()  # no room for more strangers
    await asyncio.gather(*(line.closed() for line in silent))
    line = await stage.knock()
    assert await line.ask(stage.linkage.write_login(KEY, now())) == "2000"
    await asyncio.gather(*(one.closed() for one in [await stage.knock() for _ in range(2)]))  # well past login_seconds
    assert await line.ask(message(stage.linkage, 1)) == "2000"


async def test_one_address_cannot_take_all_the_room_of_strangers(opened):
    stage = await opened("fixed_head_tcp", {"peers": [], "strangers": 8, "strangers_per_address": 3})
    crowd = [await stage.knock(source="127.0.0.9") for _ in range(3)]
    await (await stage.knock(source="127.0.0.9")).closed()
    line = await stage.knock()
    assert await line.ask(stage.linkage.write_login(KEY, now())) == "2000"
    assert await crowd[0].ask(stage.linkage.write_login(KEY, now())) == "2000"
    there = await stage.knock(source="127.0.0.9")  # one that is known leaves its room to another
    assert await there.ask(stage.linkage.write_login(KEY, now())) == "2000"


async def test_a_caller_that_goes_with_all_its_answers_outstanding_leaves_no_line_behind(opened):
    stage = await opened("fixed_head_tcp", {"at_once": 2})
    stage.hall.gate.clear()
    line = await stage.knock()
    line.writer.write(b"".join(message(stage.linkage, number) for number in range(3)))
    await until(lambda: stage.hall.working == 3)
    hang_up_rudely(line)
    await until(lambda: all(one._reading is not None and one._reading.done() for one in stage.server._lines))
    stage.hall.gate.set()
    await until(lambda: stage.server.connections == 0)
    assert len(stage.hall.reports) == 3, "what was taken is worked on though nobody hears the answer"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  (a condition of the door's or the hall's)
            await asyncio.sleep(0.01)


def hang_up_rudely(line: Line) -> None:
    """End the connection so that whoever writes to it is told at once."""
    there = line.writer.get_extra_info("socket")
    there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()


async def test_a_sender_is_not_read_from_while_too_many_of_its_messages_are_worked_on(opened):
    stage = await opened("fixed_head_tcp", {"at_once": 4})
    stage.hall.gate.clear()
    line = await stage.knock()
    line.writer.write(b"".join(message(stage.linkage, number) for number in range(50)))
    other = await stage.knock()
    other.writer.write(message(stage.linkage, 99))
    async with asyncio.timeout(5):
        while stage.hall.working < 6:  # noqa: ASYNC110  (a condition of the hall's)
            await asyncio.sleep(0.01)
    assert stage.hall.most_at_once <= 4 + 2 + 1, "four waiting, one being answered, one about to wait, and the other's"
    stage.hall.gate.set()
    words = [(await line.answer()).words[:17] for _ in range(50)]
    assert words == [f"20261123{number:09d}" for number in range(50)]


async def test_a_caller_that_never_takes_its_answers_is_let_go(opened):
    stage = await opened("fixed_head_tcp", {"answer_seconds": 0.3})
    line = await stage.knock()

    async def flood() -> None:
        while True:
            line.writer.write(message(stage.linkage, 1) * 200)
            await line.writer.drain()

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(flood(), 20)
    await stage.assert_still_serving()


async def test_a_failing_storage_is_told_so_that_the_agency_sends_again(opened):
    stage = await opened("safety_net_tcp")
    stage.hall.fails = True
    line = await stage.knock()
    assert await line.ask(message(stage.linkage, 1)) == "5003"
    stage.hall.fails = False
    assert await line.ask(message(stage.linkage, 1)) == "2000"


async def test_one_agencys_flood_is_told_to_wait(opened):
    stage = await opened("fixed_head_tcp", {"reports_per_second": 5})
    line = await stage.knock()
    codes = [await line.ask(message(stage.linkage, number)) for number in range(30)]
    assert codes[:10] == ["2000"] * 10
    assert "4209" in codes


async def test_a_stranger_that_goes_on_knocking_is_hung_up_on(opened):
    stage = await opened("fixed_head_tcp", {"peers": [], "refused_per_second": 2})
    line = await stage.knock()
    with contextlib.suppress(ConnectionError):
        line.writer.write(message(stage.linkage, 1) * 100)
    await line.closed()
