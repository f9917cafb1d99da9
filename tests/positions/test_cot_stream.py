"""Cursor on Target from a real stream: events cut anywhere, bad ones between, a server that goes away, datagrams."""

import asyncio
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.certificate import make_certificate
from goldentime.adapters.cot import stream as adapter
from goldentime.adapters.cot.stream import CotAddress, CotStream
from goldentime.core.text import Text
from goldentime.linkages.cot import read_event
from goldentime.settings import CotSettings
from goldentime.wired.positioning import position_of

EVENT = (Path(adapter.__file__).parents[2] / "linkages/cot/samples/patrol.xml").read_bytes().split(b"?>", 1)[1].strip()
FIRE = CotSettings(agency="agency-119", url="tcp://tak.test:8087")


def named(name: str) -> bytes:
    return EVENT.replace("순12".encode(), name.encode())


def test_only_friendly_vehicles_with_a_place_become_positions():
    event = read_event(EVENT)
    position = position_of(event, FIRE)
    assert (position.unit, position.agency, position.speed_kmh, position.source) == ("순12", "agency-119", 45.0, "cot")
    assert position_of(event, FIRE.model_copy(update={"unit": "uid"})).unit == "GT-PATROL-12"
    assert position_of(replace(event, call_sign=""), FIRE).unit == "GT-PATROL-12"
    for other in (replace(event, kind="b-m-p-s-m"), replace(event, kind="a-h-G"), replace(event, place=None)):
        assert position_of(other, FIRE) is None


class Listening:
    """A stream being read, what it said and whether it worked."""

    def __init__(self, address: CotAddress) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.notes: list[tuple[bool | str | Text, ...]] = []
        self.lost = asyncio.Event()
        self.running = asyncio.create_task(CotStream(address, self.take, self.note).run())

    def note(self, *note: bool | str) -> None:
        self.notes.append(note)
        if note[1] in ("unreachable", "not_trusted"):
            self.lost.set()

    def take(self, data: bytes) -> None:
        self.heard.put_nowait(read_event(data).call_sign)


async def speaking(pieces: list[bytes], tls: object = None) -> asyncio.Server:
    """A server that says these pieces to whoever comes, then hangs up."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "FIRST_PAUSE", 0.02)


@pytest.mark.socket
async def test_events_cut_anywhere_are_read_and_a_server_that_hung_up_is_called_again() -> None:
    said = named("순1") + b"\n<event>nonsense</event>" + named("순2")
    server = await speaking([said[start : start + 50] for start in range(0, len(said), 50)])
    listening = Listening(CotAddress(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    async with asyncio.timeout(10):
        heard = [await listening.heard.get() for _ in range(4)]
    listening.running.cancel()
    server.close()
    assert heard == ["순1", "순2"] * 2
    assert (True, "") in listening.notes
    assert (False, "stream_ended") in listening.notes
    assert any(isinstance(words, Text) and "mandatory" in words.en for ok, words in listening.notes if not ok)


@pytest.mark.socket
async def test_a_stream_that_never_ends_its_event_is_given_up() -> None:
    server = await speaking([b"<event>" + b"x" * 70_000 for _ in range(4)])
    listening = Listening(CotAddress(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    async with asyncio.timeout(10):
        await listening.lost.wait()
    listening.running.cancel()
    server.close()
    assert listening.heard.empty()


@pytest.mark.socket
async def test_a_tak_server_is_heard_over_tls_and_another_with_a_certificate_of_its_own_is_not(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await speaking([named("순3")], context)
    port = server.sockets[0].getsockname()[1]
    files = {"tls_certificate": str(certificate), "tls_key": str(key)}
    trusting = Listening(CotAddress(f"tls://localhost:{port}", **files, tls_authority=str(certificate)))
    async with asyncio.timeout(10):
        assert await trusting.heard.get() == "순3"
    trusting.running.cancel()
    wary = Listening(CotAddress(f"tls://localhost:{port}", **files))
    async with asyncio.timeout(10):
        await wary.lost.wait()
    wary.running.cancel()
    server.close()
    assert wary.heard.empty()


@pytest.mark.socket
async def test_datagrams_are_events_each(unused_udp_port: int) -> None:
    listening = Listening(CotAddress(f"udp+ro://127.0.0.1:{unused_udp_port}"))
    radio = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    async with asyncio.timeout(10):
        while listening.heard.empty():
            radio.sendto(named("순4"), ("127.0.0.1", unused_udp_port))
            await asyncio.sleep(0.01)
    assert await listening.heard.get() == "순4"
    listening.running.cancel()
    radio.close()
