"""How a privacy officer reads and verifies the access log over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from goldentime.city.audit.chain import Entry, Link
from goldentime.city.audit.words import words_for
from goldentime.city.grants.grant import ENDING_WORDS, View
from goldentime.city.people.account import Act
from goldentime.core.clock import Clock
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.names_to_show import Things, names_of, things_of
from goldentime.flows.record.read_record import Look, Outside, Record
from goldentime.flows.record.search_record import PAGE, AuditPage, AuditQuery

Json = dict[str, Any]
LOOKED_BACK = timedelta(days=30)


def router(record: Record, gate: Gate, clock: Clock) -> APIRouter:
    """The routes of the record: /api/audit, /api/audit/verify, /api/privacy/views."""
    api = APIRouter(prefix="/api", tags=["record"])
    reads = Annotated[Caller, Depends(gate.requiring(Act.SEE_AUDIT))]

    @api.get("/audit")
    async def entries(response: Response, caller: reads, query: Annotated[_Asked, Depends()]) -> Json:
        page = await record.page(caller, query.query())
        names = await record.store.read(names_of)
        things = await _things(record, [(link.entry.incident, link.entry.camera) for link in page.items])
        response.headers["Cache-Control"] = "no-store"
        return {
            "items": [_entry(link, page, names) | _called(things, link.entry) for link in page.items],
            "next": page.next,
        }

    @api.post("/audit/verify")
    async def verified(caller: reads) -> Json:
        found = await record.verify(caller)
        return {
            "ok": found.ok,
            "checked": found.checked,
            "first_broken": found.first_broken,
            "text": found.text.to_dict(),
        }

    @api.get("/privacy/views")
    async def views(
        response: Response,
        caller: reads,
        outside: Outside | None = None,
        since: AwareDatetime | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> Json:
        begin: datetime = since or clock.now() - LOOKED_BACK
        looks = await record.views(caller, outside=outside, since=begin, limit=limit)
        names = await record.store.read(names_of)
        things = await _things(record, [(look.view.incident, look.view.camera) for look in looks])
        response.headers["Cache-Control"] = "no-store"
        return {
            "items": [
                _look(row, look, names, clock.now()) | _called(things, look.view) for row, look in enumerate(looks, 1)
            ],
            "since": moment(begin),
        }

    return api


class _Asked:
    """The filters of one look at the record."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = 100,
        before: Annotated[int | None, Query(ge=1)] = None,
        incident: Annotated[str | None, Query(max_length=100)] = None,
        actor: Annotated[str | None, Query(max_length=200)] = None,
        action: Annotated[str | None, Query(max_length=100)] = None,
        camera: Annotated[str | None, Query(max_length=200)] = None,
    ) -> None:
        self._query = AuditQuery(limit, before, incident or None, actor or None, action or None, camera or None)

    def query(self) -> AuditQuery:
        """The filters as the flow wants them."""
        return self._query


async def _things(record: Record, of: Sequence[tuple[str | None, str | None]]) -> Things:
    incidents, cameras = {one for one, _ in of}, {one for _, one in of}
    return await record.store.read(partial(things_of, incidents=incidents, cameras=cameras))


def _called(things: Things, of: Entry | View) -> Json:
    return {
        "incident_number": things.incidents.get(of.incident or ""),
        "camera_name": things.cameras.get(of.camera or ""),
    }


def _entry(link: Link, page: AuditPage, names: Mapping[str, Text]) -> Json:
    entry = link.entry
    return {
        "position": link.position,
        "at": moment(entry.at),
        "actor": page.names[link.position],
        "actor_id": entry.actor,
        "agency": _name(entry.agency, names),
        "agency_id": entry.agency,
        "action": entry.action,
        "text": _with(words_for(entry), page.about.get(link.position)).to_dict(),
        "incident_id": entry.incident,
        "camera_id": entry.camera,
        "address": page.addresses.get(link.position),
        "data": dict(entry.data),
        "hash": link.digest.hex(),
    }


def _look(row: int, look: Look, names: Mapping[str, Text], now: datetime) -> Json:
    """A view, in the columns of an entry, with its purpose and how it ended; `position` counts the rows."""
    view = look.view
    until = view.ended_at or min(now, view.expires_at)
    purpose = look.grant.purpose if look.grant else None
    return {
        "position": row,
        "at": moment(view.opened_at),
        "actor": view.person or view.account,
        "actor_id": view.account,
        "agency": _name(view.agency, names),
        "agency_id": view.agency,
        "action": "ViewOpened",
        "text": _told(purpose, ENDING_WORDS[view.ending] if view.ending else None).to_dict(),
        "incident_id": view.incident,
        "camera_id": view.camera,
        "view_id": view.id,
        "purpose": purpose.to_dict() if purpose else None,
        "legal_basis": look.grant.legal_basis.to_dict() if look.grant else None,
        "opened_at": moment(view.opened_at),
        "ended_at": moment(view.ended_at),
        "seconds": round((until - view.opened_at).total_seconds(), 1),
        "night": look.night,
    }


def _with(said: Text, about: str | None) -> Text:
    return said if about is None else Text(f"{said.ko}: {about}", f"{said.en}: {about}")


def _told(purpose: Text | None, ending: Text | None) -> Text:
    why = purpose or Text("목적을 알 수 없음", "purpose unknown")
    end = ending or Text("열람 중", "still open")
    return Text(f"{why.ko} — {end.ko}", f"{why.en}: {end.en}")


def _name(agency: str | None, names: Mapping[str, Text]) -> dict[str, str] | None:
    return None if agency is None else (names.get(agency) or Text(agency, agency)).to_dict()
