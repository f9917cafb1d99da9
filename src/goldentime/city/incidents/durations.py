"""What many clocks say together: medians, ninetieth percentiles and the share within the golden time, row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from goldentime.city.incidents.golden_time import CONTROL_ROOM, GOLDEN_TIME, Clock, Leg
from goldentime.city.incidents.nature import Nature
from goldentime.core.ids import AgencyId


@dataclass(frozen=True, slots=True)
class Spread:
    """How long one leg took over `count` incidents; seconds, None when there is none."""

    count: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One group of incidents: of all agencies, services or kinds where that is None.

    `arrived` have both a call and an arrival, `within` arrived within the golden time.

    `doubtful` have stamps that contradict each other; such legs are left out.
    """

    agency: AgencyId | None
    service: str | None
    nature: Nature | None
    incidents: int
    legs: dict[Leg, Spread]
    arrived: int
    within: int
    doubtful: int

    @property
    def share_within(self) -> float | None:
        """How many of those that arrived did so within the golden time; None when nobody has arrived."""
        return self.within / self.arrived if self.arrived else None

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        """What tells the group from all others."""
        return self.agency, self.service, self.nature


def spread_of(seconds: Sequence[float]) -> Spread:
    """Median (the middle, or the mean of the two middles) and the 90th percentile by nearest rank."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0, None, None)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Spread(len(ordered), median, ordered[ceil(0.9 * len(ordered)) - 1])


def summed_up(clocks: Iterable[Clock]) -> list[Summary]:
    """All together first, then each agency with its services and kinds, then every service and kind; a stable order.

    An agency's rows are of its own clocks; the others of the incidents as wholes, or of an agency's where only its
    clocks are given.
    """
    known = list(clocks)
    whole = [one for one in known if not one.whose] or known
    rows = [_summary((None, None, None), whole)]
    for agency, own in _by([one for one in known if one.whose], lambda clock: clock.whose):
        rows.append(_summary((agency, None, None), own))
        services = _by(own, lambda clock: clock.service)
        for service, some in services:
            shown = service if len(services) > 1 else None
            if shown:
                rows.append(_summary((agency, shown, None), some))
            rows += _kinds(agency, shown, some)
    rows += [_summary((None, service, None), some) for service, some in _by(whole, lambda clock: clock.service)]
    return rows + _kinds(None, None, whole)


def _kinds(agency: str | None, service: str | None, clocks: Sequence[Clock]) -> list[Summary]:
    """A row for each kind of incident; none where nobody told the kinds apart."""
    kinds = _by(clocks, lambda clock: clock.nature)
    if [kind for kind, _ in kinds] == [Nature.UNKNOWN]:
        return []
    order = list(Nature)
    kinds.sort(key=lambda one: order.index(Nature(one[0])))
    return [_summary((agency, service, kind), some) for kind, some in kinds]


def _by(clocks: Sequence[Clock], key: "Callable[[Clock], str]") -> list[tuple[str, list[Clock]]]:
    groups: dict[str, list[Clock]] = {}
    for clock in clocks:
        groups.setdefault(key(clock), []).append(clock)
    return sorted(groups.items(), key=lambda one: (one[0] == CONTROL_ROOM, one[0]))


def _summary(group: tuple[str | None, str | None, str | None], clocks: Sequence[Clock]) -> Summary:
    agency, service, nature = group
    legs = {}
    for leg in Leg:
        taken = (clock.leg(leg) for clock in clocks)
        legs[leg] = spread_of([one.total_seconds() for one in taken if one is not None])
    responses = [one for one in (clock.leg(Leg.RESPONSE) for clock in clocks) if one is not None]
    return Summary(
        agency=None if agency is None else AgencyId(agency),
        service=service,
        nature=None if nature is None else Nature(nature),
        incidents=len(clocks),
        legs=legs,
        arrived=len(responses),
        within=sum(one <= GOLDEN_TIME for one in responses),
        doubtful=sum(clock.is_doubtful() for clock in clocks),
    )
