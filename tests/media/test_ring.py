"""Which pictures are kept, and that a viewer can start with what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.media.faults import BadCameraBytes, ViewUnknown
from goldentime.media.hls import read_segment, write_playlist
from goldentime.media.mp4.sps import read_sps
from goldentime.media.ring import MOST_GOP_BYTES, MOST_PAST_BYTES, Frame, Ring, Timeline, VideoFormat, message_head
from goldentime.media.rtp.units import AccessUnit

SPS = bytes.fromhex("674d401e9a66050179ff80800080ea000003000a00000300a1e2c4d4")
OTHER = bytes.fromhex("674d401e9a660a00b7fe022000006400001f407ae12c49c0")
PPS = b"\x68\xee\x3c\x80"


class Watcher:
    """A view that writes down what it is told."""

    def __init__(self) -> None:
        self.formats: list[VideoFormat] = []
        self.frames: list[Frame] = []

    def on_format(self, video: VideoFormat) -> None:
        self.formats.append(video)

    def on_frame(self, frame: Frame) -> None:
        self.frames.append(frame)


def key(at: int, body: bytes = b"k" * 200, sps: bytes = SPS) -> AccessUnit:
    return AccessUnit((sps, PPS, b"\x65" + body), at & 0xFFFFFFFF, key=True)


def delta(at: int, body: bytes = b"d" * 50) -> AccessUnit:
    return AccessUnit((b"\x41" + body,), at & 0xFFFFFFFF, key=False)


def play(ring: Ring, seconds: int, *, start: int = 0, body: bytes = b"d" * 50) -> None:
    """Fifteen pictures a second, a key frame each second."""
    for number in range(seconds * 15):
        at = start + number * 6000
        ring.push(key(at) if number % 15 == 0 else delta(at, body), at / 90_000)


def test_the_parameter_sets_of_this_test_are_real() -> None:
    assert read_sps(SPS).width > 0
    assert read_sps(OTHER).width > 0
    assert read_sps(SPS) != read_sps(OTHER)


def test_the_present_gop_begins_with_its_key_frame() -> None:
    ring = Ring()
    play(ring, 3)
    ring.push(key(3 * 90_000), 3)
    ring.push(delta(3 * 90_000 + 6000), 3.07)
    assert [frame.key for frame in ring.gop] == [True, False]


def test_nothing_is_shown_before_a_format_is_known() -> None:
    ring = Ring()
    assert ring.push(delta(0), 0) is None
    assert ring.push(AccessUnit((b"\x65key",), 0, key=True), 0) is None


def test_every_viewer_gets_the_same_bytes() -> None:
    ring, first, second = Ring(), Watcher(), Watcher()
    ring.listeners |= {first, second}
    play(ring, 1)
    assert len(first.frames) == 15
    assert all(a.framed is b.framed for a, b in zip(first.frames, second.frames, strict=True))


def test_a_frame_is_a_finished_websocket_message() -> None:
    ring, watcher = Ring(), Watcher()
    ring.listeners.add(watcher)
    ring.push(key(0, b"x" * 70_000), 0)
    frame = watcher.frames[0]
    assert frame.framed[0] == 0x82
    assert frame.framed[1] == 127
    assert int.from_bytes(frame.framed[2:10], "big") == len(frame.framed) - frame.head
    assert frame.framed[frame.head + 4 : frame.head + 8] == b"moof"


@pytest.mark.parametrize(("size", "head"), [(5, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_message_head_is_as_short_as_its_length_allows(size: int, head: int) -> None:
    assert len(message_head(size)) == head


def test_a_new_picture_size_is_told_and_old_pictures_are_forgotten() -> None:
    ring, watcher = Ring(), Watcher()
    ring.listeners.add(watcher)
    play(ring, 3)
    ring.push(key(3 * 90_000, sps=OTHER), 3)
    assert [video.number for video in watcher.formats] == [1, 2]
    assert len(ring.gop) == 1
    assert not ring.segments


def test_the_same_parameter_sets_again_are_no_news() -> None:
    ring, watcher = Ring(), Watcher()
    ring.listeners.add(watcher)
    play(ring, 4)
    assert len(watcher.formats) == 1


def test_a_camera_without_key_frames_does_not_fill_the_memory() -> None:
    ring, watcher = Ring(), Watcher()
    ring.listeners.add(watcher)
    ring.push(key(0), 0)
    for number in range(1, 40):
        ring.push(delta(number * 6000, b"d" * 600_000), number / 15)
        assert sum(len(frame.framed) for frame in ring.gop) <= MOST_GOP_BYTES
    assert len(watcher.frames) == 40  # whoever watches goes on watching
    ring.push(key(50 * 6000), 4)
    assert len(ring.gop) == 1


def test_a_camera_with_endless_gops_of_small_pictures_is_bounded_too() -> None:
    ring = Ring()
    ring.push(key(0), 0)
    for number in range(1, 3000):
        ring.push(delta(number * 6000), number / 15)
    assert len(ring.gop) <= 900
    assert len(ring._open) <= 900


def test_beyond_the_present_gop_no_more_than_two_megabytes_are_kept() -> None:
    ring = Ring()
    play(ring, 30, body=b"d" * 60_000)  # 7 Mb/s
    past = sum(len(frame.framed) for segment in ring.segments for frame in segment.frames)
    assert past <= max(MOST_PAST_BYTES, ring.segments[-1].nbytes)
    assert past <= 2 << 20


def test_segments_begin_with_a_key_frame_and_last_a_second() -> None:
    ring = Ring()
    play(ring, 9)
    assert len(ring.segments) == 5
    assert all(segment.frames[0].key for segment in ring.segments)
    assert {segment.ticks for segment in ring.segments} == {90_000}


def test_the_playlist_names_what_can_be_fetched() -> None:
    ring = Ring()
    play(ring, 5)
    playlist = write_playlist(ring)
    names = [line for line in playlist.splitlines() if line.endswith(".m4s")]
    assert names == ["1.m4s", "2.m4s", "3.m4s", "4.m4s"]
    assert 'URI="init-1.mp4"' in playlist
    assert read_segment(ring, "init-1.mp4")[4:8] == b"ftyp"
    for name in names:
        assert read_segment(ring, name)[4:8] == b"moof"


@pytest.mark.parametrize("name", ["99.m4s", "../1.m4s", "init-2.mp4", "", "1.M4S", "01.m4s"])
def test_other_names_give_nothing(name: str) -> None:
    ring = Ring()
    play(ring, 3)
    with pytest.raises(ViewUnknown):
        read_segment(ring, name)


def test_there_is_no_playlist_before_the_first_segment() -> None:
    with pytest.raises(ViewUnknown):
        write_playlist(Ring())


@given(st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.floats(0, 0.5)), min_size=1, max_size=60))
def test_decode_times_only_go_forward_whatever_the_camera_stamps(steps: list[tuple[int, float]]) -> None:
    timeline, now, last = Timeline(), 0.0, 0
    for stamp, wait in steps:
        now += wait
        decode, shift, duration = timeline.place(stamp, now)
        assert decode > last or last == 0
        assert -(1 << 31) <= shift < 1 << 31
        assert 0 < duration <= 90_000
        last = decode


def test_timestamps_wrap_without_a_jump() -> None:
    timeline = Timeline()
    first, _, _ = timeline.place((1 << 32) - 6000, 0.0)
    second, _, _ = timeline.place(0, 0.067)
    assert second - first == 6000


def test_a_camera_that_comes_back_goes_on_where_the_clock_is() -> None:
    timeline = Timeline()
    before, _, _ = timeline.place(5000, 10.0)
    timeline.restart()
    after, _, _ = timeline.place(3_000_000_000, 14.0)
    assert after - before == 4 * 90_000


@given(st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=30), st.integers(0, 9)), max_size=40))
def test_any_pictures_are_boxed_or_refused_by_name(pictures: list[tuple[bool, bytes, int]]) -> None:
    ring, watcher = Ring(), Watcher()
    ring.listeners.add(watcher)
    for is_key, nal, at in pictures:
        try:
            ring.push(AccessUnit((SPS, PPS, nal) if is_key else (nal,), at * 6000, key=is_key), 0.0)
        except BadCameraBytes:
            return
    times = [frame.decode_time for frame in watcher.frames]
    assert times == sorted(set(times))
