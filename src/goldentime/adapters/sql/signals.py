"""How the greens that were asked for are stored and found."""

from collections.abc import Sequence

from sqlalchemy import bindparam as b

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.signal_tables import signal_request
from goldentime.adapters.sql.statements import put
from goldentime.city.signals.request import Request
from goldentime.core.ids import IncidentId

_REQUESTS = Rowed(Request, signal_request)
_OPEN = _REQUESTS.select().where(signal_request.c.ended_at.is_(None)).order_by(signal_request.c.id)
_OF_INCIDENT = (
    _REQUESTS.select().where(signal_request.c.incident == b("incident")).order_by(signal_request.c.id.desc()).limit(500)
)
_PUT = put(signal_request)


class SignalReads:
    """The looks of `flows.ports.Reading` at signal priority."""

    look: Look

    def list_open_signal_requests(self) -> Sequence[Request]:
        """Those not ended, by id."""
        return [_REQUESTS.value(row) for row in self.look.rows(_OPEN)]

    def list_signal_requests(self, incident: IncidentId) -> Sequence[Request]:
        """The newest 500 of one incident, newest first."""
        return [_REQUESTS.value(row) for row in self.look.rows(_OF_INCIDENT, incident=incident)]


class SignalWrites(SignalReads):
    """The writes of `flows.ports.Change` to signal priority."""

    draft: Draft

    def put_signal_request(self, request: Request) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _REQUESTS.row(request))
