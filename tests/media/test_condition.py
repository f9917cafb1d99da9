"""When a picture is called live, late, frozen or dead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.core.text import Text
from goldentime.media.condition import ConditionWatch
from goldentime.media.rtp.rtcp import SenderReport

PACE = 1 / 15


class Camera:
    """A watched camera whose pictures come when the test says so."""

    def __init__(self) -> None:
        self.watch = ConditionWatch()
        self.watch.begin(0.0)
        self.now = 0.0
        self.number = 0

    def play(self, seconds: float, *, sizes: tuple[int, ...] | None = None, wait: float = 0.0) -> None:
        """Pictures at 15 a second; `sizes` repeats per GOP, otherwise all differ; `wait` delays each arrival."""
        for _ in range(int(seconds / PACE)):
            key = self.number % 15 == 0
            size = sizes[self.number % 15] if sizes else (20_000 if key else 2000) + self.number * 7 % 997
            self.watch.on_frame(self.number * 6000 & 0xFFFFFFFF, size, key=key, now=self.now + wait)
            self.number += 1
            self.now += PACE

    def condition(self) -> str:
        return self.watch.judge(self.now).condition


def test_a_camera_is_connecting_then_live() -> None:
    camera = Camera()
    assert camera.condition() == "connecting"
    camera.play(2)
    assert camera.condition() == "live"


def test_a_camera_that_never_shows_a_picture_is_dead_after_a_while() -> None:
    camera = Camera()
    camera.now = 13.0
    assert camera.condition() == "dead"


def test_no_pictures_for_three_seconds_is_dead_and_they_bring_it_back() -> None:
    camera = Camera()
    camera.play(3)
    camera.now += 3.2
    assert camera.condition() == "dead"
    camera.number += 48
    camera.play(1)
    assert camera.condition() == "live"


def test_a_broken_connection_is_dead_at_once_and_says_why() -> None:
    camera = Camera()
    camera.play(1)
    camera.watch.on_trouble(Text("카메라 인증에 실패했습니다", "The camera refused"))
    judged = camera.watch.judge(camera.now)
    assert (judged.condition, judged.text.en) == ("dead", "The camera refused")


def test_the_same_gop_again_and_again_is_frozen() -> None:
    camera = Camera()
    camera.play(8, sizes=(9000, *range(400, 414)))
    assert camera.condition() == "frozen"


def test_the_same_key_frame_again_and_again_is_frozen() -> None:
    camera = Camera()
    for _ in range(120):
        camera.watch.on_frame(camera.number * 6000, 9000, key=True, now=camera.now)
        camera.number += 1
        camera.now += PACE
    assert camera.condition() == "frozen"


def test_a_frozen_picture_that_moves_again_is_live() -> None:
    camera = Camera()
    camera.play(8, sizes=(9000, *range(400, 414)))
    camera.play(3)
    assert camera.condition() == "live"


def test_timestamps_that_stand_still_are_frozen() -> None:
    camera = Camera()
    camera.play(1)
    for size in range(100):
        camera.watch.on_frame(camera.number * 6000, 2000 + size * 13, key=size % 15 == 0, now=camera.now)
        camera.now += PACE
    assert camera.condition() == "frozen"


def test_key_frames_that_look_the_same_for_four_seconds_are_frozen() -> None:
    camera = Camera()
    camera.play(1)
    camera.watch.on_look(same=True, now=camera.now)
    camera.play(5)
    assert camera.condition() == "frozen"
    camera.watch.on_look(same=False, now=camera.now)
    assert camera.condition() == "live"


def test_pictures_that_fall_behind_are_late_and_say_by_how_much() -> None:
    camera = Camera()
    camera.play(3)
    camera.play(2, wait=3.4)
    judged = camera.watch.judge(camera.now)
    assert judged.condition == "late"
    assert 3300 < judged.delay_ms < 3500
    assert "3" in judged.text.ko


def test_a_camera_behind_its_own_clock_is_late() -> None:
    camera = Camera()
    camera.play(1)
    camera.watch.delay.on_report(SenderReport(0.0, (camera.number + 45) * 6000), camera.now)
    camera.play(1)
    assert camera.condition() == "late"


def test_a_report_far_from_the_pictures_is_not_believed() -> None:
    camera = Camera()
    camera.play(1)
    camera.watch.delay.on_report(SenderReport(0.0, 3_000_000_000), camera.now)
    camera.play(1)
    assert camera.condition() == "live"


def test_a_camera_that_comes_back_with_other_timestamps_is_not_late() -> None:
    camera = Camera()
    camera.play(3)
    camera.watch.on_trouble(Text("끊김", "gone"))
    camera.now += 5
    camera.watch.begin(camera.now)
    camera.number -= 20  # its clock starts a little before where it was
    camera.play(2)
    assert camera.condition() == "live"


@pytest.mark.parametrize("drift", [100e-6, -100e-6])
def test_a_clock_that_drifts_is_not_taken_for_delay(drift: float) -> None:
    camera = Camera()
    for number in range(15 * 3600 * 8):
        if number % 15 == 0:
            camera.watch.delay.on_frame(number * 6000 & 0xFFFFFFFF, number * PACE * (1 + drift))
    assert camera.watch.delay.seconds < 2.0


@given(
    st.lists(
        st.tuples(st.integers(0, (1 << 32) - 1), st.integers(1, 99_999), st.booleans(), st.floats(0, 2)), max_size=50
    )
)
def test_any_pictures_are_judged(frames: list[tuple[int, int, bool, float]]) -> None:
    watch, now = ConditionWatch(), 0.0
    for stamp, size, key, wait in frames:
        now += wait
        watch.on_frame(stamp, size, key=key, now=now)
        judged = watch.judge(now)
        assert judged.delay_ms >= 0
        assert judged.text.ko


def test_a_moving_scene_is_never_called_frozen() -> None:
    camera = Camera()
    seen = set()
    for _ in range(60):
        camera.play(0.5)
        seen.add(camera.condition())
    assert seen == {"live"}
