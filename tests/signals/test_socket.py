"""A signal centre over a real socket: our client against the strict simulator, both as they run."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from fakes.crossroads import NOON, crossroads
from goldentime.adapters.signals import SignalCentreClient
from goldentime.adapters.signals.client import CentreAddress
from goldentime.city.signals.request import Reason, Request, RequestId, State
from goldentime.core.ids import IncidentId
from goldentime.flows.signals.signal_centre import LinkLost, Said
from goldentime.sim.signals.centre import Centre

pytestmark = pytest.mark.socket
KEY = b"a key of sixteen bytes or more"


class Room:
    """A running centre and a connected client."""

    def __init__(self, centre: Centre, client: SignalCentreClient, port: int) -> None:
        self.centre, self.client, self.port = centre, client, port
        self.heard: list[Said | LinkLost] = []

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not is_so():
                self.heard += await self.client.take_said(0.02)

    async def hear(self, state: State, request: str = "r1") -> Said:
        def found() -> list[Said]:
            return [one for one in self.heard if isinstance(one, Said) and (one.request, one.state) == (request, state)]

        await self.until(lambda: bool(found()))
        return found()[0]


def request(number: int = 1, approach: str = "j1-w") -> Request:
    return Request(
        RequestId(f"r{number}"), f"unit-{number}", IncidentId("inc-1"), crossroads().id, approach, "end", 0, NOON, NOON
    )


@contextlib.asynccontextmanager
async def centre_at(centre: Centre, port: int = 0) -> AsyncIterator[int]:
    started = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(centre.serve("127.0.0.1", port, started))
    await asyncio.wait({started, serving}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield await started
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@contextlib.asynccontextmanager
async def running(client: SignalCentreClient) -> AsyncIterator[None]:
    task = asyncio.create_task(client.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def client_of(port: int, **given: float) -> SignalCentreClient:
    address = CentreAddress("127.0.0.1", port, KEY, heartbeat_s=0.05, lost_after_s=0.5, retry_s=(0.02,))
    return SignalCentreClient(replace(address, **given))


@contextlib.asynccontextmanager
async def room(*, pace: float = 100, **given: float) -> AsyncIterator[Room]:
    centre = Centre([crossroads()], KEY, pace=pace, tick_s=0.01)
    async with centre_at(centre) as port:
        client = client_of(port, **given)
        async with running(client):
            here = Room(centre, client, port)
            await here.until(lambda: client.is_up)
            yield here
    assert centre.wrongs == []
    assert all(referee.looks > 0 for referee in centre.referees.values())


async def test_a_request_is_confirmed_turns_green_and_is_released() -> None:
    async with room() as here:
        assert here.client.junctions == (crossroads(),)
        here.client.request(request(), 20)
        await here.hear(State.CONFIRMED)
        await here.hear(State.ACTIVE)
        assert "w" in here.centre.controllers["j1"].lights().green
        here.client.release(replace(request(), reason=Reason.PASSED))
        await here.hear(State.RELEASED)
        assert here.centre.controllers["j1"].claims == {}


async def test_a_conflicting_request_is_refused() -> None:
    async with room() as here:
        here.client.request(request(), 20)
        here.client.request(request(2, "j1-n"), 20)
        assert (await here.hear(State.REFUSED, "r2")).reason is Reason.REFUSED


async def test_a_green_is_let_go_by_the_centre_after_its_maximum() -> None:
    async with room() as here:
        here.client.request(request(), 20)
        assert (await here.hear(State.RELEASED)).reason is Reason.MAXIMUM


async def test_a_request_nobody_renews_expires_though_the_link_is_alive() -> None:
    async with room(ttl_s=0.1) as here:
        here.client.request(request(), 20)
        assert (await here.hear(State.RELEASED)).reason is Reason.LOST_LINK
        assert here.client.is_up


async def test_a_renewed_request_is_kept() -> None:
    async with room(pace=1, ttl_s=0.3) as here:
        here.client.request(request(), 20)
        await here.hear(State.CONFIRMED)
        for _ in range(8):  # twice its time to live
            here.client.renew(request(), 10)
            here.heard += await here.client.take_said(0.08)
        assert "r1" in here.centre.controllers["j1"].claims


async def test_a_silent_link_lets_every_green_go() -> None:
    async with room(heartbeat_s=60) as here:  # it never says that it is still there
        here.client.request(request(), 20)
        await here.hear(State.CONFIRMED)
        await here.until(lambda: any(isinstance(one, LinkLost) for one in here.heard))
        await here.until(lambda: here.centre.controllers["j1"].claims == {})


async def test_the_centre_goes_down_and_comes_back_with_nothing_held() -> None:
    client: SignalCentreClient
    first = Centre([crossroads()], KEY, pace=100, tick_s=0.01)
    async with centre_at(first) as port:
        client = client_of(port)
        task = asyncio.create_task(client.run())
        here = Room(first, client, port)
        await here.until(lambda: client.is_up)
        client.request(request(), 20)
        await here.hear(State.CONFIRMED)
    await here.until(lambda: any(isinstance(one, LinkLost) for one in here.heard))
    assert not client.is_up
    client.request(request(2), 20)  # goes nowhere, and is not kept for later
    second = Centre([crossroads()], KEY, pace=100, tick_s=0.01)
    async with centre_at(second, port):
        await here.until(lambda: client.is_up)
        assert second.controllers["j1"].claims == {}
        client.request(request(3), 20)
        await here.hear(State.CONFIRMED, "r3")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_new_connection_of_the_same_client_lets_go_what_the_old_one_held() -> None:
    async with room() as here:
        here.client.request(request(), 20)
        await here.hear(State.CONFIRMED)
        other = client_of(here.port)
        async with running(other):
            await here.until(lambda: other.is_up)
            assert here.centre.controllers["j1"].claims == {}
            await here.until(lambda: any(isinstance(one, LinkLost) for one in here.heard))
        here.centre.wrongs.clear()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"hello\n", "not JSON"),
        (b"[1]\n", "no such message"),
        (b'{"n":2,"ack":1,"type":"heartbeat"}\n', "line 2 where 1 was due"),
        (b'{"n":1,"ack":9,"type":"heartbeat"}\n', "acknowledges 9 of 1"),
        (b'{"n":1,"ack":1,"type":"heartbeat"}\n', "heartbeat where hello was due"),
        (b'{"n":1,"ack":1,"type":"heartbeat","x":1}\n', "fields"),
        (
            json.dumps(
                {"n": 1, "ack": 1, "type": "hello", "version": 1, "client": "x", "run": "y", "proof": "z",
                 "heartbeat_s": 1, "lost_after_s": 2}
            ).encode() + b"\n",
            "not proven",
        ),
    ],
)  # fmt: skip
async def test_the_centre_ends_a_connection_at_the_first_wrong_line(line: bytes, why: str) -> None:
    centre = Centre([crossroads()], KEY, tick_s=0.01)
    async with centre_at(centre) as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(line)
        assert why in json.loads(await reader.readline())["why"]
        assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize(
    "said",
    [
        b"\xff\xfe\n",
        b"x" * 70_000 + b"\n",
        b'{"n":1,"ack":0,"type":"welcome","junctions":1}\n',
        b'{"n":1,"ack":0,"type":"challenge","version":9,"nonce":"00"}\n',
        (
            b'{"n":1,"ack":0,"type":"challenge","version":1,"nonce":"00"}\n{"n":2,"ack":1,"type":"welcome","junctions":1}\n'
            b'{"n":3,"ack":1,"type":"junction","junction":"j"}\n'
        ),
        b"",
    ],
)
async def test_a_centre_that_talks_nonsense_is_left_and_tried_again(said: bytes) -> None:
    visits = 0

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    client = client_of(server.sockets[0].getsockname()[1])
    async with running(client), asyncio.timeout(5):
        while visits < 2:
            await client.take_said(0.01)
    assert not client.is_up
    server.close()
