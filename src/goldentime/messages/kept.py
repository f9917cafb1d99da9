"""What a raw message is on record: kept before it is read, answered, and sooner or later destroyed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goldentime.core.ids import IncidentId, MessageId


class MessageState(StrEnum):
    """How far a kept message has come."""

    KEPT = "kept"  # durable, not read yet
    READ = "read"  # understood and acted on
    PART = "part"  # waits for its other parts
    BAD = "bad"  # could not be read; the answer says why
    REFUSED = "refused"  # sender unknown or not allowed


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """One raw message's row; the body itself is in the vault under the subject `message/<id>`.

    `digest` is a salted digest of linkage, sender and body: the same message again has the same one; destroyed with the
    body. `provisional` is what was sent back at once in a flood; `answer` is what was sent back in full, or would be
    to the same message again.
    """

    id: MessageId
    linkage: str
    sender: str  # agency id, or "" when unknown
    content_type: str
    digest: bytes
    size: int
    received_at: datetime
    ends_at: datetime
    state: MessageState = MessageState.KEPT
    occurrence: str = ""
    incident: IncidentId | None = None
    answer: bytes = b""
    answer_type: str = ""
    provisional: bytes | None = None
    problem: str = ""  # error code when BAD or REFUSED
    sandbox: bool = False
