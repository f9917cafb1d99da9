"""Whether a row's coordinates are where the city is: kept, flagged, repaired or set aside, each with its reason."""

import re
from dataclasses import dataclass
from math import cos, isfinite, radians
from typing import Literal

from shapely import prepare
from shapely.affinity import scale
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from goldentime.city.places.boundary import Boundary, Shape
from goldentime.core.place import LonLat
from goldentime.core.text import Text

NEAR_METRES = 300.0
_SLIP_METRES = 1000.0  # nearer than this a point is rather misplaced than mistyped
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{0,15})?")
_METRES_PER_DEGREE = 111_195.0
_KOREA = (124.0, 33.0, 132.0, 39.0)  # lon, lat, lon, lat; its islands and waters included

Verdict = Literal["good", "flagged", "repaired", "set_aside"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict; `place` is None exactly when the row is set aside, `text` says why unless it is good."""

    verdict: Verdict
    code: str = ""
    place: LonLat | None = None
    text: Text | None = None


class Area:
    """Where rows may lie: within 300 m of the city's outline, or in Korea while no boundary is known."""

    def __init__(self, boundary: Boundary | None) -> None:
        """Prepare the outline in a plane whose unit is metres near the city."""
        self._outline: BaseGeometry | None = None
        if boundary is not None and boundary.outline:
            outline = to_geometry(boundary.outline)
            self._shrink = cos(radians(outline.centroid.y))
            self._outline = scale(outline, self._shrink * _METRES_PER_DEGREE, _METRES_PER_DEGREE, origin=(0, 0))
            prepare(self._outline)

    @property
    def is_known(self) -> bool:
        """Whether a boundary was imported."""
        return self._outline is not None

    def metres_outside(self, lon: float, lat: float) -> float:
        """How far outside the outline, 0 inside; without one 0 in Korea and infinite elsewhere."""
        if not (isfinite(lon) and isfinite(lat)):
            return float("inf")
        if self._outline is None:
            return 0.0 if _KOREA[0] <= lon <= _KOREA[2] and _KOREA[1] <= lat <= _KOREA[3] else float("inf")
        point = Point(lon * self._shrink * _METRES_PER_DEGREE, lat * _METRES_PER_DEGREE)
        return 0.0 if self._outline.contains(point) else float(self._outline.distance(point))


def to_geometry(shape: Shape) -> BaseGeometry:
    """A shapely MultiPolygon of a domain shape."""
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in shape])


def judge(lat_words: str, lon_words: str, area: Area) -> Judged:
    """What to do with a row that says these coordinates."""
    if not lat_words or not lon_words:
        return _aside("empty_coordinates", "위도나 경도가 비어 있음", "latitude or longitude is empty")
    if not (_NUMBER.fullmatch(lat_words) and _NUMBER.fullmatch(lon_words)):
        return _aside(
            "not_a_number",
            f"좌표가 숫자가 아님: {lat_words}, {lon_words}",
            f"coordinates are not numbers: {lat_words}, {lon_words}",
        )
    lat, lon = float(lat_words), float(lon_words)
    if lat == 0 and lon == 0:
        return _aside("zero_coordinates", "좌표가 0, 0", "coordinates are 0, 0")
    outside = area.metres_outside(lon, lat)
    if outside == 0:
        return Judged("good", place=LonLat(lon, lat))
    if outside <= NEAR_METRES:
        ko, en = f"시 경계 밖 {outside:.0f} m", f"{outside:.0f} m outside the city's boundary"
        return Judged("flagged", "near_outside", LonLat(lon, lat), Text(ko=ko, en=en))
    return _swapped(lat, lon, area) or _too_far(lat, lon, outside, area)


def _swapped(lat: float, lon: float, area: Area) -> Judged | None:
    if area.metres_outside(lat, lon) > NEAR_METRES:
        return None
    text = Text(
        ko=f"위도와 경도가 뒤바뀌어 바로잡음: 위도 {lon!r}, 경도 {lat!r}",
        en=f"latitude and longitude were swapped, now latitude {lon!r}, longitude {lat!r}",
    )
    return Judged("repaired", "swapped", LonLat(lat, lon), text)


def _too_far(lat: float, lon: float, outside: float, area: Area) -> Judged:
    if not (_KOREA[0] <= lon <= _KOREA[2] and _KOREA[1] <= lat <= _KOREA[3]):
        ko, en = "우리나라 밖의 좌표", "coordinates outside Korea"
    else:
        far = f"{outside / 1000:.1f} km" if outside >= 1000 else f"{outside:.0f} m"
        ko, en = f"시 경계에서 {far} 벗어남", f"{far} outside the city's boundary"
    ko, en = f"{ko}: 위도 {lat!r}, 경도 {lon!r}", f"{en}: latitude {lat!r}, longitude {lon!r}"
    misses = _near_misses(lat, lon, area) if outside > _SLIP_METRES else []
    if not misses:
        return _aside("far_outside", ko, en)
    if len(misses) > 1:
        return _aside("digit_typo", f"{ko} (숫자 오타로 보임)", f"{en} (looks like a digit typo)")
    read, meant = misses[0]
    return _aside(
        "digit_typo",
        f"{ko} (숫자 오타로 보임, {read} → {meant} 인지 확인)",
        f"{en} (looks like a digit typo, check whether {read} is {meant})",
    )


def _near_misses(lat: float, lon: float, area: Area) -> list[tuple[str, str]]:
    """Readings with one digit changed, up to the first decimal, that lie in the city: (as read, as it may be)."""
    if not area.is_known:
        return []
    found = []
    for index, value in enumerate((lat, lon)):
        words = repr(value)
        for position in range(min(words.find(".") + 2, len(words))):
            for digit in set("0123456789") - {words[position]}:
                if words[position] == ".":
                    continue
                other = words[:position] + digit + words[position + 1 :]
                pair = (float(other), lon) if index == 0 else (lat, float(other))
                if area.metres_outside(pair[1], pair[0]) == 0:
                    found.append((words, other))
    return sorted(found)


def _aside(code: str, ko: str, en: str) -> Judged:
    return Judged("set_aside", code, text=Text(ko=ko, en=en))
