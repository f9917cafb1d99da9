"""How a browser opens, keeps and leaves a view, and fetches stills and HLS: each request checked against the grant."""

from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.core.errors import Invalid
from goldentime.core.ids import CameraId, IncidentId, ViewId
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.watching.note_seen import note_first_frame
from goldentime.flows.watching.own_view import get_own_view, leave_view
from goldentime.flows.watching.watch_camera import OpenedView, watch_camera
from goldentime.flows.world import World

IncidentKey = Annotated[str, Field(max_length=64, pattern=r"^[0-9A-Za-z._-]*$")]
CameraKey = Annotated[str, Field(max_length=80, pattern=r"^[0-9A-Za-z가-힣._-]*$")]  # a site's 64 and the number
StillWidth = Annotated[int, Query(ge=0, le=3840)]  # pixels; 0 is all the camera has
NEVER_KEPT = {"Cache-Control": "no-store"}
_CONTRADICTS = Text(
    "열람 목적이 맞지 않습니다. 상황 열람에는 상황번호가 있어야 하고, 근무 열람에는 없어야 합니다.",
    "The purpose does not fit: a look at an incident names it, a look on duty names none.",
)


class Pictures(Protocol):
    """What the video engine serves beside the live socket."""

    @property
    def port(self) -> int: ...

    async def snapshot(self, view_id: ViewId, *, width: int = 0) -> bytes: ...

    async def shrink(self, still: bytes, *, width: int) -> bytes: ...

    async def hls_playlist(self, view_id: ViewId) -> str: ...

    async def hls_segment(self, view_id: ViewId, name: str) -> bytes: ...


class Watch(BaseModel):
    """Which camera, within which incident; without one the look is on duty, and a `purpose` that is said must agree."""

    model_config = ConfigDict(extra="forbid")
    camera_id: CameraKey
    incident_id: IncidentKey | None = None
    purpose: Literal["incident", "duty"] | None = None
    quality: Literal["full", "low"] = "full"  # low: its small stream, where it has one


def view_json(done: OpenedView, caller: Caller, *, media_port: int) -> dict[str, Any]:
    """An opened view as its page needs it."""
    agency = f"{caller.agency.name.in_language(caller.account.language)} " if caller.agency else ""
    return {
        "view_id": done.view.id,
        "ticket": done.ticket,
        "media_port": media_port,
        "path": "/live",
        "expires_at": moment(done.view.expires_at),
        "watermark": f"{agency}{caller.person}",
        "hls": f"/api/views/{done.view.id}/hls/index.m3u8",
        "still": f"/api/views/{done.view.id}/still.jpg",
        "note": done.note.to_dict() if done.note else None,
        "has_low": done.has_low,
        "quality": "low" if done.low else "full",
    }


def router(world: World, gate: Gate, pictures: Pictures) -> APIRouter:
    """The routes under /api/views."""
    api = APIRouter(prefix="/api/views", tags=["views"])
    watches = Annotated[Caller, Depends(gate.requiring(Act.WATCH))]

    @api.post("", status_code=201)
    async def opened(caller: watches, body: Watch) -> dict[str, Any]:
        incident = IncidentId(body.incident_id) if body.incident_id else None
        if body.purpose is not None and (body.purpose == "incident") != (incident is not None):
            raise Invalid(_CONTRADICTS, field="purpose")
        low = body.quality == "low"
        done = await watch_camera(world, caller, CameraId(body.camera_id), incident, low=low)
        return view_json(done, caller, media_port=pictures.port)

    @api.delete("/{view_id}", status_code=204)
    async def left(caller: watches, view_id: str) -> None:
        await leave_view(world, caller, ViewId(view_id))

    @api.post("/{view_id}/seen", status_code=204)
    async def seen(caller: watches, view_id: str) -> None:
        await note_first_frame(world, caller, ViewId(view_id))

    @api.get("/{view_id}/still.jpg")
    async def still(caller: watches, view_id: str, width: StillWidth = 0) -> Response:
        view = await get_own_view(world, caller, ViewId(view_id))
        picture = await pictures.snapshot(view.id, width=width)
        return Response(picture, media_type="image/jpeg", headers=NEVER_KEPT)

    @api.get("/{view_id}/hls/index.m3u8")
    async def playlist(caller: watches, view_id: str) -> Response:
        view = await get_own_view(world, caller, ViewId(view_id))
        text = await pictures.hls_playlist(view.id)
        return Response(text, media_type="application/vnd.apple.mpegurl", headers=NEVER_KEPT)

    @api.get("/{view_id}/hls/{name}")
    async def segment(caller: watches, view_id: str, name: str) -> Response:
        view = await get_own_view(world, caller, ViewId(view_id))
        return Response(await pictures.hls_segment(view.id, name), media_type="video/mp4", headers=NEVER_KEPT)

    return api
