"""What a vehicle's own word of where it is looks like once understood, whichever way it came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from goldentime.core.place import LonLat

PositionSource = Literal["wire", "api", "mqtt", "cot", "field"]


@dataclass(frozen=True, slots=True)
class Position:
    """One fix of one unit; `unit` is the code its agency uses, `at` the vehicle's own time, aware.

    `heading` is degrees clockwise from north in [0, 360); `accuracy_m` the radius of 68 %, None when not told.
    """

    unit: str
    agency: str | None
    place: LonLat
    at: datetime
    speed_kmh: float | None = None
    heading: float | None = None
    accuracy_m: float | None = None
    source: PositionSource = "wire"
