"""What differs between sites that speak the fixed-head message: codes, systems, and which fields a body has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.linkage_kit.settings import read_table
from goldentime.linkage_kit.values import Bounds
from goldentime.messages.report import ReportState


@dataclass(frozen=True, slots=True)
class Kind:
    """What a message type of one system means: our event kind, the city service it belongs to, and its name."""

    kind: str
    service: str
    ko: str
    en: str


# By message type and sending system, "MSG_TYP_CD/SND_SYS_CD".
KINDS: Mapping[str, Kind] = {
    "10/112": Kind("112UC001", "112_video", "112 긴급영상", "112 emergency video"),
    "20/112": Kind("112UC120", "112_dispatch", "112 긴급출동", "112 dispatch"),
    "10/119": Kind("119UC001", "119_dispatch", "119 긴급출동", "119 dispatch"),
    "20/119": Kind("119UC001", "119_dispatch", "119 긴급출동", "119 dispatch"),
    "10/WP1": Kind("WP1", "vulnerable", "사회적 약자", "Vulnerable person"),
}

_OF_112 = ("SEND_NUM", "EVT_GRD", "EVT_TYP", "LON", "LAT", "ADDR", "BJD_CD", "EVT_DTM", "SENDER_ID")
_OF_119 = ("SEND_NUM", "EVT_NM", "EVT_DTL", "LON", "LAT", "ADDR", "BJD_CD", "EVT_DTM", "SENDER_ID")
_OF_WP1 = (
    "SEND_NUM", "SVC_TYP", "EVT_LON", "EVT_LAT", "EVT_ADDR", "EVT_BJD", "REF_ID", "DSC_NM", "DSC_PHONE", "DSC_BIRTH",
    "DSC_SEX", "DSC_ADDR", "GUARD_NM", "GUARD_PHONE", "EVT_DTM", "IMAGE", "INFO", "NOTE", "SENDER_ID",
)  # fmt: skip
BODIES: Mapping[str, tuple[str, ...]] = {
    "10/112": _OF_112,
    "20/112": _OF_112,
    "10/119": _OF_119,
    "20/119": _OF_119,
    "10/WP1": _OF_WP1,
}

Role = Literal["number", "sender", "grade", "kind_name", "detail", "lon", "lat", "place", "content", "at", "item"]
# What a field is to us; every other one is an item of the report, as sent.
ROLES: Mapping[str, Role] = {
    "SEND_NUM": "number",
    "SENDER_ID": "sender",
    "EVT_GRD": "grade",
    "EVT_NM": "kind_name",
    "EVT_TYP": "detail",
    "EVT_DTL": "detail",
    "SVC_TYP": "detail",
    "LON": "lon",
    "EVT_LON": "lon",
    "LAT": "lat",
    "EVT_LAT": "lat",
    "ADDR": "place",
    "EVT_ADDR": "place",
    "NOTE": "content",
    "EVT_DTM": "at",
}

STATES: Mapping[str, ReportState] = {
    "": ReportState.OCCURRED,
    "00": ReportState.OCCURRED,
    "10": ReportState.OCCURRED,
    "20": ReportState.INTERMEDIATE,
    "30": ReportState.INTERMEDIATE,
    "40": ReportState.CHANGED,
    "50": ReportState.CLEARED,
    "90": ReportState.CANCELLED,
    "91": ReportState.ENDED,
    "92": ReportState.ENDED_AUTOMATICALLY,
}

# Video control between users: a camera locked, a look asked for.
CONTROLS: Mapping[str, Text] = {
    "CCTVLOCK": Text("영상 잠금(사생활 보호)", "video locked for privacy"),
    "CCTVSHER": Text("영상 공유", "video shared"),
    "CCTVPREV": Text("승인 전 열람 요청", "viewing asked for ahead of approval"),
}


@dataclass(frozen=True, slots=True)
class FixedHeadSettings:
    """One site's variant of the protocol; sizes in bytes unless said otherwise."""

    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    bodies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: BODIES)
    roles: Mapping[str, Role] = field(default_factory=lambda: ROLES)
    states: Mapping[str, ReportState] = field(default_factory=lambda: STATES)
    controls: Mapping[str, Text] = field(default_factory=lambda: CONTROLS)
    control_fields: tuple[str, ...] = ("CTL_TYP", "SEND_NUM", "CAM_ID", "EVT_DTM", "SENDER_ID")
    login_type: str = "99"
    login_fields: tuple[str, ...] = ("SENDER_ID", "API_KEY")
    systems: frozenset[str] = frozenset({"112", "119", "WP1"})  # SND_SYS_CD accepted
    our_system: str = "UCP"  # RCV_SYS_CD of what is meant for us, SND_SYS_CD of what we send
    sender_ids: frozenset[str] = frozenset()  # SENDER_ID accepted; none means any
    urgent_grades: frozenset[str] = frozenset({"0", "1", "10", "C0", "C1", "긴급"})
    urgent_ungraded: bool = True  # a system whose body has no grade is taken as urgent
    charset: Literal["utf-8", "cp949"] = "utf-8"
    separator: str = "\x1e"
    terminator: str = ";"
    bounds: Bounds = field(default_factory=Bounds)
    max_body: int = 64 << 10
    max_text: int = 20_000  # characters of one field
    language: str = "ko"  # of the words in our answers
    answer_cameras: int = 8  # how many cameras an answer names
    answer_ok: str = "00"  # STA_TYP_CD of an answer that accepts
    answer_error: str = "99"
    our_sender_id: str = "UCP"  # SENDER_ID of what we send
    incident_type: str = "10"
    order_type: str = "20"
    receiver_systems: Mapping[str, str] = field(default_factory=dict)  # RCV_SYS_CD by agency
    order_fields: tuple[str, ...] = (
        "SEND_NUM", "MSG_NO", "INCIDENT_NO", "UNIT_CD", "UNIT_WITHDRAWN", "EVT_TYP", "LON", "LAT", "ADDR", "CONTENT",
        "DRILL_YN", "REF_NUM", "EVT_DTM", "SENDER_ID",
    )  # fmt: skip
    control_answer_fields: tuple[str, ...] = (  # RESULT: Y approved, N refused
        "CTL_TYP", "SEND_NUM", "CAM_ID", "RESULT", "CONTENT", "MSG_NO", "EVT_DTM", "SENDER_ID",
    )  # fmt: skip
    news_fields: tuple[str, ...] = (  # any item of the news has its own key as a field's name
        "SEND_NUM", "MSG_NO", "INCIDENT_NO", "TOPIC", "EVT_TYP", "LON", "LAT", "ADDR", "CONTENT", "CAR_NUM",
        "MOVE_DIRECTION", "CAMERA_NM", "IMAGE_URL", "DRILL_YN", "REF_NUM", "EVT_DTM", "SENDER_ID",
    )  # fmt: skip


def settings_from(table: Mapping[str, Any]) -> FixedHeadSettings:
    """Settings of a TOML table; its tables of codes add to the defaults. Raises OperatorsError."""
    merged = dict(table)
    defaults: dict[str, Mapping[str, object]] = {
        "kinds": KINDS,
        "bodies": BODIES,
        "roles": ROLES,
        "states": STATES,
        "controls": CONTROLS,
    }
    for name, known in defaults.items():
        if isinstance(merged.get(name), Mapping):
            plain = {key: _plain(value) for key, value in known.items()}
            merged[name] = {**plain, **merged[name]}
    settings = read_table(FixedHeadSettings, merged)
    if len(settings.separator) != 1 or len(settings.terminator) != 1:
        raise OperatorsError(
            Text("separator와 terminator는 한 글자입니다.", "separator and terminator are one character.")
        )
    if not settings.separator.isascii() or not settings.terminator.isascii():
        raise OperatorsError(Text("separator와 terminator는 ASCII입니다.", "separator and terminator are ASCII."))
    return settings


def _plain(value: object) -> object:
    if isinstance(value, Kind):
        return {"kind": value.kind, "service": value.service, "ko": value.ko, "en": value.en}
    return value.to_dict() if isinstance(value, Text) else value
