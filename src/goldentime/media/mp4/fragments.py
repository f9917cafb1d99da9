"""Which boxes a browser's Media Source needs, and no others (ISO 14496-12, -15)."""

from collections.abc import Sequence
from struct import Struct, pack

from goldentime.media.mp4.sps import PictureFormat

TIMESCALE = 90_000  # RTP's own video clock, so that nothing is rounded
_KEY_FLAGS, _DELTA_FLAGS = 0x02000000, 0x01010000

_FRAGMENT = Struct(
    ">I4s"  # moof
    "I4sII"  # mfhd: sequence
    "I4s"  # traf
    "I4sII"  # tfhd: default base is moof
    "I4sIQ"  # tfdt, 64 bits
    "I4sIIIIIIi"  # trun: one sample
    "I4s"  # mdat
)
_MOOF_BYTES = _FRAGMENT.size - 8
_TRAF_BYTES = _MOOF_BYTES - 8 - 16
_TRUN_BYTES = 36
_TRUN_FLAGS = 0x01000F01  # version 1; offset, duration, size, flags, composition


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, version_and_flags: int, *parts: bytes) -> bytes:
    return _box(kind, pack(">I", version_and_flags), *parts)


_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def init_segment(sps: bytes, pps: bytes, picture: PictureFormat) -> bytes:
    """The ftyp and moov of one H.264 track at 90 kHz; one video track and never another."""
    size = pack(">II", picture.width << 16, picture.height << 16)
    header = _full(
        b"mvhd", 0, pack(">IIIIIHxxII", 0, 0, TIMESCALE, 0, 0x10000, 0x100, 0, 0), _MATRIX, bytes(24) + pack(">I", 2)
    )
    track = _full(b"tkhd", 7, pack(">IIIII", 0, 0, 1, 0, 0), bytes(16), _MATRIX, size)
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, pack(">IIIIHH", 0, 0, TIMESCALE, 0, 0x55C4, 0)),
        _full(b"hdlr", 0, bytes(4), b"vide", bytes(12), b"video\0"),
        _box(
            b"minf",
            _full(b"vmhd", 1, bytes(8)),
            _box(b"dinf", _full(b"dref", 0, pack(">I", 1), _full(b"url ", 1))),
            _sample_table(sps, pps, picture),
        ),
    )
    extends = _box(b"mvex", _full(b"trex", 0, pack(">IIIII", 1, 1, 0, 0, 0)))
    moov = _box(b"moov", header, _box(b"trak", track, media), extends)
    return _box(b"ftyp", b"iso5", pack(">I", 512), b"iso5iso6mp41avc1") + moov


def _sample_table(sps: bytes, pps: bytes, picture: PictureFormat) -> bytes:
    record = b"".join(
        (
            bytes((1, sps[1], sps[2], sps[3], 0xFF, 0xE1)),
            pack(">H", len(sps)),
            sps,
            b"\x01",
            pack(">H", len(pps)),
            pps,
        )
    )
    entry = _box(
        b"avc1",
        bytes(6) + pack(">H", 1) + bytes(16),
        pack(">HHIIIH", picture.width, picture.height, 0x480000, 0x480000, 0, 1),
        bytes(32) + pack(">Hh", 0x18, -1),
        _box(b"avcC", record),
    )
    return _box(
        b"stbl",
        _full(b"stsd", 0, pack(">I", 1), entry),
        _full(b"stts", 0, bytes(4)),
        _full(b"stsc", 0, bytes(4)),
        _full(b"stsz", 0, bytes(8)),
        _full(b"stco", 0, bytes(4)),
    )


def fragment_head(
    number: int, *, decode_time: int, duration: int, sample_bytes: int, key: bool, composition: int = 0
) -> bytes:
    """The moof and mdat header of one picture; times in 90 kHz ticks; `sample_bytes` follow it directly."""
    return _FRAGMENT.pack(
        _MOOF_BYTES, b"moof",
        16, b"mfhd", 0, number & 0xFFFFFFFF,
        _TRAF_BYTES, b"traf",
        16, b"tfhd", 0x020000, 1,
        20, b"tfdt", 0x01000000, decode_time,
        _TRUN_BYTES, b"trun", _TRUN_FLAGS, 1, _FRAGMENT.size,
        duration, sample_bytes, _KEY_FLAGS if key else _DELTA_FLAGS, composition,
        8 + sample_bytes, b"mdat",
    )  # fmt: skip


def sample_parts(nals: Sequence[bytes]) -> tuple[list[bytes], int]:
    """The picture's slices, each behind its length, and their bytes in all; parameter sets are left out."""
    parts: list[bytes] = []
    total = 0
    for nal in nals:
        if 1 <= nal[0] & 0x1F <= 5:
            parts.append(len(nal).to_bytes(4, "big"))
            parts.append(nal)
            total += 4 + len(nal)
    return parts, total
