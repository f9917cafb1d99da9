"""What stands behind a camera's address may be anything: it costs neither memory nor the other cameras."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from fakes.stage import Stage
from goldentime.core.ids import CameraId
from goldentime.messages.video import StreamNow, StreamSource

pytestmark = pytest.mark.socket
Writer = asyncio.StreamWriter
Hostile = Callable[[asyncio.StreamReader, Writer], Awaitable[None]]


@asynccontextmanager
async def behind(hostile: Hostile) -> AsyncIterator[str]:
    """An address behind which this answers."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(ConnectionError):
            await hostile(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send_for_ever(writer: Writer, data: bytes) -> None:
    while True:
        writer.write(data)
        await writer.drain()


async def headers_without_end(_reader: asyncio.StreamReader, writer: Writer) -> None:
    writer.write(b"RTSP/1.0 200 OK\r\n")
    await send_for_ever(writer, b"X-Filler: " + b"y" * 1000 + b"\r\n")


async def packets_without_end(_reader: asyncio.StreamReader, writer: Writer) -> None:
    for _ in range(20_000):  # 200 MB of packets on a channel that nobody asked for
        writer.write(b"$\x09\x27\x10" + bytes(10_000))
        await writer.drain()


async def another_protocol(_reader: asyncio.StreamReader, writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    await writer.drain()


async def a_description_too_long(reader: asyncio.StreamReader, writer: Writer) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 999999999\r\n\r\n")
    await send_for_ever(writer, b"a" * 10_000)


async def redirects_to_itself(reader: asyncio.StreamReader, writer: Writer) -> None:
    with suppress(asyncio.IncompleteReadError):
        while True:
            asked = await reader.readuntil(b"\r\n\r\n")
            number = next(line for line in asked.split(b"\r\n") if line.startswith(b"CSeq"))
            status = b"200 OK" if asked.startswith(b"OPTIONS") else b"302 Moved"
            writer.write(b"RTSP/1.0 %b\r\n%b\r\nLocation: /live\r\n\r\n" % (status, number))


async def hangs_up(_reader: asyncio.StreamReader, _writer: Writer) -> None:
    return


async def one_byte_a_second(_reader: asyncio.StreamReader, writer: Writer) -> None:
    for letter in b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n":
        writer.write(bytes((letter,)))
        await asyncio.sleep(1)


async def says_nothing(reader: asyncio.StreamReader, _writer: Writer) -> None:
    await reader.read()


async def until_dead(stage: Stage, camera: str) -> StreamNow:
    """The camera's stream once it is called dead, which the tile then says."""
    async with asyncio.timeout(12):
        while True:
            for now in await stage.media.list_streams():
                if now.camera_id == camera and now.condition == "dead":
                    return now
            await asyncio.sleep(0.05)


async def check(stage: Stage, hostile: Hostile) -> None:
    await stage.open_camera("good")
    await stage.until_condition("good", "live")
    before = await stage.media.health()
    async with behind(hostile) as url:
        await stage.open_camera("bad", StreamSource(url))
        dead = await until_dead(stage, "bad")
        assert dead.text.ko
        assert url not in dead.text.en
        after = await stage.media.health()
        assert after.memory_bytes - before.memory_bytes < 12 << 20
        assert await stage.condition("good") == "live"
        await stage.media.release_stream(CameraId("bad"), hold="incident")
    assert stage.media.restarts == 0


@pytest.mark.parametrize(
    "hostile",
    [headers_without_end, another_protocol, a_description_too_long, redirects_to_itself, hangs_up],
)
async def test_what_is_no_camera_is_called_dead_and_harms_nobody(stage: Stage, hostile: Hostile) -> None:
    await check(stage, hostile)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", [one_byte_a_second, says_nothing, packets_without_end])
async def test_who_never_answers_is_given_up_after_five_seconds(stage: Stage, hostile: Hostile) -> None:
    await check(stage, hostile)
