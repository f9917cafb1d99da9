"""How the control room answers an agency that asked to look, and that the answer goes over the agency's own wire."""

from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.video_control import Answered, VideoRequest
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.people.account import Act, must
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.incidents.number_incident import own_occurrence
from goldentime.flows.outgoing.outbox import Dispatchable, put_outgoing
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import grant_agency
from goldentime.flows.world import World
from goldentime.messages.news import News, Topic
from goldentime.messages.report import ReportState

_REFUSED = Text(
    "관제센터가 열람 요청을 승인하지 않았습니다.", "The control room has not approved your request to look."
)


async def answer_video_request(
    world: World, caller: Caller, incident_id: IncidentId, request_id: str, *, approved: bool
) -> VideoRequest:
    """Approve or refuse; raises NotFound, or Conflict for one answered already or of a closed incident."""
    must(caller.account.role, Act.HANDLE_INCIDENTS)

    def decide(tx: Change) -> VideoRequest:
        now, incident = world.clock.now(), get_incident(tx, incident_id)
        request = tx.find_video_request(request_id)
        if request is None or request.incident != incident.id:
            raise NotFound(Text("그런 열람 요청이 없습니다.", "There is no such request."))
        if request.state is not Answered.WAITING:
            raise Conflict(Text("이미 답한 열람 요청입니다.", "The request has been answered already."))
        if incident.state is State.CLOSED:
            raise Conflict(Text("종결된 상황은 공유할 수 없습니다.", "A closed incident cannot be shared."))
        state = Answered.APPROVED if approved else Answered.REFUSED
        request = replace(request, state=state, answered_at=now, by=caller.account.id)
        tx.put_video_request(request)
        kind = "VideoApproved" if approved else "VideoRefused"
        tx.record(Fact(kind, incident.id, now, {"agency": request.agency, "request": request.id, "by": request.by}))
        data = {"request": request.id}
        tx.audit(Entry(now, kind, caller.account.id, request.agency, incident.id, data=data))
        words = _REFUSED
        if approved:
            cameras = request.cameras or {pick.camera_id for pick, _ in tx.list_picks(incident.id)}
            grant_agency(world, tx, incident, request.agency, sorted(cameras), by_hand=True)
            count = len(cameras)
            words = Text(f"승인: CCTV {count}대 영상을 열었습니다.", f"Approved: video of {count} cameras is open.")
        _tell(world, tx, incident, request, words)
        return request

    return await world.store.change(decide)


def _tell(world: World, tx: Change, incident: Incident, request: VideoRequest, words: Text) -> None:
    """Put the answer on the agency's own wire; it says nothing of the incident that the agency did not say itself."""
    items = {
        "CTL_TYP": request.control,
        "CAM_ID": ",".join(sorted(request.cameras or ())),
        "RESULT": "Y" if request.state is Answered.APPROVED else "N",
    }
    now = world.clock.now()
    by_ours = request.occurrence == incident.number  # which is for people; a wire may insist on an occurrence number
    news = News(
        agency=request.agency,
        sender=request.sender,
        occurrence=own_occurrence(incident) if by_ours else request.occurrence,
        asked=request.occurrence if by_ours else "",
        kind="",
        incident_number=incident.number,
        state=ReportState.INTERMEDIATE,
        at=now,
        content=words,
        topic=Topic.VIDEO,
        drill=incident.drill,
        items=items,
    )
    message = put_outgoing(tx, world, Dispatchable(request.agency, incident, news))
    if message is not None:
        told = {"agency": request.agency, "topic": Topic.VIDEO, "id": message.id}
        tx.record(Fact("AgencyTold", incident.id, now, told))
