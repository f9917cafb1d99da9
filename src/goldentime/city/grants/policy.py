"""Who may look, and read, now: agency, person, incident, camera and time; refuses by default."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from goldentime.city.grants.grant import Grant, is_in_force
from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId, UnitId
from goldentime.core.text import Text

DUTY_GRANT = timedelta(hours=12)  # the longest shift
DUTY_PURPOSE = Text("관제 근무", "Control-room duty")
DUTY_BASIS = Text("개인정보 보호법 제25조", "Personal Information Protection Act, art. 25")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to look through what, within which incident (None: on duty).

    `purpose` is what the camera was put up for; `chosen` whether it is one of the incident's own cameras.
    """

    account: AccountId
    agency: AgencyId | None
    camera: CameraId
    incident: IncidentId | None
    purpose: str = ""
    chosen: bool = False
    unit: UnitId | None = None  # whose crew asks


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in words and as a code for the record."""

    code: str
    text: Text


class Standing(StrEnum):
    """How an agency stands to an incident by its grants."""

    IN_FORCE = "in_force"  # it reads everything it needs
    ENDED = "ended"  # it is told that, when and why, and nothing more
    NONE = "none"  # the incident is not there for it


def standing_of(grants: Iterable[Grant], agency: AgencyId, at: datetime) -> Standing:
    """The agency's standing at that time by the grants of one incident."""
    theirs = [grant for grant in grants if grant.agency == agency]
    if any(is_in_force(grant, at) for grant in theirs):
        return Standing.IN_FORCE
    return Standing.ENDED if theirs else Standing.NONE


def is_taken(grants: Iterable[Grant], agency: AgencyId) -> bool:
    """Whether the agency's newest grant of the incident was ended (revoked, or by its own word), or it has none.

    One that has only run out was not taken: it is the control room's to prolong, and its crews' looks last on.
    """
    theirs = [grant for grant in grants if grant.agency == agency]
    newest = max(theirs, key=lambda grant: (grant.starts_at, grant.id), default=None)
    return newest is None or newest.ended_at is not None


def is_service_granted(service: str, *, city: Collection[str], agency: Collection[str]) -> bool:
    """Whether reporting this service lets the agency look: the city grants it, and it is one of the agency's own.

    An agency for which no services are named has every one the city grants.
    """
    return service in city and (not agency or service in agency)


def may_be_given(grants: Iterable[Grant], agency: AgencyId, at: datetime, *, by_hand: bool) -> bool:
    """Whether the agency may get a grant for the incident: once by reporting, and after it has ended by hand only.

    Otherwise it would prolong itself with its next message.
    """
    return by_hand or standing_of(grants, agency, at) is not Standing.ENDED


def find_grant(wish: Wish, grants: Iterable[Grant], at: datetime) -> Grant | Refusal:
    """The grant that allows the wish, the one lasting longest first, or why there is none."""
    refusal = Refusal("no_grant", Text("열람권한이 없습니다.", "There is no grant for this view."))
    if wish.agency is not None and wish.incident is None:
        return Refusal(
            "no_incident",
            Text("기관은 상황 없이 영상을 볼 수 없습니다.", "An agency may look only within an incident."),
        )
    for grant in sorted(grants, key=lambda g: (g.expires_at, g.id), reverse=True):
        on_duty = grant.agency is None and grant.incident is None  # the city's own operators: any look while on shift
        if grant.agency != wish.agency or (grant.incident != wish.incident and not on_duty):
            continue
        if grant.person not in (None, wish.account) or grant.unit != wish.unit:
            continue
        if not is_in_force(grant, at):
            refusal = Refusal("grant_ended", Text("열람권한이 끝났습니다.", "The grant has ended."))
            continue
        if grant.cameras is not None and wish.camera not in grant.cameras:
            refusal = Refusal(
                "camera_not_granted", Text("이 카메라는 열람 범위에 없습니다.", "This camera is outside the grant.")
            )
            continue
        # an incident calls whoever is on shift: its own cameras are open to every operator
        if grant.camera_purposes is not None and not wish.chosen and wish.purpose not in grant.camera_purposes:
            refusal = Refusal(
                "camera_not_on_duty",
                Text(
                    "담당 카메라가 아닙니다. 상황 안에서는 볼 수 있습니다.",
                    "Not one of your cameras on duty; within an incident it can be seen.",
                ),
            )
            continue
        return grant
    return refusal
