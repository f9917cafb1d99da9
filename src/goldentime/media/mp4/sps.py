"""What an H.264 sequence parameter set says about picture size and codec string (RFC 6381)."""

from dataclasses import dataclass

from goldentime.media.faults import bad_bytes

_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
MOST_PIXELS = 8192 * 8192


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """Pixels as shown, and the codec string that Media Source asks for."""

    width: int
    height: int
    codec: str


class _Bits:
    """Reads Exp-Golomb codes; raises BadCameraBytes past the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, bits: int) -> int:
        if bits > self._left:
            raise bad_bytes("a sequence parameter set that is cut")
        self._left -= bits
        return self._value >> self._left & ((1 << bits) - 1)

    def unsigned(self) -> int:
        zeros = 0
        while self.take(1) == 0:
            zeros += 1
            if zeros > 32:
                raise bad_bytes("an endless number in the sequence parameter set")
        return (1 << zeros) - 1 + (self.take(zeros) if zeros else 0)

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def read_sps(nal: bytes) -> PictureFormat:
    """Size and codec string; raises BadCameraBytes when the set is malformed or absurd."""
    if len(nal) < 4 or len(nal) > 1024 or nal[0] & 0x1F != 7:
        raise bad_bytes("not a sequence parameter set")
    bits = _Bits(nal[1:].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.take(8)
    bits.take(16)
    bits.unsigned()
    chroma, separate = 1, 0
    if profile in _HIGH_PROFILES:
        chroma = bits.unsigned()
        if chroma > 3:
            raise bad_bytes("unknown chroma format")
        separate = bits.take(1) if chroma == 3 else 0
        _skip_high_profile(bits, chroma)
    _skip_order(bits)
    bits.unsigned()
    bits.take(1)
    width = 16 * (bits.unsigned() + 1)
    rows = bits.unsigned() + 1
    frames_only = bits.take(1)
    height = 16 * rows * (2 - frames_only)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        across = 1 if separate or chroma in (0, 3) else 2
        down = (2 if chroma == 1 and not separate else 1) * (2 - frames_only)
        width -= across * (left + right)
        height -= down * (top + bottom)
    if width <= 0 or height <= 0 or width * height > MOST_PIXELS:
        raise bad_bytes("an absurd picture size")
    return PictureFormat(width, height, f"avc1.{nal[1:4].hex()}")


def _skip_high_profile(bits: _Bits, chroma: int) -> None:
    bits.unsigned()
    bits.unsigned()
    bits.take(1)
    if not bits.take(1):
        return
    for index in range(12 if chroma == 3 else 8):
        if bits.take(1):
            _skip_scaling_list(bits, 16 if index < 6 else 64)


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed() + 256) % 256
        last = following or last


def _skip_order(bits: _Bits) -> None:
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        cycle = bits.unsigned()
        if cycle > 255:
            raise bad_bytes("an absurd picture order cycle")
        for _ in range(cycle):
            bits.signed()
