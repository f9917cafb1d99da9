"""How the console signs in and out over HTTP, and what it is told of the person and the city."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.grants.grant import Grant, is_in_force
from goldentime.city.people.account import Role
from goldentime.core.clock import Clock
from goldentime.core.text import Text
from goldentime.edges.http.auth import COOKIE, Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.people.change_password import change_password
from goldentime.flows.people.sign_in import SHIFT, SignIn
from goldentime.flows.ports import Store
from goldentime.flows.watching.duty import duty_grant_id

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every console is told of the city; `center` lon/lat, `bounds` west, south, east, north."""

    city_name: Text
    center: tuple[float, float]
    bounds: tuple[float, float, float, float]
    drill: bool
    media_port: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """Draws the Session of the HTTP contract for a caller."""

    store: Store
    clock: Clock
    surroundings: Callable[[], Surroundings]

    async def drawn(self, caller: Caller) -> Json:
        """The account, the city, and until when the shift and the session last."""
        duty: Grant | None = None
        if caller.account.role is Role.OPERATOR:
            duty = await self.store.read(lambda reading: reading.find_grant(duty_grant_id(caller.session.digest)))
        city = self.surroundings()
        on_duty = duty is not None and is_in_force(duty, self.clock.now())
        return {
            "account": {
                "id": caller.account.id,
                "name": caller.person,
                "role": caller.account.role.value,
                "agency": named_agency(caller),
                "language": caller.account.language,
                "must_change_password": caller.account.must_change_password,
            },
            "city": {
                "name": city.city_name.to_dict(),
                "center": list(city.center),
                "bounds": list(city.bounds),
                "drill": city.drill,
            },
            "media_port": city.media_port,
            "duty": {
                "until": moment(duty.expires_at),
                "camera_purposes": None if duty.camera_purposes is None else sorted(duty.camera_purposes),
            }
            if duty is not None and on_duty
            else None,
            "version": city.version,
            "expires_at": moment(caller.session.expires_at),
            "tag": hashlib.sha256(b"tag/" + caller.session.digest).hexdigest()[
                :16
            ],  # tells sign-ins apart, opens nothing
        }


class Credentials(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=1000, repr=False)


class PasswordChange(BaseModel):
    """The old password and the new one."""

    model_config = ConfigDict(extra="forbid")
    old: str = Field(max_length=1000, repr=False)
    new: str = Field(max_length=1000, repr=False)


class LanguageChange(BaseModel):
    """The language to be spoken to in."""

    model_config = ConfigDict(extra="forbid")
    language: Literal["ko", "en"]


def router(sign_in: SignIn, gate: Gate, page: SessionPage, *, secure_cookies: bool = False) -> APIRouter:
    """The routes under /api/session; cookies are Secure when asked for and whenever the request came over https."""
    api = APIRouter(prefix="/api/session", tags=["session"])
    signed_in = Annotated[Caller, Depends(gate.caller_even_unchanged)]

    @api.post("")
    async def begin(request: Request, response: Response, body: Credentials) -> Json:
        gate.check_same_origin(request)
        address = request.client.host if request.client else ""
        done = await sign_in.sign_in(body.name, body.password, address)
        caller = await gate.find_caller(done.session.digest) or Caller(done.account, done.session)
        response.set_cookie(COOKIE, done.token, secure=_secure(request), **_COOKIE, max_age=int(SHIFT.total_seconds()))
        response.headers["Cache-Control"] = "no-store"
        return await page.drawn(caller)

    @api.get("")
    async def now(response: Response, caller: signed_in) -> Json:
        response.headers["Cache-Control"] = "no-store"
        return await page.drawn(caller)

    @api.delete("", status_code=204)
    async def end(request: Request, response: Response, caller: signed_in) -> None:
        await sign_in.sign_out(caller)
        gate.forget([caller.session.digest])
        response.delete_cookie(COOKIE, secure=_secure(request), **_COOKIE)

    @api.post("/password")
    async def password(caller: signed_in, body: PasswordChange) -> Json:
        ended = await change_password(sign_in, caller, body.old, body.new)
        gate.forget([*ended, caller.session.digest])
        return await page.drawn(replace(caller, account=replace(caller.account, must_change_password=False)))

    @api.put("/language")
    async def language(caller: signed_in, body: LanguageChange) -> Json:
        account = await sign_in.set_language(caller, body.language)
        gate.forget([caller.session.digest])
        return await page.drawn(replace(caller, account=account))

    def _secure(request: Request) -> bool:
        return secure_cookies or request.url.scheme == "https"

    return api


def named_agency(caller: Caller) -> Json | None:
    """The caller's agency as the contract has it."""
    return None if caller.agency is None else {"id": caller.agency.id, "name": caller.agency.name.to_dict()}


_COOKIE: Any = {"httponly": True, "samesite": "strict", "path": "/"}
