"""Where things happen: places with the words people use for them, some of them busier than the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from random import Random

from goldentime.core.place import LonLat

METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and how callers name it: by road, by lot, by what stands there."""

    place: LonLat
    words: tuple[str, ...]


def moved(place: LonLat, east: float, north: float) -> LonLat:
    """The place that many metres away."""
    lat = place.lat + north / METRES_PER_DEGREE
    return LonLat(place.lon + east / (METRES_PER_DEGREE * cos(radians(place.lat))), lat)


_ROADS = (
    "가람로",
    "누리로",
    "다솜길",
    "라온대로",
    "마루길",
    "바른로",
    "새빛로",
    "아람길",
    "중앙대로",
    "하늘로",
    "솔빛로",
    "은행로",
)
_DONGS = ("가람동", "누리동", "다솜동", "새빛동", "아람동", "중앙동", "한솔동", "솔빛동", "은행동")
_MARKS = (
    "편의점 앞",
    "버스정류장",
    "초등학교 정문",
    "공원 입구",
    "사거리",
    "주유소 옆",
    "전통시장 입구",
    "아파트 후문",
)


def paper_spots(seed: int, *, count: int = 1500, side_metres: float = 9000.0) -> list[Spot]:
    """Spots of a city that is on paper only, along its roads, on a square around 127.0, 37.0."""
    chance = Random(seed)  # noqa: S311  (a play, not a secret)
    middle, half = LonLat(127.0, 37.0), side_metres / 2
    roads = [
        (f"{name}{k}번길" if k else name, chance.random() < 0.5, chance.uniform(-half, half))
        for name in _ROADS
        for k in (0, 12, 35)
    ]
    spots = []
    for _ in range(count):
        road, lengthwise, across = chance.choice(roads)
        along = chance.uniform(-half, half)
        aside = across + chance.gauss(0, 12)
        place = moved(middle, along, aside) if lengthwise else moved(middle, aside, along)
        dong = _DONGS[
            int((place.lat - middle.lat) * METRES_PER_DEGREE / side_metres * 3 + 1.5) % 3 * 3
            + int(along / side_metres * 3 + 1.5) % 3
        ]
        lot = f"{dong} {chance.randrange(1, 999)}-{chance.randrange(1, 30)}"
        number = int((along + half) / 10) * 2 + 1
        mark = f"{dong} {chance.choice(_MARKS)}"
        spots.append(Spot(place, (f"{road} {number}", lot, mark)))
    return spots


def busy_weights(spots: Sequence[Spot], chance: Random) -> list[float]:
    """A few spots see most of what happens: weights as of rank to the power -0.6, in an order drawn by chance."""
    ranks = list(range(1, len(spots) + 1))
    chance.shuffle(ranks)
    return [rank**-0.6 for rank in ranks]
