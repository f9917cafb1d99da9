"""How an administrator issues, rotates and revokes agencies' keys over HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.agencies.agency import AgencyKey, is_valid
from goldentime.city.people.account import Act
from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.names_to_show import names_of
from goldentime.flows.people.manage_keys import IssuedKey, Keys

Json = dict[str, Any]


class NewKey(BaseModel):
    """Whose key, and whether it only tries things out."""

    model_config = ConfigDict(extra="forbid")
    agency_id: str = Field(min_length=1, max_length=100)
    sandbox: bool = False


class Rotation(BaseModel):
    """How long the old key opens beside the new one."""

    model_config = ConfigDict(extra="forbid")
    overlap_hours: float = Field(default=24, ge=0, le=720)


def router(keys: Keys, gate: Gate, clock: Clock) -> APIRouter:
    """The routes under /api/keys; a key's secret is in an answer once and never again."""
    api = APIRouter(prefix="/api/keys", tags=["keys"])
    administers = Annotated[Caller, Depends(gate.requiring(Act.ADMINISTER))]

    @api.get("")
    async def listed(caller: administers) -> Json:
        names = await keys.store.read(names_of)
        return {"items": [drawn(key, names) for key in await keys.listed(caller)]}

    @api.post("", status_code=201)
    async def created(response: Response, caller: administers, body: NewKey) -> Json:
        return shown_once(response, await keys.create(caller, AgencyId(body.agency_id), sandbox=body.sandbox))

    @api.post("/{key_id}/rotate", status_code=201)
    async def rotated(response: Response, caller: administers, key_id: str, body: Rotation) -> Json:
        return shown_once(response, await keys.rotate(caller, key_id, timedelta(hours=body.overlap_hours)))

    @api.delete("/{key_id}", status_code=204)
    async def revoked(caller: administers, key_id: str) -> None:
        await keys.revoke(caller, key_id)

    def shown_once(response: Response, issued: IssuedKey) -> Json:
        response.headers["Cache-Control"] = "no-store"
        return {**drawn(issued.key), "key": issued.secret}

    def drawn(key: AgencyKey, names: Mapping[str, Text] | None = None) -> Json:
        valid = is_valid(key, clock.now())
        agency = (names or {}).get(key.agency)
        return {
            "id": key.id,
            "agency_id": key.agency,
            "agency": {"id": key.agency, "name": agency.to_dict()} if agency else None,
            "sandbox": key.sandbox,
            "state": "revoked" if not valid else "ending" if key.valid_until else "active",
            "created_at": moment(key.valid_from),
            "valid_from": moment(key.valid_from),
            "valid_until": moment(key.valid_until) if key.valid_until else None,
            "revoked_at": None if valid or key.valid_until is None else moment(key.valid_until),
            "valid": valid,
        }

    return api
