"""Where a unit is taken to be: on the road it drives on, else where it says it is, else at its station."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.units.unit import Unit
from goldentime.core.place import LonLat
from goldentime.flows.positions.tracked import Matched, Tracked
from goldentime.flows.units.dispatch import Dispatch


@dataclass(frozen=True, slots=True)
class Here:
    """A unit's place and heading in degrees; `age` of both in seconds, None at its station; `matched` to a road."""

    place: LonLat
    heading: float | None = None
    age: float | None = None
    matched: Matched | None = None

    def on(self, graph: RoadGraph) -> Spot | None:
        """Where on the roads it is: on the link it was matched to, which at a crossing the nearest is often not."""
        row = graph.row_of.get(self.matched.link) if self.matched else None
        if self.matched is None or row is None:
            return graph.snap(self.place, self.heading) if len(graph) else None
        length = float(graph.metres[row])
        along = min(1.0, max(0.0, self.matched.along / length)) if length > 0 else 0.0
        return Spot(row, along, self.matched.place, self.matched.off)


def find_here(dispatch: Dispatch, unit: Unit, now: datetime) -> Here:
    """The unit's newest position while that is believed, else its station."""
    tracked = dispatch.positions.latest(unit.id)
    if tracked is None or tracked.age(now) > dispatch.rules.position_believed:
        return Here(unit.station)
    return here_of(tracked, now)


def here_of(tracked: Tracked, now: datetime) -> Here:
    """The same of what is known of it."""
    return Here(tracked.place, tracked.heading, tracked.age(now).total_seconds(), tracked.matched)
