"""How a loop's pictures are cut into RTP payloads (RFC 6184 and 7798)."""

from goldentime.sim.cameras.loops import Loop

MOST_PAYLOAD = 1400


def cut_nal(nal: bytes, codec: str) -> list[bytes]:
    """The payloads of one NAL unit: itself, or fragments of at most 1,400 bytes."""
    if len(nal) <= MOST_PAYLOAD:
        return [nal]
    if codec == "h264":
        body, room = nal[1:], MOST_PAYLOAD - 2
        indicator, kind = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 0x1F
    else:
        body, room = nal[2:], MOST_PAYLOAD - 3
        indicator, kind = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), nal[0] >> 1 & 0x3F
    pieces = []
    for at in range(0, len(body), room):
        flags = (0x80 if at == 0 else 0) | (0x40 if at + room >= len(body) else 0)
        pieces.append(indicator + bytes((flags | kind,)) + body[at : at + room])
    return pieces


def cut_picture(nals: tuple[bytes, ...], codec: str) -> tuple[bytes, ...]:
    """The payloads of one picture, in order; the last one carries the marker."""
    return tuple(payload for nal in nals for payload in cut_nal(nal, codec))


def cut_loop(loop: Loop) -> tuple[tuple[bytes, ...], ...]:
    """Every picture's payloads."""
    return tuple(cut_picture(frame, loop.codec) for frame in loop.frames)
