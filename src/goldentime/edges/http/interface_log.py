"""How integrators and the privacy officer search, read and export what passed over the linkages, over HTTP."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.people.account import Act
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.incidents import moment
from goldentime.flows.caller import Caller
from goldentime.flows.links.interface_log import InterfaceLog, RawLook
from goldentime.flows.links.search_messages import PAGE, LogPage, LogQuery, Row, time_of
from goldentime.flows.names_to_show import names_of, things_of
from goldentime.flows.outgoing.stuck_messages import StuckMessages
from goldentime.linkage_kit import Linkage, is_stream
from goldentime.messages.kept import KeptMessage

Json = dict[str, Any]
MOST_FIELDS = 500  # of one message's explanation
_CHARSETS = ("utf-8", "cp949")
_NO_LETTER = re.compile(r"\\x([0-9a-f]{2})")
_UNLIKELY = re.compile(r"\\x[0-9a-f]{2}|[^\x00-\x7f가-힣]")  # in a Korean message
_SIGNS = rb"(?:%22|%3A|%3D|%20|[\"'=:\s])"
_KEYS = re.compile(rb"((?:rrKey|apiKey)" + _SIGNS + rb"+)([A-Za-z0-9_.~+/-]{8,512})", re.IGNORECASE)


class Asked(BaseModel):
    """The filters of one look; in a body, since what is looked for may name a person and addresses are logged."""

    model_config = ConfigDict(extra="forbid")
    direction: Literal["in", "out"] | None = None
    linkage: str = Field(default="", max_length=60)
    agency: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=20)
    occurrence: str = Field(default="", max_length=60)
    incident: str = Field(default="", max_length=60)
    words: str = Field(default="", max_length=100, repr=False)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: str | None = Field(default=None, max_length=40)
    limit: int = Field(default=50, ge=1, le=PAGE)

    def query(self) -> LogQuery:
        """The filters as the flow wants them."""
        return LogQuery(**self.model_dump())


def router(
    log: InterfaceLog,
    stuck: StuckMessages,
    gate: Gate,
    linkages: Mapping[str, Linkage],
    described: Callable[[], Sequence[Json]],
) -> APIRouter:
    """The routes under /api/interface-log, and /api/linkages; `described` tells each linkage's page."""
    api = APIRouter(prefix="/api", tags=["integrators"])
    reads = Annotated[Caller, Depends(gate.requiring(Act.READ_LOG))]
    administers = Annotated[Caller, Depends(gate.requiring(Act.ADMINISTER))]

    @api.get("/linkages")
    async def listed(_caller: reads) -> Json:
        return {"items": list(described())}

    @api.post("/interface-log/search")
    async def searched(response: Response, caller: reads, body: Asked) -> Json:
        response.headers["Cache-Control"] = "no-store"
        return await _page(log, await log.search(caller, body.query()))

    @api.post("/interface-log/export")
    async def exported(caller: reads, body: Asked) -> Response:
        found = await log.export(caller, body.query())  # refused, or on record, before the first byte

        async def written() -> AsyncIterator[bytes]:
            async with aclosing(log.bites(found)) as bites:
                async for bite in bites:
                    yield await asyncio.to_thread(_sheet, bite, linkages)

        headers = {
            "Content-Disposition": 'attachment; filename="goldentime-interface-log.jsonl"',
            "Cache-Control": "no-store",
        }
        return StreamingResponse(written(), media_type="application/x-ndjson", headers=headers)

    @api.get("/interface-log/{message}")
    async def one(response: Response, caller: reads, message: str) -> Json:
        response.headers["Cache-Control"] = "no-store"
        found = await log.look(caller, message)
        found = without_keys(found, linkages.get(found.row.linkage))
        rows = await _drawn_rows(log, [found.row])
        return {**rows[0], **_raw(found, linkages.get(found.row.linkage))}

    @api.post("/interface-log/{message}/again")
    async def again(caller: administers, message: str) -> Json:
        return (await _drawn_rows(log, [await stuck.send_again(caller, message)]))[0]

    @api.post("/interface-log/{message}/give-up")
    async def given_up(caller: administers, message: str) -> Json:
        return (await _drawn_rows(log, [await stuck.give_up(caller, message)]))[0]

    return api


async def _page(log: InterfaceLog, page: LogPage) -> Json:
    return {
        "items": await _drawn_rows(log, page.items),
        "next": page.next,
        "scanned": page.scanned,
        "unsealed": page.unsealed,
    }


async def _drawn_rows(log: InterfaceLog, rows: Sequence[Row]) -> list[Json]:
    incidents = {str(row.incident) for row in rows if row.incident}
    names, things = await log.world.store.read(
        lambda look: (names_of(look), things_of(look, incidents=incidents, cameras=()))
    )
    return [_row(row, names, things.incidents) for row in rows]


def _row(row: Row, names: Mapping[str, Text], numbers: Mapping[str, str]) -> Json:
    agency = row.sender if isinstance(row, KeptMessage) else row.agency
    drawn: Json = {
        "id": row.id,
        "linkage": row.linkage,
        "agency_id": agency or None,
        "agency": names[agency].to_dict() if agency in names else None,
        "at": moment(time_of(row)),
        "state": row.state.value,
        "occurrence": row.occurrence,
        "incident_id": row.incident or None,
        "size": row.size,
        "problem": row.problem,
    }
    if isinstance(row, KeptMessage):
        number = numbers.get(str(row.incident))
        extra: Json = {"direction": "in", "answer_type": row.answer_type, "sandbox": row.sandbox}
    else:
        number = row.incident_number
        extra = {
            "direction": "out",
            "lane": row.lane,
            "topic": row.topic.value,
            "sequence": row.sequence,
            "tries": row.tries,
            "next_at": moment(row.next_at) if row.settled_at is None else None,
            "settled_at": moment(row.settled_at) if row.settled_at else None,
            "sandbox": False,
        }
    return {**drawn, **extra, "incident_number": number}


def _raw(found: RawLook, linkage: Linkage | None) -> Json:
    raw = found.as_raw()
    body = found.body or b""
    charset, text = as_text(body)
    explanation = linkage.explain(raw) if linkage is not None and raw is not None else None
    theirs = isinstance(found.row, KeptMessage)
    return {
        "destroyed": found.body is None,
        "content_type": found.row.content_type if isinstance(found.row, KeptMessage) else None,
        "headers": dict(found.headers),
        "body": base64.b64encode(body).decode(),
        "text": text,
        "charset": charset,
        "answer": as_text(found.answer)[1],
        "understood": explanation.understood if explanation and theirs else None,
        "would": explanation.would.to_dict() if explanation and theirs else None,
        "fields": [
            {
                "name": field.name,
                "value": field.value,
                "meaning": field.meaning.to_dict(),
                "problem": field.problem.to_dict() if field.problem else None,
            }
            for field in (explanation.fields[:MOST_FIELDS] if explanation else ())
        ],
    }


def as_text(data: bytes) -> tuple[str, str]:
    """The charset that fits best and the bytes as text in it; what is no letter stands as its code, such as ⟨D1⟩."""
    read = [(charset, data.decode(charset, "backslashreplace")) for charset in _CHARSETS]
    charset, text = min(read, key=lambda one: len(_UNLIKELY.findall(one[1])))
    return charset, _NO_LETTER.sub(lambda found: f"⟨{found[1].upper()}⟩", text)


def without_keys(found: RawLook, linkage: Linkage | None) -> RawLook:
    """The message with stars for the keys in it, as many as they had letters: a session may still be open."""
    if found.body is None:
        return found
    body = _KEYS.sub(lambda key: key[1] + b"*" * len(key[2]), found.body)
    session = linkage.find_session(found.body) if linkage is not None and is_stream(linkage) else None
    if session:
        body = body.replace(session.encode(), b"*" * len(session.encode()))
    return replace(found, body=body)


def _sheet(found: Sequence[RawLook], linkages: Mapping[str, Linkage]) -> bytes:
    hidden = (without_keys(one, linkages.get(one.row.linkage)) for one in found)
    return b"".join(msgspec.json.encode(_line(one)) + b"\n" for one in hidden)


def _line(found: RawLook) -> Json:
    """One line of an export, as `goldentime linkage replay` reads it."""
    row = found.row
    kept = isinstance(row, KeptMessage)
    return {
        "direction": "in" if kept else "out",
        "id": row.id,
        "linkage": row.linkage,
        "agency": row.sender if isinstance(row, KeptMessage) else row.agency,
        "at": moment(time_of(row)),
        "content_type": row.content_type if isinstance(row, KeptMessage) else "",
        "headers": dict(found.headers),
        "answer_type": row.answer_type if isinstance(row, KeptMessage) else "",
        "destroyed": found.body is None,
        "body": base64.b64encode(found.body or b"").decode(),
    }
