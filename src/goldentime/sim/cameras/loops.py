"""Which loops the simulated cameras play, encoded once and kept by the digest of what they were made of."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import msgspec
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.media.transcode import split_annex_b
from goldentime.sim.cameras.film import FILM_VERSION, draw_film

FPS = 15
FILM_SECONDS = 10
MOST_CLIP_SECONDS = 20
LOW_WIDTH, LOW_EVERY, LOW_BIT_RATE = 320, 3, 130_000  # a camera's small stream: 5 pictures a second
_FORMAT = 2
FILMS: tuple[tuple[int, bool], ...] = ((1, False), (2, True), (3, False), (4, True), (5, False), (6, False))
_CLIP_ENDINGS = frozenset({".mp4", ".avi", ".mkv", ".mov"})
Progress = Callable[[int, int, str], None]


class Loop(msgspec.Struct, frozen=True):
    """One closed film: pictures as NAL units, a key frame each second, no B frames."""

    name: str
    codec: str
    width: int
    height: int
    fps: int
    parameter_sets: tuple[bytes, ...]
    frames: tuple[tuple[bytes, ...], ...]

    def is_key(self, index: int) -> bool:
        """Whether picture `index` can be decoded by itself."""
        if self.codec == "h264":
            return any(nal[0] & 0x1F == 5 for nal in self.frames[index])
        return any(16 <= nal[0] >> 1 & 0x3F <= 21 for nal in self.frames[index])


def encode_loop(
    name: str, pictures: Iterable[NDArray[np.uint8]], *, codec: str = "h264", fps: int = FPS, bit_rate: int = 700_000
) -> Loop:
    """The loop of (rows, columns, 3) pictures; constant quality when `bit_rate` is 0; raises OperatorsError if none."""
    encoder: VideoCodecContext | None = None
    packets: list[bytes] = []
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        if encoder is None:
            encoder = _open_encoder(codec, frame.width, frame.height, fps, bit_rate)
        frame = frame.reformat(format="yuv420p")
        frame.pts = index
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    if encoder is None:
        text = Text(f"{name}: 읽을 수 있는 화면이 없습니다", f"{name}: there is no picture in it")
        raise OperatorsError(text)
    packets += [bytes(packet) for packet in encoder.encode(None)]
    frames = tuple(split_annex_b(packet) for packet in packets)
    sets = tuple(nal for nal in frames[0] if _is_parameter_set(nal, codec))
    return Loop(name, codec, encoder.width, encoder.height, fps, sets, frames)


def small_loop(cache: Path, loop: Loop) -> Loop:
    """The same film as a camera's small stream: fewer pixels and pictures, some 130 kbit/s; from the cache if there."""
    digest = hashlib.sha256(b"".join(nal for frame in loop.frames for nal in frame)).digest()
    key = digest + f" small {LOW_WIDTH} {LOW_EVERY} {LOW_BIT_RATE} {_FORMAT}".encode()
    fps = FPS // LOW_EVERY
    return _cached(cache, key, lambda: encode_loop(f"{loop.name} small", _small(loop), fps=fps, bit_rate=LOW_BIT_RATE))


def _small(loop: Loop) -> Iterator[NDArray[np.uint8]]:
    decoder = av.CodecContext.create(loop.codec, "r")
    assert isinstance(decoder, VideoCodecContext)  # noqa: S101  a loop's codec is of video
    height = round(loop.height * LOW_WIDTH / loop.width / 2) * 2
    packets = [av.Packet(b"".join(b"\0\0\0\1" + nal for nal in frame)) for frame in loop.frames]
    decoded = (frame for packet in [*packets, None] for frame in decoder.decode(packet))
    for frame in islice(decoded, 0, None, LOW_EVERY):
        yield frame.reformat(width=LOW_WIDTH, height=height, format="rgb24").to_ndarray().astype(np.uint8, copy=False)


def _is_parameter_set(nal: bytes, codec: str) -> bool:
    return nal[0] & 0x1F in (7, 8) if codec == "h264" else 32 <= nal[0] >> 1 & 0x3F <= 34


def _open_encoder(codec: str, width: int, height: int, fps: int, bit_rate: int) -> VideoCodecContext:
    encoder: VideoCodecContext = av.CodecContext.create("libx264" if codec == "h264" else "libx265", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
    encoder.gop_size, encoder.max_b_frames = fps, 0
    options = {"preset": "veryfast", "tune": "zerolatency"}
    if bit_rate:
        encoder.bit_rate = bit_rate
    else:
        options["crf"] = "26"
    if codec == "h264":
        options |= {"forced-idr": "1", "sc_threshold": "0", "x264-params": "repeat-headers=1:slices=1:sliced-threads=0"}
    else:
        options["x265-params"] = (
            f"log-level=none:repeat-headers=1:keyint={fps}:min-keyint={fps}:scenecut=0:bframes=0:open-gop=0"
        )
    encoder.options = options
    return encoder


def read_clip(path: Path, *, fps: int = FPS, height: int = 360) -> Iterator[NDArray[np.uint8]]:
    """The clip's first twenty seconds at `fps`, at most `height` rows; raises OperatorsError when unreadable."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            due = 0.0
            for frame in container.decode(stream):
                at = frame.time or 0.0
                if at >= MOST_CLIP_SECONDS:
                    return
                if at + 1e-6 < due:
                    continue
                due += 1 / fps
                rows = min(height, frame.height) // 2 * 2
                columns = round(frame.width * rows / frame.height / 2) * 2
                picture = frame.reformat(width=columns, height=rows, format="rgb24").to_ndarray()
                yield picture.astype(np.uint8, copy=False)
    except (av.FFmpegError, IndexError) as fault:
        text = Text(f"{path.name}: 영상을 읽을 수 없습니다", f"{path.name}: the clip cannot be read")
        raise OperatorsError(text) from fault


def film_loop(cache: Path, seed: int, *, night: bool, codec: str = "h264", seconds: int = FILM_SECONDS) -> Loop:
    """The drawn loop, from the cache when it is there."""
    key = f"film {FILM_VERSION} {seed} {night} {codec} {seconds} {FPS} {_FORMAT}".encode()
    name = f"film-{seed}-{'night' if night else 'day'}"
    return _cached(
        cache, key, lambda: encode_loop(name, draw_film(seed, night=night, frames=seconds * FPS), codec=codec)
    )


def clip_loop(cache: Path, path: Path) -> Loop:
    """The clip's loop, from the cache when the same bytes were encoded before."""
    key = hashlib.sha256(path.read_bytes()).digest() + f" {FPS} {_FORMAT}".encode()
    return _cached(cache, key, lambda: encode_loop(path.stem, read_clip(path)))


def _cached(cache: Path, key: bytes, make: Callable[[], Loop]) -> Loop:
    path = cache / f"{hashlib.sha256(key).hexdigest()[:32]}.loop"
    if path.is_file():
        try:
            return msgspec.msgpack.decode(path.read_bytes(), type=Loop)
        except (msgspec.MsgspecError, ValueError):
            path.unlink()  # cut short by a crash or of an older shape: made anew
    loop = make()
    cache.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.msgpack.encode(loop))
    fresh.replace(path)
    return loop


def prepare_loops(
    cache: Path, clips: Path | None = None, progress: Progress = lambda *_: None, *, films: int = len(FILMS)
) -> list[Loop]:
    """The loops of the clips in a folder, or the drawn ones; slow the first time; raises OperatorsError."""
    if clips is None:
        loops = []
        for done, (seed, night) in enumerate(islice(FILMS, films)):
            progress(done, films, f"film {seed}")
            loops.append(film_loop(cache, seed, night=night))
        progress(films, films, "")
        return loops
    paths = sorted(path for path in clips.iterdir() if path.suffix.lower() in _CLIP_ENDINGS)
    if not paths:
        text = Text(f"{clips}: 영상 파일이 없습니다(mp4, avi, mkv, mov)", f"{clips}: no clips (mp4, avi, mkv, mov)")
        raise OperatorsError(text)
    loops = []
    for done, path in enumerate(paths):
        progress(done, len(paths), path.name)
        loops.append(clip_loop(cache, path))
    progress(len(paths), len(paths), "")
    return loops
