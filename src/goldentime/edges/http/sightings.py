"""How a sighting is told, and its still fetched, over HTTP."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.core.errors import GoldentimeError, Unauthenticated
from goldentime.core.ids import AgencyId, IncidentId, ViewId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.views import NEVER_KEPT, Pictures, StillWidth
from goldentime.flows.caller import Caller
from goldentime.flows.watching.note_sighting import Sighted, Where, note_sighting
from goldentime.flows.watching.own_view import get_own_view
from goldentime.flows.watching.read_sighting import read_still, read_still_for_agency
from goldentime.flows.world import World
from goldentime.messages.exchange import Sender

SENT_WIDTH = 1280  # pixels: enough for a plate, small enough for a car's link
SECRET, KEY = "x-scsns-secret", "x-goldentime-key"


class Point(BaseModel):
    """Where on the map it was seen, and its address when the operator knows one."""

    model_config = ConfigDict(extra="forbid")
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    words: str = Field(default="", max_length=200)


class Seen(BaseModel):
    """What was seen through one of the operator's own open views; without `place` it is told at the incident's own."""

    model_config = ConfigDict(extra="forbid")
    incident_id: str = Field(max_length=64)
    view_id: str = Field(max_length=64)
    words: str = Field(min_length=1, max_length=1000)
    plate: str = Field(default="", max_length=20)
    direction: str = Field(default="", max_length=40)
    place: Point | None = None
    agency_ids: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(default=[], max_length=20)
    crews: bool = True


def router(
    world: World,
    gate: Gate,
    pictures: Pictures,
    find_sender: Callable[[str], Awaitable[Sender | None]],
    *,
    address: str,
) -> APIRouter:
    """The routes about sightings; an agency's system fetches the still at `address` with its own key or session."""
    api = APIRouter(prefix="/api", tags=["incidents"])
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    watches = Annotated[Caller, Depends(gate.requiring(Act.WATCH))]

    @api.post("/sightings", status_code=201)
    async def noted(caller: handles, body: Seen) -> dict[str, Any]:
        view = await get_own_view(world, caller, ViewId(body.view_id))
        still = await pictures.snapshot(view.id, width=SENT_WIDTH)
        incident = IncidentId(body.incident_id)
        to = tuple(AgencyId(one) for one in dict.fromkeys(body.agency_ids))
        path = f"/api/agency/incidents/{incident}/sightings/{{position}}.jpg"
        at = address + path if address else ""  # never where the browser says that we are
        words = (body.words.strip(), body.plate.strip(), body.direction.strip())
        where = Where(LonLat(body.place.lon, body.place.lat), body.place.words.strip()) if body.place else None
        seen = Sighted(view.id, *words, still, to, body.crews, where, address=at)
        position = await note_sighting(world, caller, incident, seen)
        return {"position": position, "told": bool(to), "picture": bool(to and at)}

    @api.get("/incidents/{incident_id}/sightings/{position}.jpg")
    async def still_of(caller: watches, incident_id: str, position: int, width: StillWidth = 0) -> Response:
        picture = await read_still(world, caller, IncidentId(incident_id), position)
        if 0 < width < SENT_WIDTH:
            with suppress(GoldentimeError):  # the whole one is late on a poor link, but it is there
                picture = await pictures.shrink(picture, width=width)
        return Response(picture, media_type="image/jpeg", headers=NEVER_KEPT)

    @api.get("/agency/incidents/{incident_id}/sightings/{position}.jpg")
    async def still_for(request: Request, incident_id: str, position: int) -> Response:
        sender = await find_sender(request.headers.get(SECRET) or request.headers.get(KEY) or "")
        if sender is None or sender.sandbox:
            raise Unauthenticated(Text("기관 인증키가 맞지 않습니다.", "The agency's key is not valid."))
        picture = await read_still_for_agency(world, sender.agency, IncidentId(incident_id), position)
        return Response(picture, media_type="image/jpeg", headers=NEVER_KEPT)

    return api
