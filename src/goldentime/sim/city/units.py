"""Which units a sample city has: two patrol cars at every police box, engines and ambulances at every 119 centre."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

POLICE, FIRE = "agency-112", "agency-119"
HEADER = ("단말번호", "호출명", "차종", "기관", "소속관서", "위도", "경도", "장비", "담당구역", "차폭")
_ENDINGS = ("119안전센터", "안전센터", "지역대", "지구대", "파출소", "치안센터")


class Station(NamedTuple):
    """Where units stand."""

    name: str
    lon: float
    lat: float


def units_csv(boxes: Sequence[Station], centres: Sequence[Station]) -> str:
    """The list as a city would keep it, in the importers' own columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([*_patrol_cars(boxes), *_fire_units(centres)])
    return out.getvalue()


def _patrol_cars(boxes: Iterable[Station]) -> Iterator[tuple[object, ...]]:
    for number, box in enumerate(boxes, 1):
        for car in (1, 2):
            sign = f"{_short(box.name)} 순찰{car}"
            code, beat = f"P{number:02d}{car}", _short(box.name)
            yield code, sign, "순찰차", POLICE, box.name, f"{box.lat:.6f}", f"{box.lon:.6f}", "", beat, "1.9"


def _fire_units(centres: Iterable[Station]) -> Iterator[tuple[object, ...]]:
    for number, centre in enumerate(centres, 1):
        for code, sort, sign, can, width in _fleet_of(number):
            where = (centre.name, f"{centre.lat:.6f}", f"{centre.lon:.6f}")
            yield f"F{number:02d}{code}", f"{_short(centre.name)} {sign}", sort, FIRE, *where, can, "", width


def _fleet_of(number: int) -> Iterator[tuple[str, str, str, str, str]]:
    """A pump and an ambulance everywhere; what is rarer at every second, third, fourth centre."""
    yield "E", "펌프차", "펌프", "", "2.5"
    yield "A", "구급차", "구급", "특별구급" if number % 3 == 1 else "AED", "2.0"
    if number % 2 == 1:
        yield "W", "물탱크차", "물탱크", "물탱크", "2.5"
    if number % 3 == 1:
        yield "L", "사다리차", "사다리", "고층", "2.5"
    if number % 3 == 2:
        yield "N", "소형펌프차", "소형펌프", "소형", "2.0"
    if number % 4 == 1:
        yield "R", "구조차", "구조", "수난", "2.5"
        yield "C", "지휘차", "지휘", "", "1.9"


def _short(name: str) -> str:
    """A station's name without what sort of station it is."""
    return next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
