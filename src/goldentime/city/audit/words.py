"""How each act on record reads to a person."""

from collections.abc import Mapping

from goldentime.city.audit.chain import Entry
from goldentime.core.text import Text

WORDS: Mapping[str, Text] = {
    # looking
    "ViewOpened": Text("영상 열람을 시작함", "Opened a live view"),
    "ViewRefused": Text("영상 열람이 거부됨", "A live view was refused"),
    "ViewEnded": Text("영상 열람이 끝남", "A live view ended"),
    "GrantMade": Text("열람권한을 줌", "Gave a viewing grant"),
    "GrantWidened": Text("열람권한에 카메라를 더함", "Added cameras to a viewing grant"),
    "GrantMoved": Text("열람권한을 새 위치의 카메라로 바꿈", "Changed a viewing grant to the new place's cameras"),
    "GrantExtended": Text("열람권한을 연장함", "Extended a viewing grant"),
    "GrantEnded": Text("열람권한이 끝남", "A viewing grant ended"),
    "DutyStarted": Text("관제 근무 시작(열람권한 부여)", "Started duty, with its viewing grant"),
    "DutyEnded": Text("관제 근무 종료(열람권한 종료)", "Ended duty and its viewing grant"),
    "CodeIssued": Text("기관 시스템에 1회용 열람 코드를 내줌", "Issued a one-time viewer code to an agency's system"),
    "ViewerOpened": Text("1회용 코드로 기관 열람화면을 염", "Opened the agency viewer with a one-time code"),
    "ViewerRefused": Text("기관 열람화면이 거부됨", "The agency viewer was refused"),
    # incidents
    "IncidentOpened": Text("상황을 개설함", "Opened an incident"),
    "IncidentAcknowledged": Text("상황을 확인함", "Acknowledged an incident"),
    "IncidentTaken": Text("상황을 담당함", "Took an incident"),
    "IncidentReleased": Text("상황 담당을 내려놓음", "Released an incident"),
    "IncidentShared": Text("상황을 다른 기관과 공유함", "Shared an incident with an agency"),
    "IncidentClosed": Text("상황을 종결함", "Closed an incident"),
    "IncidentsJoined": Text("두 상황을 묶음", "Joined two incidents"),
    "IncidentsToldApart": Text("두 상황이 다르다고 확인함", "Told two incidents apart"),
    "IncidentsSeparated": Text("묶인 상황을 나눔", "Separated two incidents"),
    "IncidentsSuggested": Text("다르다고 한 것을 되돌림", "Took back that two incidents differ"),
    "ClockCorrected": Text("골든타임 시각을 바로잡음", "Corrected a stamp of the golden time"),
    "GoldenTimesBegunAgain": Text("골든타임 통계를 처음부터 다시 만듦", "Had the golden times made again from the log"),
    "ClockCorrectionTakenBack": Text("골든타임 시각을 되돌림", "Took back a correction of the golden time"),
    "RingWidened": Text("카메라 선정 반경을 넓힘", "Widened the ring of cameras"),
    "PlaceConfirmed": Text("추정 위치를 확인함", "Confirmed an estimated place"),
    "NoteKept": Text("상황에 메모를 남김", "Left a note on an incident"),
    "SightingNoted": Text(
        "영상에서 본 것을 기록하거나 기관에 알림", "Noted, or told an agency, what was seen on a camera"
    ),
    "SightingRead": Text("목격 사진을 조회함", "Looked at the still of a sighting"),
    "SupportAsked": Text("현장에서 지원을 요청함", "Asked for support from the scene"),
    "SupportAcknowledged": Text("지원 요청을 확인함", "Heard a call for support"),
    "VideoAsked": Text("기관이 연계로 영상 열람을 요청함", "An agency asked over its wire to look"),
    "VideoApproved": Text("기관의 열람 요청을 승인함", "Approved an agency's request to look"),
    "VideoRefused": Text("기관의 열람 요청을 거절함", "Refused an agency's request to look"),
    "CameraLocked": Text("사생활 보호를 위해 카메라를 잠금", "Locked a camera for privacy"),
    "CameraUnlocked": Text("카메라 잠금을 풂", "Unlocked a camera"),
    "ActionTold": Text("조치사항을 기관에 알림", "Told agencies what was done"),
    "RawMessageRead": Text("전문 원문을 조회함", "Read a raw message of the interface log"),
    "MessagesExported": Text("전문 원문을 파일로 내려받음", "Exported raw messages of the interface log"),
    "MessagesSearched": Text("전문 원문 안의 낱말을 찾음", "Searched inside raw messages of the interface log"),
    "OutgoingSentAgain": Text("보낼 전문을 다시 보내게 함", "Had an outgoing message sent again"),
    "OutgoingGivenUp": Text("보낼 전문을 포기함", "Gave up an outgoing message"),
    "OrderSent": Text("출동지령을 냄", "Ordered units"),
    "OrderTakenBack": Text("출동지령을 취소함", "Took an order back"),
    "UnitDeparted": Text("출동대가 출발함", "A unit departed"),
    "UnitArrived": Text("출동대가 도착함", "A unit arrived"),
    "UnitCleared": Text("출동대가 임무를 마침", "A unit cleared"),
    "UnitReturned": Text("출동대가 귀소함", "A unit returned"),
    "UnitStepTakenBack": Text("출동대 상태를 되돌림", "Took a unit's state back"),
    "CrewMoved": Text("출동대원 계정의 출동대를 바꿈", "Set the unit of a crew's account"),
    "RoadClosed": Text("도로를 통제함", "Closed a road"),
    "RoadOpened": Text("도로 통제를 해제함", "Opened a road again"),
    "AllSignalPriorityOff": Text("모든 출동대의 우선신호를 끔", "Turned signal priority off for all units"),
    "AllSignalPriorityOn": Text("모든 출동대의 우선신호를 다시 켬", "Turned signal priority on again for all units"),
    "SignalPriorityOff": Text("출동대의 우선신호를 끔", "Turned signal priority off for a unit"),
    "SignalPriorityOn": Text("출동대의 우선신호를 다시 켬", "Turned signal priority on again for a unit"),
    "CameraAimed": Text("카메라 방향을 정함", "Set a camera's direction"),
    # people
    "SignedIn": Text("로그인함", "Signed in"),
    "SignInRefused": Text("로그인이 거부됨", "A sign-in was refused"),
    "SignedOut": Text("로그아웃함", "Signed out"),
    "MessagesNotKept": Text(
        "거부한 메시지가 보관 한도를 넘어 수만 기록함", "Refused messages beyond what is kept were only counted"
    ),
    "MessageFailed": Text(
        "받은 메시지를 우리 쪽 문제로 처리하지 못함", "A message taken in could not be acted on, by our fault"
    ),
    "AgencyLoginRefused": Text("기관 시스템의 로그인이 거부됨", "An agency system's login was refused"),
    "PasswordChanged": Text("비밀번호를 바꿈", "Changed their password"),
    "PasswordChangeRefused": Text("비밀번호 변경이 거부됨", "A password change was refused"),
    "ActRefused": Text("권한 없는 요청이 거부됨", "A request beyond the role was refused"),
    "DutyCamerasChanged": Text("담당 카메라를 정함", "Set the cameras of a duty"),
    "AccountCreated": Text("계정을 만듦", "Created an account"),
    "AccountDisabled": Text("계정 사용을 중지함", "Disabled an account"),
    "AccountEnabled": Text("계정을 다시 쓰게 함", "Enabled an account"),
    "PasswordRenewed": Text("1회용 비밀번호를 새로 내줌", "Reset a password"),
    "KeyIssued": Text("기관 인증키를 발급함", "Issued an agency key"),
    "KeyRotated": Text("기관 인증키를 교체함", "Rotated an agency key"),
    "KeyRevoked": Text("기관 인증키를 폐기함", "Revoked an agency key"),
    # the record and its end
    "RecordRead": Text("접속기록을 조회함", "Read the access log"),
    "RecordVerified": Text("접속기록의 온전함을 검증함", "Verified the access log"),
    "ViewsRead": Text("열람 이력을 조회함", "Read the history of views"),
    "DataDestroyed": Text("개인정보를 파기함", "Destroyed personal data"),
    "RetentionProlonged": Text("진행 중인 상황이라 파기를 하루 미룸", "Kept data a day longer: the incident is open"),
}

_REASONS: Mapping[str, Text] = {
    "closed": Text("상황 종결", "incident closed"),
    "revoked": Text("회수", "revoked"),
    "expired": Text("시간 만료", "time ran out"),
    "left": Text("열람자가 마침", "viewer left"),
    "heartbeat": Text("화면 응답 없음", "no heartbeat"),
    "restart": Text("서버 다시 시작", "server restart"),
    "signed_out": Text("로그아웃", "signed out"),
    "moved": Text("상황 위치 변경", "incident moved"),
    "media_restarted": Text("영상 서버 다시 시작", "video server restart"),
    "no_grant": Text("열람권한 없음", "no grant"),
    "grant_ended": Text("열람권한이 끝남", "grant ended"),
    "no_incident": Text("상황 없음", "no incident"),
    "not_found": Text("상황 없음", "no incident"),
    "incident_closed": Text("종결된 상황", "incident closed"),
    "other_incident": Text("다른 상황의 화면", "another incident's viewer"),
    "camera_not_granted": Text("열람 범위 밖의 카메라", "camera outside the grant"),
    "camera_not_on_duty": Text("담당이 아닌 카메라", "not a camera of this duty"),
    "agency_removed": Text("설정에서 빠진 기관", "agency no longer in the settings"),
    "session_ended": Text("로그인이 끝남", "session ended"),
    "role": Text("역할에 없는 일", "beyond the role"),
    "wrong": Text("아이디 또는 비밀번호 틀림", "wrong name or password"),
    "disabled": Text("사용 중지된 계정", "disabled account"),
    "handled": Text("조치 완료", "handled"),
    "false_alarm": Text("오인", "false alarm"),
    "duplicate": Text("중복", "duplicate"),
    "handed_over": Text("이관", "handed over"),
    "drill": Text("훈련", "drill"),
    "ended_by_sender": Text("신고기관이 종료", "ended by the sender"),
    "cancelled_by_sender": Text("신고기관이 취소", "cancelled by the sender"),
}


def words_for(entry: Entry) -> Text:
    """The act in words, with its reason or length where the entry tells one; an unknown act is named by its code."""
    said = WORDS.get(entry.action) or Text(f"기록: {entry.action}", f"Record: {entry.action}")
    more = [_REASONS[str(v)] for k in ("reason", "ending", "disposition") if (v := entry.data.get(k)) in _REASONS]
    seconds = entry.data.get("seconds")
    if isinstance(seconds, int | float):
        more.append(Text(f"{seconds:.0f}초", f"{seconds:.0f} s"))
    if not more:
        return said
    return Text(
        f"{said.ko} — {', '.join(one.ko for one in more)}",
        f"{said.en}: {', '.join(one.en for one in more)}",
    )


def actions_named(typed: str) -> frozenset[str]:
    """The acts whose code or words hold what someone typed; the typed code itself when none does."""
    part = typed.strip().casefold()
    said = {act for act, text in WORDS.items() if part in f"{act}\n{text.ko}\n{text.en}".casefold()}
    return frozenset(said) or frozenset({typed})
