"""How an H.265 camera without a sub-stream is turned into H.264 that every browser plays."""

import asyncio
import queue
import threading
from collections.abc import Callable
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from goldentime.media.rtp.units import AccessUnit

_START = b"\x00\x00\x00\x01"
_MOST_WAITING = 30  # pictures; older ones are given up rather than kept
_CLOCK = Fraction(1, 90_000)
_GOP = 15


def split_annex_b(data: bytes) -> tuple[bytes, ...]:
    """The NAL units between start codes of three or four bytes."""
    units = []
    at = data.find(b"\x00\x00\x01")
    while at >= 0:
        start = at + 3
        at = data.find(b"\x00\x00\x01", start)
        nal = data[start : at if at >= 0 else len(data)]
        if at >= 0:
            nal = nal.rstrip(b"\x00")
        if nal:
            units.append(nal)
    return tuple(units)


class Transcoder:
    """Decodes and encodes in a thread of its own; what it cannot keep up with is dropped up to the next key frame."""

    def __init__(self, parameter_sets: tuple[bytes, ...], deliver: Callable[[AccessUnit], None]) -> None:
        """`deliver` is called on the loop that made the transcoder."""
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.Queue[AccessUnit | None] = queue.Queue(_MOST_WAITING)
        self._skipping = False
        self._closed = False
        self._sets = b"".join(_START + nal for nal in parameter_sets)
        self._encoder: VideoCodecContext | None = None
        threading.Thread(target=self._run, name="transcode", daemon=True).start()

    def push(self, unit: AccessUnit) -> None:
        """Take one H.265 picture; never blocks."""
        if self._skipping and not unit.key:
            return
        try:
            self._waiting.put_nowait(unit)
            self._skipping = False
        except queue.Full:
            self._skipping = True

    def close(self) -> None:
        """Deliver nothing more and let the thread end."""
        self._closed = True
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put_nowait(None)

    def _run(self) -> None:
        decoder = av.CodecContext.create("hevc", "r")
        decoder.thread_count = 1
        while (unit := self._waiting.get()) is not None and not self._closed:
            packet = av.Packet((self._sets if unit.key else b"") + b"".join(_START + nal for nal in unit.nals))
            packet.pts, packet.time_base = unit.timestamp, _CLOCK
            try:
                for frame in decoder.decode(packet):
                    self._encode(frame)
            except av.FFmpegError:
                continue  # a broken picture; the next key frame mends it

    def _encode(self, frame: VideoFrame) -> None:
        width, height = frame.width & ~1, frame.height & ~1  # x264 takes even sizes only
        if self._encoder is None or (self._encoder.width, self._encoder.height) != (width, height):
            self._encoder = _open_encoder(width, height)
        picture = frame.reformat(width=width, height=height, format="yuv420p")
        picture.pts, picture.time_base = frame.pts, _CLOCK
        picture.pict_type = av.video.frame.PictureType.NONE
        for packet in self._encoder.encode(picture):
            unit = AccessUnit(split_annex_b(bytes(packet)), (packet.pts or 0) & 0xFFFFFFFF, packet.is_keyframe)
            if not self._closed:
                self._loop.call_soon_threadsafe(self._hand_over, unit)

    def _hand_over(self, unit: AccessUnit) -> None:
        if not self._closed:
            self._deliver(unit)


def _open_encoder(width: int, height: int) -> VideoCodecContext:
    encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = _CLOCK, Fraction(15)
    encoder.gop_size, encoder.max_b_frames, encoder.thread_count = _GOP, 0, 1
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "24", "repeat-headers": "1"}
    return encoder
