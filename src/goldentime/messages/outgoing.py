"""What a message of ours is on record: put with the change that caused it, sent until it is taken, then kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from goldentime.core.ids import AgencyId, OutgoingId
from goldentime.messages.news import Topic

Lane = Literal["wire", "callback"]  # the agency's own address, or the one it named in a message


class OutgoingState(StrEnum):
    """How far a message of ours has come."""

    WAITING = "waiting"  # to be sent, or to be sent again
    SENT = "sent"  # the other side has said that it has it
    REFUSED = "refused"  # the other side has said that it will not take it
    GIVEN_UP = "given_up"  # by a person's hand, or too old to be news


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message's row; its bytes are in the vault under the subject `outgoing/<id>` and never change.

    `sequence` orders the messages of one lane to one agency about one incident, and with `occurrence` is the identity
    that the other side sees.
    """

    id: OutgoingId
    agency: AgencyId
    lane: Lane
    linkage: str
    incident: str  # id; "" when it is about none
    incident_number: str
    occurrence: str
    sequence: int
    topic: Topic
    size: int
    made_at: datetime
    next_at: datetime
    ends_at: datetime
    state: OutgoingState = OutgoingState.WAITING
    tries: int = 0
    settled_at: datetime | None = None  # when it was sent, refused or given up
    reached: bool = False  # a try may have arrived: only then is "already exists" our own message
    address: str = ""  # a digest of where an answer goes; each waits for its own address only
    problem: str = ""  # why it was not taken the last time: unreachable, no_answer, or the other side's code
