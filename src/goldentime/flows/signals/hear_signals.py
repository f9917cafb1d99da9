"""What the signal centre's words, or a lost link to it, make of the requests."""

from collections.abc import Iterable
from datetime import datetime

from goldentime.city.signals.plan import Requests
from goldentime.city.signals.request import STEPS, Reason, Request, RequestId, stepped
from goldentime.flows.signals.record_signals import let_go
from goldentime.flows.signals.signal_centre import LinkLost, Said


def heard_of(book: Requests, said: Iterable[Said | LinkLost], now: datetime) -> dict[RequestId, Request]:
    """What the centre's words make of the requests; a word too late to matter changes nothing."""
    changed: dict[RequestId, Request] = {}
    for one in said:
        if isinstance(one, LinkLost):
            changed |= all_lost({**book, **changed}, now)
            continue
        known = changed.get(one.request) or book.get(one.request)
        if known is not None and one.state in STEPS[known.state]:
            changed[known.id] = stepped(known, one.state, now, reason=one.reason)
    return changed


def all_lost(book: Requests, now: datetime) -> dict[RequestId, Request]:
    """Without a link the centre lets everything go by itself, and has before it takes us in again."""
    held = [one for one in book.values() if one.holds]
    return {one.id: let_go(one, Reason.LOST_LINK, now) for one in held}
