"""Which cell of the weather service's 5 km grid a place lies in, and where a cell's middle is."""

from dataclasses import dataclass
from math import atan, atan2, cos, degrees, hypot, isfinite, log, pi, radians, sin, tan

from goldentime.core.place import LonLat

# 기상청 단기예보 조회서비스 활용가이드, 격자 X/Y와 위경도 변환: a Lambert conformal conic on a sphere.
_EARTH_KM, _CELL_KM = 6371.00877, 5.0
_PARALLEL_1, _PARALLEL_2 = radians(30.0), radians(60.0)
_ORIGIN_LON, _ORIGIN_LAT = radians(126.0), radians(38.0)
_ORIGIN_X, _ORIGIN_Y = 43.0, 136.0
MOST_X, MOST_Y = 149, 253

_CONE = log(cos(_PARALLEL_1) / cos(_PARALLEL_2)) / log(tan(pi / 4 + _PARALLEL_2 / 2) / tan(pi / 4 + _PARALLEL_1 / 2))
_SCALE = tan(pi / 4 + _PARALLEL_1 / 2) ** _CONE * cos(_PARALLEL_1) / _CONE
_RADIUS = _EARTH_KM / _CELL_KM  # in cells
_AT_ORIGIN = _RADIUS * _SCALE / tan(pi / 4 + _ORIGIN_LAT / 2) ** _CONE


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell by its numbers, x from 1 to 149 and y from 1 to 253."""

    nx: int
    ny: int


def find_cell(place: LonLat) -> Cell | None:
    """The cell the place lies in; None outside the grid."""
    if not isfinite(place.lon) or not -80 < place.lat < 89:
        return None
    out = _RADIUS * _SCALE / tan(pi / 4 + radians(place.lat) / 2) ** _CONE
    turn = (radians(place.lon) - _ORIGIN_LON + pi) % (2 * pi) - pi
    x = out * sin(turn * _CONE) + _ORIGIN_X
    y = _AT_ORIGIN - out * cos(turn * _CONE) + _ORIGIN_Y
    cell = Cell(int(x + 0.5), int(y + 0.5))
    return cell if 1 <= cell.nx <= MOST_X and 1 <= cell.ny <= MOST_Y else None


def middle_of(cell: Cell) -> LonLat:
    """The middle of the cell."""
    x, y = cell.nx - _ORIGIN_X, _AT_ORIGIN - (cell.ny - _ORIGIN_Y)
    out = hypot(x, y)
    lat = 2 * atan((_RADIUS * _SCALE / out) ** (1 / _CONE)) - pi / 2
    return LonLat(degrees(atan2(x, y) / _CONE + _ORIGIN_LON), degrees(lat))
