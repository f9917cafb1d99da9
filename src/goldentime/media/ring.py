"""Which pictures of a camera are kept, and that each is put in its box once however many watch."""

from collections import deque
from dataclasses import dataclass
from struct import pack
from typing import NamedTuple, Protocol

from goldentime.media.mp4.fragments import TIMESCALE, fragment_head, init_segment, sample_parts
from goldentime.media.mp4.sps import PictureFormat, read_sps
from goldentime.media.rtp.h264 import PPS, SPS
from goldentime.media.rtp.packets import ticks_after
from goldentime.media.rtp.units import AccessUnit

MOST_GOP_BYTES = 12 << 20
MOST_GOP_FRAMES = 900
MOST_PAST_BYTES = 1536 << 10  # beyond the present GOP, for HLS
SEGMENT_TICKS = TIMESCALE  # a segment is closed by the first key frame after a second
MOST_SEGMENTS = 5
_LONGEST_STEP = 10 * TIMESCALE
_USUAL_TICKS = TIMESCALE // 15


class Frame(NamedTuple):
    """One picture as a finished WebSocket message; the MP4 fragment starts at `head`."""

    framed: bytes
    head: int
    key: bool
    decode_time: int
    duration: int


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a player must know before the first picture."""

    number: int
    init: bytes
    picture: PictureFormat
    sps: bytes
    pps: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """One to a few seconds that begin with a key frame."""

    number: int
    frames: tuple[Frame, ...]
    ticks: int
    nbytes: int

    def to_bytes(self) -> bytes:
        """The segment's MP4 fragments, joined."""
        return join_fragments(self.frames)


class Listener(Protocol):
    """A view that follows the ring; neither call may block or raise."""

    def on_format(self, video: VideoFormat) -> None:
        """What follows is of another format."""
        ...

    def on_frame(self, frame: Frame) -> None:
        """The next picture."""
        ...


def message_head(payload_bytes: int) -> bytes:
    """The head of one unmasked, final, binary WebSocket message."""
    if payload_bytes < 126:
        return bytes((0x82, payload_bytes))
    if payload_bytes < 1 << 16:
        return pack(">BBH", 0x82, 126, payload_bytes)
    return pack(">BBQ", 0x82, 127, payload_bytes)


def join_fragments(frames: tuple[Frame, ...] | list[Frame]) -> bytes:
    """The fragments of the frames, one after another, without WebSocket heads."""
    return b"".join([memoryview(frame.framed)[frame.head :] for frame in frames])


class Timeline:
    """Lays a camera's wrapping, jumping timestamps on one line that only goes forward, in 90 kHz ticks."""

    def __init__(self) -> None:
        self._last_stamp: int | None = None
        self._shown = 0
        self._decoded = 0
        self._last_arrival = 0.0
        self._step = _USUAL_TICKS

    def restart(self) -> None:
        """The next stamp has nothing to do with the last one."""
        self._last_stamp = None

    def place(self, stamp: int, arrival: float) -> tuple[int, int, int]:
        """Decode time, composition offset and likely duration; `arrival` in monotonic seconds places a jump."""
        step = ticks_after(stamp, self._last_stamp) if self._last_stamp is not None else 0
        if self._last_stamp is None or abs(step) > _LONGEST_STEP:
            idle = int((arrival - self._last_arrival) * TIMESCALE) if self._decoded else 0
            self._shown = self._decoded + max(self._step, min(idle, 3600 * TIMESCALE))
        else:
            self._shown += step
            if 0 < step < TIMESCALE:
                self._step = step
        self._last_stamp, self._last_arrival = stamp, arrival
        decode = max(self._shown, self._decoded + 1)  # a B frame is shown before it is decoded
        self._decoded = decode
        return decode, self._shown - decode, self._step


class Ring:
    """The present GOP, a few past segments, and whoever watches."""

    def __init__(self) -> None:
        self.video: VideoFormat | None = None
        self.gop: list[Frame] = []
        self.segments: deque[Segment] = deque()
        self.timeline = Timeline()
        self.listeners: set[Listener] = set()
        self.frames = 0
        self._gop_bytes = 0
        self._overflowed = False
        self._open: list[Frame] = []
        self._past_bytes = 0
        self._segments_made = 0
        self._formats = 0
        self._sps = b""
        self._pps = b""

    def learn(self, nals: tuple[bytes, ...]) -> None:
        """Take parameter sets from wherever they stand; a change tells every listener; raises BadCameraBytes."""
        sps, pps = self._sps, self._pps
        for nal in nals:
            kind = nal[0] & 0x1F
            if kind == SPS:
                sps = nal
            elif kind == PPS and len(nal) <= 1024:
                pps = nal
        if (sps == self._sps and pps == self._pps) or not sps or not pps:
            self._sps, self._pps = sps, pps
            return
        picture = read_sps(sps)
        self._sps, self._pps = sps, pps
        self._formats += 1
        self.video = VideoFormat(self._formats, init_segment(sps, pps, picture), picture, sps, pps)
        self._forget()
        for listener in tuple(self.listeners):
            listener.on_format(self.video)

    def push(self, unit: AccessUnit, arrival: float) -> Frame | None:
        """Box a picture and hand it to all; None when it cannot be shown yet; raises BadCameraBytes."""
        if unit.key:
            self.learn(unit.nals)
        parts, size = sample_parts(unit.nals)
        if self.video is None or not size:
            return None
        decode, composition, duration = self.timeline.place(unit.timestamp, arrival)
        self.frames += 1
        moof = fragment_head(
            self.frames, decode_time=decode, duration=duration, sample_bytes=size, key=unit.key, composition=composition
        )
        head = message_head(len(moof) + size)
        frame = Frame(b"".join((head, moof, *parts)), len(head), unit.key, decode, duration)
        self._keep(frame)
        for listener in tuple(self.listeners):
            listener.on_frame(frame)
        return frame

    @property
    def formats(self) -> int:
        """How many formats there have been; names the init segment."""
        return self._formats

    @property
    def key_frame(self) -> Frame | None:
        """The latest key frame; None before the first."""
        if self.gop:
            return self.gop[0]
        return self.segments[-1].frames[0] if self.segments else None

    def bytes_of(self, seconds: float) -> int:
        """How many bytes the camera sends in so many seconds, as of late; at least its present GOP."""
        past = self.segments[-1] if self.segments else None
        of_late = past.nbytes * seconds * TIMESCALE / past.ticks if past is not None else 0
        return max(self._gop_bytes, int(of_late))

    def clear(self) -> None:
        """Forget every picture; the format stays known."""
        self._forget()

    def _keep(self, frame: Frame) -> None:
        if frame.key:
            self._rotate(frame)
            self.gop, self._gop_bytes, self._overflowed = [], 0, False
        elif self._overflowed or not self.gop:
            return
        self._gop_bytes += len(frame.framed)
        if self._gop_bytes > MOST_GOP_BYTES or len(self.gop) >= MOST_GOP_FRAMES:
            # a camera that never sends a key frame must not fill the memory; views go on, new ones wait
            self.gop, self._gop_bytes, self._overflowed, self._open = [], 0, True, []
            return
        self.gop.append(frame)
        self._open.append(frame)

    def _rotate(self, key: Frame) -> None:
        if not self._open:
            return
        ticks = key.decode_time - self._open[0].decode_time
        if ticks < SEGMENT_TICKS:
            return
        nbytes = sum(len(frame.framed) for frame in self._open)
        self._segments_made += 1
        self.segments.append(Segment(self._segments_made, tuple(self._open), ticks, nbytes))
        self._past_bytes += nbytes
        self._open = []
        while len(self.segments) > MOST_SEGMENTS or (self._past_bytes > MOST_PAST_BYTES and len(self.segments) > 1):
            self._past_bytes -= self.segments.popleft().nbytes

    def _forget(self) -> None:
        self.gop, self._gop_bytes, self._open = [], 0, []
        self.segments.clear()
        self._past_bytes = 0
