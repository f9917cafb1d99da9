"""Which number an incident gets: the city's prefix, the day and its serial, with S for a trial and D for a drill."""

from datetime import datetime

from goldentime.core.clock import KST
from goldentime.flows.ports import Change
from goldentime.flows.world import World


def next_incident_number(world: World, tx: Change, now: datetime, *, sandbox: bool = False, drill: bool = False) -> str:
    """The next number of the day; trials and drills count by themselves, so that the real ones have no gaps."""
    local = now.astimezone(KST)
    mark, series = ("S", "sandbox-") if sandbox else ("D", "drill-") if drill else ("", "")
    return f"{world.rules.number_prefix}-{mark}{local:%m%d}-{tx.next_number(f'{series}{local:%Y%m%d}'):04d}"
