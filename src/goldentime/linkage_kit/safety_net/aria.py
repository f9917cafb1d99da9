"""The ARIA-256 block cipher (RFC 5794), because no crypto wheel offers it; only the compatibility layer may use it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BLOCK = 16
_ROUNDS = 16
_MASK = (1 << 128) - 1
_C1, _C2, _C3 = (
    0x517CC1B727220A94FE13ABE8FA9A6EE0,
    0x6DB14ACC9E21C820FF28B1D5EF5DE2B0,
    0xDB92371D2126E9700324977504E8C90E,
)
# The diffusion layer: byte i of the result is the exclusive or of these bytes; it is its own inverse.
_DIFFUSION = (
    (3, 4, 6, 8, 9, 13, 14),
    (2, 5, 7, 8, 9, 12, 15),
    (1, 4, 6, 10, 11, 12, 15),
    (0, 5, 7, 10, 11, 13, 14),
    (0, 2, 5, 8, 11, 14, 15),
    (1, 3, 4, 9, 10, 14, 15),
    (0, 2, 7, 9, 10, 12, 13),
    (1, 3, 6, 8, 11, 12, 13),
    (0, 1, 4, 7, 10, 13, 15),
    (0, 1, 5, 6, 11, 12, 14),
    (2, 3, 5, 6, 8, 13, 15),
    (2, 3, 4, 7, 9, 12, 14),
    (1, 2, 6, 7, 9, 11, 12),
    (0, 3, 6, 7, 8, 10, 13),
    (0, 3, 4, 5, 9, 11, 14),
    (1, 2, 4, 5, 8, 10, 15),
)
# Rows of the second S-box's affine map, least significant bit first (RFC 5794, 2.4.2).
_AFFINE2 = ("01011110", "00111101", "11010111", "10011101", "00101100", "10000001", "01011101", "11010011")


def _times(a: int, b: int) -> int:
    """Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _power(a: int, exponent: int) -> int:
    result = 1
    for _ in range(exponent):
        result = _times(result, a)
    return result if a else 0


def _box1(x: int) -> int:
    inverse = _power(x, 254)
    spread = inverse
    for turn in range(1, 5):
        spread ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xFF
    return spread ^ 0x63


def _box2(x: int) -> int:
    power = _power(x, 247)
    result = 0
    for bit, row in enumerate(_AFFINE2):
        parity = sum(int(chosen) & (power >> place) & 1 for place, chosen in enumerate(row)) & 1
        result |= parity << bit
    return result ^ 0xE2


def _diffuse(block: int) -> int:
    source = block.to_bytes(BLOCK, "big")
    result = bytearray(BLOCK)
    for place, parts in enumerate(_DIFFUSION):
        for part in parts:
            result[place] ^= source[part]
    return int.from_bytes(result, "big")


Boxes = tuple[tuple[int, ...], ...]
Tables = tuple[tuple[int, ...], ...]
Words = NDArray[np.uint64]
MANY = 24  # blocks from which arrays are the quicker way


@lru_cache(maxsize=1)
def _tables() -> tuple[Tables, Tables, Boxes]:
    """Per byte position: substitution and diffusion in one, for odd and even rounds; and the last round's boxes."""
    one = tuple(_box1(x) for x in range(256))
    two = tuple(_box2(x) for x in range(256))
    inverse_one, inverse_two = _inverse(one), _inverse(two)
    odd = (one, two, inverse_one, inverse_two) * 4
    even = (inverse_one, inverse_two, one, two) * 4
    # Position p's share of the diffused block has the byte wherever the diffusion takes it.
    spread = [sum(1 << (8 * (15 - to)) for to in range(16) if place in _DIFFUSION[to]) for place in range(16)]

    def joined(boxes: Boxes) -> Tables:
        return tuple(tuple(box[x] * spread[place] for x in range(256)) for place, box in enumerate(boxes))

    return joined(odd), joined(even), even


def _inverse(box: Sequence[int]) -> tuple[int, ...]:
    found = [0] * 256
    for x, y in enumerate(box):
        found[y] = x
    return tuple(found)


def _round(block: int, key: int, tables: Tables) -> int:
    mixed = (block ^ key).to_bytes(BLOCK, "big")
    result = 0
    for table, byte in zip(tables, mixed, strict=True):
        result ^= table[byte]
    return result


def _turn_right(value: int, bits: int) -> int:
    return ((value >> bits) | (value << (128 - bits))) & _MASK


def _encryption_keys(key: bytes) -> list[int]:
    odd, even, _ = _tables()
    left, right = int.from_bytes(key[:16], "big"), int.from_bytes(key[16:], "big")
    w0 = left
    w1 = _round(w0, _C3, odd) ^ right
    w2 = _round(w1, _C1, even) ^ w0
    w3 = _round(w2, _C2, odd) ^ w1
    words = (w0, w1, w2, w3)
    keys = [
        words[place] ^ _turn_right(words[(place + 1) % 4], bits)
        for bits in (19, 31, 128 - 61, 128 - 31)
        for place in range(4)
    ]
    return [*keys, w0 ^ _turn_right(w1, 128 - 19)]


class Aria256:
    """One key's schedule; blocks of 16 bytes, each on its own."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError unless the key has 32 bytes."""
        if len(key) != 32:
            msg = f"ARIA-256 needs 32 bytes of key, not {len(key)}"
            raise ValueError(msg)
        self._encryption = _encryption_keys(key)
        backwards = self._encryption[::-1]
        self._decryption = [backwards[0], *(_diffuse(one) for one in backwards[1:-1]), backwards[-1]]

    def encrypt(self, data: bytes) -> bytes:
        """Whole blocks encrypted one by one; raises ValueError for a broken block."""
        return _blocks(data, self._encryption)

    def decrypt(self, data: bytes) -> bytes:
        """Whole blocks decrypted one by one; raises ValueError for a broken block."""
        return _blocks(data, self._decryption)


def _blocks(data: bytes, keys: Sequence[int]) -> bytes:
    if len(data) % BLOCK:
        msg = f"{len(data)} bytes are not whole blocks"
        raise ValueError(msg)
    if len(data) >= MANY * BLOCK:
        return _many(data, keys)
    return b"".join(_block(data[at : at + BLOCK], keys) for at in range(0, len(data), BLOCK))


@lru_cache(maxsize=1)
def _arrays() -> tuple[Words, Words, NDArray[np.uint8]]:
    """The tables of `_tables` as arrays: (16, 256) entries of two big-endian words each, and (16, 256) boxes."""
    odd, even, last = _tables()

    def joined(tables: Tables) -> Words:
        packed = b"".join(entry.to_bytes(BLOCK, "big") for table in tables for entry in table)
        return np.frombuffer(packed, np.uint64).reshape(16, 256, 2)

    return joined(odd), joined(even), np.array(last, np.uint8)


def _many(data: bytes, keys: Sequence[int]) -> bytes:
    """Every block at once, round by round: 32 KB in milliseconds where block by block takes a tenth of a second."""
    odd, even, last = _arrays()
    added = [np.frombuffer(key.to_bytes(BLOCK, "big"), np.uint8) for key in keys]
    state = np.frombuffer(data, np.uint8).reshape(-1, BLOCK)
    for turn in range(_ROUNDS - 1):
        mixed, tables = state ^ added[turn], even if turn & 1 else odd
        words = tables[0][mixed[:, 0]]
        for place in range(1, BLOCK):
            words ^= tables[place][mixed[:, place]]
        state = words.view(np.uint8)
    mixed = state ^ added[_ROUNDS - 1]
    swapped = np.stack([last[place][mixed[:, place]] for place in range(BLOCK)], axis=1)
    return (swapped ^ added[_ROUNDS]).tobytes()


def _block(data: bytes, keys: Sequence[int]) -> bytes:
    odd, even, last = _tables()
    block = int.from_bytes(data, "big")
    for turn in range(_ROUNDS - 1):
        block = _round(block, keys[turn], even if turn & 1 else odd)
    mixed = (block ^ keys[_ROUNDS - 1]).to_bytes(BLOCK, "big")
    swapped = bytes(box[byte] for box, byte in zip(last, mixed, strict=True))
    return (int.from_bytes(swapped, "big") ^ keys[_ROUNDS]).to_bytes(BLOCK, "big")
