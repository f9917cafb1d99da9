"""How an administrator manages people's accounts over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.cameras.inventory import Purpose
from goldentime.city.people.account import Account, Act, Role
from goldentime.city.units.unit import Unit
from goldentime.core.ids import AccountId, AgencyId, UnitId
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.names_to_show import names_of
from goldentime.flows.people.manage_accounts import Accounts, IssuedPassword
from goldentime.flows.people.new_account import NewAccount

Json = dict[str, Any]


class NewPerson(BaseModel):
    """Who shall have an account."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    display_name: str = Field(default="", max_length=100)  # the sign-in name when left out
    role: Role
    agency_id: str | None = None
    language: Literal["ko", "en"] = "ko"
    camera_purposes: list[Purpose] | None = None  # an operator's cameras on duty; all of them when left out
    unit_id: str | None = None  # for a crew, and for no other role


class CrewOf(BaseModel):
    """The unit a crew's account signs in for."""

    model_config = ConfigDict(extra="forbid")
    unit_id: str


class DutyCameras(BaseModel):
    """An operator's cameras on duty, by what they were put up for; None for all."""

    model_config = ConfigDict(extra="forbid")
    camera_purposes: list[Purpose] | None


def router(accounts: Accounts, gate: Gate) -> APIRouter:
    """The routes under /api/accounts; one-time passwords are in an answer once and never again."""
    api = APIRouter(prefix="/api/accounts", tags=["accounts"])
    administers = Annotated[Caller, Depends(gate.requiring(Act.ADMINISTER))]

    @api.get("")
    async def listed(caller: administers) -> Json:
        names = await accounts.store.read(names_of)
        return {"items": [_drawn(account, names) for account in await accounts.listed(caller)]}

    @api.post("", status_code=201)
    async def created(response: Response, caller: administers, body: NewPerson) -> Json:
        agency = AgencyId(body.agency_id) if body.agency_id else None
        wanted = NewAccount(
            body.name,
            body.display_name.strip() or body.name,
            body.role,
            agency,
            body.language,
            _set_of(body.camera_purposes),
            UnitId(body.unit_id) if body.unit_id else None,
        )
        return _shown_once(response, await accounts.create(caller, wanted))

    @api.post("/{account_id}/reset-password")
    async def reset(response: Response, caller: administers, account_id: str) -> Json:
        issued = await accounts.reset_password(caller, AccountId(account_id))
        gate.forget_person(issued.account.id)
        return _shown_once(response, issued)

    @api.post("/{account_id}/duty-cameras")
    async def duty_cameras(caller: administers, account_id: str, body: DutyCameras) -> Json:
        account = await accounts.set_duty_cameras(caller, AccountId(account_id), _set_of(body.camera_purposes))
        gate.forget_person(account.id)
        return _drawn(account)

    @api.get("/units")
    async def units(caller: administers) -> Json:
        return {"items": [_unit(unit) for unit in await accounts.units(caller)]}

    @api.post("/{account_id}/unit")
    async def moved(caller: administers, account_id: str, body: CrewOf) -> Json:
        account = await accounts.set_unit(caller, AccountId(account_id), UnitId(body.unit_id))
        gate.forget_person(account.id)
        return _drawn(account)

    @api.post("/{account_id}/disable")
    async def disabled(caller: administers, account_id: str) -> Json:
        account = await accounts.disable(caller, AccountId(account_id))
        gate.forget_person(account.id)
        return _drawn(account)

    @api.post("/{account_id}/enable")
    async def enabled(caller: administers, account_id: str) -> Json:
        return _drawn(await accounts.enable(caller, AccountId(account_id)))

    return api


def _set_of(purposes: list[Purpose] | None) -> frozenset[Purpose] | None:
    return None if purposes is None else frozenset(purposes)


def _shown_once(response: Response, issued: IssuedPassword) -> Json:
    response.headers["Cache-Control"] = "no-store"
    return {**_drawn(issued.account), "one_time_password": issued.password}


def _unit(unit: Unit) -> Json:
    return {"id": unit.id, "call_sign": unit.call_sign, "agency_id": unit.agency, "station_name": unit.station_name}


def _drawn(account: Account, names: Mapping[str, Text] | None = None) -> Json:
    agency = (names or {}).get(account.agency or "")
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role.value,
        "agency_id": account.agency,
        "agency": None
        if account.agency is None or agency is None
        else {"id": account.agency, "name": agency.to_dict()},
        "language": account.language,
        "must_change_password": account.must_change_password,
        "disabled": account.disabled,
        "unit_id": account.unit,
        "camera_purposes": None if account.camera_purposes is None else sorted(account.camera_purposes),
    }
