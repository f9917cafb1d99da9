"""Which part of an RTP packet is the picture, and in which order packets count."""

from struct import Struct
from typing import NamedTuple

from goldentime.media.faults import bad_bytes

_HEADER = Struct("!BBHII")
HEADER_BYTES = 12


class RtpPacket(NamedTuple):
    """One packet without its header; `timestamp` counts the track's clock, modulo 2**32."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    payload: bytes


def parse_rtp(data: bytes) -> RtpPacket:
    """The packet; raises BadCameraBytes when it is cut or is not RTP version 2."""
    if len(data) < HEADER_BYTES:
        raise bad_bytes("RTP packet shorter than its header")
    first, second, sequence, timestamp, _ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise bad_bytes("not RTP version 2")
    start, end = HEADER_BYTES, len(data)
    if first & 0x3F:  # padding, extension or contributing sources: rare
        start, end = _body(data, first, end)
    return RtpPacket(second & 0x7F, second >= 0x80, sequence, timestamp, data[start:end])


def _body(data: bytes, first: int, end: int) -> tuple[int, int]:
    start = HEADER_BYTES + 4 * (first & 0x0F)
    if first & 0x10:
        if start + 4 > end:
            raise bad_bytes("RTP extension is cut")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= data[end - 1]
    if start > end:
        raise bad_bytes("RTP padding or extension longer than the packet")
    return start, end


def steps_after(later: int, earlier: int) -> int:
    """How many packets `later` is after `earlier`, in [-32768, 32767]."""
    return ((later - earlier + 0x8000) & 0xFFFF) - 0x8000


def ticks_after(later: int, earlier: int) -> int:
    """How many clock ticks timestamp `later` is after `earlier`, in [-2**31, 2**31)."""
    return ((later - earlier + 0x80000000) & 0xFFFFFFFF) - 0x80000000
