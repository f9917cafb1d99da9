"""What a player is given: boxes that FFmpeg, too, reads back as the camera's own pictures."""

import io
from collections.abc import Iterator
from fractions import Fraction
from struct import unpack_from

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.media.faults import BadCameraBytes
from goldentime.media.mp4.fragments import TIMESCALE, fragment_head, init_segment, sample_parts
from goldentime.media.mp4.sps import read_sps
from goldentime.media.transcode import split_annex_b

PICTURES = 30


def encode(width: int, height: int, **options: str) -> list[tuple[bytes, ...]]:
    """Pictures of a moving bar as NAL units, a key frame every 15."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.gop_size, encoder.max_b_frames = Fraction(1, 15), Fraction(15), 15, 0
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "repeat-headers": "1", **options}
    units = []
    for index in range(PICTURES):
        image = np.full((height, width, 3), 40, np.uint8)
        image[:, index * 4 : index * 4 + 40] = 220
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = index
        units += [split_annex_b(bytes(one)) for one in encoder.encode(frame)]
    return units + [split_annex_b(bytes(one)) for one in encoder.encode(None)]


def boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The boxes of one level; their sizes must add up."""
    at = 0
    while at < len(data):
        size, kind = unpack_from(">I4s", data, at)
        assert 8 <= size <= len(data) - at
        yield kind.decode(), data[at + 8 : at + size]
        at += size
    assert at == len(data)


@pytest.fixture(scope="module")
def pictures() -> list[tuple[bytes, ...]]:
    return encode(640, 360)


def join(pictures: list[tuple[bytes, ...]], *, start: int) -> tuple[bytes, bytes]:
    """Init segment and fragments."""
    sps = next(nal for nal in pictures[0] if nal[0] & 31 == 7)
    pps = next(nal for nal in pictures[0] if nal[0] & 31 == 8)
    out = []
    for number, nals in enumerate(pictures):
        parts, size = sample_parts(nals)
        key = any(nal[0] & 31 == 5 for nal in nals)
        out.append(
            fragment_head(number + 1, decode_time=start + number * 6000, duration=6000, sample_bytes=size, key=key)
        )
        out += parts
    return init_segment(sps, pps, read_sps(sps)), b"".join(out)


def test_the_boxes_nest_and_their_sizes_add_up(pictures: list[tuple[bytes, ...]]) -> None:
    init, media = join(pictures, start=0)
    top = dict(boxes(init))
    assert list(top) == ["ftyp", "moov"]
    moov = dict(boxes(top["moov"]))
    assert list(moov) == ["mvhd", "trak", "mvex"]
    kinds = [kind for kind, _ in boxes(media)]
    assert kinds == ["moof", "mdat"] * PICTURES
    moof = dict(boxes(next(body for kind, body in boxes(media) if kind == "moof")))
    traf = dict(boxes(moof["traf"]))
    assert list(traf) == ["tfhd", "tfdt", "trun"]


def test_there_is_one_video_track_and_no_sound(pictures: list[tuple[bytes, ...]]) -> None:
    init, media = join(pictures, start=0)
    with av.open(io.BytesIO(init + media), format="mp4") as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_ffmpeg_reads_back_every_picture_at_its_time(pictures: list[tuple[bytes, ...]]) -> None:
    init, media = join(pictures, start=90_000 * 3600)
    with av.open(io.BytesIO(init + media), format="mp4") as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        assert [packet.dts for packet in packets] == [90_000 * 3600 + 6000 * number for number in range(PICTURES)]
        assert packets[0].time_base == Fraction(1, TIMESCALE)
        assert [packet.is_keyframe for packet in packets] == [number % 15 == 0 for number in range(PICTURES)]
    with av.open(io.BytesIO(init + media), format="mp4") as container:
        frames = list(container.decode(video=0))
    assert len(frames) == PICTURES
    bright = frames[20].to_ndarray(format="rgb24")[180, :, 0]
    assert bright[100] > 180
    assert bright[300] < 80


@pytest.mark.parametrize(
    ("size", "options"),
    [
        ((640, 360), {}),
        ((1280, 720), {"profile": "high"}),
        ((1920, 1080), {"profile": "main"}),  # 1080 is no multiple of 16: cropped
        ((176, 144), {"profile": "baseline"}),
        ((322, 242), {}),
    ],
)
def test_size_and_codec_are_read_from_the_parameter_set(size: tuple[int, int], options: dict[str, str]) -> None:
    sps = next(nal for nal in encode(*size, **options)[0] if nal[0] & 31 == 7)
    picture = read_sps(sps)
    assert (picture.width, picture.height) == size
    assert picture.codec == f"avc1.{sps[1]:02x}{sps[2]:02x}{sps[3]:02x}"


@given(st.binary(max_size=40).map(lambda rest: b"\x67" + rest) | st.binary(max_size=40))
def test_a_parameter_set_is_read_or_refused_by_name(nal: bytes) -> None:
    try:
        picture = read_sps(nal)
    except BadCameraBytes:
        return
    assert 0 < picture.width * picture.height <= 8192 * 8192


def test_a_damaged_parameter_set_is_read_or_refused_by_name(pictures: list[tuple[bytes, ...]]) -> None:
    sps = next(nal for nal in pictures[0] if nal[0] & 31 == 7)
    for at in range(1, len(sps)):
        for bit in range(8):
            broken = sps[:at] + bytes((sps[at] ^ 1 << bit,)) + sps[at + 1 :]
            try:
                read_sps(broken)
            except BadCameraBytes:
                continue


@given(st.integers(0, 2**62), st.integers(1, 2**31), st.integers(1, 2**24), st.integers(-(2**31), 2**31 - 1))
def test_the_head_says_where_the_picture_lies(at: int, duration: int, size: int, shift: int) -> None:
    head = fragment_head(1, decode_time=at, duration=duration, sample_bytes=size, key=True, composition=shift)
    moof_size = int.from_bytes(head[:4], "big")
    assert moof_size + 8 == len(head)  # the picture follows at once
    assert int.from_bytes(head[moof_size : moof_size + 4], "big") == 8 + size
    assert at.to_bytes(8, "big") in head


def test_only_slices_are_kept() -> None:
    parts, size = sample_parts((b"\x67a", b"\x68b", b"\x06c", b"\x09d", b"\x65key", b"\x41more"))
    assert b"".join(parts) == b"\0\0\0\x04\x65key\0\0\0\x05\x41more"
    assert size == len(b"".join(parts))
