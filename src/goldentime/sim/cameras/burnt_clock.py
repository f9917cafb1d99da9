"""A camera whose picture carries the time of day, encoded live, so that glass-to-glass delay can be read off."""

from datetime import datetime

import av
import numpy as np

from goldentime.core.clock import KST, SystemClock
from goldentime.sim.cameras.lettering import burn_in
from goldentime.sim.cameras.loops import FPS, Loop, encode_loop, new_encoder
from goldentime.sim.cameras.packets import nal_units

WIDTH, HEIGHT = 640, 360
IDLE_FRAMES = 2 * FPS  # nobody asked for so long: the encoder rests


class BurntClock:
    """One live picture; encodes only while someone has looked within the last two seconds."""

    def __init__(self, number: int) -> None:
        """Say which of the four it is."""
        self._number = number
        self._clock = SystemClock()
        self._encoder = new_encoder(WIDTH, HEIGHT, bit_rate=500_000)
        self._units: list[bytes] = []
        self._asked = -IDLE_FRAMES
        self._frame = 0
        self._description: Loop | None = None

    @property
    def description(self) -> Loop:
        """Parameter sets and size, from one encoded second."""
        self._asked = self._frame
        if self._description is None:
            self._description = encode_loop("clock", (self._picture(0) for _ in range(FPS)), bit_rate=500_000)
        return self._description

    @property
    def now(self) -> list[bytes]:
        """The units of the picture of this moment."""
        self._asked = self._frame
        return self._units

    def step(self, frame: int) -> None:
        """Encode the next picture when anyone is watching."""
        self._frame = frame
        if frame - self._asked > IDLE_FRAMES:
            return
        picture = av.VideoFrame.from_ndarray(self._picture(frame), format="rgb24")
        picture.pts = frame
        self._units = [unit for packet in self._encoder.encode(picture) for unit in nal_units(bytes(packet))]

    def stop(self) -> None:
        """Let the encoder go."""
        self._units = []

    def _picture(self, frame: int) -> np.ndarray:  # type: ignore[type-arg]
        picture = np.full((HEIGHT, WIDTH, 3), 40, dtype=np.uint8)
        left = frame * 4 % WIDTH
        picture[300:330, left : left + 40] = (90, 140, 200)
        now: datetime = self._clock.now().astimezone(KST)
        text = f"{now:%H:%M:%S}.{now.microsecond // 1000:03d}"
        burn_in(picture, text, left=60, top=140, scale=7)
        burn_in(picture, f"CLOCK {self._number}", left=12, top=HEIGHT - 26)
        return picture
