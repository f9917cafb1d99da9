"""What an agency's video control over its wire does: a look waits for an operator, a lock takes effect at once."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, is_in_force
from goldentime.city.grants.video_control import Answered, CameraLock, VideoRequest
from goldentime.city.incidents.incident import Incident, State
from goldentime.core.errors import BadMessage
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import AgencyId, CameraId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.incidents.number_incident import own_occurrence
from goldentime.flows.ports import Change, Reading
from goldentime.flows.watching.camera_locks import NOT_LOCKED, end_lock
from goldentime.flows.watching.crew_look import agency_of
from goldentime.flows.watching.end_views import end_views
from goldentime.flows.world import ViewsEnded, World
from goldentime.messages.exchange import Outcome, OutcomeKind
from goldentime.messages.report import ENDING, Report

SERVICE = "video_control"
LOCK, CAMERAS = "CCTVLOCK", "CAM_ID"
_NO_INCIDENT = Text("그런 번호의 진행 중인 상황이 없습니다.", "No open incident has this number.")
_NOT_THEIRS = Text(
    "이 상황의 열람권한이 없어 카메라를 잠글 수 없습니다.", "No grant for this incident: nothing is locked."
)
_NO_CAMERA = Text("잠글 카메라(CAM_ID)가 없습니다.", "CAM_ID names no camera to lock.")
_OTHERS_LOCK = Text("다른 기관이 이미 잠근 카메라입니다.", "Another agency has locked this camera.")
_ASKED = Text(
    "열람 요청을 관제센터에 올렸습니다. 승인 여부는 따로 알립니다.",
    "The control room has been asked; its answer follows.",
)
_WAITS = Text(
    "이미 요청하셨습니다. 관제센터의 답을 기다리는 중입니다.", "Already asked; the control room's answer is awaited."
)
_OPEN = Text("이미 열람하실 수 있습니다.", "You may already look.")


@dataclass(frozen=True, slots=True)
class Controlled:
    """What was done: the answer, the incident it was about, and the views that video has to cut."""

    outcome: Outcome
    incident: Incident | None = None
    to_kick: ViewsEnded = ()


def control_video(world: World, tx: Change, report: Report, agency: AgencyId, *, sandbox: bool) -> Controlled:
    """Do what is asked within the caller's transaction; raises BadMessage for what is unknown or not theirs."""
    if sandbox:  # a trial touches nothing of the city's
        return Controlled(Outcome(OutcomeKind.UPDATED, sandbox=True))
    now, incident = world.clock.now(), _find_incident(tx, agency, report.occurrence)
    if incident is None:
        raise BadMessage(_NO_INCIDENT, type_code="4102", field="SEND_NUM")
    cameras = _cameras(tx, incident, report.items.get(CAMERAS, ""))
    if report.kind == LOCK:
        return _lock(tx, incident, cameras, agency, now, free=report.state in ENDING)
    running = [g for g in tx.list_grants(incident=incident.id) if g.agency == agency and is_in_force(g, now)]
    wanted = cameras or frozenset(pick.camera_id for pick, _ in tx.list_picks(incident.id))
    if any(wanted <= (grant.cameras or frozenset()) for grant in running):
        return Controlled(_said(_OPEN), incident)
    waiting = [r for r in tx.list_video_requests(incident.id) if r.agency == agency and r.state is Answered.WAITING]
    if any((r.control, r.cameras) == (report.kind, cameras or None) for r in waiting):
        return Controlled(_said(_WAITS), incident)
    request = VideoRequest(
        id=new_id("vrq", now, world.randomness),
        incident=incident.id,
        agency=agency,
        control=report.kind,
        sender=report.sender,
        occurrence=report.occurrence,
        cameras=cameras or None,
        asked_at=now,
    )
    tx.put_video_request(request)
    data: dict[str, FactValue] = {
        "agency": agency,
        "request": request.id,
        "control": report.kind,
        "cameras": len(wanted),
    }
    tx.record(Fact("VideoAsked", incident.id, now, data))
    tx.audit(Entry(now, "VideoAsked", str(agency), agency, incident.id, data={"request": request.id}))
    return Controlled(_said(_ASKED), incident)


def _lock(
    tx: Change, incident: Incident, cameras: frozenset[CameraId], agency: AgencyId, now: datetime, *, free: bool
) -> Controlled:
    """Lock the cameras and end everybody else's views, or free those this agency locked."""
    if not any(g.agency == agency and is_in_force(g, now) for g in tx.list_grants(incident=incident.id)):
        raise BadMessage(_NOT_THEIRS, type_code="4001", field="SEND_NUM")
    if not cameras:
        raise BadMessage(_NO_CAMERA, type_code="4101", field=CAMERAS)
    locks = {camera: tx.find_camera_lock(camera) for camera in sorted(cameras)}
    if any(lock is not None and lock.agency != agency for lock in locks.values()):
        raise BadMessage(_OTHERS_LOCK, type_code="4001", field=CAMERAS)
    if free:
        if not any(locks.values()):
            raise BadMessage(NOT_LOCKED, type_code="4102", field=CAMERAS)
        for lock in locks.values():
            if lock is not None:
                end_lock(tx, lock, now, actor=str(agency))
        return Controlled(_said(Text("카메라 잠금을 풀었습니다.", "The camera is unlocked.")), incident)
    gone: list[tuple[ViewId, CameraId]] = []
    for camera, lock in locks.items():
        if lock is None:
            tx.put_camera_lock(CameraLock(camera, incident.id, agency, now))
            tx.record(Fact("CameraLocked", incident.id, now, {"camera": camera, "agency": agency}))
            tx.audit(Entry(now, "CameraLocked", str(agency), agency, incident.id, camera))
        others = [view for view in tx.list_open_views_of_camera(camera) if agency_of(tx, view) != agency]
        gone += end_views(tx, others, Ending.LOCKED, now, actor=str(agency))
    words = Text(
        f"카메라 {len(locks)}대를 잠그고 다른 열람 {len(gone)}건을 끝냈습니다.",
        f"{len(locks)} cameras are locked; {len(gone)} other views have ended.",
    )
    return Controlled(_said(words), incident, tuple(gone))


def _find_incident(look: Reading, agency: AgencyId, number: str) -> Incident | None:
    """The open incident by the agency's own number of it, else by ours."""
    found = look.find_incident_by_source(agency, number)
    if found is None:
        all_open = look.list_incidents(open_only=True)
        found = next((one for one in all_open if number in (one.number, own_occurrence(one))), None)
    return None if found is None or found.sandbox or found.state is State.CLOSED else found


def _cameras(look: Reading, incident: Incident, said: str) -> frozenset[CameraId]:
    """The cameras named, none when none is; raises BadMessage for one that is not the incident's own."""
    named = frozenset(CameraId(one.strip()) for one in said.split(",") if one.strip())
    own = {pick.camera_id for pick, _ in look.list_picks(incident.id)}
    if not named <= own:
        foreign = ", ".join(sorted(named - own))[:200]
        raise BadMessage(
            Text(f"{foreign}: 이 상황의 카메라가 아닙니다.", f"{foreign}: not a camera of this incident."),
            type_code="4102",
            field=CAMERAS,
        )
    return named


def _said(text: Text) -> Outcome:
    return Outcome(OutcomeKind.UPDATED, text=text)
