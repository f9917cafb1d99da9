"""How a unit's crew is let look while it is on a call: from the order until some time after arrival, or the close."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, View, ended, is_in_force
from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.incidents.incident import Incident
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.close_incident import end_views
from goldentime.flows.dispatch import Dispatch, may_be_sent
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import ViewsEnded, World


def _find_running(look: Reading, unit: Unit, at: datetime) -> Grant | None:
    """The unit's own grant that has not ended for the incident it is on, whatever its agency's own says meanwhile."""
    if unit.incident is None:
        return None
    theirs = [g for g in look.list_grants(incident=unit.incident) if g.unit == unit.id and is_in_force(g, at)]
    return theirs[-1] if theirs else None


def grant_crew(
    dispatch: Dispatch, tx: Change, unit: Unit, incident: Incident, *, by: AccountId | None = None
) -> Grant | None:
    """Let the unit's crew look through the incident's cameras until it arrives; recorded and audited.

    None when its agency is named no longer. The law is the agency's own: the crew acts for it.
    """
    world = dispatch.world
    now, agency = world.clock.now(), tx.find_agency(unit.agency)
    if agency is None or not agency.named:
        return None
    running = _find_running(tx, unit, now)
    cameras = frozenset(pick.camera_id for pick, _ in tx.list_picks(incident.id))
    until = now + dispatch.rules.crew_longest
    made = running or Grant(
        id=GrantId(new_id("gra", now, world.randomness)),
        agency=None,
        person=None,
        purpose=Text(f"출동 {unit.call_sign} · {incident.number}", f"{unit.call_sign} on the way to {incident.number}"),
        legal_basis=agency.legal_basis,
        incident=incident.id,
        cameras=cameras,
        starts_at=now,
        expires_at=until,
        unit=unit.id,
    )
    tx.put_grant(replace(made, cameras=cameras, expires_at=until))
    if running is None:
        _keep(tx, made, unit, incident.id, by=by)
    return made


def restore_crew_grant(
    dispatch: Dispatch, tx: Change, unit: Unit, incident: Incident, *, by: AccountId | None = None
) -> Grant | None:
    """Let the crew look again until its look would have ended, after its own leaving was taken back; never longer.

    None when its last look ended otherwise (run out, revoked, called back), or its agency may no longer be sent.
    """
    world = dispatch.world
    now = world.clock.now()
    theirs = [grant for grant in tx.list_grants(incident=incident.id) if grant.unit == unit.id]
    last = max(theirs, key=lambda grant: (grant.starts_at, grant.ended_at or grant.expires_at), default=None)
    if last is None or last.ending is not Ending.LEFT_SCENE or last.expires_at <= now:
        return None
    if not may_be_sent(tx, unit.agency, incident.id, now):
        return None
    cameras = frozenset(pick.camera_id for pick, _ in tx.list_picks(incident.id))
    made = replace(
        last,
        id=GrantId(new_id("gra", now, world.randomness)),
        cameras=cameras,
        starts_at=now,
        ended_at=None,
        ending=None,
    )
    tx.put_grant(made)
    _keep(tx, made, unit, incident.id, by=by)
    return made


def _keep(tx: Change, made: Grant, unit: Unit, incident: IncidentId, *, by: AccountId | None) -> None:
    """Record and audit a new grant."""
    now = made.starts_at
    data: dict[str, FactValue] = {"grant": made.id, "unit": unit.id, "cameras": len(made.cameras or ())}
    tx.record(Fact("GrantMade", incident, now, {**data, "agency": unit.agency}))
    tx.audit(Entry(now, "GrantMade", str(by or "system"), unit.agency, incident, data=data))


def widen_crew_grants(
    world: World, tx: Change, incident: IncidentId, cameras: Iterable[CameraId], *, agency: AgencyId | None
) -> int:
    """Let the crews on their way look through cameras chosen since, of that agency only unless None; how many."""
    now, more = world.clock.now(), frozenset(cameras)
    units = {unit.id for unit in tx.list_units(agency=agency, incident=incident)}
    theirs = [g for g in tx.list_grants(incident=incident) if g.unit in units and is_in_force(g, now)]
    for grant in theirs:
        tx.put_grant(replace(grant, cameras=(grant.cameras or frozenset()) | more))
        data: dict[str, FactValue] = {"grant": grant.id, "unit": grant.unit, "cameras": len(more)}
        tx.record(Fact("GrantWidened", incident, now, data))
        tx.audit(Entry(now, "GrantWidened", "system", None, incident, data=data))
    return len(theirs)


def shorten_crew_grant(dispatch: Dispatch, tx: Change, unit: Unit) -> tuple[View, ...]:
    """The unit has arrived: its grant ends the set time from now, never later than it would; its views with new ends.

    The views are video's to shorten, after the commit.
    """
    now = dispatch.world.clock.now()
    grant = _find_running(tx, unit, now)
    if grant is None:
        return ()
    until = min(grant.expires_at, now + dispatch.rules.crew_after_arrival)
    tx.put_grant(replace(grant, expires_at=until))
    views = tuple(replace(v, expires_at=min(v.expires_at, until)) for v in tx.list_open_views(grant=grant.id))
    for view in views:
        tx.put_view(view)
    return views


def end_crew_grant(dispatch: Dispatch, tx: Change, unit: Unit, ending: Ending, *, by: AccountId | None) -> ViewsEnded:
    """The unit's grant for the incident it is on ended, with its views, which are the caller's to cut."""
    now = dispatch.world.clock.now()
    grant = _find_running(tx, unit, now)
    return () if grant is None else _end(tx, grant, ending, now, by=by)


def end_agency_crews(
    tx: Change, agency: AgencyId, incident: IncidentId, now: datetime, *, by: AccountId | None
) -> ViewsEnded:
    """Revoke the looks of the agency's crews at the incident unless it may still look; the views are to be cut.

    A crew acts for its agency: what the agency has lost, its crews have lost.
    """
    grants = tx.list_grants(incident=incident)
    if standing_of(grants, agency, now) is Standing.IN_FORCE:
        return ()
    gone: list[tuple[ViewId, CameraId]] = []
    for grant in grants:
        unit = tx.find_unit(grant.unit) if grant.unit is not None and grant.ended_at is None else None
        if unit is not None and unit.agency == agency:
            gone += _end(tx, grant, Ending.REVOKED, now, by=by)
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
