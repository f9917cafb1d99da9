"""How letters are burnt into a picture without any font file."""

import numpy as np
from numpy.typing import NDArray

_GLYPHS = {
    "0": "0E11191513110E", "1": "040C040404040E", "2": "0E11010204081F", "3": "1F02040201110E", "4": "02060A121F0202",
    "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204080808", "8": "0E11110E11110E", "9": "0E11110F01020C",
    "A": "0E11111F111111", "B": "1E11111E11111E", "C": "0E11101010110E", "D": "1C12111111121C", "E": "1F10101E10101F",
    "F": "1F10101E101010", "G": "0E11101711110F", "H": "1111111F111111", "I": "0E04040404040E", "K": "11121418141211",
    "L": "1010101010101F", "M": "111B1515111111", "N": "11191513111111", "O": "0E11111111110E", "P": "1E11111E101010",
    "R": "1E11111E141211", "S": "0F10100E01011E", "T": "1F040404040404", "U": "1111111111110E", "V": "11111111110A04",
    "W": "11111115151B11", "Y": "11110A04040404", "-": "0000001F000000", ":": "000C0C000C0C00", ".": "00000000000C0C",
    "/": "00010204081000", " ": "00000000000000", "+": "0004041F040400",
}  # fmt: skip


def write_mask(text: str, *, scale: int = 2) -> NDArray[np.bool_]:
    """(7 * scale, 6 * scale * letters) True where ink is; unknown letters are blank."""
    rows = np.zeros((7, 6 * len(text)), dtype=bool)
    for index, letter in enumerate(text.upper()):
        code = _GLYPHS.get(letter, _GLYPHS[" "])
        for row in range(7):
            bits = int(code[2 * row : 2 * row + 2], 16)
            for column in range(5):
                rows[row, 6 * index + column] = bool(bits >> (4 - column) & 1)
    return rows.repeat(scale, axis=0).repeat(scale, axis=1)


def burn_in(plane: NDArray[np.uint8], text: str, *, left: int, top: int, scale: int = 2) -> None:
    """White letters on a darkened strip, into a (rows, columns[, channels]) picture, in place; clipped at its edges."""
    mask = write_mask(text, scale=scale)
    pad = scale * 2
    strip = plane[max(0, top - pad) : top + mask.shape[0] + pad, max(0, left - pad) : left + mask.shape[1] + pad]
    strip //= 3
    target = plane[top : top + mask.shape[0], left : left + mask.shape[1]]
    target[mask[: target.shape[0], : target.shape[1]]] = 235
