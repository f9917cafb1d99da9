"""Agencies on real sockets: who is heard, what is answered in which order, and which settings a door refuses."""

import asyncio
import ssl

import pytest

from edges_tcp.conftest import KEY, Line, either, message, now
from fakes.certificate import make_certificate
from goldentime.core.errors import OperatorsError
from goldentime.edges.tcp.listening import Peers, listening_from, tls_of

pytestmark = pytest.mark.socket


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
