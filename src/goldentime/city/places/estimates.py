"""What an estimated place is, how it was matched, and how far it may be off."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text


class HowMatched(StrEnum):
    """What of the words was found."""

    LOT = "lot"
    NEAR_LOT = "near_lot"
    BUILDING = "building"
    NEAR_BUILDING = "near_building"
    SIDE_STREET = "side_street"
    NEIGHBOURING_LOT = "neighbouring_lot"
    NAME = "name"
    ROAD = "road"
    NEIGHBOURHOOD = "neighbourhood"


LEAST_UNCERTAIN = 60.0
# how far off equal addresses lie in real lists: three of four within this (docs/decisions/city-files.md)
_USUALLY_WITHIN = {
    HowMatched.LOT: 100.0,
    HowMatched.BUILDING: 120.0,
    HowMatched.NEAR_LOT: 180.0,
    HowMatched.NEAR_BUILDING: 200.0,
    HowMatched.SIDE_STREET: 250.0,
    HowMatched.NEIGHBOURING_LOT: 350.0,
    HowMatched.ROAD: 1000.0,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A place for words; right to within about `uncertain_metres`, to be confirmed by an operator."""

    place: LonLat
    how: HowMatched
    matched: str
    uncertain_metres: float
    text: Text


def estimate_of(points: Sequence[LonLat], how: HowMatched, matched: str) -> Estimate:
    """The middle of the points, uncertain by their spread around it."""
    middle = LonLat(median(p.lon for p in points), median(p.lat for p in points))
    spread = max((distance_metres(middle, p) for p in points), default=0.0)
    return told(middle, how, matched, max(LEAST_UNCERTAIN, spread))


_HOW = {
    HowMatched.LOT: ("지번 일치", "lot number"),
    HowMatched.NEAR_LOT: ("같은 본번의 가까운 지번", "a lot of the same main number"),
    HowMatched.BUILDING: ("도로명주소 일치", "building number"),
    HowMatched.NEAR_BUILDING: ("같은 도로의 가까운 건물번호", "near building numbers of the road"),
    HowMatched.SIDE_STREET: ("번길이 갈라지는 자리", "where the side street leaves its road"),
    HowMatched.NEIGHBOURING_LOT: ("가까운 본번", "a neighbouring main lot number"),
    HowMatched.NAME: ("장소 이름 일치", "name of a place"),
    HowMatched.ROAD: ("도로 이름만 일치", "name of the road only"),
    HowMatched.NEIGHBOURHOOD: ("읍면동 중심", "middle of the neighbourhood"),
}


def told(place: LonLat, how: HowMatched, matched: str, uncertain: float) -> Estimate:
    """The estimate with its words; never surer than such matches have proved to be."""
    ko, en = _HOW[how]
    uncertain = max(uncertain, _USUALLY_WITHIN.get(how, LEAST_UNCERTAIN))
    text = Text(
        ko=f"추정 위치: {ko}({matched}), 오차 약 {uncertain:.0f} m",
        en=f"estimated from {en} ({matched}), within about {uncertain:.0f} m",
    )
    return Estimate(place, how, matched, uncertain, text)


def spread_of(points: Sequence[LonLat]) -> float:
    """How far the farthest point lies from the first, in metres."""
    return max((distance_metres(points[0], p) for p in points), default=0.0)
