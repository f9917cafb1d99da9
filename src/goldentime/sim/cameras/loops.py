"""What a simulated camera plays: a loop encoded once as H.264, a key frame every second, kept under its content's digest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.sim.cameras.film import FILM_VERSION, draw_film
from goldentime.sim.cameras.packets import nal_units

FPS = 15
SECONDS = 8
CLIP_SECONDS = 20
FILMS = ((1, False), (2, True), (3, False), (4, True), (5, False), (6, False))  # (seed, night)
CLIP_NAMES = ("*.mp4", "*.avi", "*.mkv", "*.mov")
Progress = Callable[[int, int, str], None]
Picture = NDArray[np.uint8]


class Loop(msgspec.Struct, frozen=True):
    """One loop: `frames` are pictures of NAL units without start codes; the first begins with a key frame."""

    name: str
    width: int
    height: int
    frames: list[list[bytes]]
    sps: bytes
    pps: bytes


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    digest: str
    pictures: Callable[[], Iterable[Picture]]


def prepare_loops(cache: Path, clips: Path | None = None, progress: Progress = lambda *_: None) -> list[Loop]:
    """The drawn loops, or those of the clips in a folder; encoded where the cache does not have them yet.

    Raises OperatorsError when the folder holds no clip that can be read.
    """
    wanted = _clips(clips) if clips is not None else _films()
    cache.mkdir(parents=True, exist_ok=True)
    loops = []
    for number, one in enumerate(wanted):
        progress(number, len(wanted), one.name)
        kept = cache / f"{one.digest}.loop"
        if kept.exists():
            loops.append(msgspec.msgpack.decode(kept.read_bytes(), type=Loop))
            continue
        loop = encode_loop(one.name, one.pictures())
        half = kept.with_suffix(".half")
        half.write_bytes(msgspec.msgpack.encode(loop))
        half.rename(kept)
        loops.append(loop)
    progress(len(wanted), len(wanted), "")
    return loops


def encode_loop(name: str, pictures: Iterable[Picture], *, codec: str = "libx264", bit_rate: int = 900_000) -> Loop:
    """The pictures ((rows, columns, 3), all alike) as H.264 without B-frames, a key frame every second."""
    frames: list[list[bytes]] = []
    encoder = None
    for index, picture in enumerate(pictures):
        if encoder is None:
            encoder = new_encoder(picture.shape[1], picture.shape[0], codec=codec, bit_rate=bit_rate)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts = index
        frames.extend(nal_units(bytes(packet)) for packet in encoder.encode(frame))
    if encoder is None:
        raise OperatorsError(Text(f"{name}: 그림이 하나도 없습니다.", f"{name}: not one picture."))
    frames.extend(nal_units(bytes(packet)) for packet in encoder.encode(None))
    first = {unit[0] & 0x1F: unit for unit in frames[0]}
    whole = len(frames) // FPS * FPS or len(frames)
    return Loop(name, encoder.width, encoder.height, frames[:whole], first.get(7, b""), first.get(8, b""))


def new_encoder(width: int, height: int, *, codec: str = "libx264", bit_rate: int = 900_000) -> Any:
    """An encoder whose pictures follow one another, as a camera's do."""
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.gop_size, encoder.max_b_frames, encoder.bit_rate = FPS, 0, bit_rate
    encoder.thread_count = 1
    if codec == "libx264":
        encoder.options = {
            "preset": "veryfast", "tune": "zerolatency", "profile": "main",
            "x264-params": f"keyint={FPS}:min-keyint={FPS}:scenecut=0:repeat-headers=1:sliced-threads=0",
        }  # fmt: skip
    else:
        encoder.options = {"preset": "ultrafast", "x265-params": f"keyint={FPS}:min-keyint={FPS}:bframes=0:log-level=0"}
    return encoder


def _films() -> list[_Wanted]:
    frames = FPS * SECONDS
    return [
        _Wanted(
            f"street {seed} {'night' if night else 'day'}",
            hashlib.sha256(f"film {FILM_VERSION} {seed} {night} {frames}".encode()).hexdigest()[:24],
            lambda seed=seed, night=night: draw_film(seed, night=night, frames=frames),  # type: ignore[misc]
        )
        for seed, night in FILMS
    ]


def _clips(folder: Path) -> Sequence[_Wanted]:
    files = sorted(file for pattern in CLIP_NAMES for file in folder.glob(pattern))
    if not files:
        raise OperatorsError(Text(f"{folder}에 영상 파일이 없습니다.", f"No clips in {folder}."))
    return [
        _Wanted(
            file.stem, hashlib.sha256(b"clip 1" + file.read_bytes()).hexdigest()[:24], lambda file=file: _pictures(file)
        )  # type: ignore[misc]
        for file in files
    ]


def _pictures(file: Path) -> Iterator[Picture]:
    """The clip's pictures at our pace, at most 1280 wide, the sizes even."""
    with av.open(str(file)) as clip:
        stream = clip.streams.video[0]
        rate = float(stream.average_rate or FPS)
        scale = min(1.0, 1280 / stream.codec_context.width)
        width, height = (
            int(side * scale) // 2 * 2 for side in (stream.codec_context.width, stream.codec_context.height)
        )
        due = 0.0
        for index, frame in enumerate(islice(clip.decode(stream), int(rate * CLIP_SECONDS))):
            while due <= index:
                yield frame.to_ndarray(format="rgb24", width=width, height=height)
                due += rate / FPS
