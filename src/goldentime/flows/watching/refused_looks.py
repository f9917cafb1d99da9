"""How a refused look goes on record: by ids that are ours, and the same one at most once a second."""

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.policy import Refusal
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, CameraId, IncidentId
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World

UNKNOWN = "unknown"  # what stands for an id that is none: the record is for ever, and anything could be typed there


async def note_refused_look(
    world: World, caller: Caller, refusal: Refusal, camera_id: CameraId, incident_id: IncidentId | None
) -> None:
    """Put it on record unless the same was just noted for this session; how often it was repeated is told later."""

    def which(look: Reading) -> tuple[AgencyId | None, str, str | None]:
        unit = look.find_unit(caller.account.unit) if caller.account.unit else None  # a crew acts for its agency
        agency = caller.agency.id if caller.agency else unit.agency if unit else None
        camera = str(camera_id) if look.find_camera(camera_id) is not None else UNKNOWN
        if incident_id is None:
            return agency, camera, None
        return agency, camera, str(incident_id) if look.find_incident(incident_id) is not None else UNKNOWN

    agency, camera, incident = await world.store.read(which)
    now = world.clock.now()
    repeated = world.refused.times((caller.session.digest, refusal.code, camera, incident), now)
    if repeated is None:
        return
    data: dict[str, str | int | float | None] = {"reason": refusal.code, "repeated": repeated}

    def note(tx: Change) -> None:
        tx.audit(Entry(now, "ViewRefused", caller.account.id, agency, incident, camera, data))
        shown = None if camera == UNKNOWN else camera
        tx.record(Fact("ViewRefused", incident or camera, now, {"camera": shown, **data}))

    await world.store.change(note)
