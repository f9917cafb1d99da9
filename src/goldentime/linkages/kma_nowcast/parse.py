"""What one answer of 초단기실황 (getUltraSrtNcst) says of a cell's weather."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from goldentime.linkage_kit.data_portal import NO_DATA, bad, check_result, inside, read_json, refused
from goldentime.linkage_kit.values import read_stamp
from goldentime.linkages.kma_nowcast.grid import Cell, middle_of
from goldentime.messages.weather import Precipitation, Weather

MISSING = 900.0  # "+900 이상, -900 이하 값은 Missing 값으로 처리"
_CONDITIONS: Mapping[int, Precipitation] = {
    0: "none",
    1: "rain",
    2: "sleet",
    3: "snow",
    4: "shower",
    5: "drizzle",
    6: "drizzle_and_flurries",
    7: "flurries",
}


def parse(body: bytes, cell: Cell) -> Weather:
    """The weather of the cell; raises BadMessage, with type code 03 when there is none yet."""
    response = inside(read_json(body).get("response"))
    header = inside(response.get("header"))
    if not header:
        raise bad("응답에 header가 없습니다.", "The answer has no header.", field="header")
    check_result(str(header.get("resultCode", "")), str(header.get("resultMsg", "")))
    items = _items(inside(inside(response.get("body")).get("items")).get("item"))
    if not items:
        raise refused(NO_DATA, "")
    stamps = {(str(one.get("baseDate", "")), str(one.get("baseTime", ""))) for one in items}
    at = read_stamp("".join(next(iter(stamps)))) if len(stamps) == 1 else None
    if at is None:
        raise bad("baseDate와 baseTime을 읽을 수 없습니다.", "baseDate and baseTime cannot be read.", field="baseTime")
    if any((str(one.get("nx")), str(one.get("ny"))) != (str(cell.nx), str(cell.ny)) for one in items):
        raise bad("물은 격자의 자료가 아닙니다.", "Not of the cell we asked for.", field="nx")
    said = {str(one.get("category")): _number(one.get("obsrValue")) for one in items}
    blows_from, speed = said.get("VEC"), said.get("WSD")
    condition = said.get("PTY")
    return Weather(
        place=middle_of(cell),
        at=at,
        wind_from=blows_from % 360.0 if blows_from is not None and 0 <= blows_from <= 360 else None,
        wind_ms=speed if speed is not None and speed >= 0 else None,
        temperature_c=said.get("T1H"),
        rain_mm=_not_below_zero(said.get("RN1")),
        humidity=_not_below_zero(said.get("REH")),
        precipitation=None if condition is None else _CONDITIONS.get(int(condition)),
    )


def _items(given: object) -> Sequence[Mapping[str, Any]]:
    """The rows; a single one may come without its list."""
    rows = given if isinstance(given, list) else [given]
    return [one for one in rows if isinstance(one, dict)]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 20:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and abs(number) < MISSING else None


def _not_below_zero(value: float | None) -> float | None:
    return value if value is not None and value >= 0 else None
