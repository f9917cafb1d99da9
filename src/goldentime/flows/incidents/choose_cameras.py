"""How an incident keeps the cameras chosen for it, and what video opens, lets go and cuts when the choice changes."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.cameras.choose import Choice, Pick
from goldentime.city.cameras.inventory import Status
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Incident
from goldentime.core.fact import Fact
from goldentime.core.ids import CameraId
from goldentime.flows.incidents.open_streams import open_streams, release_cameras
from goldentime.flows.ports import Change
from goldentime.flows.watching.end_views import cut
from goldentime.flows.world import ViewsEnded, World


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was kept with the incident, and what video has to open, let go and cut for it."""

    picks: tuple[Pick, ...] = ()
    to_open: tuple[CameraId, ...] = ()
    to_release: tuple[CameraId, ...] = ()
    to_cut: ViewsEnded = ()


def choose_within(tx: Change, incident: Incident, choice: Choice | None, now: datetime, *, anew: bool) -> Chosen:
    """Keep the choice with the incident and record it; without a place there is nothing to choose."""
    if choice is None:
        return Chosen()
    picked = tuple(pick.camera_id for pick in choice.picks)
    before = [pick.camera_id for pick, _ in tx.list_picks(incident.id)] if anew else []
    tx.put_picks(incident.id, choice.picks, choice.radius, anew=anew)
    data = {
        "radius": choice.radius,
        "cameras": len(choice.picks),
        "working": choice.working,
        "next_nearest_metres": round(choice.next_nearest.distance_m) if choice.next_nearest else None,
        "anew": anew,
    }
    tx.record(Fact("CamerasChosen", incident.id, now, data))
    to_open = () if incident.sandbox else tuple(p.camera_id for p in choice.picks if p.status is Status.WORKING)
    return Chosen(choice.picks, to_open, tuple(camera for camera in before if camera not in picked))


async def follow_choice(world: World, incident: Incident, chosen: Chosen) -> None:
    """Cut what may no longer be watched, let go of the cameras no longer chosen, and begin to open those that are."""
    await cut(world, chosen.to_cut, Ending.MOVED)
    await release_cameras(world, incident.id, chosen.to_release)
    if chosen.to_open:
        open_streams(world, incident, chosen.to_open)
