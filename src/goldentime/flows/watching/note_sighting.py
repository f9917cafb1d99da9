"""How what an operator sees on a camera becomes a report to agencies and crews: place, words, still, with a receipt."""

import json
from dataclasses import dataclass, field

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, CameraId, IncidentId, ViewId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.outgoing.outbox import drill_refused
from goldentime.flows.outgoing.tell_agencies import Said, tell_agencies
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import grant_agency
from goldentime.flows.world import World
from goldentime.messages.news import Topic
from goldentime.messages.report import ReportState

SIGHTED = "SightingNoted"
NO_ADDRESS = Text("사진은 관제센터에 있음", "the picture is at the control room")  # none of ours is configured


@dataclass(frozen=True, slots=True)
class Where:
    """The point on the map where the operator saw it, and its address as far as they can tell."""

    point: LonLat
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was seen through one open view: words, a plate and where it went, as far as the operator could tell.

    `to` are the agencies to be told, `crews` whether every crew on the incident sees it too. `address` is where an
    agency fetches the still, `{position}` in it for the sighting's number, empty when no address of ours is configured.
    """

    view: ViewId
    words: str
    plate: str
    direction: str
    still: bytes = field(repr=False)
    to: tuple[AgencyId, ...] = ()
    crews: bool = True
    where: Where | None = None  # None: no further than the incident's own place
    address: str = ""


async def note_sighting(world: World, caller: Caller, incident_id: IncidentId, seen: Sighted) -> int:
    """The sighting's number on the record; agencies told of it may look at the incident from then on.

    Raises NotFound for a view that is not the caller's own within this incident, Conflict when the incident is closed
    or one of the agencies has no wire of ours: then nobody is told.
    """

    def decide(tx: Change) -> int:
        now = world.clock.now()
        incident = get_incident(tx, incident_id)
        if incident.state is State.CLOSED or incident.sandbox:
            raise Conflict(Text("이미 종결된 상황입니다.", "This incident is already closed."))
        view = tx.find_view(seen.view)
        if view is None or view.session != caller.session.digest or view.incident != incident.id:
            raise NotFound(Text("이 상황에서 열어 둔 영상이 아닙니다.", "Not a view you have open in this incident."))
        data: dict[str, FactValue] = {"camera": view.camera, "by": caller.account.id, "agencies": " ".join(seen.to)}
        position = tx.record(Fact(SIGHTED, incident.id, now, data))
        for agency in seen.to or (None,):
            told: dict[str, FactValue] = {"camera": view.camera, "agency": agency, "sighting": position}
            tx.audit(Entry(now, SIGHTED, caller.account.id, agency, incident.id, view.camera, told))
        _keep(world, tx, incident, seen, (view.camera, position))
        for agency in seen.to:
            _tell(world, tx, incident, seen, (agency, view.camera, seen.address.format(position=position)))
        return position

    return await world.store.change(decide)


def _keep(world: World, tx: Change, incident: Incident, seen: Sighted, which: tuple[CameraId, int]) -> None:
    """Seal the words and the still under the incident's key, until its personal data goes."""
    camera, position = which
    ends_at, subject = incident.opened_at + world.rules.personal_data_kept, f"incident/{incident.id}"
    told = {
        "words": seen.words,
        "plate": seen.plate,
        "direction": seen.direction,
        "camera": camera,
        "at": world.clock.now().isoformat(),
        "to": list(seen.to),
        "crews": seen.crews,
        "place": [seen.where.point.lon, seen.where.point.lat] if seen.where else None,
        "place_words": _address(seen.where),
    }
    tx.seal(subject, f"sighting/{position}", json.dumps(told, ensure_ascii=False).encode(), ends_at=ends_at)
    tx.seal(subject, f"still/{position}", seen.still, ends_at=ends_at)


def _tell(world: World, tx: Change, incident: Incident, seen: Sighted, to: tuple[AgencyId, CameraId, str]) -> None:
    """Put it for one agency: the words with the camera and the picture's address, and a grant to look."""
    agency_id, camera, address = to
    agency = tx.find_agency(agency_id)
    if agency is None or not agency.named:
        raise NotFound(Text("그런 기관이 없습니다.", "There is no such agency."))
    picks = [pick.camera_id for pick, _ in tx.list_picks(incident.id)]
    grant_agency(world, tx, incident, agency_id, list(dict.fromkeys([*picks, camera])), by_hand=True)
    if tell_agencies(world, tx, incident, _said(world, seen, camera, address), only=agency_id) == 0:
        if incident.drill and agency_id in world.wires and agency_id not in world.rules.drill_wires:
            raise drill_refused(agency_id)
        raise Conflict(
            Text(
                f"{agency.name.ko}에는 보낼 연계가 설정되어 있지 않습니다. 전화로 알려 주십시오.",
                f"No outgoing linkage is set up for {agency.name.en}; tell them by telephone.",
            ),
            code="no_wire",
        )


def _said(world: World, seen: Sighted, camera: CameraId, address: str) -> Said:
    """What the agency reads; the camera's place is among the words only, since what it shows happens elsewhere."""
    found, name = world.city.index.find(camera), world.city.site_name(camera)
    items = {"CAMERA_ID": str(camera), "CAMERA_NM": name}
    items |= {"IMAGE_URL": address} if address else {}
    items |= {"CAR_NUM": seen.plate} if seen.plate else {}
    items |= {"MOVE_DIRECTION": seen.direction} if seen.direction else {}
    pole = f" ({_spelled(found.place)})" if found else ""
    parts = [Text(each, each) for each in (seen.words, seen.plate, seen.direction) if each]
    parts += [Text(f"카메라 {name}{pole}", f"camera {name}{pole}"), *([] if address else [NO_ADDRESS])]
    words = Text(" · ".join(part.ko for part in parts), " · ".join(part.en for part in parts))
    point = seen.where.point if seen.where else None
    at = _address(seen.where)
    return Said(Topic.SIGHTING, ReportState.CHANGED, words, place=point, place_words=at, items=items)


def _address(where: Where | None) -> str:
    """The point in words, its coordinates where nobody knows better; "" for the incident's own place."""
    return "" if where is None else where.words or _spelled(where.point)


def _spelled(place: LonLat) -> str:
    return f"{place.lat:.5f}, {place.lon:.5f}"
