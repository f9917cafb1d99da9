"""How single values on Korean agencies' wires are read: texts, times and coordinates."""

import re
from dataclasses import dataclass
from datetime import datetime

from goldentime.core.clock import KST
from goldentime.core.place import LonLat
from goldentime.core.text import Text

# Control characters break storage and logs; direction overrides can make a text read as another.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text stripped, without control characters, lone surrogates and direction overrides."""
    if not text.isprintable():
        text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def read_stamp(text: str) -> datetime | None:
    """The time of 12, 14 or 17 leading digits (yyyyMMddHHmm[ss[SSS]]) in Seoul; None if it is none."""
    digits = text if text.isdigit() else re.sub(r"[-/:.T ]", "", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (12, 14, 17)):
        return None
    fraction = f".{digits[14:]}" if len(digits) == 17 else ""
    try:
        return datetime.fromisoformat(f"{digits[:8]}T{digits[8:14]}{fraction}").replace(tzinfo=KST)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Bounds:
    """West, south, east and north of where coordinates of this country lie, in degrees."""

    west: float = 124.0
    south: float = 32.0
    east: float = 132.0
    north: float = 39.5

    def hold(self, lon: float, lat: float) -> bool:
        """Whether the point lies inside."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


def read_place(x: str, y: str, bounds: Bounds) -> tuple[LonLat | None, Text | None]:
    """The point and what was wrong with it; (None, None) when the sender does not know it: empty, "0" or 0,0.

    A point outside `bounds` tells no more than none: then a facility or the words of the report tell where it is.
    """
    if not x and not y:
        return None, None
    try:
        lon, lat = float(x or "0"), float(y or "0")
    except ValueError:
        return None, Text("좌표를 읽을 수 없습니다.", "The coordinates cannot be read.")
    if lon == 0 or lat == 0:
        return None, None
    if not bounds.hold(lon, lat) and bounds.hold(lat, lon):
        return LonLat(lat, lon), Text(
            "경도와 위도가 바뀌어 바로잡았습니다.", "Longitude and latitude were swapped; mended."
        )
    if not bounds.hold(lon, lat):  # also what is no point on the globe, and what is no number
        return None, Text(
            "우리나라 밖의 좌표여서 쓰지 않았습니다.", "The coordinates lie outside the country and were not used."
        )
    return LonLat(lon, lat), None
