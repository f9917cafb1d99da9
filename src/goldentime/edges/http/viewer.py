"""How an agency's system gets a one-time code over HTTP, and the viewer page turns it into a session."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.people.tries import PER_ADDRESS, Tries
from goldentime.core.errors import Refused, TooManyTries, Unauthenticated
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.session import SessionPage
from goldentime.edges.wire.incidents import moment
from goldentime.flows.people.manage_keys import find_valid_key
from goldentime.flows.watching.open_viewer import CodeWish, Viewers
from goldentime.messages.exchange import Sender

Json = dict[str, Any]
KEY, SECRET = "x-goldentime-key", "x-scsns-secret"


class Wish(BaseModel):
    """For whom and for which incident (our id, or the agency's ocrNbr)."""

    model_config = ConfigDict(extra="forbid")
    incident: str = Field(min_length=1, max_length=100)
    person: str = Field(min_length=1, max_length=60)
    person_id: str = Field(default="", max_length=60)


class Code(BaseModel):
    """The code from the address's fragment."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=200, repr=False)


def router(
    viewers: Viewers,
    gate: Gate,
    page: SessionPage,
    find_sender: Callable[[str], Awaitable[Sender | None]],
    *,
    public_url: str | None = None,
) -> APIRouter:
    """/api/agency/codes and /api/viewer/exchange; `find_sender` knows the agency behind a linkage session key."""
    api = APIRouter(prefix="/api", tags=["viewer"])
    tries = Tries()

    @api.post("/agency/codes", status_code=201)
    async def issued(request: Request, response: Response, body: Wish) -> Json:
        _slow_down(request)
        agency = await _agency_behind(request)
        _welcome(request)
        done = await viewers.issue_code(agency, CodeWish(body.incident, body.person, body.person_id))
        base = (public_url or str(request.base_url)).rstrip("/")
        response.headers["Cache-Control"] = "no-store"
        return {
            "code": done.code,
            "url": f"{base}/viewer#code={done.code}",
            "incident_id": done.incident,
            "expires_at": moment(done.expires_at),
        }

    @api.post("/viewer/exchange")
    async def exchanged(request: Request, response: Response, body: Code) -> Json:
        gate.check_same_origin(request)
        _slow_down(request)
        done = await viewers.exchange(body.code, _address(request))
        _welcome(request)
        response.headers["Cache-Control"] = "no-store"
        return {
            "token": done.token,
            "expires_at": moment(done.caller.session.expires_at),
            "incident_id": done.incident,
            "session": await page.drawn(done.caller),
        }

    async def _agency_behind(request: Request) -> AgencyId:
        secret = request.headers.get(KEY, "")
        if secret:
            key = await find_valid_key(viewers.store, viewers.clock, secret)
            found = None if key is None else Sender(key.agency, sandbox=key.sandbox)
        else:
            session_key = request.headers.get(SECRET, "")
            found = await find_sender(session_key) if session_key else None
        if found is None:
            raise Unauthenticated(Text("기관 인증키가 맞지 않습니다.", "The agency's key is not valid."))
        if found.sandbox:
            words = Text("시험용 인증키로는 열람화면을 열 수 없습니다.", "A sandbox key opens no viewer.")
            raise Refused(words, code="sandbox_key")
        return found.agency

    def _slow_down(request: Request) -> None:
        kinds = [(_address(request), PER_ADDRESS)]
        wait = tries.wait_seconds(kinds, viewers.clock.now())
        if wait > 0:
            words = Text("시도가 너무 많습니다. 잠시 뒤에 다시 해 주십시오.", "Too many tries; try again shortly.")
            raise TooManyTries(words, retry_after=wait)
        tries.begin(kinds, viewers.clock.now())

    def _welcome(request: Request) -> None:
        tries.refund(_address(request))

    return api


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
