"""What an agency's report is once understood, whatever protocol it came by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from goldentime.core.place import LonLat


class ReportState(StrEnum):
    """What the sender says happened to the occurrence (safety net ocrSts)."""

    OCCURRED = "occurred"  # 10
    INTERMEDIATE = "intermediate"  # 20, 30
    CHANGED = "changed"  # 40
    CLEARED = "cleared"  # 50
    CANCELLED = "cancelled"  # 90
    ENDED = "ended"  # 91
    ENDED_AUTOMATICALLY = "ended_automatically"  # 92


ENDING = frozenset(
    {ReportState.CLEARED, ReportState.CANCELLED, ReportState.ENDED, ReportState.ENDED_AUTOMATICALLY}
)


@dataclass(frozen=True, slots=True)
class Report:
    """One message about one occurrence; `(sender, occurrence)` is its identity across messages.

    `place` is None when the sender gave no usable coordinates; `facility` and `place_words` may then locate it.
    `items` are the sender's own key/value pairs as sent. Times are aware.
    """

    sender: str  # safety-net sendCd, such as P4800000000 or "112"
    system: str  # sysCd, such as 112
    occurrence: str  # ocrNbr
    kind: str  # evtId, such as 112UC001
    kind_name: str  # evtNm
    urgent: bool  # evtGrad 10
    state: ReportState
    occurred_at: datetime
    place: LonLat | None = None
    place_words: str = ""
    content: str = ""
    facility: str | None = None  # OCCUR_FCLT_ID
    detail_code: str = ""
    detail_words: str = ""
    person_name: str = ""  # the agency's user, ocrEvtUsrNm
    items: Mapping[str, str] = field(default_factory=dict)
    part: tuple[int, int] = (1, 1)  # apSeq: k of n
