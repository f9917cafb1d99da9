"""How one person comes to see one camera: a grant is found or the look refused, both on record, then video opens it."""

import base64
from contextlib import suppress
from dataclasses import dataclass

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.streams import Stream
from goldentime.city.grants.grant import ENDING_WORDS, Ending, Grant, View
from goldentime.city.grants.policy import Refusal, Wish, find_grant
from goldentime.city.grants.video_control import LOCKED, may_look_past
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.people.account import Act, Role, may
from goldentime.core.errors import GoldentimeError, MediaUnavailable, NotFound, Refused
from goldentime.core.fact import Fact
from goldentime.core.ids import CameraId, IncidentId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.open_streams import low_id_of, low_source_of, priority_of, source_of
from goldentime.flows.ports import Change
from goldentime.flows.watching.crew_look import agency_of
from goldentime.flows.watching.end_views import cut, note_views_ended
from goldentime.flows.watching.refused_looks import note_refused_look
from goldentime.flows.world import World

TICKET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenedView:
    """A view and the single-use ticket with which the browser fetches it; `low` when it plays the small stream."""

    view: View
    ticket: str
    note: Text | None = None
    has_low: bool = False
    low: bool = False


async def watch_camera(
    world: World, caller: Caller, camera_id: CameraId, incident_id: IncidentId | None, *, low: bool = False
) -> OpenedView:
    """Open one view, of the camera's small stream if wanted and there.

    Raises Refused (on record), NotFound, or MediaUnavailable when video is down.
    """

    def decide(tx: Change) -> tuple[View, Stream, Incident | None] | Refusal:
        now = world.clock.now()
        incident = tx.find_incident(incident_id) if incident_id else None
        agency = caller.agency.id if caller.agency else None
        wish = _wish(world, tx, caller, camera_id, incident_id)
        asked = _allow(tx, caller, wish, incident)
        allowed = asked if isinstance(asked, Refusal) else find_grant(wish, asked, now)
        if isinstance(allowed, Refusal):
            return allowed
        stream = tx.find_stream(camera_id)
        if stream is None:
            raise NotFound(
                Text("이 카메라에는 등록된 영상 주소가 없습니다.", "No stream address is registered for this camera.")
            )
        view = View(
            id=ViewId(new_id("vue", now, world.randomness)),
            grant=allowed.id,
            camera=camera_id,
            account=caller.account.id,
            person=caller.person,
            agency=agency,
            incident=incident_id,
            session=caller.session.digest,
            opened_at=now,
            expires_at=min(allowed.expires_at, caller.session.expires_at),
        )
        tx.put_view(view)
        whose = agency_of(tx, view)
        told = {"view": view.id, "camera": camera_id, "agency": whose, "by": caller.account.id}
        tx.record(Fact("ViewOpened", incident_id or view.id, now, told))
        data = {"view": view.id, "grant": allowed.id}
        tx.audit(Entry(now, "ViewOpened", caller.account.id, whose, incident_id, camera_id, data))
        return view, stream, incident

    decided = await world.store.change(decide)
    if isinstance(decided, Refusal):
        await note_refused_look(world, caller, decided, camera_id, incident_id)
        raise Refused(decided.text, code=decided.code)
    view, stream, incident = decided
    ticket = base64.urlsafe_b64encode(world.randomness(TICKET_BYTES)).decode().rstrip("=")
    has_low = bool(stream.substream_url)
    low = low and has_low
    played, source = (low_id_of(camera_id), low_source_of(stream)) if low else (camera_id, source_of(stream))
    try:
        now = await world.video.ensure_stream(played, source, priority=priority_of(incident), hold=f"view:{view.id}")
        await world.video.open_view(view.id, played, ticket, view.expires_at)
    except GoldentimeError:  # down, or the address is forbidden: nothing stays open on record
        await note_views_ended(world, [view.id], Ending.MEDIA_RESTARTED)
        with suppress(GoldentimeError):
            await world.video.release_stream(played, hold=f"view:{view.id}")
        raise
    still_open = await world.store.read(lambda look: look.find_view(view.id))
    if still_open is not None and still_open.ended_at is not None:  # closed or revoked while video was opening
        ending = still_open.ending or Ending.REVOKED
        await cut(world, [(view.id, camera_id)], ending)
        if ending is Ending.MEDIA_RESTARTED:  # no right was lost: the viewer may ask again
            raise MediaUnavailable(ENDING_WORDS[ending])
        raise Refused(Text("그 사이 열람이 종료되었습니다.", "Viewing ended meanwhile."), code="grant_ended")
    return OpenedView(view, ticket, now.note, has_low=has_low, low=low)


def _wish(world: World, tx: Change, caller: Caller, camera_id: CameraId, incident_id: IncidentId | None) -> Wish:
    camera = world.city.index.find(camera_id)
    return Wish(
        caller.account.id,
        caller.agency.id if caller.agency else None,
        camera_id,
        incident_id,
        purpose=camera.purpose.value if camera else "",
        chosen=incident_id is not None and any(pick.camera_id == camera_id for pick, _ in tx.list_picks(incident_id)),
        unit=caller.account.unit,
    )


def _allow(tx: Change, caller: Caller, wish: Wish, incident: Incident | None) -> list[Grant] | Refusal:
    """The grants worth asking, or why none can help: the session, the role, the incident, another viewer's incident."""
    if tx.find_session(caller.session.digest) is None:  # signed out or disabled since the door let the request in
        return Refusal("session_ended", Text("로그인이 끝났습니다.", "The session has ended."))
    if not may(caller.account.role, Act.WATCH):
        return Refusal("role", Text("이 역할은 영상을 볼 수 없습니다.", "This role may not watch video."))
    outside = _find_obstacle(caller, wish, incident)
    if outside is not None:
        return outside
    if not may_look_past(tx.find_camera_lock(wish.camera), wish.agency or caller.account.agency):
        return Refusal("camera_locked", LOCKED)
    if caller.account.role is Role.OPERATOR:
        return list(tx.list_grants(account=caller.account.id))
    return list(tx.list_grants(incident=wish.incident)) if wish.incident is not None else []


def _find_obstacle(caller: Caller, wish: Wish, incident: Incident | None) -> Refusal | None:
    """Why nobody, or not this viewer, may look within the incident; None when nothing stands in the way."""
    if wish.incident is not None:
        if incident is None or incident.sandbox:
            return Refusal("no_incident", Text("그런 상황이 없습니다.", "There is no such incident."))
        if incident.state is State.CLOSED:
            return Refusal("incident_closed", Text("종결된 상황입니다.", "The incident is closed."))
    if caller.session.incident is not None and caller.session.incident != wish.incident:
        return Refusal(
            "other_incident", Text("이 화면은 다른 상황만 볼 수 있습니다.", "This viewer is for another incident.")
        )
    return None
