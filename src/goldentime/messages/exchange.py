"""What passes between an agency and us around a report: the raw message, who sent it, what we did and our answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from goldentime.core.errors import BadMessage
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.messages.report import Report


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as it came, before anyone read it; `sender` is the proven agency, None while unknown."""

    linkage: str  # folder name, such as safety_net_http
    sender: str | None
    content_type: str
    headers: Mapping[str, str]  # lower-case names; never the session key
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """The agency behind a session key and the sendCd codes it may speak for; no codes means any."""

    agency: AgencyId
    codes: frozenset[str] = frozenset()
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes that go back and the protocol's own verdict in them."""

    body: bytes
    content_type: str
    type_code: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of ours to an agency; its origin has been held against those the agency is allowed."""

    url: str
    body: bytes
    content_type: str


class OutcomeKind(StrEnum):
    """What the platform did with a report."""

    OPENED = "opened"
    UPDATED = "updated"
    ENDED = "ended"
    KEPT_CLOSED = "kept_closed"  # an end without a beginning, or news of what is already over
    REPEATED = "repeated"
    PART_KEPT = "part_kept"  # waits for the other parts
    PLAIN_EVENT = "plain_event"  # recorded; opens no cameras
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"  # our fault: the agency shall send it again


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """A camera as the agency is told of it; metres from the scene."""

    label: str
    distance_metres: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, in words for the agency; `type_code` only when the kind alone does not tell it."""

    kind: OutcomeKind
    cameras: tuple[CameraSeen, ...] = ()
    nearest: CameraSeen | None = None  # the next one when none is in range
    radius_metres: float | None = None
    text: Text | None = None
    type_code: str | None = None
    sandbox: bool = False
    parts: tuple[int, int] | None = None  # have k of n
    notes: tuple[Text, ...] = field(default=())  # what was repaired while reading


OUR_TROUBLE = Outcome(OutcomeKind.UNAVAILABLE, type_code="5000")  # what an agency is told when we are at fault


def check_sender(report: Report, sender: Sender) -> None:
    """Raise BadMessage 4001 when this agency may not speak for the report's sendCd."""
    if sender.codes and report.sender not in sender.codes:
        raise BadMessage(
            Text(
                ko=f"송신기관코드 {report.sender}은(는) 이 인증키에 허용되지 않았습니다.",
                en=f"Sender code {report.sender} is not allowed for this key.",
            ),
            type_code="4001",
            field="sendCd",
        )
