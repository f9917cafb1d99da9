"""Which signals lie ahead of a unit on its way, and how far off they are in metres and seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from goldentime.city.signals.junction import Junction
from goldentime.core.ids import IncidentId


@dataclass(frozen=True, slots=True)
class Way:
    """A route, link by link: ids, lengths in metres, and seconds a unit needs for each when nothing is in its way."""

    links: tuple[str, ...]
    metres: tuple[float, ...]
    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse arrays of different lengths."""
        if not len(self.links) == len(self.metres) == len(self.seconds):
            msg = "a way needs as many lengths and times as links"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Drive:
    """A unit under an order, `along_m` metres into the link `at` (an index) of its way, as seen at `seen_at`.

    `gravity` counts from 0, the gravest; `incident` is what it drives to.
    """

    unit: str
    incident: IncidentId
    gravity: int
    way: Way
    at: int
    along_m: float
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """A junction on the way: in by `approach`, out by `leaving`; metres and seconds from the unit to its stop line."""

    junction: Junction
    approach: str
    leaving: str
    metres: float
    seconds: float


def signals_ahead(drive: Drive, entered: Mapping[str, Junction]) -> tuple[Ahead, ...]:
    """The signals still before the unit, nearest first; `entered` names the junction at the end of each lit link.

    The last link's own junction is left out: the scene lies before it.
    """
    way, found = drive.way, []
    metres, seconds = -drive.along_m, 0.0
    if way.metres and way.metres[drive.at] > 0:
        seconds = -drive.along_m / way.metres[drive.at] * way.seconds[drive.at]
    for index in range(drive.at, len(way.links) - 1):
        metres += way.metres[index]
        seconds += way.seconds[index]
        junction = entered.get(way.links[index])
        if junction is not None:
            next_link = way.links[index + 1]
            found.append(Ahead(junction, way.links[index], next_link, max(0.0, metres), max(0.0, seconds)))
    return tuple(found)


def metres_past(drive: Drive, approach: str) -> float | None:
    """How far the unit is beyond the stop line of that link; negative before it, None when it is not on the way."""
    way = drive.way
    if approach not in way.links:
        return None
    index = way.links.index(approach)
    if index < drive.at:
        return sum(way.metres[index + 1 : drive.at]) + drive.along_m
    return -(sum(way.metres[drive.at : index + 1]) - drive.along_m)
