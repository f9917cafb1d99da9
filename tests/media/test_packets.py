"""How packets become pictures, whatever a camera sends."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.media.faults import BadCameraBytes
from goldentime.media.rtp.h264 import H264Depacketiser
from goldentime.media.rtp.h265 import H265Depacketiser
from goldentime.media.rtp.packets import RtpPacket, parse_rtp, steps_after, ticks_after
from goldentime.media.rtp.reorder import MOST_WAITING, Reorder
from goldentime.media.rtp.rtcp import find_sender_report
from goldentime.media.rtp.units import AccessUnit

SPS, PPS = b"\x67\x4d\x00\x1e" + bytes(6), b"\x68\xee\x3c\x80"
KEY, DELTA = b"\x65" + bytes(range(100)), b"\x41" + bytes(range(60))


def packet(sequence: int, payload: bytes, *, at: int = 0, marker: bool = True) -> RtpPacket:
    return RtpPacket(96, marker, sequence & 0xFFFF, at, payload)


def pieces(nal: bytes, size: int) -> list[bytes]:
    """A NAL unit in FU-A fragments."""
    body = [nal[at : at + size] for at in range(1, len(nal), size)]
    last = len(body) - 1
    return [
        bytes(((nal[0] & 0xE0) | 28, (nal[0] & 0x1F) | (0x80 if index == 0 else 0) | (0x40 if index == last else 0)))
        + part
        for index, part in enumerate(body)
    ]


def group(*nals: bytes) -> bytes:
    """NAL units in one STAP-A."""
    return b"\x78" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)


def test_a_single_packet_is_a_picture() -> None:
    assert H264Depacketiser().push(packet(1, KEY, at=9)) == [AccessUnit((KEY,), 9, key=True)]


def test_a_key_frame_in_pieces_comes_together_with_its_parameter_sets() -> None:
    depacketiser = H264Depacketiser()
    sent = [group(SPS, PPS), *pieces(KEY, 33)]
    units = []
    for number, payload in enumerate(sent):
        units += depacketiser.push(packet(65_530 + number, payload, marker=number == len(sent) - 1))
    assert units == [AccessUnit((SPS, PPS, KEY), 0, key=True)]


def test_pictures_before_the_first_key_frame_are_not_shown() -> None:
    depacketiser = H264Depacketiser()
    assert depacketiser.push(packet(1, DELTA)) == []
    assert len(depacketiser.push(packet(2, KEY, at=1))) == 1
    assert len(depacketiser.push(packet(3, DELTA, at=2))) == 1


def test_a_lost_packet_drops_its_picture_and_all_that_build_on_it() -> None:
    depacketiser = H264Depacketiser()
    assert depacketiser.push(packet(1, KEY, at=1))
    first, *rest = pieces(DELTA, 20)
    assert not depacketiser.push(packet(2, first, at=2, marker=False))
    assert not depacketiser.push(packet(4, rest[-1], at=2))
    assert not depacketiser.push(packet(5, DELTA, at=3))
    assert depacketiser.push(packet(6, KEY, at=4))[0].key
    assert depacketiser.lost_packets == 1


def test_a_lost_last_packet_drops_the_picture_that_it_ended() -> None:
    depacketiser = H264Depacketiser()
    depacketiser.push(packet(1, KEY, at=1))
    assert not depacketiser.push(packet(2, DELTA, at=2, marker=False))  # its second slice never comes
    assert not depacketiser.push(packet(4, DELTA, at=3))
    assert not depacketiser.push(packet(5, DELTA, at=4))


def test_a_picture_ends_with_the_next_timestamp_when_a_camera_sets_no_marker() -> None:
    depacketiser = H264Depacketiser()
    assert not depacketiser.push(packet(1, KEY, at=1, marker=False))
    assert depacketiser.push(packet(2, DELTA, at=2, marker=False)) == [AccessUnit((KEY,), 1, key=True)]


def test_parameter_sets_with_a_timestamp_of_their_own_join_the_key_frame() -> None:
    depacketiser = H264Depacketiser()
    assert not depacketiser.push(packet(1, SPS, at=1))
    assert not depacketiser.push(packet(2, PPS, at=1))
    assert depacketiser.push(packet(3, KEY, at=2)) == [AccessUnit((SPS, PPS, KEY), 2, key=True)]


def fill(depacketiser: H264Depacketiser | H265Depacketiser, payload: bytes) -> None:
    for number in range(20_000):
        depacketiser.push(packet(number, payload, marker=False))


def test_a_picture_without_end_is_refused_before_it_fills_the_memory() -> None:
    depacketiser = H264Depacketiser()
    depacketiser.push(packet(65_535, b"\x7c\x85" + bytes(1398), marker=False))
    with pytest.raises(BadCameraBytes, match="4 MB"):
        fill(depacketiser, b"\x7c\x05" + bytes(1398))


@pytest.mark.parametrize(
    ("depacketiser", "payload"), [(H264Depacketiser(), b"\x7c\x05x"), (H265Depacketiser(), b"\x62\x01\x13")]
)
def test_a_picture_in_countless_tiny_pieces_is_refused(
    depacketiser: H264Depacketiser | H265Depacketiser, payload: bytes
) -> None:
    with pytest.raises(BadCameraBytes, match="pieces"):
        fill(depacketiser, payload)


def test_h265_pictures_come_together_too() -> None:
    depacketiser = H265Depacketiser()
    idr = bytes((19 << 1, 1)) + bytes(range(90))
    third = 19
    sent = [
        bytes((49 << 1, 1, 0x80 | third)) + idr[2:40],
        bytes((49 << 1, 1, third)) + idr[40:70],
        bytes((49 << 1, 1, 0x40 | third)) + idr[70:],
    ]
    units = []
    for number, payload in enumerate(sent):
        units += depacketiser.push(packet(number, payload, at=7, marker=number == 2))
    assert units == [AccessUnit((idr,), 7, key=True)]
    vps, sps = bytes((32 << 1, 1, 1)), bytes((33 << 1, 1, 2))
    both = bytes((48 << 1, 1)) + b"".join(len(nal).to_bytes(2, "big") + nal for nal in (vps, sps))
    assert depacketiser.push(packet(3, both, at=8)) == []  # sets alone are no picture
    assert depacketiser.push(packet(4, idr, at=9)) == [AccessUnit((vps, sps, idr), 9, key=True)]


payload_bytes = st.one_of(
    st.binary(max_size=60),
    st.binary(max_size=60).map(lambda rest: b"\x7c" + rest),
    st.binary(max_size=60).map(lambda rest: b"\x78" + rest),
    st.binary(max_size=60).map(lambda rest: b"\x62\x01" + rest),
    st.binary(max_size=60).map(lambda rest: b"\x60\x01" + rest),
)
packets = st.lists(
    st.builds(RtpPacket, st.just(96), st.booleans(), st.integers(0, 65535), st.integers(0, 3), payload_bytes),
    max_size=40,
)


@given(packets, st.booleans())
def test_a_depacketiser_raises_nothing_but_the_named_fault(sent: list[RtpPacket], h265: bool) -> None:  # noqa: FBT001
    depacketiser = H265Depacketiser() if h265 else H264Depacketiser()
    try:
        for one in sent:
            for unit in depacketiser.push(one):
                assert unit.nals
                assert all(unit.nals)
    except BadCameraBytes:
        pass


@given(
    st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=300)), min_size=1, max_size=12), st.integers(3, 50)
)
def test_whatever_is_cut_to_packets_comes_out_whole(pictures: list[tuple[bool, bytes]], size: int) -> None:
    depacketiser, numbers, got, sent = H264Depacketiser(), count(65_500), [], []
    for at, (key, body) in enumerate(pictures):
        nal = (b"\x65" if key or at == 0 else b"\x41") + body
        sent.append(nal)
        cut = pieces(nal, size) if len(nal) > size else [nal]
        if len(cut) == 1:
            cut = [nal]
        for index, payload in enumerate(cut):
            got += depacketiser.push(packet(next(numbers), payload, at=at, marker=index == len(cut) - 1))
    assert [unit.nals for unit in got] == [(nal,) for nal in sent]


@given(st.binary(max_size=80))
def test_reading_a_packet_raises_nothing_but_the_named_fault(data: bytes) -> None:
    try:
        read = parse_rtp(data)
    except BadCameraBytes:
        return
    assert read.payload in data
    assert 0 <= read.payload_type < 128


@given(st.binary(max_size=120))
def test_any_control_bytes_are_a_report_or_nothing(data: bytes) -> None:
    report = find_sender_report(data)
    assert report is None or 0 <= report.timestamp < 1 << 32


def test_extension_padding_and_sources_are_not_part_of_the_picture() -> None:
    head = bytes((0x80 | 0x20 | 0x10 | 1, 0xE0)) + (5).to_bytes(2, "big") + (77).to_bytes(4, "big") + bytes(4)
    data = head + bytes(4) + b"\xbe\xde\x00\x01" + bytes(4) + b"picture" + b"\x00\x00\x03"
    assert parse_rtp(data) == RtpPacket(96, True, 5, 77, b"picture")


@given(st.integers(0, 65535), st.integers(-1000, 1000))
def test_sequence_numbers_are_compared_across_their_wrap(start: int, step: int) -> None:
    assert steps_after((start + step) & 0xFFFF, start) == step


@given(st.integers(0, (1 << 32) - 1), st.integers(-(10**6), 10**6))
def test_timestamps_are_compared_across_their_wrap(start: int, step: int) -> None:
    assert ticks_after((start + step) & 0xFFFFFFFF, start) == step


@given(st.permutations(range(12)), st.integers(0, 65535))
def test_late_packets_come_out_in_order(order: list[int], start: int) -> None:
    reorder = Reorder()
    out = reorder.push(packet(start, b"x"), 0.0)
    for number in order:
        out += reorder.push(packet(start + 1 + number, b"x"), 0.01)
    assert [steps_after(one.sequence, start) for one in out] == list(range(13))


def test_a_packet_that_never_comes_is_given_up() -> None:
    reorder = Reorder()
    assert len(reorder.push(packet(1, b"x"), 0.0)) == 1
    assert reorder.push(packet(3, b"x"), 0.0) == []
    assert [one.sequence for one in reorder.push(packet(4, b"x"), 0.1)] == [3, 4]


def test_doubled_packets_are_dropped() -> None:
    reorder = Reorder()
    assert len(reorder.push(packet(1, b"x"), 0.0)) == 1
    assert reorder.push(packet(1, b"x"), 0.0) == []


@given(st.lists(st.integers(0, 65535), max_size=200))
def test_a_flood_of_wild_numbers_holds_no_more_than_the_limit(numbers: list[int]) -> None:
    reorder = Reorder()
    for number in numbers:
        reorder.push(packet(number, b"x"), 0.0)
        assert len(reorder._waiting) < MOST_WAITING
