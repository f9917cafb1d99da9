"""What a crew on the road asks and sends over HTTP: its brief, its taps however late, its place, a call for support."""

import asyncio
import base64
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.city.units.states import Step
from goldentime.city.units.taps import Tap
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import NotFound
from goldentime.core.ids import OrderId, ViewId
from goldentime.core.place import LonLat
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.packed import packed_json
from goldentime.edges.http.views import Pictures, view_json
from goldentime.edges.wire.field import brief_json
from goldentime.flows.caller import Caller
from goldentime.flows.crews.ask_support import SupportCall, ask_support
from goldentime.flows.crews.brief_crew import brief_crew
from goldentime.flows.crews.open_scene import open_scene
from goldentime.flows.positions.position_sources import take_crew_position
from goldentime.flows.positions.tracked import FATE_WORDS
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.dispatch import NO_UNIT, Dispatch
from goldentime.flows.units.order_bell import OrderBell
from goldentime.messages.position import Position


class Pressed(BaseModel):
    """One status button: when it was pressed, on which order and in which state (`from`); a tunnel makes it late."""

    model_config = ConfigDict(extra="forbid")
    order: str = Field(min_length=1, max_length=64)
    before: UnitState = Field(alias="from")
    step: Literal["depart", "arrive", "clear", "return", "take_back"]
    at: AwareDatetime


class Opening(BaseModel):
    """A page that opens or waits: how wide its first picture shall be, and how long an answer may be held back."""

    model_config = ConfigDict(extra="forbid")
    width: int = Field(default=320, ge=64, le=640)
    wait_s: float = Field(default=0, ge=0, le=10, allow_inf_nan=False)


class Support(BaseModel):
    """A call for support on one order; `request` is the page's own number for it, the same however often it is sent."""

    model_config = ConfigDict(extra="forbid")
    request: str = Field(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z-]+$")
    order: str = Field(min_length=1, max_length=64)
    at: AwareDatetime
    words: str = Field(default="", max_length=500)


class OwnPlace(BaseModel):
    """Where the crew's device is; degrees of WGS84, km/h, metres."""

    model_config = ConfigDict(extra="forbid")
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    at: AwareDatetime
    speed_kmh: float | None = Field(default=None, ge=0, le=400)
    heading: float | None = Field(default=None, ge=0, le=360)
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)


def router(dispatch: Dispatch, gate: Gate, pictures: Pictures, bell: OrderBell) -> APIRouter:
    """The routes under /api/field; the caller's own unit only."""
    api = APIRouter(prefix="/api/field", tags=["field"])
    crew = Annotated[Caller, Depends(gate.requiring(Act.SERVE_UNIT))]
    _add_briefs(api, dispatch, gate, pictures, bell)

    @api.post("/steps")
    async def stepped(request: Request, caller: crew, body: Pressed) -> Response:
        if caller.account.unit is None:
            raise NotFound(NO_UNIT)
        tap = Tap(body.at, OrderId(body.order), body.before)
        await change_unit_state(dispatch, caller, caller.account.unit, Step(body.step), tap=tap)
        return await _brief(request, dispatch, caller)

    @api.post("/position")
    async def seen(caller: crew, body: OwnPlace) -> dict[str, Any]:
        unit = caller.account.unit
        if unit is None:
            raise NotFound(NO_UNIT)
        told = Position(
            str(unit), None, LonLat(body.lon, body.lat), body.at, body.speed_kmh, body.heading, body.accuracy_m
        )
        fate = await take_crew_position(dispatch.world, caller, unit, told)
        return {"fate": fate.value, "text": FATE_WORDS[fate].to_dict()}

    @api.post("/support", status_code=201)
    async def asked(caller: crew, body: Support) -> dict[str, Any]:
        call = SupportCall(body.request, OrderId(body.order), body.at, body.words.strip())
        anew = await ask_support(dispatch, caller, call)
        return {"taken": True, "repeated": not anew}

    return api


def _add_briefs(api: APIRouter, dispatch: Dispatch, gate: Gate, pictures: Pictures, bell: OrderBell) -> None:
    crew = Annotated[Caller, Depends(gate.requiring(Act.SERVE_UNIT))]

    @api.get("")
    async def brief(request: Request, caller: crew) -> Response:
        return await _brief(request, dispatch, caller)

    @api.post("/opening")
    async def opened(request: Request, caller: crew, body: Opening) -> Response:
        async def still(view: ViewId) -> bytes:
            return await pictures.snapshot(view, width=body.width)

        scene = await open_scene(dispatch, caller, bell, still, wait=body.wait_s)
        drawn = await asyncio.to_thread(brief_json, scene.brief, dispatch.world.city)
        told: dict[str, Any] = {"brief": drawn, "picture": None}
        if scene.picture is not None:
            first = scene.picture
            told["picture"] = {
                "camera_id": first.camera,
                "view": view_json(first.opened, caller, media_port=pictures.port),
                "still": base64.b64encode(first.still).decode() if first.still else None,
            }
        return await asyncio.to_thread(packed_json, request, told)


async def _brief(request: Request, dispatch: Dispatch, caller: Caller) -> Response:
    """The brief as of now; its way is drawn and packed beside the loop."""
    found = await brief_crew(dispatch, caller)
    return await asyncio.to_thread(lambda: packed_json(request, brief_json(found, dispatch.world.city)))
