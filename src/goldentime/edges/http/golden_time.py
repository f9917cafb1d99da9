"""How golden times are asked over HTTP: sums, the incidents behind them, sheets, paper, and stamps set right."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.incidents.golden_time import Clock, Stamp
from goldentime.city.people.account import Act
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Language, Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.golden_days import Asked, periods_of, told_period
from goldentime.edges.wire.golden_pdf import golden_pdf
from goldentime.edges.wire.golden_time import clock_row, golden_page, incidents_head, incidents_rows, sums_sheet
from goldentime.flows.caller import Caller
from goldentime.flows.clocks.correct_stamp import WrongStamp, correct_stamp, take_back_correction
from goldentime.flows.clocks.follow_clocks import ClockReader
from goldentime.flows.clocks.read_golden_time import (
    GoldenTimes,
    Period,
    read_golden_times,
    read_incidents,
    read_lag,
    read_newest,
)

Json = dict[str, Any]
MOST_SHOWN = 500  # incidents of the drill-down; the sheet has them all
_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8"


class Correction(BaseModel):
    """A stamp set right, and why."""

    model_config = ConfigDict(extra="forbid")
    at: AwareDatetime
    agency: str | None = Field(default=None, max_length=64)  # whose units' stamp; else the incident's own
    reason: str = Field(min_length=1, max_length=400)


class TakenBack(BaseModel):
    """A correction to be undone: whose stamp, and the moment it was corrected to as far as the person knows."""

    model_config = ConfigDict(extra="forbid")
    agency: str | None = Field(default=None, max_length=64)
    at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    found: GoldenTimes
    period: Period
    before: Period
    names: dict[AgencyId, Text]


def router(clocks: ClockReader, gate: Gate, *, fonts: Path) -> APIRouter:
    """The routes under /api/golden-time, and the one that corrects an incident's stamp."""
    api = APIRouter(prefix="/api", tags=["golden time"])
    _add_reading(api, clocks, gate)
    _add_files(api, clocks, gate, fonts)
    _add_setting_right(api, clocks, gate)
    return api


def _add_reading(api: APIRouter, clocks: ClockReader, gate: Gate) -> None:
    signed_in = Annotated[Caller, Depends(gate.caller)]
    read = _reading(clocks)

    @api.get("/golden-time")
    async def sums(caller: signed_in, asked: Annotated[Asked, Query()]) -> Json:
        given = await read(caller, asked)
        failing, whole = clocks.failing_since, given.found.whole_until
        return {
            **golden_page(given.found, given.names),
            "period": told_period(given.period),
            "before": told_period(given.before),
            "failing_since": failing.isoformat() if failing else None,
            "whole_until": whole.isoformat() if whole else None,
        }

    @api.get("/golden-time/incidents")
    async def behind(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        period, _ = periods_of(asked, clocks.world.clock.now())
        newest, more = await read_newest(clocks.world, caller, asked.group(period), limit=MOST_SHOWN)
        drawn = await asyncio.to_thread(_behind, newest, await _names(clocks), more=more)
        return Response(drawn, media_type="application/json")


def _behind(newest: Sequence[Clock], names: Mapping[AgencyId, Text], *, more: bool) -> bytes:
    """The incidents behind a group's figures; a thousand take a while."""
    return msgspec.json.encode({"items": [clock_row(one, names) for one in newest], "more": more})


def _add_files(api: APIRouter, clocks: ClockReader, gate: Gate, fonts: Path) -> None:
    signed_in = Annotated[Caller, Depends(gate.caller)]
    read = _reading(clocks)

    @api.get("/golden-time.csv")
    async def sheet(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given = await read(caller, asked)
        body = sums_sheet(given.found, given.names, _language(caller, asked))
        return Response(body, media_type=_CSV, headers=_headers(_CSV, given.period, "sums"))

    @api.get("/golden-time-incidents.csv")
    async def incidents(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        language, world = _language(caller, asked), clocks.world
        period, _ = periods_of(asked, world.clock.now())
        names, head = await _names(clocks), incidents_head(language, await read_lag(world))
        rows = read_incidents(world, caller, asked.group(period), lambda some: incidents_rows(some, names, language))

        async def lines() -> AsyncIterator[bytes]:  # a year of incidents is never in memory at once
            yield head
            async for some in rows:
                yield some

        return StreamingResponse(lines(), media_type=_CSV, headers=_headers(_CSV, period, "incidents"))

    @api.get("/golden-time.pdf")
    async def paper(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given = await read(caller, asked)
        language, made_at = _language(caller, asked), clocks.world.clock.now()

        def draw() -> bytes:  # half a second of one core: not on the loop
            return golden_pdf(
                given.found, given.period, names=given.names, language=language, fonts=fonts, made_at=made_at
            )

        body = await asyncio.to_thread(draw)
        return Response(body, media_type=_PDF, headers=_headers(_PDF, given.period, "report"))


def _add_setting_right(api: APIRouter, clocks: ClockReader, gate: Gate) -> None:
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    administers = Annotated[Caller, Depends(gate.requiring(Act.ADMINISTER))]

    @api.post("/incidents/{incident_id}/clock/{stamp}", status_code=204)
    async def corrected(caller: handles, incident_id: str, stamp: Stamp, body: Correction) -> None:
        wrong = WrongStamp(IncidentId(incident_id), stamp, body.agency or None)
        await correct_stamp(clocks.world, caller, wrong, at=body.at, reason=body.reason)

    @api.delete("/incidents/{incident_id}/clock/{stamp}", status_code=204)
    async def taken_back(caller: handles, incident_id: str, stamp: Stamp, asked: Annotated[TakenBack, Query()]) -> None:
        wrong = WrongStamp(IncidentId(incident_id), stamp, asked.agency or None)
        await take_back_correction(clocks.world, caller, wrong, seen=asked.at)

    @api.post("/golden-time/rebuild", status_code=202)
    async def rebuilt(caller: administers) -> Json:
        await clocks.begin_again(caller)
        return {"ok": True}


def _reading(clocks: ClockReader) -> Callable[[Caller, Asked], Awaitable[_Read]]:
    async def read(caller: Caller, asked: Asked) -> _Read:
        period, before = periods_of(asked, clocks.world.clock.now())
        found = await read_golden_times(clocks.world, caller, period, before=before, agency=asked.of)
        return _Read(found, period, before, await _names(clocks))

    return read


async def _names(clocks: ClockReader) -> dict[AgencyId, Text]:
    agencies = await clocks.world.store.read(lambda look: look.list_agencies())
    return {one.id: one.name for one in agencies}


def _language(caller: Caller, asked: Asked) -> Language:
    return asked.lang or caller.account.language


def _headers(kind: str, period: Period, what: str) -> dict[str, str]:
    mark, ending = "drill-" if period.drill else "", "pdf" if kind == _PDF else "csv"
    name = f"golden-time-{what}-{mark}{period.since:%Y%m%d}-{period.until - timedelta(days=1):%Y%m%d}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
