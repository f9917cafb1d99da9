"""How what an operator sees on a camera becomes a report to an agency: exact place, words and still, with a receipt."""

import json
from dataclasses import dataclass, field

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, CameraId, IncidentId, ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.outgoing.tell_agencies import Said, tell_agencies
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import grant_agency
from goldentime.flows.world import World
from goldentime.messages.news import Topic
from goldentime.messages.report import ReportState

SIGHTED = "SightingNoted"
NO_ADDRESS = "사진은 관제센터에 있음"  # where no address of ours is configured, no picture can be fetched


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was seen through one open view: words, a plate and where it went, as far as the operator could tell.

    `to` is the agency to be told, None for the crews on the incident; `address` is where the agency fetches the still,
    `{position}` in it for the sighting's number, empty when no address of ours is configured.
    """

    view: ViewId
    words: str
    plate: str
    direction: str
    still: bytes = field(repr=False)
    to: AgencyId | None = None
    address: str = ""


async def note_sighting(world: World, caller: Caller, incident_id: IncidentId, seen: Sighted) -> int:
    """The sighting's number on the record; an agency told of it may look at the incident from then on.

    Raises NotFound for a view that is not the caller's own within this incident, Conflict when the incident is closed
    or the agency has no wire of ours.
    """

    def decide(tx: Change) -> int:
        now = world.clock.now()
        incident = get_incident(tx, incident_id)
        if incident.state is State.CLOSED or incident.sandbox:
            raise Conflict(Text("이미 종결된 상황입니다.", "This incident is already closed."))
        view = tx.find_view(seen.view)
        if view is None or view.session != caller.session.digest or view.incident != incident.id:
            raise NotFound(Text("이 상황에서 열어 둔 영상이 아닙니다.", "Not a view you have open in this incident."))
        data: dict[str, FactValue] = {"camera": view.camera, "by": caller.account.id, "agency": seen.to}
        position = tx.record(Fact(SIGHTED, incident.id, now, data))
        told = {"camera": view.camera, "agency": seen.to, "sighting": position}
        tx.audit(Entry(now, SIGHTED, caller.account.id, seen.to, incident.id, view.camera, told))
        ends_at = incident.opened_at + world.rules.personal_data_kept
        words = {"words": seen.words, "plate": seen.plate, "direction": seen.direction}
        told_of: dict[str, str | None] = {**words, "camera": view.camera, "at": now.isoformat(), "to": seen.to}
        subject = f"incident/{incident.id}"
        tx.seal(subject, f"sighting/{position}", json.dumps(told_of, ensure_ascii=False).encode(), ends_at=ends_at)
        tx.seal(subject, f"still/{position}", seen.still, ends_at=ends_at)
        if seen.to is not None:
            _tell(world, tx, incident, seen, seen.to, (view.camera, seen.address.format(position=position)))
        return position

    return await world.store.change(decide)


def _tell(
    world: World, tx: Change, incident: Incident, seen: Sighted, to: AgencyId, still: tuple[CameraId, str]
) -> None:
    """Put it for the agency: the camera's place, name and picture's address with the words."""
    camera, address = still
    agency = tx.find_agency(to)
    if agency is None or not agency.named:
        raise NotFound(Text("그런 기관이 없습니다.", "There is no such agency."))
    picks = [pick.camera_id for pick, _ in tx.list_picks(incident.id)]
    grant_agency(world, tx, incident, to, list(dict.fromkeys([*picks, camera])), by_hand=True)
    found = world.city.index.find(camera)
    name = world.city.site_name(camera)
    items = {"CAMERA_ID": str(camera), "CAMERA_NM": name}
    items |= {"IMAGE_URL": address} if address else {}
    items |= {"CAR_NUM": seen.plate} if seen.plate else {}
    items |= {"MOVE_DIRECTION": seen.direction} if seen.direction else {}
    parts = [seen.words, seen.plate, seen.direction, name, "" if address else NO_ADDRESS]
    words = " · ".join(part for part in parts if part)
    said = Said(
        Topic.SIGHTING, ReportState.CHANGED, Text(words, words), place=found.place if found else None, items=items
    )
    if tell_agencies(world, tx, incident, said, only=to) == 0:
        raise Conflict(
            Text(
                f"{agency.name.ko}에는 보낼 연계가 설정되어 있지 않습니다. 전화로 알려 주십시오.",
                f"No outgoing linkage is set up for {agency.name.en}; tell them by telephone.",
            ),
            code="no_wire",
        )
