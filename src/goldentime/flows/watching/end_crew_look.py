"""How a crew's look ends: some time after arrival, at its leaving, or when it is taken from its agency."""

from dataclasses import replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, View, ended
from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId, ViewId
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.watching.crew_look import find_crew_grant
from goldentime.flows.watching.end_views import end_views
from goldentime.flows.world import ViewsEnded


def shorten_crew_grant(dispatch: Dispatch, tx: Change, unit: Unit) -> tuple[tuple[View, ...], ViewsEnded]:
    """The unit is at the scene: its grant ends the set time after it came, never later than it would.

    Its views with their new ends, which are video's to shorten after the commit; where that time is over already, since
    the arrival was told late, the look has ended, and its views are to be cut.
    """
    now = dispatch.world.clock.now()
    grant = find_crew_grant(tx, unit, now)
    if grant is None:
        return (), ()
    until = min(grant.expires_at, (unit.state_at or now) + dispatch.rules.crew_after_arrival)
    if until <= now:
        return (), _end(tx, grant, Ending.EXPIRED, now, by=None)
    tx.put_grant(replace(grant, expires_at=until))
    views = tuple(replace(v, expires_at=min(v.expires_at, until)) for v in tx.list_open_views(grant=grant.id))
    for view in views:
        tx.put_view(view)
    return views, ()


def end_crew_grant(dispatch: Dispatch, tx: Change, unit: Unit, ending: Ending, *, by: AccountId | None) -> ViewsEnded:
    """The unit's grant for the incident it is on ended, with its views, which are the caller's to cut."""
    now = dispatch.world.clock.now()
    grant = find_crew_grant(tx, unit, now)
    return () if grant is None else _end(tx, grant, ending, now, by=by)


def end_agency_crews(
    tx: Change,
    agency: AgencyId,
    incident: IncidentId,
    now: datetime,
    *,
    by: AccountId | None,
    ending: Ending = Ending.REVOKED,
) -> ViewsEnded:
    """End the looks of the agency's crews at the incident unless it may still look; the views are to be cut.

    A crew acts for its agency: what is taken from the agency is taken from its crews. That the time of the agency's
    desks has run out takes nothing from a crew under way: its own look lasts until some time after its arrival.
    """
    grants = tx.list_grants(incident=incident)
    if standing_of(grants, agency, now) is Standing.IN_FORCE:
        return ()
    gone: list[tuple[ViewId, CameraId]] = []
    for grant in grants:
        unit = tx.find_unit(grant.unit) if grant.unit is not None and grant.ended_at is None else None
        if unit is not None and unit.agency == agency:
            gone += _end(tx, grant, ending, now, by=by)
    return tuple(gone)


def _end(tx: Change, grant: Grant, ending: Ending, now: datetime, *, by: AccountId | None) -> ViewsEnded:
    unit = tx.find_unit(grant.unit) if grant.unit is not None else None
    agency = None if unit is None else unit.agency
    over, fact = ended(grant, ending, now, by=by)
    tx.put_grant(over)
    tx.record(replace(fact, data={**fact.data, "unit": grant.unit, "agency": agency}))
    actor = str(by or "system")
    data = {"grant": grant.id, "unit": grant.unit, "ending": ending.value}
    tx.audit(Entry(now, "GrantEnded", actor, agency, grant.incident, data=data))
    return end_views(tx, tx.list_open_views(grant=grant.id), ending, now, actor=actor)


def has_left(unit: Unit) -> bool:
    """Whether the unit's work at the incident is over."""
    return unit.state in {UnitState.CLEAR, UnitState.AVAILABLE}
