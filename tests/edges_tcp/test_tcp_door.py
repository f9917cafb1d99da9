"""Agencies and rude callers on real sockets: the door answers, cuts off whom it must, and serves the others."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable

import pytest

from edges_tcp.conftest import KEY, Line, message, now
from fakes.certificate import make_certificate
from goldentime.core.errors import OperatorsError
from goldentime.edges.tcp.listening import Peers, listening_from, tls_of

pytestmark = pytest.mark.socket
WIRES = ["safety_net_tcp", "fixed_head_tcp"]
either = pytest.mark.parametrize("wire", WIRES)


@either
async def test_a_report_from_an_agencys_own_address_is_taken_without_a_login(opened, wire):
    stage = await opened(wire)
    line = await stage.knock()
    assert await line.ask(message(stage.linkage, 1)) == "2000"
    assert [report.occurrence for report in stage.hall.reports] == ["20261123000000001"]


@either
async def test_nobody_is_heard_who_has_not_shown_who_he_is(opened, wire):
    stage = await opened(wire, {"peers": []})
    line = await stage.knock()
    sent = message(stage.linkage, 1)
    assert await line.ask(sent) == "4001"
    raw, sender, reason = await stage.hall.refused.get()
    assert (raw.body, sender, reason) == (sent, None, "unknown_sender")
    assert stage.hall.reports == []


@either
async def test_a_login_opens_the_connection_and_a_wrong_key_closes_it(opened, wire):
    stage = await opened(wire, {"peers": []})
    line = await stage.knock()
    assert await line.ask(stage.linkage.write_login(KEY, now())) == "2000"
    assert await line.ask(message(stage.linkage, 1)) == "2000"
    wrong = await stage.knock()
    assert await wrong.ask(stage.linkage.write_login("gt_live_guessed", now())) == "4001"
    await wrong.closed()
    assert stage.hall.refused.empty(), "a login holds a key and is not kept"


async def test_a_session_key_inside_a_message_is_enough_where_the_wire_has_one(opened):
    stage = await opened("safety_net_tcp", {"peers": []})
    first = await stage.knock()
    first.writer.write(stage.linkage.write_login(KEY, now()))
    session = (await first.answer()).words
    sent = message(stage.linkage, 1).replace(b"TCP\xd1\xd1", b"TCP\xd1" + session.encode() + b"\xd1")
    assert await (await stage.knock()).ask(sent) == "2000"


async def test_a_session_key_inside_that_is_none_is_refused_and_kept_even_on_a_line_that_logged_in(opened):
    stage = await opened("safety_net_tcp", {"peers": []})
    line = await stage.knock()
    assert await line.ask(stage.linkage.write_login(KEY, now())) == "2000"
    wrong = message(stage.linkage, 1).replace(b"TCP\xd1\xd1", b"TCP\xd1yesterday\xd1")
    assert await line.ask(wrong) == "4001"
    kept, _, reason = stage.hall.refused.get_nowait()
    assert (kept.body, reason) == (wrong, "unknown_sender")
    assert await line.ask(message(stage.linkage, 2)) == "2000"


async def test_a_session_that_has_ended_is_not_heard_any_more(opened):
    stage = await opened("fixed_head_tcp", {"peers": []})
    line = await stage.knock()
    assert await line.ask(stage.linkage.write_login(KEY, now())) == "2000"
    stage.hall.sessions.clear()
    assert await line.ask(message(stage.linkage, 1)) == "4001"


@either
async def test_split_and_joined_messages_are_answered_one_by_one_in_order(opened, wire):
    stage = await opened(wire)
    line = await stage.knock()
    sent = b"".join(message(stage.linkage, number) for number in range(100))
    for at in range(0, len(sent), 997):
        line.writer.write(sent[at : at + 997])
        await line.writer.drain()
    words = [(await line.answer()).words for _ in range(100)]
    assert [one[:17] for one in words] == [f"20261123{number:09d}" for number in range(100)]


@either
async def test_what_is_no_message_is_kept_and_answered_and_the_next_message_is_taken(opened, wire):
    stage = await opened(wire)
    line = await stage.knock()
    line.writer.write(b"GET / HTTP/1.1\r\nHost: city\r\n\r\n" + b"x" * 60 + message(stage.linkage, 1))
    codes = []
    while codes[-1:] != ["2000"]:
        codes.append((await line.answer()).code)
    assert set(codes[:-1]) == {"4000"}
    raw, sender, reason = await stage.hall.refused.get()
    assert reason == "garbage"
    assert raw.body.startswith(b"GET /")
    assert sender is not None


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


async def test_an_agency_may_not_speak_with_anothers_code(opened):
    stage = await opened("fixed_head_tcp")
    line = await stage.knock()
    foreign = message(stage.linkage, 1).replace(b"119UCP", b"112UCP")
    assert await line.ask(foreign) == "4001"
    assert stage.hall.reports == []


async def test_shutting_the_door_still_answers_what_was_taken(opened):
    stage = await opened("fixed_head_tcp")
    stage.hall.gate.clear()
    line = await stage.knock()
    line.writer.write(message(stage.linkage, 1))
    async with asyncio.timeout(5):
        while not stage.hall.working:  # noqa: ASYNC110  (a condition of the hall's)
            await asyncio.sleep(0.01)
    stopping = asyncio.create_task(stage.server.stop())
    stage.hall.gate.set()
    assert (await line.answer()).code == "2000"
    await stopping


async def test_a_door_may_speak_tls_and_ask_for_the_callers_certificate(opened, tmp_path):
    certificate, key = make_certificate(tmp_path)
    own = {"tls_certificate": str(certificate), "tls_key": str(key), "tls_clients": str(certificate)}
    stage = await opened("fixed_head_tcp", own)
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = False
    with pytest.raises((OSError, EOFError)):  # without a certificate of its own a caller is heard by nobody
        await Line(stage.linkage, *await open_tls(stage, trusting)).ask(message(stage.linkage, 1))
    trusting.load_cert_chain(certificate, key)
    line = Line(stage.linkage, *await open_tls(stage, trusting))
    assert await line.ask(message(stage.linkage, 1)) == "2000"
    line.writer.close()
    plain = await stage.knock()
    plain.writer.write(message(stage.linkage, 2))
    await plain.closed()
    assert len(stage.hall.reports) == 1


async def open_tls(stage, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", stage.server.port, ssl=context, server_hostname="localhost")


def test_tls_files_that_cannot_be_used_are_told(tmp_path):
    with pytest.raises(OperatorsError):
        tls_of(listening_from({"tls_certificate": str(tmp_path / "nowhere.pem")}))


@pytest.mark.parametrize(
    "table",
    [
        {"peers": [{"agency": "a", "addresses": ["127.0.0.1"], "codes": []}]},
        {"peers": [{"agency": "a", "addresses": [], "codes": ["1"]}]},
        {"peers": [{"agency": "a", "addresses": ["somewhere"], "codes": ["1"]}]},
        {"prot": 1},
        {"port": "x"},
    ],
)
def test_settings_that_would_let_anyone_in_or_mean_nothing_are_refused(table):
    with pytest.raises(OperatorsError):
        listening_from(table)


def test_the_narrowest_network_tells_whose_address_it_is():
    wide = {"agency": "wide", "addresses": ["10.0.0.0/8"], "codes": ["1"]}
    narrow = {"agency": "narrow", "addresses": ["10.1.0.0/16"], "codes": ["2"]}
    peers = Peers(listening_from({"peers": [wide, narrow]}).peers)
    found = [peers.find(where) for where in ("10.1.2.3", "10.2.0.1", "::ffff:10.1.0.1", "192.168.0.1", "nowhere")]
    assert [one.agency if one else None for one in found] == ["narrow", "wide", "narrow", None, None]


def test_a_door_listens_on_this_machine_only_unless_told_otherwise():
    assert listening_from({}).host == "127.0.0.1"
