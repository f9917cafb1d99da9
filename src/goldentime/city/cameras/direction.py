"""Which way 촬영방면정보 says a camera looks, in any of the ways cities write it."""

import re
from dataclasses import dataclass

_SIXTEENTHS = (
    "N 북 NORTH",
    "NNE 북북동",
    "NE 북동 동북 NORTHEAST",
    "ENE 동북동",
    "E 동 EAST",
    "ESE 동남동",
    "SE 남동 동남 SOUTHEAST",
    "SSE 남남동",
    "S 남 SOUTH",
    "SSW 남남서",
    "SW 남서 서남 SOUTHWEST",
    "WSW 서남서",
    "W 서 WEST",
    "WNW 서북서",
    "NW 북서 서북 NORTHWEST",
    "NNW 북북서",
)
_WORDS = {word: number * 22.5 for number, words in enumerate(_SIXTEENTHS) for word in words.split()}
_ALL_ROUND = {"360", "전방면", "전방향", "전방위", "전체", "사방", "사방면", "모든방향", "회전", "회전형", "PTZ"}
_ENDINGS = re.compile(r"(방면|방향|쪽|향|측|방)$")
_NUMBER = re.compile(r"^([+-]?\d{1,3}(?:\.\d+)?)(?:°|도|DEG)?$")
_BETWEEN = re.compile(r"[,/|;+·&~]|및|와|\s{2,}")
_FULL_CIRCLE = 360.0


@dataclass(frozen=True, slots=True)
class Direction:
    """What the words tell: degrees clockwise from north, several when a site lists one a camera, or all round."""

    bearings: tuple[float, ...] = ()
    all_round: bool = False

    @property
    def bearing(self) -> float | None:
        """The one direction, None when there is none or more than one."""
        return self.bearings[0] if len(self.bearings) == 1 else None


UNKNOWN = Direction()


def parse_direction(text: str | None) -> Direction:
    """The direction that the words tell; UNKNOWN for anything that is not plainly one (견인보관소내, 정문 앞)."""
    words = (text or "").upper()
    if _is_all_round(_bare(words)):
        return Direction(all_round=True)
    bearings: list[float] = []
    for part in filter(None, map(_bare, _BETWEEN.split(words))):
        bearing = _find_bearing(part)
        if bearing is None:
            return UNKNOWN
        bearings.append(bearing)
    return Direction(bearings=tuple(bearings))


def _bare(words: str) -> str:
    return re.sub(r"[\s\-_()\[\]]", "", words) if not _NUMBER.match(words.strip()) else words.strip()


def _is_all_round(word: str) -> bool:
    if word in _ALL_ROUND or _ENDINGS.sub("", word) in _ALL_ROUND:
        return True
    return re.fullmatch(r"360(?:°|도|DEG)?(?:전?방면|전?방향|전방위|전체|전|회전|회전형)?", word) is not None


def _find_bearing(word: str) -> float | None:
    number = _NUMBER.match(word)
    if number is not None:
        bearing = float(number[1])
        return bearing if 0 <= bearing < _FULL_CIRCLE else None
    return _WORDS.get(word, _WORDS.get(_ENDINGS.sub("", word)))
