"""What dispatchers see and say about signal priority over HTTP."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from goldentime.city.people.account import Act
from goldentime.city.signals.junction import Junction
from goldentime.city.signals.off import EVERYONE
from goldentime.city.signals.request import REASON_WORDS, STATE_WORDS, Request
from goldentime.core.ids import IncidentId, UnitId
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.see_incidents import must_read
from goldentime.flows.ports import Reading
from goldentime.flows.signals.clearing import ClearTheWay, TurnedOff
from goldentime.flows.signals.turn_priority_off import turn_all_off, turn_all_on, turn_priority_off, turn_priority_on
from goldentime.flows.world import World


class Words(BaseModel):
    """In both languages."""

    ko: str
    en: str


class JunctionRow(BaseModel):
    """A signalised junction that the centre steers."""

    id: str
    name: str
    lon: float
    lat: float


class RequestRow(BaseModel):
    """One green asked for, or planned to be."""

    id: str
    unit: str
    call_sign: str
    incident_id: str
    junction_id: str
    junction: JunctionRow | None
    state: str
    state_text: Words
    reason_text: Words | None
    arrives_at: str | None
    green_at: str | None
    ended_at: str | None


class AllOff(BaseModel):
    """That the control room has turned it off for everyone: since when, and by whom where that may be told."""

    since: str | None
    by: str | None


class SignalsNow(BaseModel):
    """Whether there is a centre, what it steers, what is asked of it, and for which units it was turned off.

    `off_by_control_room` are those of `off` that are known to be the control room's doing.
    """

    configured: bool
    up: bool
    junctions: list[JunctionRow]
    requests: list[RequestRow]
    off: list[str]
    off_by_control_room: list[str] = []
    all_off: AllOff | None = None
    may_switch_all: bool = False


class RequestList(BaseModel):
    """An incident's greens, newest first."""

    items: list[RequestRow]


class Switch(BaseModel):
    """Whether a unit's greens are asked for."""

    model_config = ConfigDict(extra="forbid")
    on: bool


def router(world: World, clearing: ClearTheWay | None, gate: Gate) -> APIRouter:
    """The routes under /api that concern signals; without a centre they say so."""
    api = APIRouter(prefix="/api", tags=["signals"])
    dispatches = Annotated[Caller, Depends(gate.requiring(Act.DISPATCH))]

    @api.get("/signals")
    async def now(caller: dispatches) -> SignalsNow:
        if clearing is None:
            return SignalsNow(configured=False, up=False, junctions=[], requests=[], off=[])
        known = Known(tuple(clearing.book.values()), frozenset(clearing.off), dict(clearing.turned_off))
        return await world.store.read(lambda look: _now(look, clearing, known, caller))

    @api.get("/incidents/{incident_id}/signals")
    async def of_incident(caller: dispatches, incident_id: str) -> RequestList:
        def ask(look: Reading) -> list[RequestRow]:
            incident = IncidentId(incident_id)
            must_read(look, incident, caller, world.clock.now())
            return _rows(look, look.list_signal_requests(incident), clearing, caller)

        return RequestList(items=await world.store.read(ask))

    if clearing is not None:

        @api.post("/units/{unit_id}/signal-priority")
        async def switched(caller: dispatches, unit_id: str, body: Switch) -> Switch:
            await (turn_priority_on if body.on else turn_priority_off)(clearing, caller, UnitId(unit_id))
            return body

        @api.post("/signal-priority")
        async def all_switched(caller: dispatches, body: Switch) -> Switch:
            await (turn_all_on if body.on else turn_all_off)(clearing, caller)
            return body

    return api


class Known(NamedTuple):
    """What the loop knows at one moment, for a read that may be in a thread."""

    requests: tuple[Request, ...]
    off: frozenset[str]
    turned_off: dict[str, TurnedOff]


def _now(look: Reading, clearing: ClearTheWay, at: Known, caller: Caller) -> SignalsNow:
    """What the caller may know: everything for the control room, what concerns its own units for an agency."""
    live = sorted((one for one in at.requests if not one.is_over), key=lambda one: (one.unit, one.arrives_at))
    off = [unit for unit in sorted(at.off) if unit and _is_theirs(look, unit, caller)]
    known, is_control_room = at.turned_off, caller.agency is None
    everyone = known.get(EVERYONE)
    all_off = AllOff(
        since=moment(everyone.since) if everyone else None,
        by=everyone.by or None if everyone and is_control_room else None,
    )
    return SignalsNow(
        configured=True,
        up=clearing.centre.is_up,
        junctions=[_junction(one) for one in clearing.centre.junctions] if is_control_room else [],
        requests=_rows(look, live, clearing, caller),
        off=off,
        off_by_control_room=[unit for unit in off if unit in known and known[unit].by_control_room],
        all_off=all_off if EVERYONE in at.off else None,
        may_switch_all=is_control_room,
    )


def _is_theirs(look: Reading, unit_id: str, caller: Caller) -> bool:
    unit, only = look.find_unit(UnitId(unit_id)), caller.session.incident
    if unit is None or (caller.agency is not None and unit.agency != caller.agency.id):
        return False
    return only is None or unit.incident == only


def _rows(look: Reading, requests: Sequence[Request], clearing: ClearTheWay | None, caller: Caller) -> list[RequestRow]:
    """Those of units the caller may see: all for the control room, an agency's own for the agency."""
    rows, only = [], caller.session.incident
    for one in requests:
        unit = look.find_unit(UnitId(one.unit))
        if unit is None or (caller.agency is not None and unit.agency != caller.agency.id):
            continue
        if only is not None and one.incident != only:
            continue
        junction = clearing.names.get(one.junction) if clearing else None
        rows.append(_row(one, unit.call_sign, junction))
    return rows


def _row(one: Request, call_sign: str, junction: Junction | None) -> RequestRow:
    reason = REASON_WORDS[one.reason] if one.reason else None
    return RequestRow(
        id=one.id,
        unit=one.unit,
        call_sign=call_sign,
        incident_id=one.incident,
        junction_id=one.junction,
        junction=_junction(junction) if junction else None,
        state=one.state.value,
        state_text=Words(**STATE_WORDS[one.state].to_dict()),
        reason_text=Words(**reason.to_dict()) if reason else None,
        arrives_at=moment(one.arrives_at),
        green_at=moment(one.green_at),
        ended_at=moment(one.ended_at),
    )


def _junction(one: Junction) -> JunctionRow:
    return JunctionRow(id=one.id, name=one.name, lon=one.place.lon, lat=one.place.lat)
