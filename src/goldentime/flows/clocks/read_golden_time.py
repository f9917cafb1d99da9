"""What a person may read of the golden times: sums over a period, the period before it, and the incidents behind."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from goldentime.city.incidents.durations import Summary, Tally
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.nature import Nature
from goldentime.city.people.account import Role
from goldentime.core.errors import OperatorsError, Refused
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.clocks.find_lag import find_lag
from goldentime.flows.ports import Reading
from goldentime.flows.world import World

LONGEST = timedelta(days=400)
PIECE = 2_000  # clocks held at a time, however many a period has
_MAY_READ = frozenset({Role.OPERATOR, Role.ADMIN, Role.AGENCY})
Worked = TypeVar("Worked")


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment until before another; drills or what was real, never both."""

    since: datetime
    until: datetime
    drill: bool = False

    def before(self) -> "Period":
        """The period as long that ends where this one begins."""
        return Period(self.since - (self.until - self.since), self.since, self.drill)


@dataclass(frozen=True, slots=True)
class GoldenTimes:
    """Two periods' sums; `whole_until` is told while the reader is behind: what was recorded later is not all in."""

    now: Sequence[Summary]
    before: Sequence[Summary]
    earlier: Period | None = None  # the one `before` is of
    whole_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Which incidents of a period; None means any. Without an agency each comes once, as a whole."""

    period: Period
    agency: AgencyId | None = None
    service: str | None = None
    nature: Nature | None = None

    def takes(self, clock: Clock) -> bool:
        """Whether the clock is of this group, and not an agency's beside the incident's own."""
        known = self.service in (None, clock.service) and self.nature in (None, clock.nature)
        return known and (self.agency is not None or not clock.whose)


async def read_golden_times(
    world: World, caller: Caller, period: Period, *, before: Period | None = None, agency: AgencyId | None = None
) -> GoldenTimes:
    """The period's golden times beside those of `before`, by default the one as long just before it.

    Operators and administrators read all, an agency its own; raises Refused for others and for another's, and
    OperatorsError for a period that is none.
    """
    of = _whose(caller, agency)
    earlier = before or period.before()
    must_be_periods(period, earlier)
    lag = await read_lag(world)
    now, older = [await _summed_up(world, one, of) for one in (period, earlier)]
    return GoldenTimes(now, older, earlier, lag or await read_lag(world))  # it may have begun again meanwhile


async def _summed_up(world: World, period: Period, of: AgencyId | None) -> list[Summary]:
    tally = Tally()
    async for _ in _pieces(world, period, of, tally.add):
        pass
    return await world.store.read(partial(lambda _look, tally: tally.summed_up(), tally=tally))  # in a thread too


async def read_lag(world: World) -> datetime | None:
    """Up to when all that is recorded is in the golden times, while their reader is noticeably behind."""
    return await world.store.read(lambda look: find_lag(look, world.clock.now()))


def read_incidents(
    world: World, caller: Caller, group: Group, work: Callable[[Sequence[Clock]], Worked]
) -> AsyncIterator[Worked]:
    """What `work`, in a thread, makes of the group's clocks, piece by piece, the oldest first; raises as above."""
    of = _whose(caller, group.agency)
    must_be_periods(group.period)
    own = Group(group.period, of, group.service, group.nature)
    return _pieces(world, own.period, of, lambda clocks: work([one for one in clocks if own.takes(one)]))


async def read_newest(world: World, caller: Caller, group: Group, *, limit: int) -> tuple[list[Clock], bool]:
    """The group's newest clocks, newest first, and whether there are more; raises as above."""
    newest: deque[Clock] = deque(maxlen=limit + 1)
    async for _ in read_incidents(world, caller, group, newest.extend):
        pass
    return list(newest)[::-1][:limit], len(newest) > limit


async def _pieces(
    world: World, period: Period, of: AgencyId | None, work: Callable[[Sequence[Clock]], Worked]
) -> AsyncIterator[Worked]:
    """A read each, so that none is held for as long as a year takes, nor a year in memory."""
    since, limit = period.since, PIECE
    while True:

        def ask(look: Reading, since: datetime, limit: int) -> tuple[datetime | None, list[Worked]]:
            found = look.list_clocks(since=since, until=period.until, agency=of, drill=period.drill, limit=limit)
            if len(found) < limit:
                return None, [work(found)]
            rest = found[-1].called_at  # of that moment there may be more than were read
            whole = [one for one in found if one.called_at < rest]
            return rest, [work(whole)] if whole else []

        # a partial is never tried on the loop: a piece takes a while
        rest, worked = await world.store.read(partial(ask, since=since, limit=limit))
        for one in worked:
            yield one
        if rest is None:
            return
        limit = PIECE if worked else limit * 2
        since = rest


def must_be_periods(*periods: Period) -> None:
    """Raise OperatorsError for a period that ends before it begins, or is too long."""
    if not all(one.since < one.until for one in periods):
        raise OperatorsError(Text("시작이 끝보다 늦습니다.", "The period begins after it ends."))
    if not all(one.until - one.since <= LONGEST for one in periods):
        raise OperatorsError(Text("기간은 하루에서 400일까지입니다.", "A period lasts from one day to 400 days."))


def _whose(caller: Caller, agency: AgencyId | None) -> AgencyId | None:
    role = caller.account.role
    own = caller.agency.id if caller.agency else None
    closed = role not in _MAY_READ or caller.session.incident is not None or (role is Role.AGENCY and own is None)
    if closed or (own is not None and agency not in (None, own)):
        raise Refused(Text("골든타임을 볼 수 없는 역할입니다.", "Your role may not read the golden times."))
    return own or agency
