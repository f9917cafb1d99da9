"""How encoded pictures are cut into RTP payloads (RFC 6184, packetisation mode 1)."""

import re
from collections.abc import Sequence

MOST_PAYLOAD = 1400
FU_A = 28
_START_CODE = re.compile(b"\x00\x00\x00?\x01")


def nal_units(annex_b: bytes) -> list[bytes]:
    """The units between start codes."""
    return [unit.rstrip(b"\x00") or unit for unit in _START_CODE.split(annex_b) if unit]


def payloads(units: Sequence[bytes]) -> list[bytes]:
    """One picture's payloads in order: small units as they are, large ones in FU-A pieces."""
    cut = []
    for unit in units:
        if len(unit) <= MOST_PAYLOAD:
            cut.append(unit)
            continue
        indicator, kind = unit[0] & 0xE0 | FU_A, unit[0] & 0x1F
        pieces = range(1, len(unit), MOST_PAYLOAD - 2)
        for start in pieces:
            begins, ends = start == 1, start + MOST_PAYLOAD - 2 >= len(unit)
            flags = (0x80 if begins else 0) | (0x40 if ends else 0) | kind
            cut.append(bytes((indicator, flags)) + unit[start : start + MOST_PAYLOAD - 2])
    return cut
