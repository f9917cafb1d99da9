"""A still made smaller later: the same picture, as wide as it may be, and never larger than it was."""

import io

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from goldentime.media.faults import CameraFault
from goldentime.media.still import shrink, to_jpeg

WIDE = VideoFrame.from_ndarray(np.tile(np.linspace(0, 255, 1280, dtype=np.uint8), (720, 1)), format="gray")


def size_and_middle(jpeg: bytes) -> tuple[int, int, float]:
    with av.open(io.BytesIO(jpeg), format="mjpeg") as container:
        frame = next(container.decode(video=0))
    return frame.width, frame.height, float(frame.to_ndarray(format="gray")[:, frame.width // 2].mean())


def test_it_is_the_same_picture_as_wide_as_asked_for() -> None:
    width, height, middle = size_and_middle(shrink(to_jpeg(WIDE), 480))
    assert (width, height) == (480, 270)
    assert abs(middle - 127) < 8


def test_one_that_is_no_wider_stays_as_it_is() -> None:
    small = to_jpeg(WIDE, 320)
    assert (shrink(small, 480), shrink(small, 0)) == (small, small)


def test_what_is_no_picture_is_a_fault_and_nothing_worse() -> None:
    for broken in (b"no picture", b"\xff\xd8\xff"):
        with pytest.raises(CameraFault):
            shrink(broken, 320)
