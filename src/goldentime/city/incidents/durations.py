"""What many clocks say together: medians, ninetieth percentiles and the share within the golden time, row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from goldentime.city.incidents.golden_time import GOLDEN_TIME, Clock, Leg
from goldentime.core.ids import AgencyId

CONTROL_ROOM = AgencyId("-")  # whose incidents no agency reported; no agency can be called so


@dataclass(frozen=True, slots=True)
class Spread:
    """How long one leg took over `count` incidents; seconds, None when there is none."""

    count: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One group of incidents, of all agencies where that is None.

    `arrived` have both a call and an arrival, `within` arrived within the golden time.

    `doubtful` have stamps that contradict each other; such legs are left out.
    """

    agency: AgencyId | None
    service: str | None
    incidents: int
    legs: dict[Leg, Spread]
    arrived: int
    within: int
    doubtful: int

    @property
    def share_within(self) -> float | None:
        """How many of those that arrived did so within the golden time; None when nobody has arrived."""
        return self.within / self.arrived if self.arrived else None


def spread_of(seconds: Sequence[float]) -> Spread:
    """Median (the middle, or the mean of the two middles) and the 90th percentile by nearest rank."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0, None, None)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Spread(len(ordered), median, ordered[ceil(0.9 * len(ordered)) - 1])


def summed_up(clocks: Iterable[Clock]) -> list[Summary]:
    """All together first, then each agency, then each agency's kinds; in a stable order."""
    known = list(clocks)
    rows = [_summary(None, None, known)]
    for agency, own in _by(known, lambda clock: clock.agency or CONTROL_ROOM):
        kinds = _by(own, lambda clock: clock.service)
        rows.append(_summary(agency, None, own))
        if len(kinds) > 1:
            rows += [_summary(agency, service, some) for service, some in kinds]
    for service, some in _by(known, lambda clock: clock.service):
        rows.append(_summary(None, service, some))
    return rows


def _by(clocks: Sequence[Clock], key: "Callable[[Clock], str]") -> list[tuple[str, list[Clock]]]:
    groups: dict[str, list[Clock]] = {}
    for clock in clocks:
        groups.setdefault(key(clock), []).append(clock)
    return sorted(groups.items(), key=lambda one: (one[0] == CONTROL_ROOM, one[0]))


def _summary(agency: str | None, service: str | None, clocks: Sequence[Clock]) -> Summary:
    legs = {}
    for leg in Leg:
        taken = (clock.leg(leg) for clock in clocks)
        legs[leg] = spread_of([one.total_seconds() for one in taken if one is not None])
    responses = [one for one in (clock.leg(Leg.RESPONSE) for clock in clocks) if one is not None]
    return Summary(
        agency=None if agency is None else AgencyId(agency),
        service=service,
        incidents=len(clocks),
        legs=legs,
        arrived=len(responses),
        within=sum(one <= GOLDEN_TIME for one in responses),
        doubtful=sum(clock.is_doubtful() for clock in clocks),
    )
