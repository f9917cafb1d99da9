"""How the greens that were asked for, and for whom priority is off, are stored and found."""

from collections.abc import Sequence

from sqlalchemy import bindparam as b
from sqlalchemy import delete

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.signal_tables import signal_off, signal_request
from goldentime.adapters.sql.statements import put
from goldentime.city.signals.off import PriorityOff
from goldentime.city.signals.request import Request
from goldentime.core.ids import IncidentId

_REQUESTS = Rowed(Request, signal_request)
_OPEN = _REQUESTS.select().where(signal_request.c.ended_at.is_(None)).order_by(signal_request.c.id)
_OF_INCIDENT = (
    _REQUESTS.select().where(signal_request.c.incident == b("incident")).order_by(signal_request.c.id.desc()).limit(500)
)
_PUT = put(signal_request)
_OFF = Rowed(PriorityOff, signal_off)
_ALL_OFF = _OFF.select().order_by(signal_off.c.unit)
_PUT_OFF = put(signal_off)
_DROP_OFF = delete(signal_off).where(signal_off.c.unit == b("which"))


class SignalReads:
    """The looks of `flows.ports.Reading` at signal priority."""

    look: Look

    def list_open_signal_requests(self) -> Sequence[Request]:
        """Those not ended, by id."""
        return [_REQUESTS.value(row) for row in self.look.rows(_OPEN)]

    def list_signal_requests(self, incident: IncidentId) -> Sequence[Request]:
        """The newest 500 of one incident, newest first."""
        return [_REQUESTS.value(row) for row in self.look.rows(_OF_INCIDENT, incident=incident)]

    def list_priority_off(self) -> Sequence[PriorityOff]:
        """For whom it is off, by unit."""
        return [_OFF.value(row) for row in self.look.rows(_ALL_OFF)]


class SignalWrites(SignalReads):
    """The writes of `flows.ports.Change` to signal priority."""

    draft: Draft

    def put_signal_request(self, request: Request) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _REQUESTS.row(request))

    def put_priority_off(self, off: PriorityOff) -> None:
        """Insert or replace by unit."""
        self.draft.write(_PUT_OFF, _OFF.row(off))

    def drop_priority_off(self, unit: str) -> None:
        """It is on again."""
        self.draft.run(_DROP_OFF, which=unit)
