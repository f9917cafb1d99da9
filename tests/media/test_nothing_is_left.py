"""A long shift: cameras opened and closed and views ended in every way leave nothing behind in the engine."""

import asyncio
import gc
from datetime import timedelta

import pytest

from goldentime.core.clock import SystemClock
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.media.engine import Engine
from goldentime.media.ring import Ring
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.media.stream import CameraStream
from goldentime.media.views import View
from goldentime.messages.video import EndReason, StreamChanged, StreamSource, ViewEnded

ROUNDS, CAMERAS = 30, 8


class Browser:
    """A browser's connection that only knows it was ended."""

    bytes_sent = 0
    frames_dropped = 0

    def end(self, reason: EndReason, text: Text) -> None:
        self.reason = reason


def left() -> dict[str, int]:
    """How many of each there are, whoever may hold them."""
    gc.collect()
    return {
        kind.__name__: sum(isinstance(one, kind) for one in gc.get_objects()) for kind in (CameraStream, Ring, View)
    }


@pytest.mark.slow
async def test_cameras_and_views_of_a_whole_shift_leave_nothing_behind() -> None:
    before, clock = left(), SystemClock()
    told: list[ViewEnded | StreamChanged] = []
    engine = Engine(AllowedNetworks(()), CAMERAS // 2, clock, told.append)  # half of them wait for the budget
    until = clock.now() + timedelta(minutes=5)
    for turn in range(ROUNDS):
        for number in range(CAMERAS):
            camera, view = CameraId(f"c{number}"), f"{turn}-{number}"
            source = StreamSource(f"rtsp://127.0.0.1:9/{number}")
            engine.ensure_stream(camera, source, priority=number % 3, hold=f"incident-{turn}")
            engine.open_view(ViewId(f"used-{view}"), camera, f"ticket-{view}", until)
            engine.open_view(ViewId(f"unused-{view}"), camera, f"other-{view}", until)
            engine.redeem(f"ticket-{view}", Browser())  # type: ignore[arg-type]  # only what a desk asks of it
            if number % 2:
                engine.kick(ViewId(f"used-{view}"), "revoked", None)
        await asyncio.sleep(0)
        for number in range(CAMERAS):
            engine.release_stream(CameraId(f"c{number}"), f"incident-{turn}")
    ended = [event for event in told if isinstance(event, ViewEnded)]
    assert len(ended) == ROUNDS * CAMERAS * 2
    assert (engine.list_streams(), engine.list_views()) == ([], [])
    assert engine._desk._by_ticket == {}
    await until_closed()
    told.clear()
    ended.clear()
    assert left() == before


async def until_closed() -> None:
    """The cameras' own tasks have heard that they are no longer wanted."""
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110  nobody tells of it
            await asyncio.sleep(0.01)
