"""What a grant and a view are, and when each holds."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, UnitId, ViewId
from goldentime.core.text import Text


class Ending(StrEnum):
    """Why a grant or a view ended."""

    INCIDENT_CLOSED = "closed"
    REVOKED = "revoked"
    EXPIRED = "expired"
    VIEWER_LEFT = "left"
    NO_HEARTBEAT = "heartbeat"
    RESTART = "restart"
    SIGNED_OUT = "signed_out"
    MEDIA_RESTARTED = "media_restarted"
    MOVED = "moved"
    CALLED_BACK = "called_back"
    LEFT_SCENE = "left_scene"
    LOCKED = "locked"


ENDING_WORDS: dict[Ending, Text] = {
    Ending.INCIDENT_CLOSED: Text(
        "상황이 종결되어 열람이 종료되었습니다.", "The incident was closed; viewing has ended."
    ),
    Ending.REVOKED: Text("관제센터가 열람을 회수했습니다.", "The control room revoked the viewing grant."),
    Ending.EXPIRED: Text("열람 시간이 끝났습니다.", "The time to view has run out."),
    Ending.VIEWER_LEFT: Text("열람을 마쳤습니다.", "The viewer left."),
    Ending.NO_HEARTBEAT: Text(
        "화면의 응답이 없어 열람을 종료했습니다.", "The viewer stopped answering; viewing has ended."
    ),
    Ending.RESTART: Text("서버가 다시 시작되어 열람이 종료되었습니다.", "The server restarted; viewing has ended."),
    Ending.SIGNED_OUT: Text("로그아웃하여 열람이 종료되었습니다.", "Signed out; viewing has ended."),
    Ending.MEDIA_RESTARTED: Text(
        "영상 서버가 다시 시작되었습니다. 다시 연결합니다.", "The video server restarted; reconnecting."
    ),
    Ending.CALLED_BACK: Text(
        "출동지령이 취소되어 열람이 종료되었습니다.", "The order was taken back; viewing has ended."
    ),
    Ending.LEFT_SCENE: Text("임무를 마쳐 열람이 종료되었습니다.", "The unit's work is done; viewing has ended."),
    Ending.LOCKED: Text(
        "사생활 보호를 위해 카메라가 잠겨 열람이 종료되었습니다.",
        "The camera was locked for privacy; viewing has ended.",
    ),
    Ending.MOVED: Text(
        "상황의 위치가 바뀌어 이전 위치의 카메라 열람이 종료되었습니다.",
        "The incident's place has changed; viewing of the earlier place's cameras has ended.",
    ),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A right to look: for an agency always within an incident, for an operator on duty without one.

    `cameras` None means every camera of the city (duty only), or those put up for one of `camera_purposes`.
    `person` None means everyone of the agency. With a `unit` it is its crew's alone, and has no agency: what an agency
    may do, it may by grants of its own.
    """

    id: GrantId
    agency: AgencyId | None
    person: AccountId | None
    purpose: Text
    legal_basis: Text
    incident: IncidentId | None
    cameras: frozenset[CameraId] | None
    starts_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ending: Ending | None = None
    camera_purposes: frozenset[str] | None = None
    unit: UnitId | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One look through one camera by one person, while `ended_at` is None."""

    id: ViewId
    grant: GrantId
    camera: CameraId
    account: AccountId
    person: str
    agency: AgencyId | None
    incident: IncidentId | None
    session: bytes  # digest of the session it was opened in
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ending: Ending | None = None
    seen_at: datetime | None = None  # when its first picture was on screen


def is_in_force(grant: Grant, at: datetime) -> bool:
    """Whether the grant lets anyone look at that time."""
    return grant.ended_at is None and grant.starts_at <= at < grant.expires_at


def ended(grant: Grant, ending: Ending, at: datetime, *, by: AccountId | None = None) -> tuple[Grant, Fact]:
    """The grant ended, with its fact."""
    data = {"grant": grant.id, "agency": grant.agency, "ending": ending.value, "by": by}
    fact = Fact("GrantEnded", grant.incident or grant.id, at, data)
    return replace(grant, ended_at=at, ending=ending), fact


def view_ended(view: View, ending: Ending, at: datetime) -> tuple[View, Fact]:
    """The view ended, with its fact."""
    data = {"view": view.id, "camera": view.camera, "agency": view.agency, "ending": ending.value}
    fact = Fact("ViewEnded", view.incident or view.id, at, data)
    return replace(view, ended_at=at, ending=ending), fact
