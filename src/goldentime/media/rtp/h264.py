"""How H.264 packets (RFC 6184, packetisation modes 0 and 1) become pictures."""

from goldentime.media.faults import bad_bytes
from goldentime.media.rtp.packets import RtpPacket
from goldentime.media.rtp.units import MOST_UNIT_BYTES, MOST_UNIT_PIECES, AccessUnit

IDR, SEI, SPS, PPS = 5, 6, 7, 8
STAP_A, FU_A = 24, 28
MOST_SETS = 16
_BEFORE_PICTURE = frozenset({SEI, SPS, PPS, 9})


class H264Depacketiser:
    """Pictures from packets in order; a picture with a lost packet is dropped with all that build on it."""

    def __init__(self) -> None:
        self._nals: list[bytes] = []
        self._pieces: list[bytes] = []
        self._bytes = self._count = 0
        self._timestamp: int | None = None
        self._sequence: int | None = None
        self._key = False
        self._damaged = False
        self._wait_for_key = True
        self.lost_packets = 0

    def push(self, packet: RtpPacket) -> list[AccessUnit]:
        """The pictures that this packet completes, usually none or one; raises BadCameraBytes beyond the limits."""
        done: list[AccessUnit] = []
        lost = (packet.sequence - self._sequence) & 0xFFFF if self._sequence is not None else 0
        if lost:
            self._lose(lost)
        if packet.timestamp != self._timestamp:
            if self._nals or self._pieces or self._damaged:
                self._finish(done)
            self._timestamp = packet.timestamp
            self._damaged = lost > 0  # what is missing may be the end of the last picture, or this one's beginning
        self._sequence = (packet.sequence + 1) & 0xFFFF
        if packet.payload:
            self._take(packet.payload)
        if packet.marker:
            self._finish(done)
        return done

    def _lose(self, packets: int) -> None:
        self.lost_packets += packets
        self._damaged = True
        self._pieces.clear()

    def _take(self, payload: bytes) -> None:
        kind = payload[0] & 0x1F
        self._bytes += len(payload)
        if self._bytes > MOST_UNIT_BYTES:
            raise bad_bytes("a picture larger than 4 MB")
        self._count_piece()
        if kind == FU_A:
            self._take_piece(payload)
        elif 0 < kind < STAP_A:
            self._add(payload)
        elif kind == STAP_A:
            self._take_group(payload)

    def _take_piece(self, payload: bytes) -> None:
        if len(payload) < 3:
            raise bad_bytes("a cut FU-A packet")
        second = payload[1]
        if second & 0x80:
            self._pieces = [bytes(((payload[0] & 0xE0) | (second & 0x1F),)), payload[2:]]
        elif self._pieces:
            self._pieces.append(payload[2:])
        else:
            self._damaged = True
        if second & 0x40 and self._pieces:
            self._add(b"".join(self._pieces))
            self._pieces = []

    def _take_group(self, payload: bytes) -> None:
        at, end = 1, len(payload)
        while at + 2 < end:
            size = payload[at] << 8 | payload[at + 1]
            at += 2
            if size == 0 or at + size > end:
                raise bad_bytes("a STAP-A longer than its packet")
            self._add(payload[at : at + size])
            at += size

    def _count_piece(self) -> None:
        self._count += 1
        if self._count > MOST_UNIT_PIECES:
            raise bad_bytes("a picture in more than 8192 pieces")

    def _add(self, nal: bytes) -> None:
        self._count_piece()
        if nal[0] & 0x1F == IDR:
            self._key = True
        self._nals.append(nal)

    def _finish(self, done: list[AccessUnit]) -> None:
        if self._pieces:
            self._damaged = True
        if self._damaged:
            self._wait_for_key = True
        elif (
            self._nals and len(self._nals) <= MOST_SETS and all(nal[0] & 0x1F in _BEFORE_PICTURE for nal in self._nals)
        ):
            return  # parameter sets with a timestamp of their own belong to the picture that follows
        elif self._nals and self._timestamp is not None:
            if self._key:
                self._wait_for_key = False
            if not self._wait_for_key:
                done.append(AccessUnit(tuple(self._nals), self._timestamp, self._key))
        self._nals, self._pieces = [], []
        self._bytes, self._count, self._key, self._damaged = 0, 0, False, False
