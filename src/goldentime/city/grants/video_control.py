"""What an agency may ask of video over its wire, and what is kept of it: a look asked for, and a camera locked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId
from goldentime.core.text import Text


class Answered(StrEnum):
    """What became of a request to look."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """An agency's wish to look within an incident, which opens nothing by itself; `cameras` None: all of its own.

    `sender` and `occurrence` are how the agency named itself and the incident, for the answer.
    """

    id: str
    incident: IncidentId
    agency: AgencyId
    control: str  # CCTVPREV or CCTVSHER
    sender: str
    occurrence: str
    cameras: frozenset[CameraId] | None
    asked_at: datetime
    state: Answered = Answered.WAITING
    answered_at: datetime | None = None
    by: AccountId | None = None


@dataclass(frozen=True, slots=True)
class CameraLock:
    """A camera that nobody but the agency that locked it may look through, within the incident that called for it."""

    camera: CameraId
    incident: IncidentId
    agency: AgencyId
    locked_at: datetime


LOCKED = Text(
    "사생활 보호를 위해 잠긴 카메라입니다. 잠근 기관만 볼 수 있습니다.",
    "The camera is locked for privacy; only the agency that locked it may look.",
)


def may_look_past(lock: CameraLock | None, agency: AgencyId | None) -> bool:
    """Whether somebody of that agency (None: the city's own) may look through the camera all the same."""
    return lock is None or (agency is not None and lock.agency == agency)
