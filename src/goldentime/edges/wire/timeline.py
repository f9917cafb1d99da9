"""How the facts about an incident read in words, newest first."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.incidents.golden_time import STAMP_NAMES, Stamp
from goldentime.city.signals.request import REASON_WORDS, Reason
from goldentime.core.clock import KST
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId, OrderId, UnitId
from goldentime.core.text import Text
from goldentime.flows.ports import Reading

DISPOSITIONS: dict[str, Text] = {
    "handled": Text("처리 완료", "handled"),
    "false_alarm": Text("오신고", "false alarm"),
    "duplicate": Text("중복", "duplicate"),
    "handed_over": Text("이관", "handed over"),
    "drill": Text("훈련 종료", "drill over"),
    "ended_by_sender": Text("신고 기관이 종료", "ended by the sender"),
    "cancelled_by_sender": Text("신고 기관이 취소", "cancelled by the sender"),
    "never_opened": Text("발생 없이 종료", "ended without a beginning"),
}
SENDER_STATES: dict[str, Text] = {
    "occurred": Text("발생", "occurred"),
    "intermediate": Text("처리 중", "under way"),
    "changed": Text("정보 변경", "information changed"),
    "cleared": Text("해제", "cleared"),
    "cancelled": Text("취소", "cancelled"),
    "ended": Text("종료", "ended"),
    "ended_automatically": Text("자동 종료", "ended automatically"),
}
TOPICS: dict[str, Text] = {
    "status": Text("진행 상태", "status"),
    "cameras": Text("영상 제공", "open cameras"),
    "action": Text("조치사항", "what was done"),
    "ended": Text("종결", "its end"),
    "sighting": Text("영상 목격 신고", "a sighting on a camera"),
    "order": Text("출동지령", "an order"),
    "video": Text("열람 요청에 대한 답", "the answer to a request to look"),
    "answer": Text("접수 결과", "our answer"),
}
_Data = Mapping[str, Any]


def _both(ko: str, en: str, **values: Text) -> Text:
    return Text(
        ko.format(**{key: text.ko for key, text in values.items()}),
        en.format(**{key: text.en for key, text in values.items()}),
    )


def _chosen(data: _Data) -> Text:
    if data["cameras"] == 0:
        nearest = data.get("next_nearest_metres")
        more = (
            Text(f" · 가장 가까운 카메라 {nearest} m", f"; the nearest is {nearest} m away")
            if nearest
            else Text(" ", " ")
        )
        return _both("반경 안에 카메라가 없습니다{more}", "No camera within the ring{more}", more=more)
    return Text(
        f"반경 {data['radius']:.0f} m에서 카메라 {data['cameras']}대 선정",
        f"{data['cameras']} cameras chosen within {data['radius']:.0f} m",
    )


def _updated(data: _Data) -> Text:
    state = SENDER_STATES.get(str(data.get("state")), Text("-", "-"))
    told = _both("신고 기관 갱신: {state}", "Updated by the sender: {state}", state=state)
    if data.get("over_hand"):
        return _both(
            "{told} · 관제에서 확인한 위치를 신고 기관의 새 위치로 바꿈",
            "{told}; its new place replaces the one confirmed by the control room",
            told=told,
        )
    return _both("{told} · 위치 변경", "{told}; it has moved", told=told) if data.get("moved") else told


def _plain(ko: str, en: str) -> Callable[[_Data], Text]:
    text = Text(ko, en)
    return lambda _data: text


_BY: dict[str, Text] = {
    "arrival": Text(" (위치로 확인)", " (by its position)"),
    "system": Text(" (자동)", " (by itself)"),
}


def _unit_step(ko: str, en: str) -> Callable[[_Data], Text]:
    def words(data: _Data) -> Text:
        how = _BY.get(str(data.get("who")))
        return Text(f"{data['called']} {ko}{how.ko if how else ''}", f"{data['called']} {en}{how.en if how else ''}")

    return words


def _signal(ko: str, en: str) -> Callable[[_Data], Text]:
    def words(data: _Data) -> Text:
        where = data.get("name") if data.get("name") not in {None, "-"} else str(data.get("junction"))
        why = REASON_WORDS.get(Reason(data["reason"])) if data.get("reason") else None
        told_ko, told_en = (f" ({why.ko})", f" ({why.en})") if why else ("", "")
        return Text(f"{data['called']} {ko} — {where}{told_ko}", f"{data['called']}: {en}, {where}{told_en}")

    return words


def _corrected(data: _Data) -> Text:
    stamp = STAMP_NAMES[Stamp(str(data["stamp"]))]
    at = datetime.fromisoformat(str(data["moment"])).astimezone(KST).strftime("%H:%M:%S")
    return Text(f"{stamp.ko} {at}", f"{stamp.en} {at}")


FACT_WORDS: dict[str, Callable[[_Data], Text]] = {
    "IncidentOpened": lambda d: (
        Text("상황 개설", "Opened by hand") if d.get("by") else Text("신고 접수", "Report received")
    ),
    "IncidentUpdated": _updated,
    "IncidentAcknowledged": _plain("확인함", "Acknowledged"),
    "IncidentTaken": _plain("담당 지정", "Taken"),
    "IncidentReleased": _plain("담당 해제", "Released"),
    "IncidentClosed": lambda d: _both(
        "종결: {how}", "Closed: {how}", how=DISPOSITIONS.get(str(d.get("disposition")), Text("-", "-"))
    ),
    "IncidentShared": _plain("다른 기관과 공유", "Shared with another agency"),
    "LateReportKept": _plain("종결 뒤에 온 신고를 기록만 함", "A late message was kept on record only"),
    "PlaceConfirmed": _plain("위치를 확인함", "Place confirmed"),
    "RingWidened": lambda d: Text(
        f"반경 {d['radius']:.0f} m까지 다음 카메라", f"Next cameras, within {d['radius']:.0f} m"
    ),
    "CamerasChosen": _chosen,
    "GrantMade": _plain("열람권한 부여", "Viewing granted"),
    "GrantWidened": _plain("열람 범위에 카메라 추가", "Cameras added to the grant"),
    "GrantMoved": _plain("열람 범위를 새 위치의 카메라로 바꿈", "The grant covers the new place's cameras instead"),
    "GrantExtended": lambda d: Text(f"열람 {d['minutes']}분 연장", f"Grant extended by {d['minutes']} minutes"),
    "GrantEnded": lambda d: ENDING_WORDS[Ending(str(d["ending"]))],
    "ViewOpened": _plain("영상 열람 시작", "Began to watch"),
    "FirstFrameSeen": _plain("첫 화면을 봄", "First picture seen"),
    "ViewRefused": _plain("영상 열람 거부", "A view was refused"),
    "ViewEnded": lambda d: _both("열람 끝 — {why}", "View ended: {why}", why=ENDING_WORDS[Ending(str(d["ending"]))]),
    "NoteKept": _plain("메모", "Note"),
    "OrderSent": lambda d: Text(
        f"출동지령: {d['called']}" + ("" if d.get("on_wire") else " · 연계로 보낼 수 없어 무전 필요"),
        f"Ordered: {d['called']}" + ("" if d.get("on_wire") else "; not sayable on the wire, tell them by radio"),
    ),
    "UnitDeparted": _unit_step("출발", "departed"),
    "UnitArrived": _unit_step("현장 도착", "arrived"),
    "UnitCleared": _unit_step("임무 종료", "cleared"),
    "UnitReturned": _unit_step("귀소", "returned"),
    "UnitCalledBack": _unit_step("지령 취소", "called back"),
    "UnitStepTakenBack": _unit_step("상태 되돌림", "took a step back"),
    "UnitAsked": _unit_step("아직 현장인지 물음", "asked whether still there"),
    "UnitStayed": _unit_step("아직 현장에 있음", "still there"),
    "SignalTurnedGreen": _signal("우선신호 녹색", "signal turned green"),
    "SignalReleased": _signal("우선신호 해제", "signal released"),
    "SignalRefused": _signal("우선신호 거부됨", "signal priority refused"),
    "SightingNoted": lambda d: (
        Text("영상에서 본 것을 기관에 알림", "Told an agency what was seen on a camera")
        if d.get("agencies") or d.get("agency")
        else Text("마지막 목격을 기록함", "Noted the last sighting")
    ),
    "SupportAsked": lambda d: Text(f"지원 요청 — {d['called']}", f"Support asked for by {d['called']}"),
    "SupportAcknowledged": lambda d: Text(f"지원 요청 확인 — {d['called']}", f"Call for support heard: {d['called']}"),
    "VideoAsked": lambda d: Text(
        f"기관이 CCTV {d['cameras']}대 열람을 요청함 — 승인 필요",
        f"An agency asks to look through {d['cameras']} cameras: approve or refuse",
    ),
    "VideoApproved": _plain("열람 요청 승인", "The request to look was approved"),
    "VideoRefused": _plain("열람 요청 거절", "The request to look was refused"),
    "CameraLocked": lambda d: Text(f"사생활 보호로 카메라 잠금 — {d['camera']}", f"Locked for privacy: {d['camera']}"),
    "CameraUnlocked": lambda d: Text(f"카메라 잠금 해제 — {d['camera']}", f"Unlocked: {d['camera']}"),
    "IncidentsSuggested": _plain("같은 상황일 수 있는 신고가 있음", "May be the same as another report"),
    "IncidentsJoined": lambda d: (
        Text("같은 신고자의 신고로 자동으로 묶음", "Joined by itself: the same caller again")
        if d.get("cause") == "caller" and not d.get("by")
        else Text("같은 상황으로 묶음", "Joined with another as one")
    ),
    "IncidentsToldApart": _plain("다른 상황으로 확인함", "Told apart from another"),
    "IncidentsUnlike": _plain("더는 같은 상황으로 보이지 않음", "No longer likely to be the same"),
    "IncidentsSeparated": _plain("묶음을 나눔", "Separated again"),
    "ClockCorrected": lambda d: _both(
        "골든타임 시각을 바로잡음: {which}", "Golden time corrected: {which}", which=_corrected(d)
    ),
    "ClockCorrectionTakenBack": lambda d: _both(
        "바로잡은 시각을 되돌림: {which}", "Correction taken back: {which}", which=STAMP_NAMES[Stamp(str(d["stamp"]))]
    ),
    "EndingAsked": _plain(
        "신고 기관이 종료를 알림 — 다른 기관 출동대가 가고 있어 확인 후 종결 필요",
        "Ended by its agency; another's units are on their way: confirm, then close",
    ),
    "AgencyTold": lambda d: _both(
        "기관에 보내기 시작: {what}",
        "Being told to the agency: {what}",
        what=TOPICS.get(str(d.get("topic")), Text("-", "-")),
    ),
    "AgencyReceived": lambda d: _both(
        f"기관이 받음: {{what}} (응답 {d.get('code') or '-'})",
        f"Received by the agency: {{what}} (answer {d.get('code') or '-'})",
        what=TOPICS.get(str(d.get("topic")), Text("-", "-")),
    ),
    "AgencyNotTold": lambda d: _both(
        "기관에 알리지 못함: {what}",
        "The agency could not be told: {what}",
        what=TOPICS.get(str(d.get("topic")), Text("-", "-")),
    ),
}


def timeline(look: Reading, incident: IncidentId, *, agency: AgencyId | None, limit: int = 200) -> list[dict[str, Any]]:
    """The incident's last facts as rows, newest first; an agency reads no notes and only its own looks."""
    rows = []
    for recorded in look.list_newest_facts(incident, limit=limit):
        fact = recorded.fact
        words = FACT_WORDS.get(fact.kind)
        if words is None or (agency is not None and not _may_read(fact, agency)):
            continue
        text, actor = words({**fact.data, **_call_signs(look, fact)}), _actor(look, fact)
        if fact.kind == "NoteKept":
            note = look.unseal(f"incident/{incident}", f"note/{recorded.position}")
            said = json.loads(note)["text"] if note else None
            text = Text(said, said) if said else Text("파기된 메모", "A note, destroyed")
        elif fact.kind == "ClockCorrected" and agency is None:
            why = look.unseal(f"incident/{incident}", f"correction/{recorded.position}")
            text = Text(f"{text.ko} — {why.decode()}", f"{text.en}: {why.decode()}") if why else text
        row = {
            "position": recorded.position,
            "at": fact.at.isoformat(),
            "kind": fact.kind,
            "text": text.to_dict(),
            "actor": actor,
        }
        camera = fact.data.get("camera")
        row["camera_id"] = CameraId(str(camera)) if camera else None
        rows.append(row)
    return rows


def _may_read(fact: Fact, agency: AgencyId) -> bool:
    """Of looks, grants and units only the agency's own: who else watches or is sent is not its business."""
    if fact.kind in {"NoteKept", "ViewRefused", "EndingAsked"} or fact.kind.startswith("Incidents"):
        return False
    return (
        not fact.kind.startswith(
            (
                "View",
                "Video",
                "CameraLocked",
                "CameraUnlocked",
                "Grant",
                "Unit",
                "Support",
                "Signal",
                "Order",
                "FirstFrame",
                "AgencyTold",
                "AgencyReceived",
                "AgencyNot",
            )
        )
        or fact.data.get("agency") == agency
    )


def _call_signs(look: Reading, fact: Fact) -> dict[str, str]:
    """What the units a fact is about are called."""
    if fact.kind == "OrderSent":
        order = look.find_order(OrderId(str(fact.data["order"])))
        units = order.units if order else ()
    else:
        units = (UnitId(str(fact.data["unit"])),) if fact.kind.startswith(("Unit", "Signal", "Support")) else ()
    names = [unit.call_sign if (unit := look.find_unit(each)) else each for each in units]
    return {"called": ", ".join(names)} if names else {}


def _actor(look: Reading, fact: Fact) -> str | dict[str, str] | None:
    by, agency = fact.data.get("by"), fact.data.get("agency")
    account = look.find_account(AccountId(str(by))) if by else None
    if account is not None:
        return account.display_name
    found = look.find_agency(AgencyId(str(agency))) if agency else None
    return found.name.to_dict() if found else None
