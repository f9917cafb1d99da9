"""What the simulated weather service answers: readings of full hours that are there ten minutes later, for one day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians, sin
from random import Random

from goldentime.core.clock import KST
from goldentime.sim.portal.said import Answer, Refused

PATH = "/1360000/VilageFcstInfoService_2.0/getUltraSrtNcst"
READY_AFTER, KEPT = timedelta(minutes=10), timedelta(days=1)
_DIGITS = {"pageNo": (1, 5), "numOfRows": (1, 5), "base_date": (8, 8), "base_time": (4, 4), "nx": (1, 3), "ny": (1, 3)}


@dataclass(frozen=True, slots=True)
class Sky:
    """How the wind blows: `wind_from` degrees and `wind_ms` or, without them, what the hour and the cell make of it."""

    seed: int = 7
    wind_from: float | None = None
    wind_ms: float | None = None
    missing: bool = False  # the anemometer is out: the service then writes -999

    def readings(self, hour: datetime, nx: int, ny: int) -> Mapping[str, str]:
        """The service's categories and values for a cell at a full hour."""
        chance = Random(f"{self.seed} {hour:%Y%m%d%H} {nx // 3} {ny // 3}")  # noqa: S311  weather, not secrets
        blows_from = round(chance.uniform(0, 359)) if self.wind_from is None else self.wind_from
        speed = round(chance.uniform(0.2, 7.5), 1) if self.wind_ms is None else self.wind_ms
        east, north = -speed * sin(radians(blows_from)), -speed * cos(radians(blows_from))
        gone = "-999" if self.missing else None
        return {
            "PTY": "0",
            "REH": str(chance.randint(30, 90)),
            "RN1": "0",
            "T1H": f"{chance.uniform(2, 24):.1f}",
            "UUU": gone or f"{east:.1f}",
            "VEC": gone or f"{blows_from:.0f}",
            "VVV": gone or f"{north:.1f}",
            "WSD": gone or f"{speed:.1f}",
        }


def answer(sky: Sky, asked: Mapping[str, str], now: datetime) -> Answer:
    """The answer to a question; an error of the service in the form asked for."""
    try:
        return _json("00", "NORMAL_SERVICE", _body(sky, asked, now))
    except Refused as no:
        return _json(no.number, no.message, None)


def _body(sky: Sky, asked: Mapping[str, str], now: datetime) -> Mapping[str, object]:
    if set(_DIGITS) - set(asked):
        raise Refused("11", "NO_MANDATORY_REQUEST_PARAMETERS_ERROR")
    for name, (least, most) in _DIGITS.items():
        if not (asked[name].isascii() and asked[name].isdigit() and least <= len(asked[name]) <= most):
            raise Refused("10", "INVALID_REQUEST_PARAMETER_ERROR")
    nx, ny = int(asked["nx"]), int(asked["ny"])
    try:
        hour = datetime.strptime(asked["base_date"] + asked["base_time"], "%Y%m%d%H%M").replace(tzinfo=KST)
    except ValueError:
        raise Refused("10", "INVALID_REQUEST_PARAMETER_ERROR") from None
    if hour.minute or not (1 <= nx <= 149 and 1 <= ny <= 253) or asked.get("dataType", "XML") != "JSON":
        raise Refused("10", "INVALID_REQUEST_PARAMETER_ERROR")
    if hour < now - KEPT:
        raise Refused("10", "최근 1일 간의 자료만 제공합니다.")
    if hour + READY_AFTER > now:
        raise Refused("03", "NO_DATA")
    stamp = {"baseDate": asked["base_date"], "baseTime": asked["base_time"]}
    rows = [
        {**stamp, "category": category, "nx": nx, "ny": ny, "obsrValue": value}
        for category, value in sky.readings(hour, nx, ny).items()
    ]
    page, size = int(asked["pageNo"]), int(asked["numOfRows"])
    shown = rows[(page - 1) * size : page * size]
    counts = {"pageNo": page, "numOfRows": size, "totalCount": len(rows)}
    return {"dataType": "JSON", "items": {"item": shown}, **counts}


def _json(code: str, message: str, body: Mapping[str, object] | None) -> Answer:
    header = {"resultCode": code, "resultMsg": message}
    whole = {"header": header} if body is None else {"header": header, "body": body}
    return Answer(json.dumps({"response": whole}, ensure_ascii=False).encode())
