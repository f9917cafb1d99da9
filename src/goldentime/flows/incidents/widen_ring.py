"""How an incident gets more cameras, ring by ring, and whose grants grow with them."""

from collections.abc import Collection
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import Choice, next_radius
from goldentime.city.grants.grant import is_in_force
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.states import widened
from goldentime.core.errors import Conflict, Refused
from goldentime.core.ids import AgencyId, CameraId, IncidentId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.choose_cameras import Chosen, choose_within, follow_choice
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.known_city import Located
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import grant_agency
from goldentime.flows.watching.grant_crew import widen_crew_grants
from goldentime.flows.world import World

TRIES = 5  # at widening while others change the same incident


async def widen_ring(world: World, caller: Caller, incident_id: IncidentId) -> Incident:
    """Add the next four cameras: of this ring while it has more, else of the next; raises Conflict at the widest.

    What somebody else changed meanwhile is seen: then it is chosen again, a few times before Conflict says so.
    """
    for _ in range(TRIES):
        done = await _widen_once(world, caller, incident_id)
        if done is not None:
            await follow_choice(world, *done)
            return done[0]
    raise Conflict(
        Text(
            "그 사이 카메라 선정이 바뀌었습니다. 다시 눌러 주십시오.",
            "The cameras were chosen anew meanwhile; try again.",
        )
    )


async def _widen_once(world: World, caller: Caller, incident_id: IncidentId) -> tuple[Incident, Chosen] | None:
    """None when the place or the cameras shown are no longer those it was chosen for."""
    seen = await world.store.read(lambda look: (get_incident(look, incident_id), look.list_picks(incident_id)))
    incident, shown = seen
    if incident.place is None:
        raise Conflict(Text("위치가 없습니다. 위치를 먼저 확인하세요.", "There is no place yet; confirm it first."))
    choice = _choose_next(world, incident, incident.place, {pick.camera_id for pick, _ in shown})

    def decide(tx: Change) -> tuple[Incident, Chosen] | None:
        now = world.clock.now()
        latest = get_incident(tx, incident_id)
        if latest.place != incident.place or list(tx.list_picks(incident_id)) != list(shown):
            return None
        wide, fact = widened(latest, choice.radius, now, caller.account.id)
        tx.put_incident(wide)
        tx.record(fact)
        tx.audit(Entry(now, "RingWidened", caller.account.id, None, wide.id, data={"radius": choice.radius}))
        chosen = choose_within(tx, wide, choice, now, anew=False)
        cameras = [pick.camera_id for pick in chosen.picks]
        for agency in _agencies_looking(tx, wide, caller, now):
            grant_agency(world, tx, wide, agency, cameras)
        widen_crew_grants(world, tx, wide.id, cameras, agency=caller.agency.id if caller.agency else None)
        return wide, chosen

    return await world.store.change(decide)


def _choose_next(world: World, incident: Incident, place: LonLat, exclude: Collection[CameraId]) -> Choice:
    """The next cameras around the place, in the narrowest ring that has any; raises Conflict beyond the widest."""
    located, radius, wanted = Located(place), incident.radius, world.rules.cameras_wanted
    while True:
        choice = world.city.choose(located, incident.kind, wanted=wanted, radius=radius, exclude=exclude)
        if choice.picks:
            return choice
        wider = next_radius(radius)
        if wider is None:
            raise Conflict(Text("더 넓힐 반경이 없습니다.", "There is no wider ring."))
        radius = wider


def _agencies_looking(tx: Change, incident: Incident, caller: Caller, now: datetime) -> list[AgencyId]:
    """Whose grants grow with the cameras: every one in force, but an agency that asks widens its own only.

    Raises Refused for an agency whose own grant is not in force.
    """
    grants = [grant for grant in tx.list_grants(incident=incident.id) if grant.agency and is_in_force(grant, now)]
    looking = sorted({grant.agency for grant in grants if grant.agency})
    if caller.agency is None:
        return looking
    if caller.agency.id not in looking:
        raise Refused(Text("열람권한이 끝났습니다.", "The grant has ended."), code="grant_ended")
    return [caller.agency.id]
