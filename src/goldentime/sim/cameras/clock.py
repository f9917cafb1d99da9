"""How a live clock is burnt into at most four cameras, so that a picture proves its own age."""

import threading
from datetime import datetime
from fractions import Fraction
from typing import Any

import av
import msgspec
import numpy as np
from av.video.codeccontext import VideoCodecContext

from goldentime.core.clock import KST, Clock, monotonic
from goldentime.media.transcode import split_annex_b
from goldentime.sim.cameras.lettering import burn_in
from goldentime.sim.cameras.loops import Loop
from goldentime.sim.cameras.packets import cut_picture
from goldentime.sim.cameras.playing import Reel

_KEPT, _AHEAD = 45, 2  # pictures
_IDLE_SECONDS = 3.0  # nobody has asked for so long: the encoder rests
_START = b"\x00\x00\x00\x01"


def clock_text(at: datetime) -> str:
    """The time as it is burnt in: Korean time to a hundredth of a second."""
    return at.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 10_000:02d}"


def _to_packet(nals: tuple[bytes, ...]) -> "av.Packet[Any]":
    return av.Packet(b"".join(_START + nal for nal in nals))


class ClockReel(Reel):
    """Decodes a loop, burns the time in and encodes it again, in a thread, two pictures before they are due."""

    def __init__(self, loop: Loop, clock: Clock, epoch: float) -> None:
        """`epoch`: when the simulator was switched on, in monotonic seconds."""
        super().__init__(msgspec.structs.replace(loop, parameter_sets=()), (), 0)  # its own come with each key frame
        self._clock = clock
        self._epoch = epoch
        self._made: dict[int, tuple[bytes, ...]] = {}
        self._asked = 0.0
        self._thread: threading.Thread | None = None

    def picture(self, number: int) -> tuple[bytes, ...]:
        """Picture `number`; empty when the machine was too slow to make it in time."""
        self._asked = monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="simcam-clock", daemon=True)
            self._thread.start()
        return self._made.get(number, ())

    def key_before(self, number: int) -> int:
        """The same: a clock has no earlier pictures."""
        return number

    def stop(self) -> None:
        """Let the thread end."""
        self._asked = 0.0

    def _run(self) -> None:
        encoder = self._open_encoder()
        decoder = av.CodecContext.create("h264", "r")
        decoder.thread_count = 1
        number = int((monotonic() - self._epoch) * self.loop.fps) + _AHEAD
        first = number % len(self.loop.frames)
        while not self.loop.is_key(first):  # decoding must begin at a key frame
            first -= 1
        for index in range(first, number % len(self.loop.frames)):
            decoder.decode(_to_packet(self.loop.frames[index]))
        tick = threading.Event()  # never set: a wait that ends by its time
        while monotonic() - self._asked < _IDLE_SECONDS:
            tick.wait(max(0.0, self._epoch + (number - _AHEAD) / self.loop.fps - monotonic()))
            for frame in decoder.decode(_to_packet(self.loop.frames[number % len(self.loop.frames)])):
                picture = frame.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
                burn_in(picture[: self.loop.height], clock_text(self._clock.now()), left=12, top=12)
                stamped = av.VideoFrame.from_ndarray(picture, format="yuv420p")
                stamped.pts = number
                for packet in encoder.encode(stamped):
                    self._made[number] = cut_picture(split_annex_b(bytes(packet)), "h264")
            self._made.pop(number - _KEPT, None)
            number += 1
        self._made.clear()

    def _open_encoder(self) -> VideoCodecContext:
        encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = self.loop.width, self.loop.height, "yuv420p"
        encoder.time_base, encoder.framerate = Fraction(1, self.loop.fps), Fraction(self.loop.fps)
        encoder.gop_size, encoder.max_b_frames, encoder.thread_count = self.loop.fps, 0, 1
        encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "repeat-headers=1"}
        return encoder
