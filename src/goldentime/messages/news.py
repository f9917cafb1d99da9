"""What we tell an agency about its occurrence on our own account: what was done, what is open, how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from goldentime.core.ids import AgencyId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.report import ReportState


class Topic(StrEnum):
    """What a message of ours is about, for people and for the log; the wire says it by its state code."""

    STATUS = "status"  # acknowledged, taken
    CAMERAS = "cameras"  # which cameras are open to the agency
    ACTION = "action"  # what the control room did (조치사항), in words
    ENDED = "ended"
    ORDER = "order"  # sends a unit (출동지령)
    SIGHTING = "sighting"  # what an operator saw on a camera: place, words, still (다매체 신고)
    VIDEO = "video"  # whether a look that was asked for is approved
    ANSWER = "answer"  # our answer again, at the address the sender named for it


@dataclass(frozen=True, slots=True)
class News:
    """One message of ours about one occurrence, before a linkage puts it on its wire.

    `(sender, occurrence)` is the occurrence as the agency itself numbered it; an agency that never reported it gets a
    number of ours and `sender` "". `sequence` counts our messages to this agency about this incident from 1: with
    the occurrence it is the message's identity (`number`), the same however often it is sent. `apart` is an occurrence
    number for this message alone, for a receiver that holds another of the same occurrence and state for a repeat.
    """

    agency: AgencyId
    sender: str  # the code under which the agency reported it: the receiver (rcvCd) of this message
    occurrence: str  # ocrNbr
    kind: str  # evtId, such as 112UC001; empty for what the control room reports on its own account
    incident_number: str  # ours, such as GO-1123-0001
    state: ReportState
    at: datetime
    content: Text
    sequence: int = 1
    topic: Topic = Topic.STATUS
    kind_name: str = ""
    urgent: bool = False
    place: LonLat | None = None
    place_words: str = ""
    occurred_at: datetime | None = None
    drill: bool = False
    apart: str = ""
    asked: str = ""  # by which number an agency asked what this answers, where that is no occurrence number
    items: Mapping[str, str] = field(default_factory=dict)  # by the safety net's keys: IMAGE_URL, CAR_NUM ...

    @property
    def number(self) -> str:
        """The message's own number, by which a receiver knows it again."""
        return f"{self.occurrence}-{self.sequence}"


class Verdict(StrEnum):
    """What the other side said to a message of ours."""

    TAKEN = "taken"
    EXISTS = "exists"  # it has one of that number and state: this very message only if it may have arrived before
    REFUSED = "refused"  # sending the same again would be refused again
    LATER = "later"  # its trouble, too many: send again


@dataclass(frozen=True, slots=True)
class Reply:
    """An agency's answer to a message of ours, as its linkage reads it; `code` is the protocol's own."""

    verdict: Verdict
    code: str = ""
    words: str = ""
