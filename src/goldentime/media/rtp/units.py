"""What one picture is, whatever codec it came in."""

from dataclasses import dataclass
from typing import Protocol

from goldentime.media.rtp.packets import RtpPacket

MOST_UNIT_BYTES = 4 << 20  # one picture; a 4K key frame stays below 1 MB
MOST_UNIT_PIECES = 8192  # packets and NAL units of one picture; tiny ones cost more memory than they carry


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One picture: its NAL units without start codes, at an RTP timestamp (90 kHz, modulo 2**32)."""

    nals: tuple[bytes, ...]
    timestamp: int
    key: bool


class Depacketiser(Protocol):
    """Turns packets in order into pictures."""

    def push(self, packet: RtpPacket) -> list[AccessUnit]:
        """The pictures that this packet completes; raises BadCameraBytes beyond the limits."""
        ...
