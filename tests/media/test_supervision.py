"""That video comes back by itself, whatever stands in its way."""

import asyncio
import os
import signal
import socket
from datetime import datetime

import pytest

from fakes.stage import make_media, until
from goldentime.core.errors import MediaUnavailable

pytestmark = pytest.mark.socket


async def test_a_child_that_cannot_start_is_tried_again_until_it_can() -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    media = make_media(port=taken.getsockname()[1])
    with pytest.raises(MediaUnavailable):
        await media.start()
    try:
        with pytest.raises(MediaUnavailable):
            await media.health()
        taken.close()

        async def up() -> bool:
            return media.restarts > 0

        await until(up, 20)
        assert (await media.health()).views == 0
    finally:
        await media.stop()


async def test_a_failure_after_a_restart_does_not_end_the_watch_over_the_child() -> None:
    times = asyncio.Queue[int]()
    media = make_media()

    async def fail(_: datetime) -> None:
        times.put_nowait(media.restarts)
        raise RuntimeError("the store is full")

    media._on_restarted = fail
    await media.start()
    try:
        for expected in (1, 2):
            os.kill(media.pid, signal.SIGKILL)
            async with asyncio.timeout(20):
                assert await times.get() == expected
    finally:
        await media.stop()
    assert media.pid == 0
