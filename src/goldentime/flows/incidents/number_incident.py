"""Which numbers an incident, an order and what we tell of them get: ours for people, and as the wires number events."""

from datetime import datetime, timedelta

from goldentime.city.incidents.incident import Incident
from goldentime.core.clock import KST
from goldentime.flows.ports import Change
from goldentime.flows.world import World

# A wire's occurrence number is a time to the millisecond: the day, and our serial as milliseconds from these on.
INCIDENTS_FROM, ORDERS_FROM, APART_FROM = timedelta(0), timedelta(hours=4), timedelta(hours=8)
DRILLS_LATER = timedelta(hours=12)


def next_incident_number(world: World, tx: Change, now: datetime, *, sandbox: bool = False, drill: bool = False) -> str:
    """The next number of the day; trials and drills count by themselves, so that the real ones have no gaps."""
    local = now.astimezone(KST)
    mark, series = ("S", "sandbox-") if sandbox else ("D", "drill-") if drill else ("", "")
    return f"{world.rules.number_prefix}-{mark}{local:%m%d}-{tx.next_number(f'{series}{local:%Y%m%d}'):04d}"


def own_occurrence(incident: Incident) -> str:
    """The incident's number as an occurrence number is written."""
    serial = int(incident.number.rpartition("-")[2])
    return _occurrence(incident.opened_at, INCIDENTS_FROM, serial, drill=incident.drill)


def next_order_number(world: World, tx: Change, now: datetime, *, drill: bool) -> str:
    """The order's number: its whole date and a serial, so that it never comes again in another year."""
    day, mark = f"{now.astimezone(KST):%Y%m%d}", "D" if drill else ""
    return f"{world.rules.number_prefix}-{mark}{day}-{tx.next_number(f'order-{mark}{day}'):04d}"


def order_occurrence(number: str, at: datetime, *, drill: bool) -> str:
    """An order's number, made at that time, as an occurrence number is written."""
    return _occurrence(at, ORDERS_FROM, int(number.rpartition("-")[2]), drill=drill)


def next_apart_occurrence(tx: Change, now: datetime, *, drill: bool) -> str:
    """A number for one message alone."""
    serial = tx.next_number(f"apart-{'D' if drill else ''}{now.astimezone(KST):%Y%m%d}")
    return _occurrence(now, APART_FROM, serial, drill=drill)


def _occurrence(day: datetime, begins: timedelta, serial: int, *, drill: bool) -> str:
    midnight = day.astimezone(KST).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + begins + (DRILLS_LATER if drill else timedelta(0)) + timedelta(milliseconds=serial)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
