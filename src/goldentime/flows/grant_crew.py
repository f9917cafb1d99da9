"""How a unit's crew is let look while it is on a call: from the order until some time after arrival, or the close."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, View, ended, is_in_force
from goldentime.city.incidents.incident import Incident
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, new_id
from goldentime.core.text import Text
from goldentime.flows.close_incident import end_views
from goldentime.flows.dispatch import Dispatch
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import ViewsEnded, World


def find_crew_grant(look: Reading, unit: Unit, at: datetime) -> Grant | None:
    """The unit's own grant in force for the incident it is on."""
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
    running = find_crew_grant(tx, unit, now)
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
        data: dict[str, FactValue] = {"grant": made.id, "unit": unit.id, "cameras": len(cameras)}
        tx.record(Fact("GrantMade", incident.id, now, {**data, "agency": unit.agency}))
        tx.audit(Entry(now, "GrantMade", str(by or "system"), unit.agency, incident.id, data=data))
    return made


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
    grant = find_crew_grant(tx, unit, now)
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
    grant = find_crew_grant(tx, unit, now)
    if grant is None:
        return ()
    over, fact = ended(grant, ending, now, by=by)
    tx.put_grant(over)
    tx.record(replace(fact, data={**fact.data, "unit": unit.id, "agency": unit.agency}))
    actor = str(by or "system")
    data = {"grant": grant.id, "unit": unit.id, "ending": ending.value}
    tx.audit(Entry(now, "GrantEnded", actor, unit.agency, grant.incident, data=data))
    return end_views(tx, tx.list_open_views(grant=grant.id), ending, now, actor=actor)


def has_left(unit: Unit) -> bool:
    """Whether the unit's work at the incident is over."""
    return unit.state in {UnitState.CLEAR, UnitState.AVAILABLE}
