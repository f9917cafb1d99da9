"""What a weather service says of one place at one time, as a plain value; a reading, never a fact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from goldentime.core.place import LonLat

Precipitation = Literal["none", "rain", "sleet", "snow", "shower", "drizzle", "drizzle_and_flurries", "flurries"]


@dataclass(frozen=True, slots=True)
class Weather:
    """Around `place` at the time `at`; what was not measured is None.

    `wind_from` is where the wind blows FROM, degrees clockwise from north in [0, 360); `wind_ms` m/s, `rain_mm` of the
    last hour, `humidity` percent.
    """

    place: LonLat
    at: datetime
    wind_from: float | None = None
    wind_ms: float | None = None
    temperature_c: float | None = None
    rain_mm: float | None = None
    humidity: float | None = None
    precipitation: Precipitation | None = None
