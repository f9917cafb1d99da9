"""How an agency's own system opens the viewer for a named person: a code good for a minute and once, then a session."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from goldentime.city.agencies.agency import Agency
from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Incident
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.city.people.pseudonym import viewer_account_id
from goldentime.core.clock import Clock
from goldentime.core.errors import Invalid, OperatorsError, Unauthenticated
from goldentime.core.ids import AgencyId, IncidentId, Randomness
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.people.access_place import keep_address
from goldentime.flows.ports import Change, Reading, Store
from goldentime.flows.tokens import new_token, token_digest
from goldentime.flows.watching.agency_entry import find_theirs, grant_or_refusal, refused, returned

CODE_LASTS = timedelta(seconds=60)
LONGEST_SESSION = timedelta(hours=12)
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class CodeWish:
    """For whom and for which incident, by our id or by the agency's own occurrence number."""

    incident: str
    person: str
    person_id: str = ""  # the agency's staff number; tells two people of one name apart on record


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """The code is told once; only its digest is kept."""

    code: str
    incident: IncidentId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedViewer:
    """A session for one person and one incident; the token is told once."""

    token: str
    caller: Caller
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewers:
    """The agencies' side door; what it refuses is on record."""

    store: Store
    clock: Clock
    randomness: Randomness
    pepper: bytes
    retention: timedelta  # from the incident's opening: how long the person's name stays in its vault

    async def issue_code(self, agency: AgencyId, wish: CodeWish) -> IssuedCode:
        """A code for that person; raises Invalid, NotFound, and Refused when closed or without a grant."""
        person = wish.person.strip()
        if not 0 < len(person) <= LONGEST_NAME or len(wish.person_id) > LONGEST_NAME:
            words = Text("열람할 사람의 이름을 적어 주십시오(60자까지).", "Name the person who will look (60 letters).")
            raise Invalid(words, field="person")
        code = new_token(self.randomness)
        account = viewer_account_id(self.pepper, agency, wish.person_id.strip() or person)

        def decide(change: Change) -> IssuedCode | OperatorsError:
            now = self.clock.now()
            incident = find_theirs(change, agency, wish.incident)
            grant = grant_or_refusal(change, agency, incident, now)
            if incident is None or isinstance(grant, OperatorsError):
                return refused(change, agency, incident, grant, now)
            until = min(now + CODE_LASTS, grant.expires_at)
            change.put_code(OneTimeCode(token_digest(code), agency, incident.id, person, now, until, account))
            data = {"account": account}
            change.audit(Entry(now, "CodeIssued", agency, agency=agency, incident=incident.id, data=data))
            return IssuedCode(code, incident.id, until)

        return returned(await self.store.change(decide))

    async def exchange(self, code: str, address: str = "") -> OpenedViewer:
        """The viewer's session, once; raises Unauthenticated for a used or old code, else what issuing raises."""
        token = new_token(self.randomness)

        def decide(change: Change) -> OpenedViewer | OperatorsError:
            now = self.clock.now()
            taken = change.take_code(token_digest(code))
            if taken is None or now >= taken.expires_at:  # returned, not raised: what was taken stays taken
                return Unauthenticated(
                    Text("이미 쓴 코드이거나 1분이 지났습니다.", "The code was used already or its minute has passed.")
                )
            incident = change.find_incident(taken.incident)
            grant = grant_or_refusal(change, taken.agency, incident, now)
            if incident is None or isinstance(grant, OperatorsError):
                return refused(change, taken.agency, incident, grant, now, account=taken.account)
            opened = self._opened(change, taken, incident, grant, token)
            self._record(change, opened, grant, address)
            return opened

        return returned(await self.store.change(decide))

    def _opened(self, change: Change, code: OneTimeCode, incident: Incident, grant: Grant, token: str) -> OpenedViewer:
        now = self.clock.now()
        agency = change.find_agency(code.agency)
        account = _pseudonym(change, code, agency)
        change.put_account(account)
        session = Session(
            digest=token_digest(token),
            account=account.id,
            person=code.person,
            started_at=now,
            expires_at=min(grant.expires_at, now + LONGEST_SESSION),
            agency=code.agency,
            incident=incident.id,
            kind="viewer",
        )
        change.put_session(session)
        ends_at = incident.opened_at + self.retention
        change.seal(f"incident/{incident.id}", f"person/{account.id}", code.person.encode(), ends_at=ends_at)
        return OpenedViewer(token, Caller(account, session, agency), incident.id)

    def _record(self, change: Change, opened: OpenedViewer, grant: Grant, address: str) -> None:
        now, session = self.clock.now(), opened.caller.session
        data = {
            "until": session.expires_at.isoformat(),
            "grant": grant.id,
            "session": keep_address(change, session.digest, address, now),
        }
        actor = opened.caller.account.id
        change.audit(Entry(now, "ViewerOpened", actor, agency=session.agency, incident=opened.incident, data=data))


def lasts_until(reading: Reading, session: Session) -> datetime:
    """When the session ends: a viewer's with its agency's grant, also when the control room prolonged that since."""
    if session.incident is None or session.agency is None:
        return session.expires_at
    running = (
        grant.expires_at
        for grant in reading.list_grants(incident=IncidentId(session.incident))
        if grant.agency == session.agency and grant.ended_at is None
    )
    return min(max([session.expires_at, *running]), session.started_at + LONGEST_SESSION)


def _pseudonym(change: Change, code: OneTimeCode, agency: Agency | None) -> Account:
    known = change.find_account(code.account)
    shown = agency.name.ko if agency else code.agency
    fresh = Account(code.account, name=code.account, display_name=shown, role=Role.AGENCY, agency=code.agency)
    return fresh if known is None else replace(known, display_name=shown)
