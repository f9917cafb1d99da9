"""How looks that agencies ask for, and locked cameras, read as JSON for the control room."""

from typing import Any

from goldentime.city.grants.video_control import Answered
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.ports import Reading

Json = dict[str, Any]


def video_control_of(look: Reading, incident: IncidentId) -> dict[str, list[Json]]:
    """`video_requests` that wait for an answer, the oldest first, and `camera_locks`."""
    own = len(look.list_picks(incident))
    return {
        "video_requests": [
            {
                "id": request.id,
                "agency": _agency(look, request.agency),
                "control": request.control,
                "cameras": own if request.cameras is None else len(request.cameras),
                "at": request.asked_at.isoformat(),
            }
            for request in look.list_video_requests(incident)
            if request.state is Answered.WAITING
        ],
        "camera_locks": [
            {"camera_id": lock.camera, "agency": _agency(look, lock.agency), "at": lock.locked_at.isoformat()}
            for lock in look.list_camera_locks(incident)
        ],
    }


def _agency(look: Reading, agency: AgencyId) -> Json:
    found = look.find_agency(agency)
    return {"id": agency, "name": found.name.to_dict() if found else {"ko": agency, "en": agency}}
