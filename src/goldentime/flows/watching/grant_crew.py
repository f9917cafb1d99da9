"""How a crew is let look while it is on a call: from the order on, anew after a leaving taken back, and wider."""

from collections.abc import Iterable
from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, is_in_force
from goldentime.city.grants.policy import is_taken
from goldentime.city.incidents.incident import Incident
from goldentime.city.units.unit import Unit
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, new_id
from goldentime.core.text import Text
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.watching.crew_look import find_crew_grant
from goldentime.flows.world import World


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
        _keep(tx, made, unit, incident.id, by=by)
    return made


def restore_crew_grant(
    dispatch: Dispatch, tx: Change, unit: Unit, incident: Incident, *, by: AccountId | None = None
) -> Grant | None:
    """Let the crew look again until its look would have ended, after its own leaving was taken back; never longer.

    None when its last look ended otherwise (run out, revoked, called back), or its agency's was taken since.
    """
    world = dispatch.world
    now = world.clock.now()
    grants = tx.list_grants(incident=incident.id)
    theirs = [grant for grant in grants if grant.unit == unit.id]
    last = max(theirs, key=lambda grant: (grant.starts_at, grant.ended_at or grant.expires_at), default=None)
    if last is None or last.ending is not Ending.LEFT_SCENE or last.expires_at <= now:
        return None
    agency = tx.find_agency(unit.agency)
    if agency is None or not agency.named or is_taken(grants, unit.agency):
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
