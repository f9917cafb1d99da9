"""What the engine does with cameras that stop, freeze, lag, lie, move or attack."""

import asyncio
import os
import signal
from pathlib import Path

import msgspec
import numpy as np
import pytest

from fakes.stage import Stage, make_media, next_picture, next_word, until
from goldentime.core.errors import MediaUnavailable, Refused
from goldentime.core.ids import CameraId, ViewId
from goldentime.messages.video import StreamSource
from goldentime.sim.cameras import CameraSimulator, Fault, Loop, encode_loop, film_loop
from goldentime.sim.cameras.film import draw_film

pytestmark = pytest.mark.socket


async def words_of(stage: Stage, camera_id: str) -> str:
    return next(now.text.en for now in await stage.media.list_streams() if now.camera_id == camera_id)


async def test_udp_plays_with_loss_and_packets_out_of_order(stage: Stage) -> None:
    stage.cameras.loss, stage.cameras.reorder = 0.005, 0.05
    await stage.open_camera("one", stage.source("one", transport="udp"))
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    pictures = [await next_picture(browser) for _ in range(20)]
    assert all(picture[4:8] in (b"ftyp", b"moof") for picture in pictures)
    await browser.close()


async def test_a_camera_that_falls_silent_is_dead_and_comes_back(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    stage.cameras.misbehave("one", Fault.SILENT)
    await stage.until_condition("one", "dead", 6)
    assert "lost" in await words_of(stage, "one")
    stage.cameras.heal("one")
    await stage.until_condition("one", "live", 6)
    word = await next_word(browser, "state")
    while word["state"] != "dead":
        word = await next_word(browser, "state")
    assert (await next_word(browser, "state"))["state"] == "live"
    await browser.close()


async def test_a_repeated_picture_is_called_frozen(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.open_camera("two")
    await stage.until_condition("one", "live")
    stage.cameras.misbehave("one", Fault.FROZEN)
    await stage.until_condition("one", "frozen", 10)
    assert await stage.condition("two") == "live"
    stage.cameras.heal("one")
    await stage.until_condition("one", "live", 6)


async def test_a_picture_three_seconds_behind_is_called_late(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    stage.cameras.misbehave("one", Fault.LATE)
    await stage.until_condition("one", "late", 10)
    assert "about 3 s late" in await words_of(stage, "one")


async def test_a_dropped_connection_is_opened_again_and_the_view_goes_on(stage: Stage) -> None:
    await stage.open_camera("one")
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    await next_picture(browser)
    assert stage.cameras.drop("one") == 1
    await stage.until_condition("one", "live", 6)
    while stage.cameras.connections < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    for _ in range(30):
        await next_picture(browser)
    await browser.close()


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_digest_lets_us_in_and_a_wrong_password_is_said(film: Loop, algorithm: str) -> None:
    cameras = CameraSimulator([film], username="admin", password='열쇠 with "quotes"', algorithm=algorithm)
    await cameras.start("127.0.0.1", 0)
    media = make_media()
    await media.start()
    stage = Stage(cameras, media)
    try:
        await stage.open_camera("right", stage.source("right", username="admin", password='열쇠 with "quotes"'))
        await stage.open_camera("wrong", stage.source("wrong", username="admin", password="guess"))
        await stage.until_condition("right", "live")
        await stage.until_condition("wrong", "dead")
        assert "password" in await words_of(stage, "wrong")
    finally:
        await media.stop()
        await cameras.stop()


@pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.HUGE])
async def test_hostile_bytes_harm_one_camera_only(stage: Stage, fault: Fault) -> None:
    await stage.open_camera("good")
    await stage.open_camera("bad")
    await stage.until_condition("bad", "live")
    before = (await stage.media.health()).memory_bytes
    stage.cameras.misbehave("bad", fault)
    await stage.until_condition("bad", "dead", 15)
    assert await stage.condition("good") == "live"
    assert (await stage.media.health()).memory_bytes - before < 16 << 20
    stage.cameras.heal("bad")
    await stage.until_condition("bad", "live", 15)


async def test_a_camera_outside_the_allowed_networks_is_never_connected_to(cameras: CameraSimulator) -> None:
    media = make_media(allowed_networks=("10.0.0.0/8",))
    await media.start()
    stage = Stage(cameras, media)
    try:
        await stage.open_camera("one")
        await stage.until_condition("one", "dead")
        assert "not allowed" in await words_of(stage, "one")
        assert cameras.connections == 0
    finally:
        await media.stop()


async def test_a_redirect_is_followed_when_allowed_and_checked_again_when_not(stage: Stage) -> None:
    stage.cameras.redirect("/cam/moved", f"rtsp://127.0.0.1:{stage.cameras.port}/cam/new")
    stage.cameras.redirect("/cam/outside", "rtsp://192.0.2.7/cam/new")
    stage.cameras.redirect("/cam/elsewhere", "http://127.0.0.1/latest/meta-data")
    for camera_id in ("moved", "outside", "elsewhere"):
        await stage.open_camera(camera_id)
    await stage.until_condition("moved", "live")
    await stage.until_condition("outside", "dead")
    await stage.until_condition("elsewhere", "dead")
    assert "not allowed" in await words_of(stage, "outside")


async def test_an_unknown_camera_is_said_in_words(stage: Stage) -> None:
    stage.cameras.misbehave("one", Fault.REFUSING)
    await stage.open_camera("one")
    await stage.until_condition("one", "dead")
    assert "does not have this stream" in await words_of(stage, "one")


@pytest.fixture(scope="session")
def h265_film(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return film_loop(tmp_path_factory.mktemp("h265"), 3, night=False, codec="h265", seconds=2)


async def test_an_h265_camera_uses_its_h264_substream(stage: Stage, h265_film: Loop) -> None:
    stage.cameras.show("/h265/1", h265_film)
    base = f"rtsp://127.0.0.1:{stage.cameras.port}"
    await stage.open_camera("one", StreamSource(f"{base}/h265/1", substream_url=f"{base}/cam/sub"))
    await stage.until_condition("one", "live")
    browser = await stage.watch("view", "one")
    word = await next_word(browser, "init")
    assert word["note"] == {"ko": "H.264 보조 스트림", "en": "H.264 sub-stream"}
    assert stage.cameras.clients("sub") == 1
    await browser.close()


async def test_an_h265_camera_without_substream_is_transcoded_and_says_so(stage: Stage, h265_film: Loop) -> None:
    stage.cameras.show("/h265/1", h265_film)
    await stage.open_camera("one", StreamSource(f"rtsp://127.0.0.1:{stage.cameras.port}/h265/1"))
    await stage.until_condition("one", "live", 15)
    browser = await stage.watch("view", "one")
    word = await next_word(browser, "init")
    assert str(word["codec"]).startswith("avc1.")
    assert "Transcoded" in str(word["note"])
    for _ in range(10):
        await next_picture(browser)
    assert (await stage.media.snapshot(ViewId("view")))[:2] == b"\xff\xd8"
    await browser.close()


async def test_the_budget_goes_to_the_more_severe_and_the_others_say_they_wait(cameras: CameraSimulator) -> None:
    media = make_media(open_limit=2)
    await media.start()
    stage = Stage(cameras, media)
    try:
        await media.ensure_stream(CameraId("c"), stage.source("c"), priority=1, hold="an older incident")
        await stage.open_camera("a", priority=1)
        await stage.open_camera("b", priority=1)
        await stage.until_condition("a", "live")
        assert await stage.condition("c") == "waiting"
        await stage.open_camera("fire", priority=9)
        await stage.until_condition("fire", "live")
        assert await stage.condition("b") == "waiting"
        assert "more severe" in await words_of(stage, "b")
        await media.release_stream(CameraId("fire"), hold="incident")
        await stage.until_condition("b", "live")
        assert await stage.condition("c") == "waiting"
    finally:
        await media.stop()


async def test_a_burnt_in_clock_plays_live(stage: Stage) -> None:
    await stage.open_camera("clock", StreamSource(f"rtsp://127.0.0.1:{stage.cameras.port}/clock/1"))
    await stage.until_condition("clock", "live")
    browser = await stage.watch("view", "clock")
    for _ in range(20):
        await next_picture(browser)
    await browser.close()


async def test_passwords_are_in_no_argument_and_no_environment(stage: Stage) -> None:
    secret = "hunter2-very-secret"
    await stage.open_camera("one", stage.source("one", username="admin", password=secret))
    for name in ("cmdline", "environ"):
        told = await asyncio.to_thread(Path(f"/proc/{stage.media.pid}/{name}").read_bytes)
        assert secret.encode() not in told
    assert secret not in repr(stage.source("one", password=secret))


async def test_a_forbidden_scheme_is_refused_for_the_substream_too(stage: Stage) -> None:
    with pytest.raises(Refused):
        await stage.open_camera("one", stage.source("one", substream_url="gopher://127.0.0.1/"))


def standing_street(*, noise: float) -> Loop:
    """A street in which nothing moves, once its encoder has settled; `noise` of a sensor, in steps of brightness."""
    chance = np.random.default_rng(3)
    picture = next(iter(draw_film(2, night=True, frames=1))).astype(np.float32)
    shots = (picture + chance.normal(0, noise, picture.shape) if noise else picture for _ in range(150))
    loop = encode_loop("standing", (np.clip(shot, 0, 255).astype(np.uint8) for shot in shots), bit_rate=0)
    return msgspec.structs.replace(loop, frames=loop.frames[-75:])  # five GOPs: looks are two to three apart


async def test_a_standing_picture_encoded_anew_is_frozen_but_a_quiet_street_is_not(stage: Stage) -> None:
    stage.cameras.show("/hung", await asyncio.to_thread(standing_street, noise=0))
    stage.cameras.show("/quiet", await asyncio.to_thread(standing_street, noise=2.5))
    for name in ("hung", "quiet"):
        await stage.open_camera(name, StreamSource(f"rtsp://127.0.0.1:{stage.cameras.port}/{name}"))
    await stage.until_condition("hung", "frozen", 15)
    for _ in range(20):
        assert await stage.condition("quiet") == "live"
        await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_a_hung_child_is_killed_and_comes_back(stage: Stage) -> None:
    hung = stage.media.pid
    os.kill(hung, signal.SIGSTOP)

    async def is_another() -> bool:
        return stage.media.pid not in (0, hung) and stage.media.restarts == 1

    await until(is_another, 15)
    await stage.open_camera("one")
    await stage.until_condition("one", "live")


async def test_intake_hears_within_seconds_that_video_is_down(stage: Stage) -> None:
    os.kill(stage.media.pid, signal.SIGSTOP)
    with pytest.raises(MediaUnavailable):
        async with asyncio.timeout(8):
            await stage.media.list_views()
