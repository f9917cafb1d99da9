"""What is known of the signals asked for in this run: the book of requests, and for whom it is turned off."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from goldentime.city.signals.junction import Junction, JunctionId
from goldentime.city.signals.plan import Rules
from goldentime.city.signals.request import Request, RequestId
from goldentime.core.ids import OrderId
from goldentime.flows.signals.signal_centre import LinkLost, Said, SignalCentre
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.units.units_on_the_way import UnitsOnTheWay, Wanted


@dataclass(frozen=True, slots=True)
class TurnedOff:
    """Since when it is off; who did it is known until a restart, None and "" after one."""

    since: datetime
    by: str = ""
    by_control_room: bool | None = None


@dataclass(slots=True)
class ClearTheWay:
    """One signal centre and the requests of this run.

    `off` are the units an operator has turned it off for, each for the order it had then, as stored too; `turned_off`
    says more of those, and may hold older ones; `unheard` is what the centre said that is not yet on record.
    """

    dispatch: Dispatch
    centre: SignalCentre
    ways: UnitsOnTheWay
    rules: Rules
    book: dict[RequestId, Request]
    off: dict[str, OrderId | None]
    turned_off: dict[str, TurnedOff]
    renewed: dict[RequestId, datetime]
    names: dict[JunctionId, Junction]
    lock: asyncio.Lock
    unheard: list[Said | LinkLost]


def make_clear_the_way(
    dispatch: Dispatch, centre: SignalCentre, rules: Rules | None = None, *, wanted: Wanted | None = None
) -> ClearTheWay:
    """With nothing asked yet."""
    ways = UnitsOnTheWay(dispatch.positions, wanted)
    return ClearTheWay(dispatch, centre, ways, rules or Rules(), {}, {}, {}, {}, {}, asyncio.Lock(), [])
