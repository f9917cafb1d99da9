"""How golden times are asked over HTTP: sums, the incidents behind them, sheets, paper, and stamps set right."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from goldentime.city.incidents.golden_time import Clock as IncidentClock
from goldentime.city.incidents.golden_time import Stamp
from goldentime.city.incidents.nature import Nature
from goldentime.city.people.account import Act
from goldentime.core.clock import KST, Clock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Language, Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.golden_pdf import golden_pdf
from goldentime.edges.wire.golden_time import clock_row, golden_page, incidents_sheet, sums_sheet
from goldentime.flows.caller import Caller
from goldentime.flows.clocks.follow_clocks import ClockReader
from goldentime.flows.clocks.read_golden_time import (
    GoldenTimes,
    Period,
    WrongStamp,
    correct_stamp,
    read_golden_times,
    take_back_correction,
)

Json = dict[str, Any]
DAYS = 30  # shown when nobody asks for others
MOST_SHOWN = 500  # incidents of the drill-down; the sheet has them all
_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8"


class Asked(BaseModel):
    """Which days, of Seoul, the last one included; with which to compare, and whose."""

    model_config = ConfigDict(extra="forbid")
    since: date | None = None
    until: date | None = None
    compare_since: date | None = None
    compare_until: date | None = None
    drill: bool = False
    agency: str | None = Field(default=None, max_length=64)
    service: str | None = Field(default=None, max_length=40)
    nature: Nature | None = None
    lang: Language | None = None


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
        behind = clocks.failing_since
        return {
            **golden_page(given.found, given.names),
            "period": _told(given.period),
            "before": _told(given.before),
            "failing_since": behind.isoformat() if behind else None,
        }

    @api.get("/golden-time/incidents")
    async def behind(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given = await read(caller, asked)

        def draw() -> bytes:
            wanted = _behind(given.found, asked)
            newest = wanted[::-1][:MOST_SHOWN]
            rows = [clock_row(one, given.names) for one in newest]
            return msgspec.json.encode({"items": rows, "more": len(wanted) > len(newest)})

        return Response(await asyncio.to_thread(draw), media_type="application/json")


def _add_files(api: APIRouter, clocks: ClockReader, gate: Gate, fonts: Path) -> None:
    signed_in = Annotated[Caller, Depends(gate.caller)]
    read = _reading(clocks)

    @api.get("/golden-time.csv")
    async def sheet(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given = await read(caller, asked)
        return _file(sums_sheet(given.found, given.names, _language(caller, asked)), _CSV, given.period, "sums")

    @api.get("/golden-time-incidents.csv")
    async def incidents(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given, language = await read(caller, asked), _language(caller, asked)

        def draw() -> bytes:  # seconds for a year of incidents: not on the loop
            return incidents_sheet(_behind(given.found, asked), given.names, language)

        return _file(await asyncio.to_thread(draw), _CSV, given.period, "incidents")

    @api.get("/golden-time.pdf")
    async def paper(caller: signed_in, asked: Annotated[Asked, Query()]) -> Response:
        given = await read(caller, asked)
        language, made_at = _language(caller, asked), clocks.world.clock.now()

        def draw() -> bytes:  # half a second of one core: not on the loop
            return golden_pdf(
                given.found, given.period, names=given.names, language=language, fonts=fonts, made_at=made_at
            )

        return _file(await asyncio.to_thread(draw), _PDF, given.period, "report")


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
    async def rebuilt(_caller: administers) -> Json:
        await clocks.begin_again()
        return {"ok": True}


def _reading(clocks: ClockReader) -> Callable[[Caller, Asked], Awaitable[_Read]]:
    async def read(caller: Caller, asked: Asked) -> _Read:
        period, before = _periods(asked, clocks.world.clock)
        agency = AgencyId(asked.agency) if asked.agency else None
        found = await read_golden_times(clocks.world, caller, period, before=before, agency=agency)
        agencies = await clocks.world.store.read(lambda look: look.list_agencies())
        return _Read(found, period, before, {one.id: one.name for one in agencies})

    return read


def _behind(found: GoldenTimes, asked: Asked) -> Sequence[IncidentClock]:
    """The incidents of the group that was asked for."""
    clocks = [one for one in found.clocks if not one.whose] or found.clocks  # of all incidents, each once
    known = [one for one in clocks if asked.service in (None, one.service)]
    return [one for one in known if asked.nature in (None, one.nature)]


def _periods(asked: Asked, clock: Clock) -> tuple[Period, Period]:
    today = clock.now().astimezone(KST).date()
    until = asked.until or today
    since = asked.since or until - timedelta(days=DAYS - 1)
    period = Period(_midnight(since), _midnight(until + timedelta(days=1)), asked.drill)
    if asked.compare_since is None or asked.compare_until is None:
        return period, period.before()
    after = _midnight(asked.compare_until + timedelta(days=1))
    return period, Period(_midnight(asked.compare_since), after, asked.drill)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KST)


def _told(period: Period) -> Json:
    last = period.until - timedelta(days=1)
    return {"since": period.since.date().isoformat(), "until": last.date().isoformat(), "drill": period.drill}


def _language(caller: Caller, asked: Asked) -> Language:
    return asked.lang or caller.account.language


def _file(body: bytes, kind: str, period: Period, what: str) -> Response:
    mark, ending = "drill-" if period.drill else "", "pdf" if kind == _PDF else "csv"
    name = f"golden-time-{what}-{mark}{period.since:%Y%m%d}-{period.until - timedelta(days=1):%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)
