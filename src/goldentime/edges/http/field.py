"""What a crew on the road asks and sends over HTTP: its brief, its taps however late, its place, a call for support."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.city.units.states import TABLE, Step
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import UnitId
from goldentime.core.place import LonLat
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.field import brief_json
from goldentime.flows.ask_support import ask_support
from goldentime.flows.brief_crew import brief_crew
from goldentime.flows.caller import Caller
from goldentime.flows.change_unit_state import change_unit_state
from goldentime.flows.dispatch import NO_UNIT, Dispatch
from goldentime.flows.ports import Reading
from goldentime.flows.position_sources import take_crew_position
from goldentime.flows.tracked import FATE_WORDS
from goldentime.messages.position import Position


class Tap(BaseModel):
    """One status button, and when it was pressed; what waited in a tunnel comes late and keeps its time."""

    model_config = ConfigDict(extra="forbid")
    step: Literal["depart", "arrive", "clear", "return", "take_back"]
    at: AwareDatetime


class Support(BaseModel):
    """A call for support; `request` is the page's own number for it, the same however often it is sent."""

    model_config = ConfigDict(extra="forbid")
    request: str = Field(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z-]+$")
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


def router(dispatch: Dispatch, gate: Gate) -> APIRouter:
    """The routes under /api/field; the caller's own unit only."""
    api = APIRouter(prefix="/api/field", tags=["field"])
    crew = Annotated[Caller, Depends(gate.requiring(Act.SERVE_UNIT))]

    @api.get("")
    async def brief(caller: crew) -> dict[str, Any]:
        return brief_json(await brief_crew(dispatch, caller), dispatch.world.city)

    @api.post("/steps")
    async def stepped(caller: crew, body: Tap) -> dict[str, Any]:
        await _step(dispatch, caller, Step(body.step), body.at)
        return brief_json(await brief_crew(dispatch, caller), dispatch.world.city)

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
        anew = await ask_support(dispatch, caller, request=body.request, words=body.words.strip(), at=body.at)
        return {"taken": True, "repeated": not anew}

    return api


async def _step(dispatch: Dispatch, caller: Caller, step: Step, at: datetime) -> None:
    """Take the step, unless it was taken already: a tap sent again after a lost answer is no fault."""
    unit_id = caller.account.unit
    if unit_id is None:
        raise NotFound(NO_UNIT)
    try:
        await change_unit_state(dispatch, caller, UnitId(unit_id), step, tapped_at=at)
    except Conflict:
        now = dispatch.world.clock.now()

        def is_there(look: Reading) -> bool:
            unit = look.find_unit(UnitId(unit_id))
            targets = {after for (_, one), (after, _) in TABLE.items() if one is step}
            return (
                unit is not None
                and unit.state in targets
                and unit.state_at is not None
                and unit.state_at >= min(at, now)
            )

        if not await dispatch.world.store.read(is_there):
            raise
