"""A callback goes to the address that was checked when it is sent, and never to the machine itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import httpx
import pytest

from fakes.agency_line import a_message
from goldentime.adapters.callbacks import pinned as adapter
from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.callbacks.http import HttpCallbacks
from goldentime.adapters.callbacks.pinned import LARGEST_ANSWER
from goldentime.adapters.callbacks.safety_net import HttpAddress, HttpCarrier
from goldentime.adapters.signals.client import CentreAddress
from goldentime.adapters.tcp.client import TcpAddress
from goldentime.core.clock import SystemClock
from goldentime.flows.outgoing.carrier import Silence
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.news import Reply, Verdict

PARTS = {"url": b"https://112.example:8443/answers?x=1", "body": b"{}", "content_type": b"application/json"}


class Names:
    """A resolver whose one name points somewhere else at every look."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0)


async def posted(
    names: Names, *, allowed: Sequence[str] = (), status: int = 200, tries: int = 1
) -> tuple[list[httpx.Request], Reply | Silence]:
    """What reached the other side, and what the outbox is told of the last try."""
    came: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        came.append(request)
        return httpx.Response(status)

    sender = HttpCallbacks(CallbackAddresses(allowed, names), httpx.MockTransport(answer))
    for _ in range(tries):
        told = await sender.send(a_message(), PARTS)
    return came, told


async def test_it_goes_to_the_very_address_that_was_checked_in_the_names_name() -> None:
    names = Names(["10.1.2.3", "10.1.2.4"])
    (came,), told = await posted(names)
    assert told == Reply(Verdict.TAKEN, "200")
    assert names.asked == [("112.example", 8443)]
    assert str(came.url) == "https://10.1.2.3:8443/answers?x=1"
    assert came.headers["host"] == "112.example:8443"
    assert came.extensions["sni_hostname"] == "112.example"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0",  # noqa: S104  refused, not bound
     "::", "::ffff:127.0.0.1", "224.0.0.1",
     "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "fd00:ec2::254", "100.100.100.200"],
)  # fmt: skip
async def test_a_name_bound_to_the_machine_itself_or_to_metadata_is_not_called(address: str) -> None:
    refused = ([], Silence(reached=False, why="forbidden"))
    assert await posted(Names([address])) == refused
    assert await posted(Names(["10.1.2.3", address])) == refused
    assert await posted(Names([address, "10.1.2.3"])) == refused


async def test_a_name_bound_anew_between_two_tries_is_looked_up_again() -> None:
    came, told = await posted(Names(["10.1.2.3"], ["127.0.0.1"]), status=503, tries=2)
    assert told == Silence(reached=False, why="forbidden")
    assert [request.url.host for request in came] == ["10.1.2.3"]


async def test_the_city_may_allow_a_network_that_is_otherwise_forbidden() -> None:
    assert len((await posted(Names(["127.0.0.1"]), allowed=["127.0.0.0/8"]))[0]) == 1
    assert (await posted(Names(["127.0.0.1"]), allowed=["169.254.0.0/16"]))[0] == []


async def test_a_name_nobody_knows_is_down_for_now() -> None:
    assert await posted(Names([])) == ([], Silence(reached=False, why="unreachable"))


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(204, Verdict.TAKEN), (400, Verdict.REFUSED), (404, Verdict.REFUSED), (429, Verdict.LATER), (500, Verdict.LATER)],
)
async def test_only_a_lasting_refusal_ends_it(status: int, verdict: Verdict) -> None:
    assert (await posted(Names(["10.1.2.3"]), status=status))[1] == Reply(verdict, str(status))


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.3.4", "172.16.9.9", "203.248.1.1", "2001:db8::1", "fd12::1"])
def test_agencies_are_reached_on_the_citys_own_networks_and_beyond(address: str) -> None:
    assert CallbackAddresses().may_reach(ip_address(address))


class Endless(httpx.AsyncByteStream):
    """A body without an end: `given` counts its bytes, and with `drips` it says next to nothing for ever."""

    def __init__(self, *, drips: bool = False) -> None:
        self.drips, self.given = drips, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.001)
            piece = b" " * (1 if self.drips else 8192)
            self.given += len(piece)
            yield piece


def senders(body: Endless, **headers: str) -> list[HttpCallbacks | HttpCarrier]:
    """Both of our ways to an agency's HTTP server, before one that answers 200 with this body."""

    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=body, headers=headers)

    addresses, transport = CallbackAddresses((), Names(["10.1.2.3"], ["10.1.2.3"])), httpx.MockTransport(answer)
    carrier = HttpCarrier(
        HttpAddress("http://119.example"), SafetyNetHttp(), addresses, SystemClock(), transport=transport
    )
    return [HttpCallbacks(addresses, transport), carrier]


async def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    body = Endless()
    callback, carrier = senders(body)
    assert await callback.send(a_message(), PARTS) == Reply(Verdict.TAKEN, "200")
    assert body.given <= LARGEST_ANSWER + 8192
    assert await carrier.send(a_message(), PARTS) == Silence(reached=True, why="bad_answer")
    assert body.given <= 2 * (LARGEST_ANSWER + 8192)


async def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "WHOLE_SECONDS", 0.05)
    for sender in senders(Endless(drips=True)):
        assert await sender.send(a_message(), PARTS) == Silence(reached=True, why="no_answer")


async def test_a_compressed_answer_is_not_unfolded() -> None:
    body = Endless()
    _, carrier = senders(body, **{"content-encoding": "gzip"})
    assert await carrier.send(a_message(), PARTS) == Silence(reached=True, why="bad_answer")
    assert body.given == 0


def test_no_key_of_ours_is_shown_where_an_address_is() -> None:
    shown = [TcpAddress("h", 1, key="hush"), HttpAddress("http://h", "hush"), CentreAddress("h", 1, b"hush")]
    assert "hush" not in repr(shown)
