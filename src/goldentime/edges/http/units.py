"""What dispatchers and crews ask and do about units over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.city.units.states import Step, Who
from goldentime.city.units.unit import UnitState
from goldentime.core.ids import IncidentId, OrderId, UnitId
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.units import (
    AdviceRow,
    HandStep,
    SentRow,
    UnitRow,
    advice_row,
    order_row,
    unit_row,
)
from goldentime.flows.caller import Caller
from goldentime.flows.crews.ask_support import hear_support
from goldentime.flows.ports import Reading
from goldentime.flows.units.call_back_units import call_back, take_back_orders
from goldentime.flows.units.change_unit_state import change_unit_state, still_on_scene
from goldentime.flows.units.dispatch import Dispatch, find_standing, get_unit
from goldentime.flows.units.see_ways import see_ways
from goldentime.flows.units.send_units import send_units
from goldentime.flows.units.suggest_units import suggest_units


class NewOrder(BaseModel):
    """Which units shall go where, and what they are told beside the report."""

    model_config = ConfigDict(extra="forbid")
    incident_id: str
    units: list[str] = Field(min_length=1, max_length=40)
    words: str = Field(default="", max_length=1000)


class TakenBack(BaseModel):
    """Which of an incident's orders are taken back, all or none."""

    model_config = ConfigDict(extra="forbid")
    orders: list[str] = Field(min_length=1, max_length=40)


class NewState(BaseModel):
    """What a unit does now."""

    model_config = ConfigDict(extra="forbid")
    step: HandStep


class UnitList(BaseModel):
    """The units the caller may see."""

    items: list[UnitRow]


class WayRow(BaseModel):
    """A unit under way and its way from where it is to the scene."""

    unit: str
    state: UnitState
    line: list[tuple[float, float]] = Field(description="(lon, lat)")


class WayList(BaseModel):
    """The ways of the units that drive to an incident."""

    items: list[WayRow]


class SentList(BaseModel):
    """What was ordered: one order for each agency."""

    items: list[SentRow]


def router(dispatch: Dispatch, gate: Gate) -> APIRouter:
    """The routes under /api that concern units and their orders."""
    api = APIRouter(prefix="/api", tags=["units"])
    _add_reading(api, dispatch, gate)
    _add_orders(api, dispatch, gate)
    _add_states(api, dispatch, gate)
    return api


def _add_reading(api: APIRouter, dispatch: Dispatch, gate: Gate) -> None:
    dispatches = Annotated[Caller, Depends(gate.requiring(Act.DISPATCH))]
    store, clock = dispatch.world.store, dispatch.world.clock

    @api.get("/units")
    async def listed(caller: dispatches) -> UnitList:
        def ask(look: Reading) -> list[UnitRow]:
            now, only = clock.now(), caller.session.incident
            units = look.list_units(
                agency=caller.agency.id if caller.agency else None, incident=IncidentId(only) if only else None
            )
            where = dispatch.positions
            return [unit_row(look, unit, where, now, who=find_standing(unit, caller)) for unit in units]

        return UnitList(items=await store.read(ask))

    @api.get("/incidents/{incident_id}/units")
    async def advised(caller: dispatches, incident_id: str) -> AdviceRow:
        advice = await suggest_units(dispatch, caller, IncidentId(incident_id))
        who = Who.DISPATCHER if caller.session.incident is None else None
        return await store.read(lambda look: advice_row(look, advice, dispatch.positions, who=who))

    @api.get("/incidents/{incident_id}/ways")
    async def ways(caller: dispatches, incident_id: str) -> WayList:
        seen = await see_ways(dispatch, caller, IncidentId(incident_id))
        return WayList(items=[WayRow(unit=way.unit.id, state=way.unit.state, line=list(way.line)) for way in seen])


def _add_orders(api: APIRouter, dispatch: Dispatch, gate: Gate) -> None:
    dispatches = Annotated[Caller, Depends(gate.requiring(Act.DISPATCH))]
    page = _page(dispatch)

    @api.post("/orders", status_code=201)
    async def ordered(caller: dispatches, body: NewOrder) -> SentList:
        units = [UnitId(one) for one in body.units]
        sent = await send_units(dispatch, caller, IncidentId(body.incident_id), units, words=body.words)

        def ask(look: Reading) -> SentList:
            return SentList(items=[SentRow(order=order_row(look, one.order), on_wire=one.on_wire) for one in sent])

        return await dispatch.world.store.read(ask)

    @api.post("/incidents/{incident_id}/orders/take-back")
    async def taken_back(caller: dispatches, incident_id: str, body: TakenBack) -> UnitList:
        orders = [OrderId(one) for one in body.orders]
        units = await take_back_orders(dispatch, caller, IncidentId(incident_id), orders)
        return UnitList(items=[await page(caller, unit.id) for unit in units])

    @api.post("/units/{unit_id}/call-back")
    async def called_back(caller: dispatches, unit_id: str) -> UnitRow:
        await call_back(dispatch, caller, UnitId(unit_id))
        return await page(caller, unit_id)

    @api.post("/units/{unit_id}/support-heard")
    async def support_heard(caller: dispatches, unit_id: str) -> UnitRow:
        await hear_support(dispatch, caller, UnitId(unit_id))
        return await page(caller, unit_id)


def _add_states(api: APIRouter, dispatch: Dispatch, gate: Gate) -> None:
    reports = Annotated[Caller, Depends(gate.requiring(Act.REPORT_STATE))]
    page = _page(dispatch)

    @api.post("/units/{unit_id}/state")
    async def changed(caller: reports, unit_id: str, body: NewState) -> UnitRow:
        await change_unit_state(dispatch, caller, UnitId(unit_id), Step(body.step))
        return await page(caller, unit_id)

    @api.post("/units/{unit_id}/still-on-scene")
    async def stays(caller: reports, unit_id: str) -> UnitRow:
        await still_on_scene(dispatch, caller, UnitId(unit_id))
        return await page(caller, unit_id)


def _page(dispatch: Dispatch) -> Callable[[Caller, str], Awaitable[UnitRow]]:
    async def page(caller: Caller, unit_id: str) -> UnitRow:
        def ask(look: Reading) -> UnitRow:
            unit, who = get_unit(look, UnitId(unit_id), caller)
            return unit_row(look, unit, dispatch.positions, dispatch.world.clock.now(), who=who)

        return await dispatch.world.store.read(ask)

    return page
