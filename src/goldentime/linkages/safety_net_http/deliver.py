"""What the agency is told: our answer's verdict and words, and the same to its callback address."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import Answer, CameraSeen, Outcome, OutcomeKind, Outgoing
from goldentime.messages.report import Report

JSON = "application/json; charset=utf-8"
OK, BAD_REQUEST, UNAUTHORISED, TOO_MANY, INTERNAL, UNAVAILABLE = "2000", "4000", "4001", "4209", "5000", "5003"

_TYPES: Mapping[OutcomeKind, str] = {OutcomeKind.REFUSED: BAD_REQUEST, OutcomeKind.UNAVAILABLE: UNAVAILABLE}

_OPENINGS: Mapping[OutcomeKind, Text] = {
    OutcomeKind.OPENED: Text("접수했습니다.", "Received."),
    OutcomeKind.UPDATED: Text("변경 정보를 반영했습니다.", "The change has been taken over."),
    OutcomeKind.ENDED: Text(
        "상황을 종료하고 영상 제공을 끝냈습니다.", "The incident is closed and its video has ended."
    ),
    OutcomeKind.KEPT_CLOSED: Text(
        "이미 끝났거나 발생 신고가 없는 건으로 기록했습니다. 영상은 열지 않았습니다.",
        "Recorded for an occurrence that is over or never began; no video was opened.",
    ),
    OutcomeKind.REPEATED: Text("이미 접수한 메시지입니다.", "This message was received before."),
    OutcomeKind.PLAIN_EVENT: Text("이벤트로 기록했습니다.", "Recorded as an event."),
    OutcomeKind.REFUSED: Text("접수하지 못했습니다.", "Not accepted."),
    OutcomeKind.UNAVAILABLE: Text(
        "일시적 장애입니다. 다시 보내 주십시오.", "Temporarily unavailable; please send again."
    ),
}


def answer(settings: SafetyNetSettings, type_code: str, message: str) -> Answer:
    """The protocol's answer; `result` follows from the type code."""
    ok = type_code == OK
    fields = {
        "startTag": settings.tags.start,
        "endTag": settings.tags.end,
        "finishTag": settings.tags.finish,
        "result": "0" if ok else "1",
        "message": message,
        "type": type_code,
    }
    return Answer(msgspec.json.encode(fields), JSON, type_code, ok)


def deliver(outcome: Outcome, settings: SafetyNetSettings) -> Answer:
    """The verdict and, in words, which cameras are open and how far from the scene, or that none is in range."""
    type_code = outcome.type_code or _TYPES.get(outcome.kind, OK)
    text = outcome_words(outcome, settings.answer_cameras)
    return answer(settings, type_code, _said(text, settings))


def deliver_error(error: BadMessage, settings: SafetyNetSettings) -> Answer:
    """What is wrong with the message."""
    return answer(settings, error.type_code, _said(error.text, settings))


def deliver_session(session_key: str, settings: SafetyNetSettings) -> Answer:
    """A successful login: the session key is the message."""
    return answer(settings, OK, session_key)


def deliver_problem(type_code: str, text: Text, settings: SafetyNetSettings) -> Answer:
    """A refusal that is not the message's fault: unknown key, flood, our own trouble."""
    return answer(settings, type_code, _said(text, settings))


def outcome_words(outcome: Outcome, most: int = 8) -> Text:
    """The outcome as the agency reads it."""
    parts = [_opening(outcome)]
    if outcome.cameras:
        parts.append(_cameras_words(outcome.cameras, most))
    elif outcome.kind is OutcomeKind.OPENED:
        parts.append(_none_words(outcome))
    parts.extend(outcome.notes)
    mark = Text("[시험] ", "[Sandbox] ") if outcome.sandbox else None
    words = Text(" ".join(part.ko for part in parts), " ".join(part.en for part in parts))
    return Text(mark.ko + words.ko, mark.en + words.en) if mark else words


def callback_message(
    report: Report, outcome: Outcome, origins: frozenset[str], settings: SafetyNetSettings
) -> Outgoing | None:
    """Our answer for the sender's callback address; None when it asked for none or its origin is not allowed."""
    if report.callback is None or not may_call_back(report.callback, origins):
        return None
    sent = deliver(outcome, settings)
    fields: dict[str, str] = {
        **msgspec.json.decode(sent.body, type=dict[str, str]),
        "svcTy": "EVENT",
        "sendCd": report.receiver,
        "rcvCd": report.sender,
        "evtId": report.kind,
        "ocrNbr": report.occurrence,
    }
    return Outgoing(report.callback, msgspec.json.encode(fields), JSON)


def may_call_back(url: str, origins: frozenset[str]) -> bool:
    """Whether the address is plain http(s) at an origin the city allows this agency (`https://host[:port]`)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return False
    if not url.isascii() or not url.isprintable() or any(bad in url for bad in (" ", "\\")):
        return False
    standard = {"http": 80, "https": 443}[parts.scheme]
    origin = f"{parts.scheme}://{parts.hostname}" + ("" if port in (None, standard) else f":{port}")
    return origin in {one.lower().rstrip("/") for one in origins}


def _said(text: Text, settings: SafetyNetSettings) -> str:
    return text.ko if settings.language == "ko" else text.en


def _opening(outcome: Outcome) -> Text:
    if outcome.text is not None:
        return outcome.text
    if outcome.kind is OutcomeKind.PART_KEPT:
        have, total = outcome.parts or (1, 1)
        return Text(f"{total}건 중 {have}건을 받았습니다.", f"{have} of {total} parts received.")
    return _OPENINGS[outcome.kind]


def _cameras_words(cameras: tuple[CameraSeen, ...], most: int) -> Text:
    named = ", ".join(_camera(one) for one in cameras[:most])
    more = len(cameras) - most
    ko = f"CCTV {len(cameras)}대 영상을 제공합니다: {named}" + (f" 외 {more}대." if more > 0 else ".")
    en = f"Video of {len(cameras)} cameras is open: {named}" + (f" and {more} more." if more > 0 else ".")
    return Text(ko, en)


def _none_words(outcome: Outcome) -> Text:
    if outcome.radius_metres is None:
        return Text("제공할 수 있는 CCTV가 없습니다.", "No camera can be offered.")
    radius = f"{outcome.radius_metres:.0f} m"
    ko, en = f"반경 {radius} 안에 제공할 수 있는 CCTV가 없습니다.", f"No camera can be offered within {radius}."
    if outcome.nearest is not None:
        nearest = _camera(outcome.nearest)
        ko, en = f"{ko} 가장 가까운 CCTV: {nearest}.", f"{en} The nearest: {nearest}."
    return Text(ko, en)


def _camera(camera: CameraSeen) -> str:
    return f"{camera.label} ({camera.distance_metres:.0f} m)"
