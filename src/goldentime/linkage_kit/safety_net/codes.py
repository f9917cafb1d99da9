"""What differs between sites that speak the safety net, on whichever wire: codes, names, limits and the key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from goldentime.core.text import Text
from goldentime.linkage_kit.settings import read_table
from goldentime.linkage_kit.values import Bounds
from goldentime.messages.report import ReportState


@dataclass(frozen=True, slots=True)
class Kind:
    """An event kind (evtId): the city service it belongs to and its name."""

    service: str
    ko: str
    en: str


POSITION = "position"  # the service of kinds that tell where a unit is
KINDS: Mapping[str, Kind] = {
    "112UC001": Kind("112_video", "112 긴급영상", "112 emergency video"),
    "112UC110": Kind("position", "112 순찰차 위치", "112 patrol-car position"),
    "112UC120": Kind("112_dispatch", "112 긴급출동", "112 dispatch"),
    "119UC001": Kind("119_dispatch", "119 긴급출동", "119 dispatch"),
    "DUCDP110": Kind("disaster", "재난상황", "Disaster"),
    "WESEN110": Kind("event", "기상특보", "Weather warning"),
    "APLEN110": Kind("event", "기상특보", "Weather warning"),
    "TUATR100": Kind("traffic", "교통 돌발상황", "Traffic incident"),
    "LPRUM120": Kind("wanted_vehicle", "수배차량", "Wanted vehicle"),
    "LPRUM104": Kind("wanted_vehicle", "수배차량", "Wanted vehicle"),
    "EBSCP110": Kind("event", "비상벨", "Emergency bell"),
    "POCCP103": Kind("safe_return", "안심귀가", "Safe return"),
    "WLISF110": Kind("safe_return", "안심귀가", "Safe return"),
    "STLSF110": Kind("safe_return", "안심택시", "Safe taxi"),
    "FCLFT101": Kind("facility", "시설물 장애", "Facility fault"),
    "MOJUC110": Kind("anklet", "전자발찌 위치추적", "Electronic anklet"),
    "MTSUC210": Kind("event", "관제요원 육안관제", "Seen by a CCTV operator"),
    "MTSUC220": Kind("event", "관제요원 육안관제", "Seen by a CCTV operator"),
    "MTSUC230": Kind("event", "관제요원 육안관제", "Seen by a CCTV operator"),
    "MTSUC240": Kind("event", "관제요원 육안관제", "Seen by a CCTV operator"),
    "MTSUC250": Kind("event", "관제요원 육안관제", "Seen by a CCTV operator"),
    "ENVEN001": Kind("event", "환경 이벤트", "Environment"),
}

STATES: Mapping[str, ReportState] = {
    "10": ReportState.OCCURRED,
    "20": ReportState.INTERMEDIATE,
    "30": ReportState.INTERMEDIATE,
    "40": ReportState.CHANGED,
    "50": ReportState.CLEARED,
    "90": ReportState.CANCELLED,
    "91": ReportState.ENDED,
    "92": ReportState.ENDED_AUTOMATICALLY,
}

# evtId of an order by the service of the agency whose units it sends.
ORDER_KINDS: Mapping[str, str] = {"112_dispatch": "112UC120", "119_dispatch": "119UC001"}

# Field names other sites use, lower case, for the standard's own.
ALIASES: Mapping[str, str] = {
    "eventid": "evtid",
    "evt_id": "evtid",
    "evtcd": "evtid",
    "eventnm": "evtnm",
    "evtgrade": "evtgrad",
    "ocrevtusr": "ocrevtstsusr",
    "ocrno": "ocrnbr",
    "ocrevtitm": "ocrevtitem",
    "content": "ocrevtcn",
    "value": "val",
    "itemkey": "key",
    "itemval": "val",
    "apcur": "apcurrent",
    "aptot": "aptotal",
}


@dataclass(frozen=True, slots=True)
class SafetyNetCodes:
    """One site's variant of what the messages say; sizes in bytes unless said otherwise."""

    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    states: Mapping[str, ReportState] = field(default_factory=lambda: STATES)
    aliases: Mapping[str, str] = field(default_factory=lambda: ALIASES)
    service_types: frozenset[str] = frozenset({"EVENT", "PREEVT"})
    urgent_grades: frozenset[str] = frozenset({"10"})
    receivers: frozenset[str] = frozenset()  # our own rcvCd codes; none means any
    systems: frozenset[str] = frozenset()  # sysCd codes accepted; none means any
    occurrence_pattern: str = r"[0-9]{14,20}"
    code_pattern: str = r"[0-9A-Za-z가-힣_.\-/()· ]{1,40}"  # sendCd may be a name
    facility_key: str = "OCCUR_FCLT_ID"
    drill_key: str = "DRILL_YN"  # an item with Y marks an exercise
    reference_key: str = "REF_OCR_NBR"  # in a message of ours numbered by itself: the occurrence it belongs to
    bounds: Bounds = field(default_factory=Bounds)
    max_items: int = 10_000
    max_parts: int = 99
    max_text: int = 20_000  # characters of one field
    language: str = "ko"  # of the words in our answers
    aria_key: str = field(default="", repr=False)  # encAt=Y is refused while this is empty
    max_sealed: int = 32 << 10
    answer_cameras: int = 8  # how many cameras an answer names
    our_code: str = "UCP"  # sendCd of the messages we send ourselves
    our_system: str = "UCP"  # their sysCd
    receiver_codes: Mapping[str, str] = field(default_factory=dict)  # rcvCd by agency, when its reports do not tell it
    own_kind: str = "MTSUC210"  # evtId of what the control room itself reports: seen by its operators
    order_kinds: Mapping[str, str] = field(default_factory=lambda: ORDER_KINDS)

    def kind_name(self, kind: str) -> Text | None:
        """What the kind is called, or None for one the site does not list."""
        known = self.kinds.get(kind)
        return Text(known.ko, known.en) if known else None

    def position_marks(self, *sealed: bytes) -> tuple[bytes, ...]:
        """What a message in capitals holds that may tell a unit's position: such a kind's code, or a sign of `sealed`.

        A code that a wire may write in more ways than one is no mark; every message may hold it then.
        """
        codes = [code.upper() for code, kind in self.kinds.items() if kind.service == POSITION]
        return (*(one.encode() if one.isascii() and one.isalnum() else b"" for one in codes), *sealed)


Codes = TypeVar("Codes", bound=SafetyNetCodes)
_TABLES = (("kinds", KINDS), ("states", STATES), ("aliases", ALIASES), ("order_kinds", ORDER_KINDS))


def codes_from(shape: type[Codes], table: Mapping[str, Any]) -> Codes:
    """Settings of a TOML table; its tables of codes add to the defaults. Raises OperatorsError."""
    merged = dict(table)
    for name, defaults in _TABLES:
        if isinstance(merged.get(name), Mapping):
            merged[name] = {**msgspec.to_builtins(defaults), **merged[name]}
    return read_table(shape, merged)
