"""How our answer is worded and which type code it has, whichever wire carries it."""

from collections.abc import Mapping

from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.messages.exchange import CameraSeen, Outcome, OutcomeKind

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


def type_code_of(outcome: Outcome) -> str:
    """The protocol's verdict on what was done."""
    return outcome.type_code or _TYPES.get(outcome.kind, OK)


def said(text: Text, codes: SafetyNetCodes) -> str:
    """The text in the site's language."""
    return text.ko if codes.language == "ko" else text.en


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
