"""What of signal priority goes on record: each request once it was asked for, with a fact for each step."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from goldentime.city.signals.junction import Junction, JunctionId
from goldentime.city.signals.plan import given_back
from goldentime.city.signals.request import Reason, Request, State, fact_of, stepped
from goldentime.core.ids import UnitId
from goldentime.flows.ports import Change


def is_news(before: Request | None, now: Request) -> bool:
    """Whether it was asked for and has come to another state; a mere plan is nobody's record."""
    return now.requested_at is not None and (before is None or before.state is not now.state)


def keep_requests(
    tx: Change, requests: Iterable[Request], now: datetime, junctions: Mapping[JunctionId, Junction]
) -> None:
    """Store those that were asked for, each with its fact, which its agency may read; `junctions` give the names."""
    for request in requests:
        if request.requested_at is None:
            continue
        tx.put_signal_request(request)
        fact = fact_of(request, now)
        if fact is not None:
            unit = tx.find_unit(UnitId(request.unit))
            junction = junctions.get(request.junction)
            more = {"agency": unit.agency if unit else None, "name": junction.name if junction else None}
            tx.record(replace(fact, data={**fact.data, **more}))


def let_go(request: Request, reason: Reason, now: datetime) -> Request:
    """The request ended without the centre's word; for one that may be held, and nobody is there to ask."""
    leaving = request if request.state is State.RELEASING else given_back(request, reason, now).request
    return leaving if leaving.is_over else stepped(leaving, State.RELEASED, now)
