"""How incidents, where they came from and which cameras were chosen for them are stored and found."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, delete, false, func, insert, or_, select
from sqlalchemy import bindparam as b
from sqlalchemy.dialects.postgresql import insert as insert_or

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed, to_micros
from goldentime.adapters.sql.statements import put, put_once
from goldentime.adapters.sql.tables import access_grant, day_number, incident, pick, source
from goldentime.city.cameras.choose import Pick
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.sight import Wanted
from goldentime.core.ids import IncidentId

_INCIDENTS = Rowed(Incident, incident)
_ONE = _INCIDENTS.select().where(incident.c.id == b("id"))
_BY_SOURCE = (
    _INCIDENTS.select()
    .join(source, source.c.incident == incident.c.id)
    .where(source.c.sender == b("sender"), source.c.occurrence == b("occurrence"))
)
_NEWEST = _INCIDENTS.select().order_by(incident.c.opened_at.desc(), incident.c.id.desc()).limit(b("most"))
_NEWEST_OPEN = _NEWEST.where(incident.c.state == State.OPEN.value)
_NUMBERED = _NEWEST.where(or_(incident.c.number == b("typed"), incident.c.number.like(b("ends"), escape="\\")))
_PICKS = select(pick.c.body, pick.c.ring).where(pick.c.incident == b("incident")).order_by(pick.c.place_in_list)

_PUT = put(incident)
_PUT_SOURCE = put_once(source)
_NEXT = insert_or(day_number).on_conflict_do_update(index_elements=["day"], set_={"last": day_number.c.last + 1})
_NEXT_NUMBER = _NEXT.returning(day_number.c.last)
_FORGET_PICKS = delete(pick).where(pick.c.incident == b("of"))
_LAST_PICK = select(func.max(pick.c.place_in_list)).where(pick.c.incident == b("incident"))
_ADD_PICK = insert(pick)

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Pick).decode


def _values(wanted: Wanted) -> dict[str, str | int]:
    given = {
        "state": wanted.state.value,
        "agency": wanted.sight.agency,
        "in_force_at": None if wanted.sight.in_force_at is None else to_micros(wanted.sight.in_force_at),
        "one": wanted.sight.incident,
        "since": None if wanted.closed_since is None else to_micros(wanted.closed_since),
    }
    return {name: value for name, value in given.items() if value is not None}


def _narrowed(statement: "Select[Any]", given: frozenset[str]) -> "Select[Any]":
    granted = select(access_grant.c.incident).where(access_grant.c.agency == b("agency"))
    if "in_force_at" in given:
        granted = granted.where(
            access_grant.c.ended_at.is_(None),
            access_grant.c.starts_at <= b("in_force_at"),
            access_grant.c.expires_at > b("in_force_at"),
        )
    narrow = {
        "state": incident.c.state == b("state"),
        "agency": incident.c.id.in_(granted),
        "one": incident.c.id == b("one"),
        "since": incident.c.closed_at >= b("since"),
    }
    return statement.where(incident.c.sandbox.is_(false()), *(narrow[name] for name in sorted(given & narrow.keys())))


@cache
def _listing(given: frozenset[str]) -> "Select[Any]":
    return _narrowed(_NEWEST, given)


@cache
def _counting(given: frozenset[str]) -> "Select[Any]":
    return _narrowed(select(func.count()).select_from(incident), given)


class IncidentReads:
    """The looks of `flows.ports.Reading` at incidents."""

    look: Look

    def find_incident(self, incident: IncidentId) -> Incident | None:
        """By id."""
        row = self.look.one(_ONE, id=incident)
        return None if row is None else _INCIDENTS.value(row)

    def find_incident_by_source(self, sender: str, occurrence: str) -> Incident | None:
        """The incident this occurrence opened or joined."""
        row = self.look.one(_BY_SOURCE, sender=sender, occurrence=occurrence)
        return None if row is None else _INCIDENTS.value(row)

    def list_incidents(self, *, open_only: bool, limit: int = 1000) -> Sequence[Incident]:
        """Newest first."""
        rows = self.look.rows(_NEWEST_OPEN if open_only else _NEWEST, most=limit)
        return [_INCIDENTS.value(row) for row in rows]

    def list_incidents_numbered(self, typed: str, *, limit: int = 1000) -> Sequence[Incident]:
        """Whose number it is, or ends in it behind a hyphen, newest first."""
        plain = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.look.rows(_NUMBERED, typed=typed, ends=f"%-{plain}", most=limit)
        return [_INCIDENTS.value(row) for row in rows]

    def list_seen(self, wanted: Wanted, *, limit: int = 1000) -> Sequence[Incident]:
        """Those wanted, newest first; the limit counts only what may be seen."""
        values = _values(wanted)
        return [_INCIDENTS.value(row) for row in self.look.rows(_listing(frozenset(values)), most=limit, **values)]

    def count_seen(self, wanted: Wanted) -> int:
        """How many are wanted."""
        values = _values(wanted)
        row = self.look.one(_counting(frozenset(values)), **values)
        return 0 if row is None else int(row[0])

    def list_picks(self, incident: IncidentId) -> Sequence[tuple[Pick, float]]:
        """The chosen cameras in order, each with the ring in metres it was chosen in."""
        return [(_DECODE(body), ring) for body, ring in self.look.rows(_PICKS, incident=incident)]


class IncidentWrites(IncidentReads):
    """The writes of `flows.ports.Change` to incidents."""

    draft: Draft

    def put_incident(self, incident: Incident) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _INCIDENTS.row(incident))

    def put_source(self, sender: str, occurrence: str, incident: IncidentId) -> None:
        """Say which incident an occurrence belongs to; the first one wins."""
        self.draft.write(_PUT_SOURCE, {"sender": sender, "occurrence": occurrence, "incident": incident})

    def next_number(self, day: str) -> int:
        """1, 2, 3 ... within the day."""
        row = self.draft.take(_NEXT_NUMBER, day=day, last=1)
        assert row is not None  # noqa: S101  (an upsert always returns its row)
        return int(row[0])

    def put_picks(self, incident: IncidentId, picks: Sequence[Pick], ring: float, *, anew: bool) -> None:
        """Store the choice in order; `anew` forgets the earlier one, otherwise it goes behind it."""
        first = 0
        if anew:
            self.draft.write(_FORGET_PICKS, {"of": incident})
        elif (row := self.draft.one(_LAST_PICK, incident=incident)) and row[0] is not None:
            first = row[0] + 1
        rows = [
            {
                "incident": incident,
                "place_in_list": place,
                "ring": float(ring),
                "camera": one.camera_id,
                "body": _ENCODE(one).decode(),
            }
            for place, one in enumerate(picks, first)
        ]
        self.draft.write_many(_ADD_PICK, rows)
