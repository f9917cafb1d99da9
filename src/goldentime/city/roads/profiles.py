"""How fast and how wide a road is when nothing was measured, and what a siren changes: tables, each with its source."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.line import RoadLink

Floats = NDArray[np.float64]

# An empty town road is driven at four fifths of its limit: OSRM's car profile, speed_reduction 0.8.
FREE_SHARE = 0.8
SLOWEST_KMH = 3.0  # a jam that stands still would make its links impassable; walking pace keeps them last choice
FASTEST_KMH = 150.0

# How much faster with lights and siren. Measured: 1.68 times in town (Ho and Casey, Ann Emerg Med 1998; 38.5 % of the
# time saved), 1.43 in the country (Ho and Lindquist, Prehosp Emerg Care 2001), but only 44 s to 106 s a run elsewhere
# (Hunt 1995, Brown 2000). Chosen cautiously below all of these, least where there is little to overtake.
SIREN_FACTOR: Mapping[str, float] = {
    "101": 1.1,
    "102": 1.1,
    "103": 1.2,
    "104": 1.25,
    "105": 1.2,
    "106": 1.2,
    "107": 1.25,
    "108": 1.1,
}
OTHER_SIREN_FACTOR = 1.1

# Lane width where none is given: the least on town roads of 60 km/h (도로의 구조·시설 기준에 관한 규칙 제10조).
LANE_METRES = 3.0
# Beside a vehicle's own width: a hand on either side (a fire engine of 2.5 m passes where 3.0 m are free).
CLEARANCE_METRES = 0.4


def free_seconds(links: Sequence[RoadLink], metres: Floats) -> Floats:
    """Seconds to drive each empty link through."""
    kmh = np.array([link.free_kmh for link in links], dtype=np.float64) * FREE_SHARE
    return seconds_at(kmh, metres)


def seconds_at(kmh: Floats, metres: Floats) -> Floats:
    """Seconds for links of these lengths at these speeds, held within what a road can mean."""
    return np.asarray(metres * 3.6 / np.clip(kmh, SLOWEST_KMH, FASTEST_KMH), dtype=np.float64)


def siren_factors(links: Sequence[RoadLink]) -> Floats:
    """By how much each link is driven faster with lights and siren."""
    return np.array([SIREN_FACTOR.get(link.rank, OTHER_SIREN_FACTOR) for link in links], dtype=np.float64)


def widths(links: Sequence[RoadLink]) -> Floats:
    """Metres free for a vehicle: as given, else by lanes; infinite where unknown, which is not shut."""
    return np.array([_width(link) for link in links], dtype=np.float64)


def _width(link: RoadLink) -> float:
    if link.width_m is not None:
        return link.width_m
    return link.lanes * LANE_METRES if link.lanes else np.inf
