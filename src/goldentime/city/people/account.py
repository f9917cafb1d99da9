"""Who a person is to the platform, and which role may do what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goldentime.core.errors import Refused
from goldentime.core.ids import AccountId, AgencyId, UnitId
from goldentime.core.text import Language, Text


class Role(StrEnum):
    """What a person is here for."""

    OPERATOR = "operator"
    AGENCY = "agency"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
    CREW = "crew"  # signs in for one unit, on its field page


class Act(StrEnum):
    """What a request wants to do."""

    SEE_INCIDENTS = "see_incidents"
    HANDLE_INCIDENTS = "handle_incidents"
    WATCH = "watch"
    WATCH_ON_DUTY = "watch_on_duty"
    AIM = "aim"
    SEE_AUDIT = "see_audit"
    REVOKE = "revoke"
    UNLOCK = "unlock"  # frees a camera that an agency locked for privacy
    ADMINISTER = "administer"
    READ_LOG = "read_log"  # what passed over the linkages, as it passed
    DISPATCH = "dispatch"  # sees units, orders them and says where they are; an agency its own only
    REPORT_STATE = "report_state"  # says what a unit does; a crew of its own only
    SERVE_UNIT = "serve_unit"  # has a unit of its own


_TABLE: dict[Role, frozenset[Act]] = {
    Role.OPERATOR: frozenset(
        {
            Act.SEE_INCIDENTS,
            Act.HANDLE_INCIDENTS,
            Act.WATCH,
            Act.WATCH_ON_DUTY,
            Act.AIM,
            Act.REVOKE,
            Act.UNLOCK,
            Act.DISPATCH,
            Act.REPORT_STATE,
        }
    ),
    Role.AGENCY: frozenset({Act.SEE_INCIDENTS, Act.WATCH, Act.DISPATCH, Act.REPORT_STATE}),
    Role.CREW: frozenset({Act.WATCH, Act.REPORT_STATE, Act.SERVE_UNIT}),  # watches under its unit's grant only
    Role.PRIVACY_OFFICER: frozenset({Act.SEE_AUDIT, Act.REVOKE, Act.UNLOCK, Act.READ_LOG}),
    Role.ADMIN: frozenset({Act.ADMINISTER, Act.UNLOCK, Act.READ_LOG}),  # an administrator watches nothing
}


@dataclass(frozen=True, slots=True)
class Account:
    """One person; `password` is an argon2 hash, empty when it cannot sign in.

    `agency` is for the agency role and for a crew, whose `unit` it is signed in for.
    `camera_purposes` is which cameras an operator watches on duty, by what they were put up for; None is all of them.
    """

    id: AccountId
    name: str  # what they sign in with
    display_name: str
    role: Role
    agency: AgencyId | None = None
    password: str = ""
    language: Language = "ko"
    must_change_password: bool = False
    disabled: bool = False
    camera_purposes: frozenset[str] | None = None
    unit: UnitId | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person; only the token's digest is kept. `incident` limits it to one (a viewer opened by a code)."""

    digest: bytes
    account: AccountId
    person: str  # shown on watermarks; the named person of a one-time code
    started_at: datetime
    expires_at: datetime
    agency: AgencyId | None = None
    incident: str | None = None
    kind: str = "console"  # console | viewer


def may(role: Role, act: Act) -> bool:
    """Whether the role allows the act; everything not in the table is refused."""
    return act in _TABLE[role]


def must(role: Role, act: Act) -> None:
    """Raise Refused unless the role allows the act."""
    if not may(role, act):
        raise Refused(Text("이 역할로는 할 수 없는 일입니다.", "Your role does not allow this."), code="refused")
