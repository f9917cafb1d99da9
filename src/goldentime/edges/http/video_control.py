"""The routes by which people answer an agency's request to look, and free a camera that was locked."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.core.ids import CameraId, IncidentId
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.watching.answer_video_request import answer_video_request
from goldentime.flows.watching.camera_locks import unlock_camera
from goldentime.flows.world import World

Json = dict[str, str]


class Unlock(BaseModel):
    """Why the lock ends."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=400)


def router(world: World, gate: Gate) -> APIRouter:
    """The routes under /api."""
    api = APIRouter(prefix="/api", tags=["incidents"])
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    unlocks = Annotated[Caller, Depends(gate.requiring(Act.UNLOCK))]

    @api.post("/incidents/{incident_id}/video-requests/{request_id}/{answer}")
    async def answered(
        caller: handles, incident_id: str, request_id: str, answer: Literal["approve", "refuse"]
    ) -> Json:
        approved = answer == "approve"
        request = await answer_video_request(world, caller, IncidentId(incident_id), request_id, approved=approved)
        return {"id": request.id, "state": request.state.value}

    @api.post("/cameras/{camera_id}/unlock")
    async def unlocked(caller: unlocks, camera_id: str, body: Unlock) -> Json:
        lock = await unlock_camera(world, caller, CameraId(camera_id), reason=body.reason)
        return {"camera_id": lock.camera}

    return api
