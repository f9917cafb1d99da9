"""The base map is drawn beside the platform: it comes, it may be killed in the middle, and it never stays half."""

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from goldentime.drawing import Drawing, draw_beside, map_file
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer
from goldentime.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def data(city: Path, tmp_path: Path) -> Path:
    """A data folder with a city's roads and boundary, and no map yet."""
    data = tmp_path / "data"
    with open_store(data, clock=SystemClock()) as store:
        import_city(Importer(store.city(), SystemClock()), city / "city", lambda *_: None)
    return data


def drafts(data: Path) -> list[Path]:
    folder = map_file(data).parent
    return [one for one in folder.iterdir() if one.name.startswith(".map-")] if folder.exists() else []


async def begun(data: Path) -> None:
    async with asyncio.timeout(30):
        while not drafts(data):  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.01)


async def test_the_map_is_drawn_by_another_process(data):
    assert await draw_beside(Settings(data=data))
    assert map_file(data).read_bytes().startswith(b"PMTiles")
    assert not drafts(data)


async def test_a_drawing_that_is_called_off_ends_at_once_and_leaves_the_old_map(data):
    map_file(data).parent.mkdir(parents=True)
    map_file(data).write_bytes(b"old")
    drawing = asyncio.create_task(draw_beside(Settings(data=data)))
    await begun(data)
    drawing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await drawing
    assert map_file(data).read_bytes() == b"old"


async def test_after_a_drawing_was_killed_in_the_middle_the_next_one_tidies_up_and_draws(data):
    told = msgspec.json.encode(Drawing(data=str(data), database_url=None, master_key=None))
    killed = subprocess.Popen([sys.executable, "-m", "goldentime.drawing"], stdin=subprocess.PIPE)  # noqa: ASYNC220  it is killed, not waited for
    assert killed.stdin is not None
    killed.stdin.write(told)
    killed.stdin.close()
    await begun(data)
    killed.kill()
    killed.wait()
    assert not map_file(data).exists()
    assert await draw_beside(Settings(data=data))
    assert map_file(data).exists()
    assert not drafts(data)


async def test_a_drawing_that_fails_is_said_and_the_old_map_stays(data):
    map_file(data).parent.mkdir(parents=True)
    map_file(data).write_bytes(b"old")
    assert not await draw_beside(Settings(data=data, master_key="00" * 32))
    assert map_file(data).read_bytes() == b"old"
