"""What one Cursor on Target event says: who is where, how fast and until when that holds; it is read, never obeyed."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.linkage_kit.values import clean

LARGEST_EVENT = 64 << 10
UNKNOWN = 999_999.0  # CoT writes 9999999.0 for what it does not know
_LONGEST = 128  # characters of a uid, a type or a call sign


@dataclass(frozen=True, slots=True)
class CotEvent:
    """One event; `kind` such as a-f-G-E-V-C, `accuracy_m` the circular error, speed in m/s and course in degrees.

    `place` is None for events that are nowhere (0, 0 with no error told is what TAK writes then).
    """

    uid: str
    kind: str
    at: datetime
    stale: datetime
    place: LonLat | None
    accuracy_m: float | None = None
    call_sign: str = ""
    speed_ms: float | None = None
    course: float | None = None


def read_event(data: bytes) -> CotEvent:
    """The event in the bytes; raises BadMessage for what is none, is too large, or declares entities."""
    if len(data) > LARGEST_EVENT:
        raise _bad("이벤트가 너무 큽니다.", "The event is too large.")
    try:
        root = fromstring(data.strip(), forbid_dtd=True)
    except DefusedXmlException:
        raise _bad("DTD나 엔터티가 있는 XML은 받지 않습니다.", "XML with a DTD or entities is not accepted.") from None
    except (ParseError, ValueError, LookupError):
        raise _bad("XML을 읽을 수 없습니다.", "The XML cannot be read.") from None
    if root.tag != "event":
        raise _bad("CoT event가 아닙니다.", "Not a CoT event.")
    return _read(root)


def _read(root: Element) -> CotEvent:
    uid, kind = _word(root, "uid"), _word(root, "type")
    point = root.find("point")
    if not uid or not kind or point is None:
        raise _bad("uid, type, point가 있어야 합니다.", "uid, type and point are mandatory.", field="uid")
    lon, lat = _number(point, "lon"), _number(point, "lat")
    error = _known(_number(point, "ce"))
    place = None
    if lon is not None and lat is not None and not (lon == 0 and lat == 0):
        try:
            place = LonLat(lon, lat)
        except ValueError:
            raise _bad("좌표가 아닙니다.", "Not coordinates.", field="point") from None
    contact, track = root.find("detail/contact"), root.find("detail/track")
    speed = None if track is None else _known(_number(track, "speed"))
    course = None if track is None else _known(_number(track, "course"))
    return CotEvent(
        uid=uid,
        kind=kind,
        at=_time(root, "time"),
        stale=_time(root, "stale"),
        place=place,
        accuracy_m=error if error and error > 0 else None,
        call_sign="" if contact is None else _word(contact, "callsign"),
        speed_ms=speed if speed is not None and speed >= 0 else None,
        course=None if course is None else course % 360.0,
    )


def _word(element: Element, name: str) -> str:
    return clean(element.get(name, "")).split("\n")[0][:_LONGEST]


def _number(element: Element, name: str) -> float | None:
    text = element.get(name)
    if text is None or len(text) > 40:
        return None
    try:
        value = float(text)
    except ValueError:
        raise _bad(f"{name} 값이 수가 아닙니다.", f"{name} is not a number.", field=name) from None
    return value if isfinite(value) else None


def _known(value: float | None) -> float | None:
    return None if value is None or abs(value) > UNKNOWN else value


def _time(element: Element, name: str) -> datetime:
    text = element.get(name, "")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _bad(f"{name} 시각을 읽을 수 없습니다.", f"The time in {name} cannot be read.", field=name)
    return at


def _bad(ko: str, en: str, *, field: str | None = None) -> BadMessage:
    return BadMessage(Text(ko, en), field=field)
