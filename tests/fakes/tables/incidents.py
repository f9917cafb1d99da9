"""Incidents, where they came from, their numbers and the cameras picked for them, in memory."""

from collections.abc import Sequence

from fakes.tables.rows import Rows
from goldentime.city.cameras.choose import Pick
from goldentime.city.grants.grant import is_in_force
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.sight import Wanted
from goldentime.core.ids import (
    IncidentId,
)


class Incidents:
    """Reading and writing them."""

    rows: Rows

    def find_incident(self, incident: IncidentId) -> Incident | None:
        return self.rows.incidents.get(incident)

    def find_incident_by_source(self, sender: str, occurrence: str) -> Incident | None:
        found = self.rows.sources.get((sender, occurrence))
        return None if found is None else self.rows.incidents.get(found)

    def list_incidents(self, *, open_only: bool, limit: int = 1000) -> Sequence[Incident]:
        rows = [i for i in self.rows.incidents.values() if not open_only or i.state is State.OPEN]
        return sorted(rows, key=lambda i: (i.opened_at, i.id), reverse=True)[:limit]

    def list_incidents_numbered(self, typed: str, *, limit: int = 1000) -> Sequence[Incident]:
        known = self.list_incidents(open_only=False, limit=len(self.rows.incidents))
        return [i for i in known if i.number == typed or i.number.endswith(f"-{typed}")][:limit]

    def list_seen(self, wanted: Wanted, *, limit: int = 1000) -> Sequence[Incident]:
        rows = [i for i in self.rows.incidents.values() if self._is_seen(i, wanted)]
        return sorted(rows, key=lambda i: (i.opened_at, i.id), reverse=True)[:limit]

    def count_seen(self, wanted: Wanted) -> int:
        return len(self.list_seen(wanted, limit=len(self.rows.incidents)))

    def _is_seen(self, one: Incident, wanted: Wanted) -> bool:
        sight, since = wanted.sight, wanted.closed_since
        at = sight.in_force_at
        granted = {
            g.agency for g in self.rows.grants.values() if g.incident == one.id and (at is None or is_in_force(g, at))
        }
        return (
            not one.sandbox
            and one.state is wanted.state
            and (sight.agency is None or sight.agency in granted)
            and sight.incident in (None, one.id)
            and (since is None or (one.closed_at is not None and one.closed_at >= since))
        )

    def list_picks(self, incident: IncidentId) -> Sequence[tuple[Pick, float]]:
        return self.rows.picks.get(incident, ())

    def put_incident(self, incident: Incident) -> None:
        self.rows.incidents[incident.id] = incident

    def put_source(self, sender: str, occurrence: str, incident: IncidentId) -> None:
        self.rows.sources.setdefault((sender, occurrence), incident)

    def list_sources(self, incident: IncidentId) -> Sequence[tuple[str, str]]:
        return sorted(key for key, found in self.rows.sources.items() if found == incident)

    def next_number(self, day: str) -> int:
        self.rows.numbers[day] = self.rows.numbers.get(day, 0) + 1
        return self.rows.numbers[day]

    def put_picks(self, incident: IncidentId, picks: Sequence[Pick], ring: float, *, anew: bool) -> None:
        before = () if anew else self.rows.picks.get(incident, ())
        self.rows.picks[incident] = (*before, *((pick, ring) for pick in picks))
