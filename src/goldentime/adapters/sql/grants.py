"""How grants and views are stored and found."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, text
from sqlalchemy import bindparam as b

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.tables import NAMING, access_grant, access_view
from goldentime.city.grants.grant import Grant, View
from goldentime.core.ids import AccountId, CameraId, GrantId, IncidentId, ViewId

_GRANTS = Rowed(Grant, access_grant)
_VIEWS = Rowed(View, access_view)
_ONE_GRANT = _GRANTS.select().where(access_grant.c.id == b("id"))
_ONE_VIEW = _VIEWS.select().where(access_view.c.id == b("id"))
_VIEWS_SINCE = (
    _VIEWS.select()
    .where(access_view.c.opened_at >= b("since"))
    .order_by(access_view.c.opened_at.desc(), access_view.c.id.desc())
    .limit(b("most"))
)
_VIEWS_OF = _VIEWS.select().where(access_view.c.incident == b("incident")).order_by(access_view.c.id)
_VIEWS_NAMING = (
    _VIEWS.select()
    .where(access_view.c.ended_at <= b("until"), text(NAMING))
    .order_by(access_view.c.ended_at, access_view.c.id)
    .limit(b("most"))
)
_RUN_OUT = (
    _GRANTS.select()
    .where(
        access_grant.c.expires_at > b("after"),
        access_grant.c.expires_at <= b("until"),
        access_grant.c.ended_at.is_(None),
        access_grant.c.incident.is_not(None),
        access_grant.c.agency.is_not(None),
    )
    .order_by(access_grant.c.id)
)
_PUT_GRANT = put(access_grant)
_PUT_VIEW = put(access_view)


@cache
def _grants_by(*columns: str) -> "Select[Any]":
    return _GRANTS.select().where(*[access_grant.c[name] == b(name) for name in columns]).order_by(access_grant.c.id)


@cache
def _open_views_by(*columns: str) -> "Select[Any]":
    found = _VIEWS.select().where(access_view.c.ended_at.is_(None)).order_by(access_view.c.id)
    return found.where(*[access_view.c[name] == b(name) for name in columns])


class GrantReads:
    """The looks of `flows.ports.Reading` at grants and views."""

    look: Look

    def find_grant(self, grant: GrantId) -> Grant | None:
        """By id."""
        row = self.look.one(_ONE_GRANT, id=grant)
        return None if row is None else _GRANTS.value(row)

    def list_grants(self, *, incident: IncidentId | None = None, account: AccountId | None = None) -> Sequence[Grant]:
        """Grants within the incident, or naming the person; ended ones too."""
        wanted = {name: value for name, value in (("incident", incident), ("person", account)) if value is not None}
        return [_GRANTS.value(row) for row in self.look.rows(_grants_by(*wanted), **wanted)]

    def list_grants_run_out(self, *, after: datetime, until: datetime) -> Sequence[Grant]:
        """Agencies' grants whose time passed between the two and which nobody has ended."""
        rows = self.look.rows(_RUN_OUT, after=to_micros(after), until=to_micros(until))
        return [_GRANTS.value(row) for row in rows]

    def find_view(self, view: ViewId) -> View | None:
        """By id."""
        row = self.look.one(_ONE_VIEW, id=view)
        return None if row is None else _VIEWS.value(row)

    def list_open_views(
        self, *, incident: IncidentId | None = None, grant: GrantId | None = None, session: bytes | None = None
    ) -> Sequence[View]:
        """Views that have not ended and match everything given."""
        given = (("incident", incident), ("grant", grant), ("session", session))
        wanted = {name: value for name, value in given if value is not None}
        return [_VIEWS.value(row) for row in self.look.rows(_open_views_by(*wanted), **wanted)]

    def list_open_views_of_camera(self, camera: CameraId) -> Sequence[View]:
        """Views through the camera that have not ended."""
        return [_VIEWS.value(row) for row in self.look.rows(_open_views_by("camera"), camera=camera)]

    def list_views_of(self, incident: IncidentId) -> Sequence[View]:
        """Every view within the incident, ended ones too."""
        return [_VIEWS.value(row) for row in self.look.rows(_VIEWS_OF, incident=incident)]

    def list_views(self, *, since: datetime, limit: int = 1000) -> Sequence[View]:
        """Views opened since then, newest first, ended ones too."""
        return [_VIEWS.value(row) for row in self.look.rows(_VIEWS_SINCE, since=to_micros(since), most=limit)]

    def list_views_naming(self, until: datetime, *, limit: int = 100) -> Sequence[View]:
        """Views that ended by then and still name a person, the longest ended first."""
        return [_VIEWS.value(row) for row in self.look.rows(_VIEWS_NAMING, until=to_micros(until), most=limit)]


class GrantWrites(GrantReads):
    """The writes of `flows.ports.Change` to grants and views."""

    draft: Draft

    def put_grant(self, grant: Grant) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_GRANT, _GRANTS.row(grant))

    def put_view(self, view: View) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_VIEW, _VIEWS.row(view))
