"""Rude clients on a real socket: the door answers, cuts them off and goes on serving the others."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn
from starlette.applications import Starlette

from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.http.safety_net import IntakeLimits, safety_net_routes
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender

pytestmark = pytest.mark.socket

REPORT = json.dumps(
    {"sendCd": "112", "body": {"evtId": "112UC001", "ocrNbr": "20251104212958417", "ocrSts": "10"}}
).encode()


class Reception:
    """Takes every report; wakes whoever waits for a refused one."""

    def __init__(self):
        self.linkage = SafetyNetHttp()
        self.taken = 0
        self.refused: asyncio.Queue[tuple[RawMessage, str]] = asyncio.Queue()

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        return None

    async def sender(self, session_key: str) -> Sender | None:
        return Sender(AgencyId("a")) if session_key == "s" else None

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        self.linkage.parse(raw)
        self.taken += 1
        return self.linkage.deliver(Outcome(OutcomeKind.OPENED))

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        self.refused.put_nowait((raw, reason))

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        raise AssertionError(agency, count)


class Door:
    def __init__(self, port: int, reception: Reception):
        self.port = port
        self.reception = reception

    async def knock(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Door]:
    reception = Reception()
    limits = IntakeLimits(body_seconds=0.3, drained_bytes=1 << 20)
    app = Starlette(routes=safety_net_routes(reception, clock=SystemClock(), limits=limits))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve([listening]))
    yield Door(listening.getsockname()[1], reception)
    server.should_exit = True
    await running


def head(length: int) -> bytes:
    return (
        "POST /linkHttp/recvEvent.json HTTP/1.1\r\nHost: city\r\nContent-Type: application/json\r\n"
        f"X-Scsns-Secret: s\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def answer_of(reader: asyncio.StreamReader) -> dict[str, str]:
    async with asyncio.timeout(10):
        heading = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert heading.startswith("http/1.1 200")
        length = int(heading.split("content-length: ")[1].split("\r\n")[0])
        return json.loads(await reader.readexactly(length))


async def assert_still_serving(door: Door) -> None:
    reader, writer = await door.knock()
    writer.write(head(len(REPORT)) + REPORT)
    assert (await answer_of(reader))["type"] == "2000"
    writer.close()


async def test_two_reports_in_one_write_are_both_answered_on_one_connection(door):
    reader, writer = await door.knock()
    writer.write((head(len(REPORT)) + REPORT) * 2)
    assert [(await answer_of(reader))["type"] for _ in range(2)] == ["2000", "2000"]
    writer.close()


async def test_a_sender_that_stops_in_the_middle_is_told_and_what_came_is_kept(door):
    reader, writer = await door.knock()
    writer.write(head(len(REPORT)) + REPORT[:30])
    assert (await answer_of(reader))["type"] == "4000"
    raw, reason = await asyncio.wait_for(door.reception.refused.get(), 5)
    assert (raw.body, reason) == (REPORT[:30], "slow_body")
    writer.close()
    await assert_still_serving(door)


async def test_a_connection_cut_in_the_middle_leaves_what_came(door):
    _, writer = await door.knock()
    writer.write(head(len(REPORT)) + REPORT[:30])
    await writer.drain()
    writer.close()
    raw, reason = await asyncio.wait_for(door.reception.refused.get(), 5)
    assert (raw.body, reason) == (REPORT[:30], "cut_off")
    await assert_still_serving(door)


async def test_an_oversized_message_is_heard_out_refused_and_the_connection_goes_on(door):
    reader, writer = await door.knock()
    writer.write(head(3 << 19) + b" " * (3 << 19))
    assert (await answer_of(reader))["type"] == "4000"
    writer.write(head(len(REPORT)) + REPORT)
    assert (await answer_of(reader))["type"] == "2000"
    writer.close()


async def test_an_endless_message_is_cut_and_the_others_are_served(door):
    reader, writer = await door.knock()
    writer.write(head(1 << 40))

    async def pour() -> None:
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    pouring = asyncio.create_task(pour())
    assert (await answer_of(reader))["type"] == "4000"
    _, reason = await asyncio.wait_for(door.reception.refused.get(), 5)
    assert reason == "oversized"
    await assert_still_serving(door)
    with pytest.raises(ConnectionError):  # nobody reads on
        await asyncio.wait_for(pouring, 5)
    writer.close()


async def test_many_slow_senders_do_not_hold_up_a_report(door):
    slow = [await door.knock() for _ in range(200)]
    for _, writer in slow:
        writer.write(head(len(REPORT)) + REPORT[:10])
    await assert_still_serving(door)
    answers = await asyncio.gather(*(answer_of(reader) for reader, _ in slow))
    assert {answer["type"] for answer in answers} == {"4000"}
    for _, writer in slow:
        writer.close()
