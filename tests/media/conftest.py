"""What the tests of video share: a short film, simulated cameras, and the media process before them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.stage import Stage, make_media
from goldentime.sim.cameras import CameraSimulator, Loop, film_loop


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Three drawn seconds."""
    return film_loop(tmp_path_factory.mktemp("film"), 1, night=False, seconds=3)


@pytest.fixture
async def cameras(film: Loop) -> AsyncIterator[CameraSimulator]:
    simulator = CameraSimulator([film])
    await simulator.start("127.0.0.1", 0)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def stage(cameras: CameraSimulator) -> AsyncIterator[Stage]:
    media = make_media()
    await media.start()
    yield Stage(cameras, media)
    await media.stop()


@pytest.fixture
def player() -> Path:
    return Path(__file__).parent / "player.html"
