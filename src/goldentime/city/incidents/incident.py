"""What an incident is: who reported it, where, how grave, who has it, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goldentime.core.ids import AccountId, AgencyId, IncidentId
from goldentime.core.place import LonLat


class Service(StrEnum):
    """The linked service an incident belongs to."""

    VIDEO_112 = "112_video"
    DISPATCH_112 = "112_dispatch"
    DISPATCH_119 = "119_dispatch"
    DISASTER = "disaster"
    VULNERABLE = "vulnerable"
    WANTED_VEHICLE = "wanted_vehicle"
    ANKLET = "anklet"
    SAFE_RETURN = "safe_return"
    FACILITY = "facility"
    TRAFFIC = "traffic"
    EVENT = "event"
    MANUAL = "manual"


class Severity(StrEnum):
    """How grave, gravest first."""

    CRITICAL = "critical"
    WARNING = "warning"
    CAUTION = "caution"
    NOTICE = "notice"


SEVERITY_ORDER = {severity: order for order, severity in enumerate(Severity)}


class State(StrEnum):
    """Open or closed; acknowledging is independent of both."""

    OPEN = "open"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How an incident ended."""

    HANDLED = "handled"
    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"
    HANDED_OVER = "handed_over"
    DRILL = "drill"
    ENDED_BY_SENDER = "ended_by_sender"
    CANCELLED_BY_SENDER = "cancelled_by_sender"
    NEVER_OPENED = "never_opened"  # an ending came without a beginning


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; `version` grows with every change. Words about people are in the vault, not here.

    `place` None when nothing is known; `estimated` says how the place was guessed ("" when it was given or confirmed).
    `radius` is the ring in metres within which cameras have been chosen, `scene` the place they were last chosen for.
    `told_place` is where the sender last said it is; `placed_by` who vouched for another place by hand.
    """

    id: IncidentId
    number: str
    service: Service
    kind: str  # the sender's code, such as 112UC001; "" for what is no code
    title: str  # what the service is called: the words of a report or a person, which may name one, are in the vault
    severity: Severity
    state: State
    opened_at: datetime
    occurred_at: datetime
    updated_at: datetime
    version: int = 1
    place: LonLat | None = None
    estimated: str = ""
    radius: float = 500.0
    agency: AgencyId | None = None
    owner: AccountId | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: AccountId | None = None
    closed_at: datetime | None = None
    disposition: Disposition | None = None
    sender_state: str = ""
    reports: int = 0
    drill: bool = False
    sandbox: bool = False
    scene: LonLat | None = None
    told_place: LonLat | None = None
    placed_by: AccountId | None = None
