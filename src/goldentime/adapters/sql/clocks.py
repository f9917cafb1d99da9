"""How traces, pairings, clocks and the cursors of readers are stored and found."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy import bindparam as b

from goldentime.adapters.sql.clock_tables import clock, cursor, pairing, trace
from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.pairing import Pairing
from goldentime.city.incidents.same import Trace, cell_of
from goldentime.core.ids import AgencyId, IncidentId

_TRACES = Rowed(Trace, trace)
_NEWEST = _TRACES.select().where(trace.c.at >= b("since")).order_by(trace.c.at.desc()).limit(b("most"))
_IN_CELL = _NEWEST.where(trace.c.cell == b("cell"))
_OF_CALLER = _NEWEST.where(trace.c.caller == b("caller"))
_OF_INCIDENT = _TRACES.select().where(trace.c.incident == b("incident"))
_PUT_TRACE = put(trace)
_DROP_TRACE = delete(trace).where(trace.c.incident == b("of"))
NOWHERE = -1  # the cell of a trace without a place; no place on the globe has it

_PAIRINGS = Rowed(Pairing, pairing)
_PAIRINGS_OF = (
    _PAIRINGS.select()
    .where(or_(pairing.c.first == b("incident"), pairing.c.second == b("incident")))
    .order_by(pairing.c.score.desc(), pairing.c.first, pairing.c.second)
)
_ONE_PAIRING = _PAIRINGS.select().where(pairing.c.first == b("first"), pairing.c.second == b("second"))
_PUT_PAIRING = put(pairing)

_CLOCKS = Rowed(Clock, clock)
_ONE_CLOCK = _CLOCKS.select().where(clock.c.incident == b("incident"), clock.c.whose == "")
_CLOCKS_BETWEEN = (
    _CLOCKS.select()
    .where(clock.c.called_at >= b("since"), clock.c.called_at < b("until"), clock.c.drill == b("drill"))
    .order_by(clock.c.called_at, clock.c.incident, clock.c.whose)
    .limit(b("most"))
)
_PUT_CLOCK = put(clock)
_DROP_CLOCKS = delete(clock).where(clock.c.incident == b("of"))
_FORGET_CLOCKS = delete(clock)
_CURSOR = select(cursor.c.position).where(cursor.c.reader == b("reader"))
_PUT_CURSOR = put(cursor)


@cache
def _clocks(of_agency: bool) -> "Select[Any]":  # noqa: FBT001  (a key of the cache)
    return _CLOCKS_BETWEEN.where(clock.c.whose == b("agency")) if of_agency else _CLOCKS_BETWEEN


_trace = lru_cache(maxsize=4096)(_TRACES.value)  # in a flood the newest are looked at by everyone that follows


class ClockReads:
    """The looks of `flows.ports.Reading` at what is alike, paired and timed."""

    look: Look

    def find_trace(self, incident: IncidentId) -> Trace | None:
        """What is remembered of an open incident."""
        row = self.look.one(_OF_INCIDENT, incident=incident)
        return None if row is None else _TRACES.value(row)

    def list_traces(self, cells: Sequence[int], caller: str, *, since: datetime, limit: int) -> Sequence[Trace]:
        """Of each cell, and of the caller, the newest since then, at most `limit` of each; an incident comes once."""
        given = {"since": to_micros(since), "most": limit}
        rows = [row for cell in cells for row in self.look.rows(_IN_CELL, cell=cell, **given)]
        if caller:
            rows += self.look.rows(_OF_CALLER, caller=caller, **given)
        return list({row[0]: _trace(tuple(row)) for row in rows}.values())

    def list_pairings(self, incident: IncidentId) -> Sequence[Pairing]:
        """All the incident is or was part of, the likeliest first."""
        return [_PAIRINGS.value(row) for row in self.look.rows(_PAIRINGS_OF, incident=incident)]

    def find_pairing(self, a: IncidentId, other: IncidentId) -> Pairing | None:
        """Of these two, whichever is named first."""
        first, second = sorted((a, other))
        row = self.look.one(_ONE_PAIRING, first=first, second=second)
        return None if row is None else _PAIRINGS.value(row)

    def find_clock(self, incident: IncidentId) -> Clock | None:
        """What the reader has made of the incident so far."""
        row = self.look.one(_ONE_CLOCK, incident=incident)
        return None if row is None else _CLOCKS.value(row)

    def list_clocks(
        self, *, since: datetime, until: datetime, agency: AgencyId | None, drill: bool, limit: int
    ) -> Sequence[Clock]:
        """Of calls between the two, the oldest first; drills or real ones, never both.

        Of an agency its own clocks; else every incident's, and every agency's of it.
        """
        values: dict[str, object] = {
            "since": to_micros(since),
            "until": to_micros(until),
            "drill": drill,
            "most": limit,
        }
        if agency is not None:
            values["agency"] = agency
        return [_CLOCKS.value(row) for row in self.look.rows(_clocks(agency is not None), **values)]

    def find_cursor(self, reader: str) -> int:
        """How far the reader has read; 0 before it began."""
        row = self.look.one(_CURSOR, reader=reader)
        return 0 if row is None else int(row[0])


class ClockWrites(ClockReads):
    """The writes of `flows.ports.Change` to them."""

    draft: Draft

    def put_trace(self, trace: Trace) -> None:
        """Insert or replace by incident."""
        cell = NOWHERE if trace.place is None else cell_of(trace.place)
        self.draft.write(_PUT_TRACE, _TRACES.row(trace, cell=cell))

    def drop_trace(self, incident: IncidentId) -> None:
        """Compare nothing with it any more."""
        self.draft.write(_DROP_TRACE, {"of": incident})

    def put_pairing(self, pairing: Pairing) -> None:
        """Insert or replace by the two incidents."""
        self.draft.write(_PUT_PAIRING, _PAIRINGS.row(pairing))

    def put_clock(self, clock: Clock) -> None:
        """Insert or replace by incident and whose it is."""
        self.draft.write(_PUT_CLOCK, _CLOCKS.row(clock))

    def drop_clocks(self, incident: IncidentId) -> None:
        """The incident's own and every agency's of it."""
        self.draft.run(_DROP_CLOCKS, of=incident)

    def forget_clocks(self) -> None:
        """Empty the table, to be made again from the facts."""
        self.draft.run(_FORGET_CLOCKS)

    def put_cursor(self, reader: str, position: int) -> None:
        """Remember how far the reader has read."""
        self.draft.write(_PUT_CURSOR, {"reader": reader, "position": position})
