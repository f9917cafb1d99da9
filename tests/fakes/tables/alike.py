"""What tells the same incident from another, and the clocks of each, in memory."""

from collections.abc import Sequence
from datetime import datetime

from fakes.tables.rows import Rows
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.pairing import Pairing
from goldentime.city.incidents.same import Trace, cell_of
from goldentime.city.signals.off import PriorityOff
from goldentime.core.ids import (
    AgencyId,
    IncidentId,
)


class Alike:
    """Reading and writing them."""

    rows: Rows

    def find_trace(self, incident: IncidentId) -> Trace | None:
        return self.rows.traces.get(incident)

    def list_traces(self, cells: Sequence[int], caller: str, *, since: datetime, limit: int) -> Sequence[Trace]:
        recent = sorted((t for t in self.rows.traces.values() if t.at >= since), key=lambda t: t.at, reverse=True)
        found = [t for cell in cells for t in [t for t in recent if t.place and cell_of(t.place) == cell][:limit]]
        found += [t for t in recent if caller and t.caller == caller][:limit]
        return list({t.incident: t for t in found}.values())

    def put_trace(self, trace: Trace) -> None:
        self.rows.traces[trace.incident] = trace

    def drop_trace(self, incident: IncidentId) -> None:
        self.rows.traces.pop(incident, None)

    def list_pairings(self, incident: IncidentId) -> Sequence[Pairing]:
        found = [p for key, p in self.rows.pairings.items() if incident in key]
        return sorted(found, key=lambda p: (-p.score, p.first, p.second))

    def find_pairing(self, a: IncidentId, other: IncidentId) -> Pairing | None:
        first, second = sorted((a, other))
        return self.rows.pairings.get((first, second))

    def put_pairing(self, pairing: Pairing) -> None:
        self.rows.pairings[pairing.first, pairing.second] = pairing

    def list_priority_off(self) -> Sequence[PriorityOff]:
        return [self.rows.priority_off[unit] for unit in sorted(self.rows.priority_off)]

    def put_priority_off(self, off: PriorityOff) -> None:
        self.rows.priority_off[off.unit] = off

    def drop_priority_off(self, unit: str) -> None:
        self.rows.priority_off.pop(unit, None)

    def find_clock(self, incident: IncidentId) -> Clock | None:
        return self.rows.clocks.get((incident, ""))

    def list_clocks(
        self, *, since: datetime, until: datetime, agency: AgencyId | None, drill: bool, limit: int
    ) -> Sequence[Clock]:
        found = [
            c
            for c in self.rows.clocks.values()
            if since <= c.called_at < until and (agency is None or agency == c.whose) and c.drill is drill
        ]
        return sorted(found, key=lambda c: (c.called_at, c.incident, c.whose))[:limit]

    def put_clock(self, clock: Clock) -> None:
        self.rows.clocks[clock.incident, clock.whose] = clock

    def drop_clocks(self, incident: IncidentId) -> None:
        for key in [key for key in self.rows.clocks if key[0] == incident]:
            del self.rows.clocks[key]

    def forget_clocks(self) -> None:
        self.rows.clocks.clear()
