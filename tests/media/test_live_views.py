"""What a viewer gets, from one camera's one connection, and how a view ends."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from datetime import datetime

import numpy as np
import pytest
import websockets

from fakes.stage import Stage, next_picture, next_word, until
from goldentime.core.errors import MediaUnavailable, NotFound, Refused, SendersError
from goldentime.core.ids import CameraId, ViewId
from goldentime.messages.video import EngineRestarted, StreamSource, ViewEnded
from goldentime.sim.cameras import encode_loop
from goldentime.sim.poor_link import PoorLink, Profile

pytestmark = pytest.mark.socket


async def test_many_viewers_share_one_connection_to_the_camera(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browsers = [await stage.watch(f"view-{number}", "one") for number in range(12)]
    for browser in browsers:
        for _ in range(4):
            await next_picture(browser)
    assert stage.cameras.connections == 1
    assert stage.cameras.clients("one") == 1
    assert len(await stage.media.list_views()) == 12
    for browser in browsers:
        await browser.close()


async def test_a_viewer_gets_the_whole_gop_at_once(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    began = time.monotonic()
    browser = await stage.watch("view", "one")
    word = await next_word(browser, "init")
    init = await next_picture(browser)
    gop = await next_picture(browser)
    assert time.monotonic() - began < 0.5
    assert str(word["codec"]).startswith("avc1.")
    assert init[4:8] == b"ftyp"
    assert gop.count(b"moof") >= 1
    assert gop[4:8] == b"moof"
    await browser.close()


async def test_sound_is_never_asked_for(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    assert stage.cameras.sound_requests == 0


async def test_a_kicked_view_gets_its_last_byte_within_200_ms(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    for _ in range(5):
        await next_picture(browser)
    began = time.monotonic()
    assert await stage.media.kick(ViewId("view"), "revoked")
    words: list[tuple[float, str | bytes]] = []
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await _listen(browser, words)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403
    assert json.loads(words[-1][1])["reason"] == "revoked"
    assert words[-1][0] - began < 0.2
    assert await stage.media.list_views() == []


async def _listen(browser: websockets.ClientConnection, words: list[tuple[float, str | bytes]]) -> None:
    while True:
        word = await browser.recv()
        words.append((time.monotonic(), word))


async def test_a_ticket_serves_once(stage: Stage) -> None:
    await stage.open_camera("one")
    ticket = await stage.ticket("view", "one")
    first, second = await stage.connect(), await stage.connect()
    await first.send(json.dumps({"ticket": ticket}))
    await next_word(first, "state")
    await second.send(json.dumps({"ticket": ticket}))
    assert (await next_word(second, "refused"))["text"]
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await second.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    await first.close()


async def test_who_shows_no_ticket_is_refused_after_five_seconds(stage: Stage) -> None:
    browser = await stage.connect()
    await next_word(browser, "refused")
    with pytest.raises(websockets.ConnectionClosed):
        await browser.recv()


@pytest.mark.parametrize("words", ["", "[]", '{"ticket":5}', '{"beat":1}', "no json", '{"ticket":"' + "x" * 60 + '"}'])
async def test_anything_else_than_a_ticket_is_refused(stage: Stage, words: str) -> None:
    browser = await stage.connect()
    await browser.send(words)
    await next_word(browser, "refused")


async def test_a_page_of_another_origin_may_not_connect(stage: Stage) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await stage.connect(origin="http://elsewhere.test")
    assert refused.value.response.status_code == 403


async def test_a_view_that_expires_ends_in_words(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    ticket = await stage.ticket("view", "one", seconds=1.2)
    browser = await stage.connect()
    await browser.send(json.dumps({"ticket": ticket}))
    assert (await next_word(browser, "ended"))["reason"] == "expired"


async def test_a_browser_that_leaves_ends_its_view_on_record(stage: Stage) -> None:
    await stage.open_camera("one")
    heard = asyncio.ensure_future(_first_ending(stage))
    browser = await stage.watch("view", "one")
    await next_word(browser, "state")
    await browser.close()
    async with asyncio.timeout(5):
        ended = await heard
    assert (ended.view_id, ended.reason) == ("view", "left")


async def _first_ending(stage: Stage) -> ViewEnded:
    async for event in stage.media.events():
        if isinstance(event, ViewEnded):
            return event
    raise AssertionError


@pytest.mark.slow
async def test_a_viewer_without_a_heartbeat_is_ended(stage: Stage) -> None:
    await stage.open_camera("one")
    browser = await stage.watch("view", "one")
    assert (await next_word(browser, "ended"))["reason"] == "heartbeat"


async def test_an_answer_to_a_beat_stands_in_line_behind_the_pictures(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    await next_picture(browser)
    await browser.send(json.dumps({"beat": 7}))
    assert await next_word(browser, "beat") == {"type": "beat", "beat": 7, "overruns": 0}
    await browser.send(json.dumps({"beat": ["no", "number"]}))
    await browser.send(json.dumps({"beat": 8}))
    assert (await next_word(browser, "beat"))["beat"] == 8
    await browser.close()


@pytest.mark.slow
async def test_over_a_link_too_narrow_pictures_are_left_out_and_those_shown_are_of_now(stage: Stage) -> None:
    narrow = PoorLink(Profile("half of what the camera sends", 350_000, 350_000, 50))
    await narrow.start()
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one", proxy=f"socks5://127.0.0.1:{narrow.port}")
    sent, took, overruns = dict[int, float](), list[float](), list[int]()
    for picture in range(40):
        if picture % 6 == 0:
            sent[picture] = time.monotonic()
            await browser.send(json.dumps({"beat": picture}))
        while isinstance(message := await browser.recv(), str):
            word = json.loads(message)
            if word["type"] == "beat":
                took.append(time.monotonic() - sent[word["beat"]])
                overruns.append(word["overruns"])
    dropped = next(view for view in await stage.media.list_views() if view.view_id == "view").frames_dropped
    assert dropped > 0
    assert len(took) >= 3, "a beat is answered as soon as something can be sent again"
    assert overruns[-1] >= 1, "the viewer hears of it"
    assert overruns == sorted(overruns)
    assert max(took) < 5.5, took  # 1.5 s of pictures, twice as long on half the link, and the link's own queue
    await browser.close()
    await narrow.stop()


async def test_closing_the_stream_ends_its_views(stage: Stage) -> None:
    await stage.open_camera("one")
    browser = await stage.watch("view", "one")
    await next_word(browser, "state")
    await stage.media.release_stream(CameraId("one"), hold="incident")
    assert (await next_word(browser, "ended"))["reason"] == "closed"

    async def hung_up() -> bool:
        return stage.cameras.clients("one") == 0

    await until(hung_up, 3)


async def test_a_slow_viewer_loses_pictures_not_memory_and_is_cut_at_once(stage: Stage) -> None:
    chance = np.random.default_rng(1)
    storm = [chance.integers(0, 255, (360, 640, 3), dtype=np.uint8) for _ in range(15)]
    stage.cameras.show("/storm", encode_loop("storm", storm, bit_rate=20_000_000))
    await stage.open_camera("one", StreamSource(f"rtsp://127.0.0.1:{stage.cameras.port}/storm"))
    await stage.until_condition("one", "live")
    raw = _connect_and_never_read(stage.media.port, await stage.ticket("slow", "one"))
    good = await stage.watch("good", "one")
    await next_picture(good)
    before = (await stage.media.health()).memory_bytes

    async def has_lost_pictures() -> bool:
        await next_picture(good)
        return any(view.view_id == "slow" and view.frames_dropped > 20 for view in await stage.media.list_views())

    await until(has_lost_pictures, 20)
    assert (await stage.media.health()).memory_bytes - before < 12 << 20
    await stage.media.kick(ViewId("slow"), "revoked")
    await asyncio.sleep(0.2)
    raw.settimeout(0.5)
    with contextlib.suppress(ConnectionResetError):
        while raw.recv(1 << 20):
            pass
    raw.close()
    await good.close()


def _connect_and_never_read(port: int, ticket: str) -> socket.socket:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", port))
    raw.sendall(
        b"GET /live HTTP/1.1\r\nHost: x\r\nOrigin: http://console.test\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    body = json.dumps({"ticket": ticket}).encode()
    raw.sendall(bytes((0x81, 0x80 | len(body), 0, 0, 0, 0)) + body)
    return raw


async def test_hls_serves_a_view_and_nothing_after_it_is_kicked(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    await stage.ticket("view", "one")

    async def ready() -> bool:
        try:
            return "1.m4s" in await stage.media.hls_playlist(ViewId("view"))
        except NotFound:
            return False

    await until(ready)
    init = await stage.media.hls_segment(ViewId("view"), "init-1.mp4")
    segment = await stage.media.hls_segment(ViewId("view"), "1.m4s")
    assert init[4:8] == b"ftyp"
    assert segment[4:8] == b"moof"
    assert (await stage.media.list_views())[0].attached
    await stage.media.kick(ViewId("view"), "closed")
    with pytest.raises(NotFound):
        await stage.media.hls_playlist(ViewId("view"))
    with pytest.raises(NotFound):
        await stage.media.hls_segment(ViewId("view"), "1.m4s")


async def test_a_still_is_a_jpeg_of_an_open_view_and_of_nothing_else(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    with pytest.raises(NotFound):
        await stage.media.snapshot(ViewId("view"))
    browser = await stage.watch("view", "one")
    still = await stage.media.snapshot(ViewId("view"))
    small = await stage.media.snapshot(ViewId("view"), width=320)
    await stage.media.kick(ViewId("view"), "revoked")
    with pytest.raises(NotFound):
        await stage.media.snapshot(ViewId("view"))
    await browser.close()
    assert still[:3] == b"\xff\xd8\xff"
    assert still[-2:] == b"\xff\xd9"
    assert len(still) > 8000
    assert small[:3] == b"\xff\xd8\xff"
    assert len(small) < len(still) / 3
    assert len(await stage.media.shrink(still, width=320)) < len(still) / 3
    with pytest.raises(SendersError):
        await stage.media.shrink(b"no picture", width=320)


async def test_a_killed_child_comes_back_and_its_streams_with_it(stage: Stage) -> None:
    back = asyncio.Event()

    async def reopen(_: datetime) -> None:
        await stage.open_camera("one")
        back.set()

    stage.media._on_restarted = reopen
    await stage.open_camera("one")
    browser = await stage.watch("view", "one")
    await next_word(browser, "state")
    port = stage.media.port

    async def restarted() -> int:
        async for event in stage.media.events():
            if isinstance(event, EngineRestarted):
                return event.times
        raise AssertionError

    heard = asyncio.ensure_future(restarted())
    await asyncio.sleep(0)
    os.kill(stage.media.pid, signal.SIGKILL)
    with pytest.raises(websockets.ConnectionClosed):
        await _listen(browser, [])
    async with asyncio.timeout(10):
        await back.wait()
        assert await heard == 1
    assert stage.media.port == port
    await stage.until_condition("one", "live")
    assert await stage.media.list_views() == []
    again = await stage.watch("view-2", "one")
    await next_picture(again)
    await again.close()


async def test_calls_fail_in_words_while_the_child_is_down(stage: Stage) -> None:
    await stage.media.stop()
    with pytest.raises(MediaUnavailable):
        await stage.media.health()


async def test_stopping_tells_every_viewer(stage: Stage) -> None:
    await stage.open_camera("one")
    browser = await stage.watch("view", "one")
    await next_word(browser, "state")
    await stage.media.stop()
    assert (await next_word(browser, "ended"))["reason"] == "shutdown"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "file:///etc/passwd", "rtsp:///x", "rtsp://h:99999/", "rtsp://a b/"]
)
async def test_only_rtsp_addresses_are_taken(stage: Stage, url: str) -> None:
    with pytest.raises(Refused):
        await stage.open_camera("bad", StreamSource(url))
