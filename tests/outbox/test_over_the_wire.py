"""What we tell an agency over a real connection: logged in, answered, cut, slow, foreign; and nothing twice."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.agency_line import a_message
from fakes.certificate import make_certificate
from fakes.news import ARRIVED
from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.tcp.client import TcpAddress, TcpCarrier
from goldentime.core.clock import SystemClock
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.outgoing.carrier import Silence
from goldentime.linkages.fixed_head_tcp.linkage import FixedHeadTcp
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp
from goldentime.messages.exchange import Outcome, OutcomeKind
from goldentime.messages.news import Reply, Verdict
from goldentime.sim.agencies.receiver import ReceivingAgency, write_answer

pytestmark = pytest.mark.socket
LOOPBACK = CallbackAddresses(["127.0.0.0/8"])
TCP = SafetyNetTcp()


NEWS = replace(ARRIVED, place=LonLat(127.0, 37.25), place_words="나루사거리")


def told(sequence: int = 1, words: str = "순찰차가 도착했습니다.") -> dict[str, bytes]:
    body = TCP.news(replace(NEWS, sequence=sequence, content=Text(words, words)))
    assert body is not None
    return {"body": body}


@contextlib.asynccontextmanager
async def agency(**more: object) -> AsyncIterator[tuple[ReceivingAgency, TcpCarrier]]:
    there = ReceivingAgency(**more)  # type: ignore[arg-type]
    port = await there.start()
    carrier = TcpCarrier(TcpAddress("127.0.0.1", port, key=there.api_key), TCP, LOOPBACK, SystemClock(), answer=0.5)
    try:
        yield there, carrier
    finally:
        await carrier.stop()
        await there.stop()


async def test_a_strict_agency_takes_what_we_write_after_one_login_on_one_connection() -> None:
    async with agency(api_key="our key", code="P4100000000") as (there, carrier):
        for number in range(1, 4):
            reply = await carrier.send(a_message(), told(number))
            assert reply == Reply(Verdict.TAKEN, "2000", "정상")
        assert (there.wrong, there.logins) == ([], 1)
        assert [(one.number, one.state, one.content) for one in there.taken] == [
            (f"20261123120000001-{number}", "40", "순찰차가 도착했습니다.") for number in range(1, 4)
        ]


async def test_an_agency_that_dies_while_answering_may_have_it_and_hears_the_same_again() -> None:
    async with agency(silent=1) as (there, carrier):
        first = await carrier.send(a_message(), told())
        assert first == Silence(reached=True, why="no_answer")
        assert await carrier.send(a_message(), told()) == Reply(Verdict.EXISTS, "4100", "이미 받았습니다")
        assert (len(there.taken), there.repeats) == (1, 1)


async def test_a_closed_port_was_never_reached_and_an_answer_that_does_not_come_perhaps() -> None:
    async with agency() as (there, carrier):
        await there.stop()
        assert await carrier.send(a_message(), told()) == Silence(reached=False, why="unreachable")
        await there.start()
    heard: list[bytes] = []

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(10))
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    carrier = TcpCarrier(
        TcpAddress("127.0.0.1", server.sockets[0].getsockname()[1]), TCP, LOOPBACK, SystemClock(), answer=0.1
    )
    assert await carrier.send(a_message(), told()) == Silence(reached=True, why="no_answer")
    assert heard
    server.close()


async def test_an_agency_that_closes_between_two_messages_is_dialled_again() -> None:
    async with agency(api_key="k") as (there, carrier):
        await carrier.send(a_message(), told(1))
        for line in tuple(there._lines):
            line.close()
        await asyncio.sleep(0)
        replies = [await carrier.send(a_message(), told(2)) for _ in range(2)]
        assert Reply(Verdict.TAKEN, "2000", "정상") in replies
        assert [one.number[-2:] for one in there.taken] == ["-1", "-2"]


async def test_a_wrong_key_is_told_as_such_and_nothing_is_sent() -> None:
    async with agency(api_key="theirs") as (there, carrier):
        there.api_key = "changed"
        assert await carrier.send(a_message(), told()) == Silence(reached=False, why="login_refused")
        assert there.taken == []


async def test_a_refusal_and_a_busy_agency_are_told_apart() -> None:
    async with agency(code="somebody else") as (_there, carrier):
        reply = await carrier.send(a_message(), told())
        assert isinstance(reply, Reply)
        assert (reply.verdict, reply.code) == (Verdict.REFUSED, "4102")
    async with agency(busy=1) as (there, carrier):
        reply = await carrier.send(a_message(), told())
        assert isinstance(reply, Reply)
        assert (reply.verdict, reply.code) == (Verdict.LATER, "5003")
        assert there.taken == []


async def test_what_is_no_answer_and_an_endless_one_cut_the_line() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10)
        with contextlib.suppress(OSError):
            await writer.drain()
            await reader.read()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    carrier = TcpCarrier(
        TcpAddress("127.0.0.1", server.sockets[0].getsockname()[1]), TCP, LOOPBACK, SystemClock(), answer=0.5
    )
    reply = await carrier.send(a_message(), told())
    assert isinstance(reply, Silence)
    assert (reply.reached, reply.why) == (True, "bad_answer")
    server.close()


async def test_this_machine_itself_is_not_called_unless_the_city_allows_it() -> None:
    carrier = TcpCarrier(TcpAddress("127.0.0.1", 9), TCP, CallbackAddresses(), SystemClock())
    assert await carrier.send(a_message(), told()) == Silence(reached=False, why="forbidden")


async def test_words_with_the_wires_own_signs_in_them_do_not_break_it() -> None:
    async with agency() as (there, carrier):
        words = "한자 停電 · \x1e;\xd1\xdf 줄\n바꿈 " + "가" * 2000
        assert isinstance(await carrier.send(a_message(), told(words=words)), Reply)
        assert there.wrong == []
        assert "줄" in there.taken[0].content


async def test_the_fixed_head_wire_carries_our_news_after_its_login_too() -> None:
    wire = FixedHeadTcp()
    came: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer, outcome = wire.framer(), Outcome(OutcomeKind.UPDATED)
        while piece := await reader.read(4096):
            for frame in framer.feed(piece):
                came.append(frame.data)
                writer.write(wire.reply(frame.data, wire.deliver(outcome), NEWS.at))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = TcpAddress("127.0.0.1", server.sockets[0].getsockname()[1], key="k")
    carrier = TcpCarrier(address, wire, LOOPBACK, SystemClock(), answer=0.5)
    body = wire.news(NEWS)
    assert body is not None
    for _ in range(2):
        reply = await carrier.send(a_message(), {"body": body})
        assert isinstance(reply, Reply)
        assert reply.verdict is Verdict.TAKEN
    assert [wire.read_login(frame) for frame in came] == ["k", None, None]
    assert came[1:] == [body] * 2
    await carrier.stop()
    server.close()


async def test_over_tls_only_the_name_that_was_meant_is_told(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\xdb\xdf")
        writer.write(write_answer("0", "정상", "2000"))
        await writer.drain()
        writer.close()

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=theirs)
    port = server.sockets[0].getsockname()[1]
    addresses = CallbackAddresses(["127.0.0.0/8"], resolve)
    ours = ssl.create_default_context(cafile=str(certificate))
    for host, told in (("localhost", Reply(Verdict.TAKEN, "2000", "정상")), ("other.example", None)):
        carrier = TcpCarrier(TcpAddress(host, port, ours), TCP, addresses, SystemClock(), answer=0.5)
        reply = await carrier.send(a_message(), {"body": TCP.news(NEWS) or b""})
        assert reply == (told or Silence(reached=False, why="unreachable"))
        await carrier.stop()
    server.close()
