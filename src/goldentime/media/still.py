"""How a still is made of the latest key frame, and whether two key frames show the same picture."""

import asyncio
import io
from concurrent.futures import Executor
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from goldentime.core.text import Text
from goldentime.media.faults import CameraFault, StreamUnknown
from goldentime.media.mp4.fragments import TIMESCALE
from goldentime.media.ring import VideoFormat
from goldentime.media.stream import CameraStream

LOOK_SECONDS = 2.0
SAME_MEAN, SAME_MOST = 0.5, 16  # of 255: what encoding one picture twice changes; a quiet sensor's noise changes 1.6
_JPEG_QUALITY, _SMALL_JPEG_QUALITY = "5", "9"  # of 2 to 31, coarser as it grows


def decode_key(video: VideoFormat, fragment: bytes) -> VideoFrame:
    """The picture of a key frame's fragment; raises CameraFault when it cannot be decoded."""
    text = Text("영상을 해독할 수 없습니다", "The picture cannot be decoded")
    try:
        with av.open(io.BytesIO(video.init + fragment), mode="r", format="mp4") as container:
            for frame in container.decode(video=0):
                return frame
    except av.FFmpegError as fault:
        raise CameraFault(text) from fault
    raise CameraFault(text)


def to_jpeg(frame: VideoFrame, width: int = 0) -> bytes:
    """The picture as JPEG, no wider than `width` pixels unless that is 0; a smaller one is coarser too."""
    smaller = 0 < width < frame.width
    across = max(2, width // 2 * 2) if smaller else frame.width
    down = max(2, round(frame.height * across / frame.width / 2) * 2) if smaller else frame.height
    quality = _SMALL_JPEG_QUALITY if smaller else _JPEG_QUALITY
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = across, down, "yuvj420p"
    encoder.time_base = frame.time_base or Fraction(1, TIMESCALE)
    encoder.options = {"qmin": quality, "qmax": quality}
    picture = frame.reformat(width=across, height=down, format="yuvj420p")
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)])


def shrink(jpeg: bytes, width: int) -> bytes:
    """A still of ours, no wider than so many pixels; raises CameraFault for what is no JPEG."""
    decoder = av.CodecContext.create("mjpeg", "r")
    try:
        for frame in decoder.decode(av.Packet(jpeg)):
            return to_jpeg(frame, width) if 0 < width < frame.width else jpeg
    except av.FFmpegError as fault:
        raise CameraFault(Text("사진을 해독할 수 없습니다", "The still cannot be decoded")) from fault
    raise CameraFault(Text("사진을 해독할 수 없습니다", "The still cannot be decoded"))


def to_brightness(frame: VideoFrame) -> NDArray[np.uint8]:
    """(rows, columns) brightness of at most 640 columns, every n-th pixel: averaging would hide a sensor's noise."""
    every = max(1, frame.width // 640)
    plane = frame.reformat(format="gray").to_ndarray()[::every, ::every]
    return np.ascontiguousarray(plane, dtype=np.uint8)


def is_same_picture(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    """Whether two pictures differ by no more than encoding does: neither noise nor a burnt-in clock goes on."""
    if a.shape != b.shape:
        return False
    difference = np.maximum(a, b) - np.minimum(a, b)
    return float(difference.mean()) < SAME_MEAN and int(difference.max()) < SAME_MOST


class StillMaker:
    """Decodes in an executor; looks one at a time, so that they never crowd out the stills people ask for."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._looking: asyncio.Task[None] | None = None

    async def snapshot(self, stream: CameraStream, width: int = 0) -> bytes:
        """The latest key frame as JPEG, at most so many pixels wide unless 0.

        Raises StreamUnknown before the first, CameraFault when broken.
        """
        video, key = stream.ring.video, stream.ring.key_frame
        if video is None or key is None:
            raise StreamUnknown(Text("아직 받은 영상이 없습니다", "No picture has come yet"))
        fragment = key.framed[key.head :]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: to_jpeg(decode_key(video, fragment), width))

    async def shrink(self, jpeg: bytes, width: int) -> bytes:
        """As the function of that name, in the executor."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, shrink, jpeg, width)

    def look(self, stream: CameraStream, now: float) -> None:
        """Compare key frames of a stream whose sizes make it suspicious; now and then, never two at once."""
        if not stream.watch.stillness.suspicious:
            stream.looked = None
            stream.watch.on_look(same=False, now=now)
            return
        if now - stream.looked_at < LOOK_SECONDS or (self._looking is not None and not self._looking.done()):
            return
        stream.looked_at = now
        self._looking = asyncio.ensure_future(self._compare(stream, now))

    async def _compare(self, stream: CameraStream, now: float) -> None:
        video, key = stream.ring.video, stream.ring.key_frame
        if video is None or key is None:
            return
        fragment = key.framed[key.head :]
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(self._executor, lambda: to_brightness(decode_key(video, fragment)))
        except CameraFault:
            return  # an undecodable key frame is no proof of a frozen picture
        before, stream.looked = stream.looked, picture
        if before is not None:
            stream.watch.on_look(same=is_same_picture(before, picture), now=now)
