"""What an agency's report is once understood, whatever protocol it came by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from goldentime.core.place import LonLat
from goldentime.core.text import Text


class ReportState(StrEnum):
    """What the sender says happened to the occurrence (safety net ocrSts)."""

    OCCURRED = "occurred"  # 10
    INTERMEDIATE = "intermediate"  # 20, 30
    CHANGED = "changed"  # 40
    CLEARED = "cleared"  # 50
    CANCELLED = "cancelled"  # 90
    ENDED = "ended"  # 91
    ENDED_AUTOMATICALLY = "ended_automatically"  # 92


ENDING = frozenset({ReportState.CLEARED, ReportState.CANCELLED, ReportState.ENDED, ReportState.ENDED_AUTOMATICALLY})


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
    service: str = "event"  # what the city does with this kind: 112_video, 119_dispatch, wanted_vehicle ...
    notes: tuple[Text, ...] = ()  # what was repaired or left out while reading
    callback: str | None = None  # targetUrl when the sender wants our answer there too
    receiver: str = ""  # rcvCd
    drill: bool = False  # an exercise; marked as such everywhere
    status_at: datetime | None = None  # ocrEvtStsTime, else when it was sent


def join_parts(parts: Sequence[Report]) -> Report:
    """One report of all parts of one message: the first one's fields, blanks filled, content and items in order.

    Raises ValueError when a part is missing, comes twice or belongs to another occurrence.
    """
    ordered = sorted(parts, key=lambda report: report.part[0])
    if not ordered or [report.part for report in ordered] != [(k + 1, len(ordered)) for k in range(len(ordered))]:
        msg = f"not the parts of one message: {[report.part for report in ordered]}"
        raise ValueError(msg)
    first = ordered[0]
    if any((report.sender, report.occurrence) != (first.sender, first.occurrence) for report in ordered):
        msg = "parts of different occurrences"
        raise ValueError(msg)
    return replace(
        first,
        place=next((report.place for report in ordered if report.place), None),
        place_words=next((report.place_words for report in ordered if report.place_words), ""),
        facility=next((report.facility for report in ordered if report.facility), None),
        content="".join(report.content for report in ordered),
        items=keep_every_item(pair for report in ordered for pair in report.items.items()),
        notes=tuple(note for report in ordered for note in report.notes),
        part=(1, 1),
    )


def keep_every_item(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs as a mapping that loses none: a key used again becomes `key#2`, `key#3` ..."""
    items: dict[str, str] = {}
    used: dict[str, int] = {}
    for key, value in pairs:
        name = key
        while name in items:
            used[key] = used.get(key, 1) + 1  # remembered, so that ten thousand equal keys stay linear
            name = f"{key}#{used[key]}"
        items[name] = value
    return items
