"""What many clocks say together: medians, ninetieth percentiles and the share within the golden time, row by row."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from goldentime.city.incidents.golden_time import CONTROL_ROOM, GOLDEN_TIME, LEGS, Clock, Leg
from goldentime.city.incidents.nature import Nature
from goldentime.core.ids import AgencyId

_Key = tuple[str, str, str]  # whose, service, kind
_LEGS = [(leg, attrgetter(f"{begin}_at"), attrgetter(f"{end}_at")) for leg, (begin, end) in LEGS.items()]


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


def spread_of(seconds: Sequence[float] | NDArray[np.float64]) -> Spread:
    """Median (the middle, or the mean of the two middles) and the 90th percentile by nearest rank."""
    ordered = np.sort(np.asarray(seconds, dtype=np.float64))
    if not len(ordered):
        return Spread(0, None, None)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Spread(len(ordered), float(median), float(ordered[ceil(0.9 * len(ordered)) - 1]))


class Tally:
    """Clocks counted piece by piece; of each only the lengths of its legs are kept, 64 bytes at most."""

    def __init__(self) -> None:
        self._groups: dict[_Key, _Group] = {}

    def add(self, clocks: Iterable[Clock]) -> None:
        """Count these too."""
        for clock in clocks:
            key = (clock.whose, clock.service, clock.nature.value)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = _Group()
            group.count(clock)

    def summed_up(self) -> list[Summary]:
        """All together first, then each agency with its services and kinds, then services and kinds; a stable order.

        An agency's rows are of its own clocks; the others of the incidents as wholes, or of an agency's where only its
        clocks are given.
        """
        known = list(self._groups)
        whole = [one for one in known if not one[0]] or known
        rows = [self._summary((None, None, None), whole)]
        for agency, own in _by([one for one in known if one[0]], 0):
            rows.append(self._summary((agency, None, None), own))
            services = _by(own, 1)
            for service, some in services:
                shown = service if len(services) > 1 else None
                if shown:
                    rows.append(self._summary((agency, shown, None), some))
                rows += self._kinds(agency, shown, some)
        rows += [self._summary((None, service, None), some) for service, some in _by(whole, 1)]
        return rows + self._kinds(None, None, whole)

    def _kinds(self, agency: str | None, service: str | None, keys: Sequence[_Key]) -> list[Summary]:
        """A row for each kind of incident; none where nobody told the kinds apart."""
        kinds = _by(keys, 2)
        if [kind for kind, _ in kinds] == [Nature.UNKNOWN]:
            return []
        order = list(Nature)
        kinds.sort(key=lambda one: order.index(Nature(one[0])))
        return [self._summary((agency, service, kind), some) for kind, some in kinds]

    def _summary(self, title: tuple[str | None, str | None, str | None], keys: Sequence[_Key]) -> Summary:
        agency, service, nature = title
        groups = [self._groups[key] for key in keys]
        legs = {leg: spread_of(_joined([group.legs[leg] for group in groups])) for leg in Leg}
        return Summary(
            agency=None if agency is None else AgencyId(agency),
            service=service,
            nature=None if nature is None else Nature(nature),
            incidents=sum(one.incidents for one in groups),
            legs=legs,
            arrived=legs[Leg.RESPONSE].count,
            within=sum(one.within for one in groups),
            doubtful=sum(one.doubtful for one in groups),
        )


class _Group:
    """The clocks of one agency (or the wholes), one service and one kind."""

    def __init__(self) -> None:
        self.incidents = self.within = self.doubtful = 0
        self.legs = {leg: array("d") for leg in Leg}

    def count(self, clock: Clock) -> None:
        self.incidents += 1
        is_doubtful = False
        for leg, begin_of, end_of in _LEGS:
            begin, end = begin_of(clock), end_of(clock)
            if begin is None or end is None:
                continue
            if end < begin:
                is_doubtful = True
                continue
            took = end - begin
            self.legs[leg].append(took.total_seconds())
            if leg is Leg.RESPONSE and took <= GOLDEN_TIME:
                self.within += 1
        self.doubtful += is_doubtful


def _by(keys: Sequence[_Key], part: int) -> list[tuple[str, list[_Key]]]:
    groups: dict[str, list[_Key]] = {}
    for key in keys:
        groups.setdefault(key[part], []).append(key)
    return sorted(groups.items(), key=lambda one: (one[0] == CONTROL_ROOM, one[0]))


def _joined(parts: Sequence["array[float]"]) -> NDArray[np.float64]:
    return np.concatenate([np.frombuffer(one) for one in parts if one] or [np.empty(0)])
