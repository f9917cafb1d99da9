"""How units on the move look on our own wire: who each is, and where, in rows as short as they can be."""

from collections.abc import Iterable
from typing import Any

from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.units.see_units import incident_of

Json = dict[str, Any]


def who(tracked: Tracked) -> Json:
    """What seldom changes of a unit; kind and state are None while nobody has registered it."""
    unit = tracked.unit
    return {
        "id": tracked.key,
        "agency": tracked.agency,
        "call_sign": unit.call_sign if unit else tracked.raw.unit,
        "kind": unit.kind.value if unit else None,
        "state": unit.state.value if unit else None,
        "incident": incident_of(tracked),
        "source": tracked.raw.source,
    }


def row(tracked: Tracked) -> list[object]:
    """Id, lon, lat, heading or None, km/h, seconds since 1970, whether it is on a known road."""
    place = tracked.place
    heading = None if tracked.heading is None else round(tracked.heading) % 360
    at = round(tracked.at.timestamp(), 1)
    on_road = int(tracked.matched is not None)
    return [tracked.key, round(place.lon, 6), round(place.lat, 6), heading, round(tracked.speed_kmh), at, on_road]


def every(seen: Iterable[Tracked]) -> Json:
    """All of these units, for whoever knows none yet."""
    units = list(seen)
    return {"full": True, "units": [who(one) for one in units], "at": [row(one) for one in units], "gone": []}
