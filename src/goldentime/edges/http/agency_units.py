"""What an agency's own system asks of its units and tells of them: who is ordered where, and how far its crews are."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.units.states import Step
from goldentime.city.units.unit import BUSY, Unit
from goldentime.core.errors import Refused, Unauthenticated
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.ports import Reading
from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.units.change_unit_state import agency_says
from goldentime.flows.units.dispatch import Dispatch
from goldentime.messages.exchange import Sender

KEY, SECRET = "x-goldentime-key", "x-scsns-secret"


class Told(BaseModel):
    """A step the agency's system tells of one of its units: on which order (id or number) and when it was."""

    model_config = ConfigDict(extra="forbid")
    order: str = Field(min_length=1, max_length=64)
    at: AwareDatetime
    step: Literal["depart", "arrive", "clear", "return"]


def router(dispatch: Dispatch, find_sender: Callable[[str], Awaitable[Sender | None]]) -> APIRouter:
    """`GET /api/agency/units` and `POST /api/agency/units/{unit_id}/state`, with the agency's key."""
    api = APIRouter(prefix="/api/agency", tags=["units"])
    store, clock, positions = dispatch.world.store, dispatch.world.clock, dispatch.world.positions

    async def agency_behind(request: Request) -> AgencyId:
        secret = request.headers.get(KEY) or request.headers.get(SECRET) or ""
        sender = await find_sender(secret) if secret else None
        if sender is None:
            raise Unauthenticated(Text("기관 인증키가 맞지 않습니다.", "The agency's key is not valid."))
        if sender.sandbox:
            raise Refused(Text("시험용 인증키입니다.", "This is a sandbox key."), code="sandbox_key")
        return sender.agency

    agency = Annotated[AgencyId, Depends(agency_behind)]

    @api.get("/units")
    async def listed(whose: agency) -> dict[str, Any]:
        now = clock.now()

        def ask(look: Reading) -> list[dict[str, Any]]:
            units = look.list_units(agency=whose)
            return [_row(unit, _scene(look, unit, now), positions.latest(unit.id)) for unit in units]

        return {"items": await store.read(ask)}

    @api.post("/units/{unit_id}/state")
    async def told(whose: agency, unit_id: str, body: Told) -> dict[str, Any]:
        unit = await agency_says(dispatch, whose, unit_id, Step(body.step), order=body.order, at=body.at)
        return {"id": unit.id, "state": unit.state.value}

    return api


def _scene(look: Reading, unit: Unit, now: datetime) -> dict[str, Any] | None:
    """Where it is ordered to, as long as its agency may read the incident."""
    incident = look.find_incident(unit.incident) if unit.incident and unit.state in BUSY else None
    if incident is None:
        return None
    if standing_of(look.list_grants(incident=incident.id), unit.agency, now) is not Standing.IN_FORCE:
        return None
    place = incident.place
    where = None if place is None else {"lon": place.lon, "lat": place.lat}
    return {"incident_id": incident.id, "number": incident.number, "place": where}


def _row(unit: Unit, scene: dict[str, Any] | None, seen: Tracked | None) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "call_sign": unit.call_sign,
        "kind": unit.kind.value,
        "state": unit.state.value,
        "station": {"lon": unit.station.lon, "lat": unit.station.lat},
        "width_m": unit.width_m,
        "order": unit.order,
        "scene": scene,
        "place": {"lon": seen.place.lon, "lat": seen.place.lat, "at": seen.at.isoformat()} if seen else None,
    }
