"""Closed roads, learned speeds and what was asked of signals, in memory."""

from collections.abc import Sequence

from fakes.tables.rows import Rows, by_id
from goldentime.city.roads.closures import Closure, ClosureId
from goldentime.city.signals.request import Request as SignalRequest
from goldentime.core.ids import (
    IncidentId,
)


class Streets:
    """Reading and writing them."""

    rows: Rows

    def find_closure(self, closure: ClosureId) -> Closure | None:
        return self.rows.closures.get(closure)

    def list_closures(self) -> Sequence[Closure]:
        return [one for _, one in sorted(self.rows.closures.items()) if one.opened_at is None]

    def list_open_signal_requests(self) -> Sequence[SignalRequest]:
        return [one for one in by_id(self.rows.signal_requests.values()) if one.ended_at is None]

    def list_signal_requests(self, incident: IncidentId) -> Sequence[SignalRequest]:
        return [one for one in by_id(self.rows.signal_requests.values())[::-1] if one.incident == incident][:500]

    def put_signal_request(self, request: SignalRequest) -> None:
        self.rows.signal_requests[request.id] = request

    def list_road_memory(self) -> dict[str, bytes]:
        return dict(sorted(self.rows.road_memory.items()))

    def put_closure(self, closure: Closure) -> None:
        self.rows.closures[closure.id] = closure

    def put_road_memory(self, bodies: dict[str, bytes]) -> None:
        self.rows.road_memory.update(bodies)
