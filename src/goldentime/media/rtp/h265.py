"""How H.265 packets (RFC 7798, without DONL) become pictures."""

from goldentime.media.faults import bad_bytes
from goldentime.media.rtp.packets import RtpPacket
from goldentime.media.rtp.units import MOST_UNIT_BYTES, MOST_UNIT_PIECES, AccessUnit

AGGREGATION, FRAGMENT = 48, 49
MOST_SETS = 16
FIRST_RANDOM_ACCESS, LAST_RANDOM_ACCESS = 16, 21


class H265Depacketiser:
    """Pictures from packets in order; those with a loss are dropped, up to the next random access point."""

    def __init__(self) -> None:
        self._nals: list[bytes] = []
        self._pieces: list[bytes] = []
        self._bytes = self._count = 0
        self._timestamp: int | None = None
        self._sequence: int | None = None
        self._damaged = False
        self._wait_for_key = True

    def push(self, packet: RtpPacket) -> list[AccessUnit]:
        """The pictures that this packet completes; raises BadCameraBytes beyond the limits."""
        done: list[AccessUnit] = []
        lost = self._sequence is not None and packet.sequence != self._sequence
        if lost:
            self._damaged = True
            self._pieces.clear()
        if packet.timestamp != self._timestamp:
            if self._nals or self._pieces or self._damaged:
                self._finish(done)
            self._timestamp = packet.timestamp
            self._damaged = lost  # what is missing may be the end of the last picture, or this one's beginning
        self._sequence = (packet.sequence + 1) & 0xFFFF
        if packet.payload:
            self._take(packet.payload)
        if packet.marker:
            self._finish(done)
        return done

    def _take(self, payload: bytes) -> None:
        if len(payload) < 3:
            raise bad_bytes("a cut H.265 packet")
        self._bytes += len(payload)
        if self._bytes > MOST_UNIT_BYTES:
            raise bad_bytes("a picture larger than 4 MB")
        self._count_piece()
        kind = payload[0] >> 1 & 0x3F
        if kind == FRAGMENT:
            self._take_piece(payload)
        elif kind == AGGREGATION:
            self._take_group(payload)
        elif kind < AGGREGATION:
            self._nals.append(payload)

    def _take_piece(self, payload: bytes) -> None:
        third = payload[2]
        if third & 0x80:
            self._pieces = [bytes((payload[0] & 0x81 | (third & 0x3F) << 1, payload[1])), payload[3:]]
        elif self._pieces:
            self._pieces.append(payload[3:])
        else:
            self._damaged = True
        if third & 0x40 and self._pieces:
            self._nals.append(b"".join(self._pieces))
            self._pieces = []

    def _take_group(self, payload: bytes) -> None:
        at, end = 2, len(payload)
        while at + 2 < end:
            size = payload[at] << 8 | payload[at + 1]
            at += 2
            if size < 2 or at + size > end:
                raise bad_bytes("an aggregation longer than its packet")
            self._count_piece()
            self._nals.append(payload[at : at + size])
            at += size

    def _count_piece(self) -> None:
        self._count += 1
        if self._count > MOST_UNIT_PIECES:
            raise bad_bytes("a picture in more than 8192 pieces")

    def _finish(self, done: list[AccessUnit]) -> None:
        if self._pieces:
            self._damaged = True
        if self._damaged:
            self._wait_for_key = True
        elif self._nals and len(self._nals) <= MOST_SETS and all(nal[0] >> 1 & 0x3F >= 32 for nal in self._nals):
            return  # parameter sets with a timestamp of their own belong to the picture that follows
        elif self._nals and self._timestamp is not None:
            key = any(FIRST_RANDOM_ACCESS <= nal[0] >> 1 & 0x3F <= LAST_RANDOM_ACCESS for nal in self._nals)
            if key:
                self._wait_for_key = False
            if not self._wait_for_key:
                done.append(AccessUnit(tuple(self._nals), self._timestamp, key))
        self._nals, self._pieces = [], []
        self._bytes, self._count, self._damaged = 0, 0, False
