"""How golden times read as JSON and as rows of a sheet: one incident's line, sums beside those of the period before."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor
from typing import Any

from goldentime.city.incidents.durations import Spread, Summary
from goldentime.city.incidents.golden_time import CONTROL_ROOM, GOLDEN_TIME, LEG_NAMES, STAMP_NAMES, Clock, Leg, Stamp
from goldentime.city.incidents.incident import Service
from goldentime.city.incidents.nature import NATURE_NAMES
from goldentime.city.incidents.opening import SERVICE_NAMES
from goldentime.core.clock import KST
from goldentime.core.ids import AgencyId
from goldentime.core.text import Language, Text
from goldentime.flows.clocks.read_golden_time import GoldenTimes

Json = dict[str, Any]
Names = Mapping[AgencyId, Text]
ALL, NO_AGENCY, DRILL = Text("전체", "All"), Text("관제 개설", "Control room"), Text("훈련", "drill")
_MARK = b"\xef\xbb\xbf"  # by which a Korean Excel knows UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def clock_line(clock: Clock) -> Json:
    """The stamps of one incident in their order, and until when help would be within the golden time."""
    stamps = [
        {
            "stamp": stamp.value,
            "name": STAMP_NAMES[stamp].to_dict(),
            "at": at.isoformat() if (at := clock.at(stamp)) else None,
            "by_hand": stamp.value in clock.by_hand,
        }
        for stamp in Stamp
    ]
    golden = (clock.called_at + GOLDEN_TIME).isoformat()
    return {"stamps": stamps, "golden_until": golden, "within": is_within(clock), "doubtful": clock.is_doubtful()}


def is_within(clock: Clock) -> bool | None:
    """Whether help arrived within the golden time; None while it has not arrived."""
    response = clock.leg(Leg.RESPONSE)
    return None if response is None else response <= GOLDEN_TIME


def clock_row(clock: Clock, names: Names) -> Json:
    """One incident of the drill-down."""
    legs = {leg.value: seconds_of(clock.leg(leg)) for leg in Leg}
    return {
        "id": clock.incident,
        "number": clock.number,
        "whose": clock.whose or clock.agency,
        "agency_name": name_of(clock.whose or clock.agency, names).to_dict(),
        "nature_name": NATURE_NAMES[clock.nature].to_dict(),
        "service_name": service_name(clock.service).to_dict(),
        "drill": clock.drill,
        **clock_line(clock),
        "legs": legs,
    }


def golden_page(found: GoldenTimes, names: Names) -> Json:
    """Every row of the sums with that of the period before beside it."""
    older = {one.key: one for one in found.before}
    return {
        "golden_seconds": GOLDEN_TIME.total_seconds(),
        "legs": [{"leg": leg.value, "name": LEG_NAMES[leg].to_dict()} for leg in Leg],
        "rows": [_summary(one, older.get(one.key), names) for one in found.now],
    }


def _summary(now: Summary, before: Summary | None, names: Names) -> Json:
    return {
        "agency": now.agency,
        "service": now.service,
        "nature": now.nature,
        "name": title_of(now, names).to_dict(),
        "depth": sum(part is not None for part in now.key),
        **_sums(now),
        "before": None if before is None else _sums(before),
    }


def _sums(one: Summary) -> Json:
    return {
        "incidents": one.incidents,
        "arrived": one.arrived,
        "within": one.within,
        "share": None if one.share_within is None else round(one.share_within, 4),
        "doubtful": one.doubtful,
        "legs": {leg.value: _spread(spread) for leg, spread in one.legs.items()},
    }


def _spread(spread: Spread) -> Json:
    return {"count": spread.count, "median": spread.median, "p90": spread.ninetieth}


def title_of(one: Summary, names: Names) -> Text:
    """What the row is called."""
    parts = [] if one.agency is None else [name_of(one.agency, names)]
    parts += [] if one.service is None else [service_name(one.service)]
    parts += [] if one.nature is None else [NATURE_NAMES[one.nature]]
    if not parts:
        return ALL
    return Text(" · ".join(part.ko for part in parts), " · ".join(part.en for part in parts))


def name_of(agency: str | None, names: Names) -> Text:
    """The agency's name, or its id when it is gone."""
    if agency is None or agency == CONTROL_ROOM:
        return NO_AGENCY
    return names.get(AgencyId(agency), Text(agency, agency))


def service_name(service: str) -> Text:
    """What the service is called."""
    return SERVICE_NAMES[Service(service)] if service in set(Service) else Text(service, service)


def seconds_of(span: timedelta | None) -> float | None:
    """The span in seconds, to a tenth."""
    return None if span is None else _tenth(span.total_seconds())


def _tenth(seconds: float) -> float:
    """Never rounded up: 4:27.96 is 4:27 wherever it is written."""
    return floor(seconds * 10) / 10


def sums_sheet(found: GoldenTimes, names: Names, language: Language) -> bytes:
    """The sums as CSV that a Korean Excel opens as it is: UTF-8 with a mark, seconds as numbers."""
    head = Text(
        "구분,상황,도착,7분 이내,7분 이내 비율(%),이전 기간 비율(%),시각 모순",
        "Group,Incidents,Arrived,Within 7 min,Share within 7 min (%),Share before (%),Contradicting stamps",
    )
    legs = [f"{LEG_NAMES[leg].in_language(language)} {what}" for leg in Leg for what in _WHAT[language]]
    older = {one.key: one for one in found.before}
    rows = []
    for one in found.now:
        before = older.get(one.key)
        shares = [_percent(each.share_within if each else None) for each in (one, before)]
        spreads = [value for leg in Leg for value in _cells(one.legs[leg])]
        counts = [one.incidents, one.arrived, one.within, *shares, one.doubtful]
        rows.append([title_of(one, names).in_language(language), *counts, *spreads])
    cautions = _cautions(language, found.whole_until)
    return _MARK + _lines([*cautions, [*head.in_language(language).split(","), *legs], *rows])


def incidents_head(language: Language, whole_until: datetime | None) -> bytes:
    """How the sheet of incidents begins."""
    head = Text("상황번호,기관,업무,종류,훈련", "Number,Agency,Service,Kind,Drill").in_language(language).split(",")
    head += [STAMP_NAMES[stamp].in_language(language) for stamp in Stamp]
    head += [f"{LEG_NAMES[leg].in_language(language)} ({'초' if language == 'ko' else 's'})" for leg in Leg]
    return _MARK + _lines([*_cautions(language, whole_until), head])


def incidents_rows(clocks: Iterable[Clock], names: Names, language: Language) -> bytes:
    """One line for each incident: its stamps in Seoul time and its legs in seconds."""
    rows = [
        [
            clock.number,
            name_of(clock.whose or clock.agency, names).in_language(language),
            service_name(clock.service).in_language(language),
            NATURE_NAMES[clock.nature].in_language(language),
            DRILL.in_language(language) if clock.drill else "",
            *(_local(clock.at(stamp)) for stamp in Stamp),
            *(seconds_of(clock.leg(leg)) for leg in Leg),
        ]
        for clock in clocks
    ]
    return _lines(rows)


def lag_words(whole_until: datetime) -> Text:
    """What is said of figures whose reader is behind the log."""
    at = _local(whole_until)
    return Text(
        f"집계가 밀려 있습니다. {at}까지의 기록만 모두 셌습니다.",
        f"Figures are behind: only what was recorded up to {at} is all counted.",
    )


_WHAT: dict[Language, tuple[str, str, str]] = {
    "ko": ("건수", "중앙값(초)", "90번째 백분위(초)"),
    "en": ("count", "median (s)", "90th percentile (s)"),
}


def _cells(spread: Spread) -> tuple[object, ...]:
    return spread.count, *(None if one is None else _tenth(one) for one in (spread.median, spread.ninetieth))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _local(at: datetime | None) -> str:
    return at.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _cautions(language: Language, whole_until: datetime | None) -> list[list[str]]:
    """First in the sheet, where nobody misses it; a sheet of whole figures begins with its head."""
    return [] if whole_until is None else [[lag_words(whole_until).in_language(language)]]


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def _safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula is kept as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
