"""What the console and the agencies' viewers ask and do about incidents over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.grants.policy import Standing
from goldentime.city.incidents.incident import Disposition, Incident, Service, Severity, State
from goldentime.city.incidents.sight import Wanted
from goldentime.city.people.account import Act
from goldentime.core.clock import KST
from goldentime.core.ids import AgencyId, CameraId, GrantId, IncidentId, ViewId
from goldentime.core.place import LonLat
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import detail, ended_row, moment, row_for
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.handle_incident import step_incident
from goldentime.flows.incidents.keep_note import add_note, note_action
from goldentime.flows.incidents.open_by_hand import ByHand, open_by_hand
from goldentime.flows.incidents.see_incidents import get_seen, must_read, sight_of
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.ports import Reading
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.revoke_grant import extend_grant, revoke_grant
from goldentime.flows.world import World

Json = dict[str, Any]
CLOSED_MEASURED = 1000  # of today's closed ones, the newest, from which the waiting is told


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Point(_Body):
    """A WGS84 point."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class OpenByHand(Point):
    """What an operator types to open an incident."""

    title: str = Field(max_length=200)
    service: Service = Service.MANUAL
    severity: Severity = Severity.WARNING
    content: str = Field(default="", max_length=4000)
    place_words: str = Field(default="", max_length=200)
    from_view_id: str | None = None
    camera_id: str | None = None


class Note(_Body):
    """Words to keep with an incident; `action` tells them to its agencies as what was done (조치사항)."""

    text: str = Field(min_length=1, max_length=4000)
    action: bool = False


class Close(_Body):
    """How an incident ends."""

    disposition: Literal["handled", "false_alarm", "duplicate", "handed_over", "drill"]
    note: str = Field(default="", max_length=4000)


class Share(_Body):
    """Whom to share with."""

    agency_id: str


class Reason(_Body):
    """Why a grant is taken back."""

    reason: str = Field(default="", max_length=400)


class Minutes(_Body):
    """How much longer a grant lasts."""

    minutes: int = Field(ge=1, le=240)


def router(world: World, gate: Gate) -> APIRouter:
    """The routes under /api that concern incidents and their grants."""
    api = APIRouter(prefix="/api", tags=["incidents"])
    _add_reading(api, world, gate)
    _add_handling(api, world, gate)
    _add_steps(api, world, gate)
    _add_grants(api, world, gate)
    return api


def _add_reading(api: APIRouter, world: World, gate: Gate) -> None:
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    page = _page(world)

    @api.get("/incidents")
    async def listed(
        caller: sees, state: Literal["open", "closed"] = "open", limit: Annotated[int, Query(ge=1, le=500)] = 200
    ) -> Json:
        return await world.store.read(lambda look: _list(world, look, caller, state=state, limit=limit))

    @api.get("/incidents/{incident_id}")
    async def one(caller: sees, incident_id: str) -> Json:
        return await page(caller, IncidentId(incident_id))

    @api.get("/agencies")
    async def agencies(_caller: Annotated[Caller, Depends(gate.caller)]) -> Json:
        found = await world.store.read(lambda look: look.list_agencies())
        named = [agency for agency in found if agency.named]
        return {"items": [{"id": a.id, "name": a.name.to_dict(), "hears": a.id in world.wires} for a in named]}


def _add_handling(api: APIRouter, world: World, gate: Gate) -> None:
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    page = _page(world)

    @api.post("/incidents", status_code=201)
    async def opened(caller: handles, body: OpenByHand) -> Json:
        asked = ByHand(
            title=body.title,
            service=body.service,
            severity=body.severity,
            place=LonLat(body.lon, body.lat),
            content=body.content,
            place_words=body.place_words,
            camera=CameraId(body.camera_id) if body.camera_id else None,
            view=ViewId(body.from_view_id) if body.from_view_id else None,
        )
        incident = await open_by_hand(world, caller, asked)
        return await page(caller, incident.id)

    @api.post("/incidents/{incident_id}/confirm-place")
    async def confirm(caller: handles, incident_id: str, body: Point) -> Json:
        await confirm_place(world, caller, IncidentId(incident_id), LonLat(body.lon, body.lat))
        return await page(caller, IncidentId(incident_id))

    @api.post("/incidents/{incident_id}/note")
    async def note(caller: handles, incident_id: str, body: Note) -> Json:
        keep = note_action if body.action else add_note
        await keep(world, caller, IncidentId(incident_id), body.text)
        return await page(caller, IncidentId(incident_id))


def _add_steps(api: APIRouter, world: World, gate: Gate) -> None:
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    page = _page(world)

    @api.post("/incidents/{incident_id}/widen")
    async def widen(caller: sees, incident_id: str) -> Json:
        await world.store.read(lambda look: must_read(look, IncidentId(incident_id), caller, world.clock.now()))
        await widen_ring(world, caller, IncidentId(incident_id))
        return await page(caller, IncidentId(incident_id))

    @api.post("/incidents/{incident_id}/close")
    async def close(caller: handles, incident_id: str, body: Close) -> Json:
        disposition = Disposition(body.disposition)
        await close_incident(world, caller, IncidentId(incident_id), disposition=disposition, note=body.note)
        return await page(caller, IncidentId(incident_id))

    @api.post("/incidents/{incident_id}/share")
    async def share(caller: handles, incident_id: str, body: Share) -> Json:
        await share_incident(world, caller, IncidentId(incident_id), AgencyId(body.agency_id))
        return await page(caller, IncidentId(incident_id))

    @api.post("/incidents/{incident_id}/{step}")
    async def step(caller: handles, incident_id: str, step: Literal["acknowledge", "take", "release"]) -> Json:
        await step_incident(world, caller, IncidentId(incident_id), step)
        return await page(caller, IncidentId(incident_id))


def _add_grants(api: APIRouter, world: World, gate: Gate) -> None:
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    revokes = Annotated[Caller, Depends(gate.requiring(Act.REVOKE))]

    @api.post("/grants/{grant_id}/revoke")
    async def revoke(caller: revokes, grant_id: str, body: Reason) -> Json:
        grant = await revoke_grant(world, caller, GrantId(grant_id), reason=body.reason)
        return {"id": grant.id, "ended_at": moment(grant.ended_at)}

    @api.post("/grants/{grant_id}/extend")
    async def extend(caller: handles, grant_id: str, body: Minutes) -> Json:
        grant = await extend_grant(world, caller, GrantId(grant_id), body.minutes)
        return {"id": grant.id, "expires_at": moment(grant.expires_at)}


def _page(world: World) -> Callable[[Caller, IncidentId], Awaitable[Json]]:
    async def page(caller: Caller, incident_id: IncidentId) -> Json:
        def ask(look: Reading) -> Json:
            now = world.clock.now()
            incident, standing = get_seen(look, incident_id, caller, now)
            if standing is Standing.ENDED and caller.agency is not None:
                return ended_row(look, incident, agency=caller.agency.id, now=now)
            return detail(look, incident, city=world.city, caller=caller, now=now)

        return await world.store.read(ask)

    return page


def _list(world: World, look: Reading, caller: Caller, *, state: str, limit: int) -> Json:
    now, agency = world.clock.now(), caller.agency.id if caller.agency else None
    sight = sight_of(caller)  # what is over is listed, in the few words left of it
    wanted = Wanted(sight if state == "closed" else sight_of(caller, in_force_at=now), State(state))
    seen, count = look.list_seen(wanted, limit=limit), look.count_seen(wanted)
    midnight = now.astimezone(KST).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Wanted(sight, State.CLOSED, midnight)
    closed = look.list_seen(today, limit=CLOSED_MEASURED)
    return {
        "items": [row_for(look, incident, agency=agency, now=now) for incident in seen],
        "more": count > len(seen),
        "checked_at": moment(now),
        "open": count if state == "open" else None,
        "closed_today": look.count_seen(today),
        "ack_median_s": _median_acknowledged([*seen, *closed], now - timedelta(days=1)) if agency is None else None,
    }


def _median_acknowledged(incidents: list[Incident], since: Any) -> float | None:
    waits = sorted(
        (i.acknowledged_at - i.opened_at).total_seconds()
        for i in incidents
        if i.acknowledged_at is not None and i.opened_at >= since
    )
    return round(waits[len(waits) // 2], 1) if waits else None
