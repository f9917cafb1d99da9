"""An operator's right to look while on shift (개인정보 보호법 제25조): begun by signing in, over with the session."""

from collections.abc import Iterable
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, ended
from goldentime.city.grants.policy import DUTY_BASIS, DUTY_GRANT, DUTY_PURPOSE
from goldentime.city.people.account import Session
from goldentime.core.fact import Fact
from goldentime.core.ids import GrantId
from goldentime.flows.ports import Change


def duty_grant_id(session: bytes) -> GrantId:
    """The id of the duty grant that belongs to the session with this digest."""
    return GrantId(f"gra-duty-{session.hex()[:20]}")


def start_duty(change: Change, session: Session, at: datetime, camera_purposes: frozenset[str] | None = None) -> Grant:
    """The duty grant of this session for the person's cameras, until the session's end, a shift at most."""
    grant = Grant(
        id=duty_grant_id(session.digest),
        agency=None,
        person=session.account,
        purpose=DUTY_PURPOSE,
        legal_basis=DUTY_BASIS,
        incident=None,
        cameras=None,
        starts_at=at,
        expires_at=min(session.expires_at, at + DUTY_GRANT),
        camera_purposes=camera_purposes,
    )
    change.put_grant(grant)
    until = grant.expires_at.isoformat()
    change.record(Fact("GrantMade", grant.id, at, {"incident": None, "account": session.account, "until": until}))
    cameras = "all" if camera_purposes is None else " ".join(sorted(camera_purposes))
    data = {"grant": grant.id, "until": until, "cameras": cameras}
    change.audit(Entry(at, "DutyStarted", session.account, data=data))
    return grant


def end_duty(change: Change, sessions: Iterable[bytes], at: datetime, ending: Ending = Ending.SIGNED_OUT) -> None:
    """End the duty grants of these sessions, those that have one still running."""
    for digest in sessions:
        grant = change.find_grant(duty_grant_id(digest))
        if grant is None or grant.ended_at is not None:
            continue
        over, fact = ended(grant, ending, at, by=grant.person)
        change.put_grant(over)
        change.record(fact)
        actor = grant.person or "system"
        change.audit(Entry(at, "DutyEnded", actor, data={"grant": grant.id, "ending": ending.value}))
