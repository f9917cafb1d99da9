"""The simulated cameras keep to the protocol: FFmpeg, which knows nothing of ours, plays them."""

import asyncio
import signal
import ssl
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import av
import pytest

from fakes.certificate import make_certificate
from fakes.stage import Stage, make_media
from goldentime.core.errors import OperatorsError
from goldentime.messages.video import StreamSource
from goldentime.sim.cameras import CameraSimulator, Loop, prepare_loops

SHARED = Path(__file__).parents[3] / "shared" / "video"


def pictures_by_ffmpeg(url: str, *, transport: str, count: int) -> list[float]:
    """The times of the first pictures, in seconds."""
    with av.open(url, options={"rtsp_transport": transport}, timeout=10) as container:
        times = []
        for frame in container.decode(video=0):
            times.append(frame.time or 0.0)
            if len(times) == count:
                return times
    raise AssertionError


@pytest.mark.socket
@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_ffmpeg_plays_a_simulated_camera_over_the_loops_end(cameras: CameraSimulator, transport: str) -> None:
    url = f"rtsp://127.0.0.1:{cameras.port}/cam/any-name"
    times = await asyncio.to_thread(pictures_by_ffmpeg, url, transport=transport, count=60)
    steps = [later - earlier for earlier, later in pairwise(times[5:])]
    assert all(0.05 < step < 0.09 for step in steps)


@pytest.mark.socket
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_ffmpeg_gets_in_with_the_password_only(film: Loop, algorithm: str) -> None:
    cameras = CameraSimulator([film], username="admin", password="key", algorithm=algorithm)
    port = await cameras.start("127.0.0.1", 0)
    try:
        if algorithm == "MD5":  # FFmpeg's RTSP knows no other
            url = f"rtsp://admin:key@127.0.0.1:{port}/cam/1"
            assert await asyncio.to_thread(pictures_by_ffmpeg, url, transport="tcp", count=3)
        url = f"rtsp://admin:wrong@127.0.0.1:{port}/cam/1"
        with pytest.raises(av.FFmpegError):
            await asyncio.to_thread(pictures_by_ffmpeg, url, transport="tcp", count=3)
    finally:
        await cameras.stop()


@pytest.mark.socket
async def test_rtsps_checks_the_certificate_unless_told_not_to(film: Loop, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    cameras = CameraSimulator([film])
    port = await cameras.start("127.0.0.1", 0, tls=context)
    media = make_media()
    await media.start()
    stage = Stage(cameras, media)
    try:
        url = f"rtsps://127.0.0.1:{port}/cam/1"
        await stage.open_camera("trusting", StreamSource(url, verify_certificate=False))
        await stage.open_camera("strict", StreamSource(url))
        await stage.until_condition("trusting", "live")
        await stage.until_condition("strict", "dead")
    finally:
        await media.stop()
        await cameras.stop()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared clips are not here")
@pytest.mark.slow
def test_real_clips_become_loops_once(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    (clips / "bikes.mp4").symlink_to(SHARED / "bikes.mp4")
    (loop,) = prepare_loops(tmp_path / "cache", clips)
    assert loop.is_key(0)
    assert sum(loop.is_key(index) for index in range(len(loop.frames))) >= len(loop.frames) // 15
    kept = list((tmp_path / "cache").iterdir())
    assert prepare_loops(tmp_path / "cache", clips) == [loop]
    assert list((tmp_path / "cache").iterdir()) == kept


def test_a_folder_without_clips_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(OperatorsError):
        prepare_loops(tmp_path / "cache", tmp_path)


def test_a_file_that_is_no_clip_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"not a film")
    with pytest.raises(OperatorsError):
        prepare_loops(tmp_path / "cache", tmp_path)


@pytest.mark.socket
@pytest.mark.slow
async def test_the_command_says_its_address_and_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "goldentime", "simcam", "--port", "0", "--quiet", "--cache", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(120):
        address = (await process.stdout.readline()).decode().strip()
    assert address.startswith("rtsp://127.0.0.1:")
    assert await asyncio.to_thread(pictures_by_ffmpeg, f"{address}/cam/7", transport="tcp", count=3)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await process.wait() == 0
