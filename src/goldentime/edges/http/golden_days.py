"""Which days of golden times may be asked for over HTTP, and whose."""

from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.incidents.nature import Nature
from goldentime.core.clock import KST
from goldentime.core.errors import Invalid
from goldentime.core.ids import AgencyId
from goldentime.core.text import Language, Text
from goldentime.flows.clocks.read_golden_time import Group, Period

DAYS = 30  # shown when nobody asks for others
FIRST = date(2000, 1, 1)  # nothing is recorded before it; a year half typed is
AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)


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

    @property
    def of(self) -> AgencyId | None:
        """Whose; None for all."""
        return AgencyId(self.agency) if self.agency else None

    def group(self, period: Period) -> Group:
        """The incidents asked for, of that period."""
        return Group(period, self.of, self.service, self.nature)


def periods_of(asked: Asked, now: datetime) -> tuple[Period, Period]:
    """The period asked for and the one to compare it with; Invalid for days that cannot be, and for half a period."""
    today = now.astimezone(KST).date()
    for name in ("since", "until", "compare_since", "compare_until"):
        _must_be_near(getattr(asked, name), name, today)
    until = asked.until or today
    since = asked.since or until - timedelta(days=DAYS - 1)
    period = Period(_midnight(since), _midnight(until + _DAY), asked.drill)
    if asked.compare_since is None and asked.compare_until is None:
        return period, period.before()
    if asked.compare_since is None or asked.compare_until is None:
        missing = "compare_since" if asked.compare_since is None else "compare_until"
        raise Invalid(
            Text(
                "비교할 기간은 시작과 끝을 함께 적습니다.", "A period to compare with has both a first and a last day."
            ),
            field=missing,
        )
    return period, Period(_midnight(asked.compare_since), _midnight(asked.compare_until + _DAY), asked.drill)


def told_period(period: Period) -> dict[str, Any]:
    """As JSON, by its days."""
    last = period.until - _DAY
    return {"since": period.since.date().isoformat(), "until": last.date().isoformat(), "drill": period.drill}


def _must_be_near(day: date | None, name: str, today: date) -> None:
    last = today + AHEAD
    if day is not None and not FIRST <= day <= last:
        raise Invalid(
            Text(f"날짜는 {FIRST}부터 {last}까지 적을 수 있습니다.", f"A day lies between {FIRST} and {last}."),
            field=name,
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KST)
