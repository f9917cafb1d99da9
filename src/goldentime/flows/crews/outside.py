"""What services outside say just now, the latest only and with its age: the weather, and beds of emergency rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.core.place import LonLat, distance_metres
from goldentime.flows.crews.match_beds import Matched, match_beds
from goldentime.messages.beds import BedReport, Beds
from goldentime.messages.weather import Weather

WIND_OLD = timedelta(hours=2)
BEDS_OLD = timedelta(minutes=30)  # since the hospital typed them in
CALM_MS = 0.5  # below it the weather service tells no direction (정온)
WEATHER_METRES = 8000.0  # a cell's middle is at most 3.6 km from a place in it
AHEAD = timedelta(minutes=5)  # a clock that is further ahead tells no age
MOST_ROOMS = 2000
_NEVER = Matched({}, (), ())


@dataclass(frozen=True, slots=True)
class Wind:
    """The wind where the weather was measured; `is_old` says that it must not be shown as that of now."""

    weather: Weather
    is_old: bool

    @property
    def is_calm(self) -> bool:
        """Too little to have a direction."""
        return self.weather.wind_ms is not None and self.weather.wind_ms < CALM_MS


@dataclass(frozen=True, slots=True)
class BedsNow:
    """What a room has free; `is_old` says that it must not be shown as that of now."""

    beds: Beds
    is_old: bool


class Outside:
    """Readings, not facts: kept in memory only, each replaced by the next."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._weather: dict[LonLat, Weather] = {}
        self._beds: dict[str, Beds] = {}
        self._matched: tuple[Sequence[Place], Matched] | None = None

    def take_weather(self, weather: Weather) -> None:
        """Keep it unless a newer one of its place is there."""
        known = self._weather.get(weather.place)
        if known is None or known.at <= weather.at:
            self._weather[weather.place] = weather

    def take_beds(self, report: BedReport) -> None:
        """Keep what each room says; one that is no longer told keeps its last word, which grows old."""
        for room in report.rooms:
            if room.code in self._beds or len(self._beds) < MOST_ROOMS:
                self._beds[room.code] = room
        self._matched = None

    def find_wind(self, place: LonLat, now: datetime) -> Wind | None:
        """The wind of the nearest measured place; None when none is near or none had wind."""
        near = [one for one in self._weather.values() if distance_metres(place, one.place) <= WEATHER_METRES]
        told = [one for one in near if one.wind_ms is not None and (one.wind_from is not None or one.wind_ms < CALM_MS)]
        fresh = [one for one in told if not _is_old(one.at, now, WIND_OLD)]
        best = min(fresh or told, key=lambda one: distance_metres(place, one.place), default=None)
        return None if best is None else Wind(best, not fresh)

    def find_beds(self, places: Sequence[Place], room: PlaceId, now: datetime) -> BedsNow | None:
        """The beds of one of the city's rooms; None when the service tells none that is surely this one."""
        beds = self.match(places).beds.get(room)
        if beds is None or beds.emergency is None:
            return None
        return BedsNow(beds, beds.at is None or _is_old(beds.at, now, BEDS_OLD))

    def match(self, places: Sequence[Place]) -> Matched:
        """The city's emergency rooms and what was told, joined."""
        if not self._beds:
            return _NEVER
        if self._matched is None or self._matched[0] is not places:
            rooms = [one for one in places if one.kind is PlaceKind.EMERGENCY_ROOM]
            self._matched = (places, match_beds(rooms, list(self._beds.values())))
        return self._matched[1]


def _is_old(at: datetime, now: datetime, limit: timedelta) -> bool:
    return not -AHEAD <= now - at <= limit
