"""How signals clear the way for units en route: plan, keep on record, tell the centre, and hear what became of it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from goldentime.city.signals.off import EVERYONE, PriorityOff
from goldentime.city.signals.plan import Requests, Scene, Send, Step, decide
from goldentime.city.signals.request import Reason, RequestId, State
from goldentime.city.signals.way import Drive
from goldentime.core.ids import OrderId, UnitId, new_id
from goldentime.flows.ports import Change, Reading
from goldentime.flows.signals.clearing import ClearTheWay, TurnedOff
from goldentime.flows.signals.hear_signals import all_lost, heard_of
from goldentime.flows.signals.record_signals import is_news, keep_requests, let_go
from goldentime.flows.signals.signal_centre import LinkLost, Said

RENEW_EVERY = 3.0  # seconds; the centre lets go what nobody renews
BEAT = 1.0  # seconds between looks, or sooner when the centre says something
KEPT_AFTER_END = 200  # ended requests remembered, for what may not be asked again at once


async def release_those_of_the_last_run(clearing: ClearTheWay) -> int:
    """End on record what an earlier run left, and leave off what was turned off; returns how many were ended.

    The centre drops what was asked for when we connect.
    """
    world = clearing.dispatch.world

    def let_all_go(tx: Change) -> tuple[int, Sequence[PriorityOff]]:
        left, now = tx.list_open_signal_requests(), world.clock.now()
        keep_requests(tx, [let_go(one, Reason.RESTARTED, now) for one in left], now, clearing.names)
        for over in (one for one in tx.list_priority_off() if not _still_off(tx, one.unit, one.order)):
            tx.drop_priority_off(over.unit)
        return len(left), tx.list_priority_off()

    left, off = await world.store.change(let_all_go)
    clearing.off = {one.unit: one.order for one in off}
    clearing.turned_off = {one.unit: TurnedOff(one.since) for one in off}
    return left


async def clear_the_way(clearing: ClearTheWay) -> None:
    """For ever: at every beat, and whenever the centre speaks."""
    while True:
        await beat(clearing, await clearing.centre.take_said(BEAT))


async def beat(clearing: ClearTheWay, said: Sequence[Said | LinkLost] = ()) -> None:
    """Hear, plan, keep in one transaction, then tell the centre; what was kept but not told is let go at a restart."""
    async with clearing.lock:
        clearing.unheard.extend(said)  # said once: kept until it is stored
        await _beat(clearing)


async def _beat(clearing: ClearTheWay) -> None:
    world, centre = clearing.dispatch.world, clearing.centre
    now = world.clock.now()
    clearing.names |= {junction.id: junction for junction in centre.junctions}
    heard = heard_of(clearing.book, clearing.unheard, now)
    book = clearing.book | heard
    if not centre.is_up:
        steps: tuple[Step, ...] = ()
        lost = all_lost(book, now)
        book, heard = book | lost, heard | lost
    else:
        drives = await world.store.read(lambda look: _drives(clearing, look))
        steps = decide(_asking(clearing, book), _scene(clearing, drives, now), _ids(clearing, now))
    kept = heard | {step.request.id: step.request for step in steps}
    worth = [one for one in kept.values() if is_news(clearing.book.get(one.id), one)]
    if worth:
        await world.store.change(lambda tx: keep_requests(tx, worth, now, clearing.names))
    clearing.book |= kept
    clearing.unheard.clear()
    for step in steps:
        tell(clearing, step, now)
    _renew(clearing, now)
    _forget(clearing)


def _drives(clearing: ClearTheWay, look: Reading) -> dict[str, Drive]:
    """The drives priority is on for; it was turned off for one order, and another begins anew."""
    clearing.off = {unit: order for unit, order in clearing.off.items() if _still_off(look, unit, order)}
    if EVERYONE in clearing.off:
        return {}
    return clearing.ways.list_drives(look, clearing.dispatch.world.city, without=clearing.off)


def _still_off(look: Reading, unit: str, order: OrderId | None) -> bool:
    found = None if unit == EVERYONE else look.find_unit(UnitId(unit))
    return unit == EVERYONE or (found is not None and found.order == order)


def _asking(clearing: ClearTheWay, book: Requests) -> Requests:
    """The book without what was cancelled for units that are no longer off: those may ask there again."""
    off, cancelled = clearing.off, Reason.CANCELLED
    if EVERYONE in off:
        return book
    return {one.id: one for one in book.values() if one.unit in off or one.reason is not cancelled or not one.is_over}


def _scene(clearing: ClearTheWay, drives: dict[str, Drive], now: datetime) -> Scene:
    entered = {link: junction for junction in clearing.centre.junctions for link in junction.approaches}
    return Scene(drives, entered, now, clearing.rules)


def _ids(clearing: ClearTheWay, now: datetime) -> Callable[[], RequestId]:
    chance = clearing.dispatch.world.randomness
    return lambda: RequestId(new_id("sig", now, chance))


def tell(clearing: ClearTheWay, step: Step, now: datetime) -> None:
    """Send what the step is about."""
    request, eta = step.request, max(0.0, (step.request.arrives_at - now).total_seconds())
    if step.send is Send.REQUEST:
        clearing.centre.request(request, eta)
    elif step.send is Send.RENEW:
        clearing.centre.renew(request, eta)
    elif step.send is Send.RELEASE:
        clearing.centre.release(request)
    if step.send is not Send.NOTHING:
        clearing.renewed[request.id] = now


def _renew(clearing: ClearTheWay, now: datetime) -> None:
    for request in clearing.book.values():
        if request.holds and (now - clearing.renewed.get(request.id, now)).total_seconds() >= RENEW_EVERY:
            is_going = request.state is State.RELEASING
            tell(clearing, Step(request, Send.RELEASE if is_going else Send.RENEW), now)


def _forget(clearing: ClearTheWay) -> None:
    over = [one.id for one in clearing.book.values() if one.is_over]
    for old in over[:-KEPT_AFTER_END]:
        del clearing.book[old]
        clearing.renewed.pop(old, None)
