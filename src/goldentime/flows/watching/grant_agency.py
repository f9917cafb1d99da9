"""How an agency is let look: when it reports, when cameras are added, and when the control room shares an incident."""

from dataclasses import replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import Pick
from goldentime.city.grants.grant import Ending, Grant, is_in_force
from goldentime.city.grants.policy import is_service_granted, may_be_given
from goldentime.city.incidents.incident import Incident, State
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, CameraId, GrantId, IncidentId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.outgoing.tell_agencies import tell_cameras
from goldentime.flows.ports import Change
from goldentime.flows.watching.end_views import end_views
from goldentime.flows.world import ViewsEnded, World


def grant_reporting_agency(world: World, tx: Change, incident: Incident, picks: tuple[Pick, ...]) -> bool:
    """Let the reporting agency look through the chosen cameras; False when its service, or its agency, may not."""
    agency = tx.find_agency(incident.agency) if incident.agency and not incident.sandbox else None
    city, service = world.rules.services_with_grant, incident.service.value
    if agency is None or not is_service_granted(service, city=city, agency=agency.services):
        return False
    return grant_agency(world, tx, incident, agency.id, [pick.camera_id for pick in picks]) is not None


def move_grants(world: World, tx: Change, incident: Incident, picks: tuple[Pick, ...]) -> ViewsEnded:
    """Let whoever may look do so through the new place's cameras, no longer the earlier one's; the views that ended.

    One that has run out moves too, since the control room may prolong it. A reporting agency that never had a grant
    gets one as if it reported now.
    """
    now, cameras = world.clock.now(), frozenset(pick.camera_id for pick in picks)
    theirs = [
        grant
        for grant in tx.list_grants(incident=incident.id)
        if (grant.agency or grant.unit) and grant.ended_at is None
    ]
    gone: list[tuple[ViewId, CameraId]] = []
    for grant in theirs:
        if grant.cameras == cameras:
            continue
        tx.put_grant(replace(grant, cameras=cameras))
        data: dict[str, FactValue] = {"grant": grant.id, "agency": grant.agency, "cameras": len(cameras)}
        tx.record(Fact("GrantMoved", incident.id, now, data))
        data = {"grant": grant.id, "cameras": len(cameras)}
        tx.audit(Entry(now, "GrantMoved", "system", grant.agency, incident.id, data=data))
        outside = [view for view in tx.list_open_views(grant=grant.id) if view.camera not in cameras]
        gone += end_views(tx, outside, Ending.MOVED, now, actor="system")
    if incident.agency not in {grant.agency for grant in theirs}:
        grant_reporting_agency(world, tx, incident, picks)
    return tuple(gone)


def cameras_granted(tx: Change, incident: Incident, now: datetime) -> frozenset[CameraId] | None:
    """What the reporting agency may look through now; None when no grant of theirs is in force."""
    theirs = [grant for grant in tx.list_grants(incident=incident.id) if grant.agency == incident.agency]
    running = [grant.cameras or frozenset() for grant in theirs if grant.agency and is_in_force(grant, now)]
    return frozenset().union(*running) if running else None


def grant_agency(
    world: World, tx: Change, incident: Incident, agency_id: AgencyId, cameras: list[CameraId], *, by_hand: bool = False
) -> Grant | None:
    """Make, or widen, the agency's grant for this incident; recorded and audited.

    None when it had one that was revoked or has run out: only a person's hand (`by_hand`) gives another.
    """
    now, agency = world.clock.now(), tx.find_agency(agency_id)
    theirs = [g for g in tx.list_grants(incident=incident.id) if g.agency == agency_id]
    running = [grant for grant in theirs if is_in_force(grant, now)]
    if not may_be_given(theirs, agency_id, now, by_hand=by_hand):
        return None
    if running:
        grant = replace(running[-1], cameras=(running[-1].cameras or frozenset()) | frozenset(cameras))
    else:
        basis = agency.legal_basis if agency else Text("근거 없음", "no ground")
        grant = Grant(
            id=GrantId(new_id("gra", now, world.randomness)),
            agency=agency_id,
            person=None,
            purpose=Text(f"상황 대응 {incident.number}", f"Response to incident {incident.number}"),
            legal_basis=basis,
            incident=incident.id,
            cameras=frozenset(cameras),
            starts_at=now,
            expires_at=now + world.rules.agency_grant,
        )
    tx.put_grant(grant)
    kind = "GrantWidened" if running else "GrantMade"
    data: dict[str, FactValue] = {"grant": grant.id, "agency": agency_id, "cameras": len(grant.cameras or ())}
    tx.record(Fact(kind, incident.id, now, data))
    tx.audit(Entry(now, kind, "system", agency_id, incident.id, data={"grant": grant.id, "cameras": len(cameras)}))
    return grant


async def share_incident(world: World, caller: Caller, incident_id: IncidentId, agency_id: AgencyId) -> Incident:
    """Let another agency look through the incident's cameras; raises NotFound, or Conflict when it is closed."""

    def decide(tx: Change) -> Incident:
        now = world.clock.now()
        incident = get_incident(tx, incident_id)
        agency = tx.find_agency(agency_id)
        if agency is None or not agency.named:
            raise NotFound(Text("그런 기관이 없습니다.", "There is no such agency."))
        if incident.state is State.CLOSED:
            raise Conflict(Text("종결된 상황은 공유할 수 없습니다.", "A closed incident cannot be shared."))
        cameras = [pick.camera_id for pick, _ in tx.list_picks(incident.id)]
        tx.record(Fact("IncidentShared", incident.id, now, {"agency": agency_id, "by": caller.account.id}))
        tx.audit(Entry(now, "IncidentShared", caller.account.id, agency_id, incident.id))
        grant = grant_agency(world, tx, incident, agency_id, cameras, by_hand=True)
        if grant is not None:
            tell_cameras(world, tx, incident, grant)
        return incident

    return await world.store.change(decide)
