"""How accounts, sessions, one-time codes, agencies and their keys are stored and found."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam as b
from sqlalchemy import delete, select

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.people_tables import account, agency, agency_key, one_time_code, signed_session
from goldentime.adapters.sql.rowed import Rowed, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.people.account import Account, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.core.errors import Conflict
from goldentime.core.ids import AccountId, AgencyId
from goldentime.core.text import Text

_ACCOUNTS = Rowed(Account, account)
_SESSIONS = Rowed(Session, signed_session)
_CODES = Rowed(OneTimeCode, one_time_code)
_AGENCIES = Rowed(Agency, agency)
_KEYS = Rowed(AgencyKey, agency_key)

_ONE_ACCOUNT = _ACCOUNTS.select().where(account.c.id == b("id"))
_ACCOUNT_BY_NAME = _ACCOUNTS.select().where(account.c.name == b("name"))
_ALL_ACCOUNTS = _ACCOUNTS.select().order_by(account.c.id)
_ONE_SESSION = _SESSIONS.select().where(signed_session.c.digest == b("digest"))
_EXPIRED_SESSIONS = (
    _SESSIONS.select()
    .where(signed_session.c.expires_at <= b("at"))
    .order_by(signed_session.c.expires_at, signed_session.c.digest)
    .limit(b("most"))
)
_ONE_CODE = _CODES.select().where(one_time_code.c.digest == b("digest"))
_ONE_AGENCY = _AGENCIES.select().where(agency.c.id == b("id"))
_ALL_AGENCIES = _AGENCIES.select().order_by(agency.c.id)
_ONE_KEY = _KEYS.select().where(agency_key.c.digest == b("digest"))
_ALL_KEYS = _KEYS.select().order_by(agency_key.c.id)

_NAME_TAKEN = select(account.c.id).where(account.c.name == b("name"), account.c.id != b("id"))
_PUT_ACCOUNT = put(account)
_PUT_SESSION = put(signed_session)
_END_SESSION = delete(signed_session).where(signed_session.c.digest == b("digest"))
_SESSIONS_OF = (
    select(signed_session.c.digest).where(signed_session.c.account == b("account")).order_by(signed_session.c.digest)
)
_END_SESSIONS_OF = delete(signed_session).where(signed_session.c.account == b("account"))
_PUT_CODE = put(one_time_code)
_TAKE_CODE = (
    delete(one_time_code).where(one_time_code.c.digest == b("digest")).returning(*_CODES.select().selected_columns)
)
_FORGET_CODES = delete(one_time_code).where(one_time_code.c.expires_at <= b("at"))
_PUT_AGENCY = put(agency)
_PUT_KEY = put(agency_key)


class PeopleReads:
    """The looks of `flows.ports.Reading` at people and agencies."""

    look: Look

    def find_account(self, account: AccountId) -> Account | None:
        """By id."""
        row = self.look.one(_ONE_ACCOUNT, id=account)
        return None if row is None else _ACCOUNTS.value(row)

    def find_account_by_name(self, name: str) -> Account | None:
        """By what they sign in with."""
        row = self.look.one(_ACCOUNT_BY_NAME, name=name)
        return None if row is None else _ACCOUNTS.value(row)

    def list_accounts(self) -> Sequence[Account]:
        """All of them, by id."""
        return [_ACCOUNTS.value(row) for row in self.look.rows(_ALL_ACCOUNTS)]

    def find_session(self, digest: bytes) -> Session | None:
        """By the token's digest; an expired one too."""
        row = self.look.one(_ONE_SESSION, digest=digest)
        return None if row is None else _SESSIONS.value(row)

    def list_expired_sessions(self, at: datetime, *, limit: int = 1000) -> Sequence[Session]:
        """Sessions whose time has passed, those that ended first before the others."""
        return [_SESSIONS.value(row) for row in self.look.rows(_EXPIRED_SESSIONS, at=to_micros(at), most=limit)]

    def find_code(self, digest: bytes) -> OneTimeCode | None:
        """By its digest, while nobody has taken it."""
        row = self.look.one(_ONE_CODE, digest=digest)
        return None if row is None else _CODES.value(row)

    def find_agency(self, agency: AgencyId) -> Agency | None:
        """By id."""
        row = self.look.one(_ONE_AGENCY, id=agency)
        return None if row is None else _AGENCIES.value(row)

    def list_agencies(self) -> Sequence[Agency]:
        """All of them, by id."""
        return [_AGENCIES.value(row) for row in self.look.rows(_ALL_AGENCIES)]

    def find_key(self, digest: bytes) -> AgencyKey | None:
        """By the key's digest; one rotated out too."""
        row = self.look.one(_ONE_KEY, digest=digest)
        return None if row is None else _KEYS.value(row)

    def list_keys(self) -> Sequence[AgencyKey]:
        """All of them, by id."""
        return [_KEYS.value(row) for row in self.look.rows(_ALL_KEYS)]


class PeopleWrites(PeopleReads):
    """The writes of `flows.ports.Change` to people and agencies."""

    draft: Draft

    def put_account(self, account: Account) -> None:
        """Insert or replace by id; raises Conflict when the name is another's."""
        if self.draft.one(_NAME_TAKEN, name=account.name, id=account.id) is not None:
            raise Conflict(Text("이미 쓰고 있는 아이디입니다.", "That name is already taken."), code="name_taken")
        self.draft.write(_PUT_ACCOUNT, _ACCOUNTS.row(account))

    def put_session(self, session: Session) -> None:
        """Insert or replace by digest."""
        self.draft.write(_PUT_SESSION, _SESSIONS.row(session))

    def end_session(self, digest: bytes) -> None:
        """Forget it; nothing happens when there is none."""
        self.draft.run(_END_SESSION, digest=digest)

    def end_sessions_of(self, account: AccountId) -> Sequence[bytes]:
        """The digests of the sessions ended."""
        digests = [bytes(row[0]) for row in self.draft.rows(_SESSIONS_OF, account=account)]
        if digests:
            self.draft.run(_END_SESSIONS_OF, account=account)
        return digests

    def put_code(self, code: OneTimeCode) -> None:
        """Insert or replace by digest."""
        self.draft.write(_PUT_CODE, _CODES.row(code))

    def take_code(self, digest: bytes) -> OneTimeCode | None:
        """The code, to at most one caller ever."""
        row = self.draft.take(_TAKE_CODE, digest=digest)
        return None if row is None else _CODES.value(row)

    def forget_codes(self, at: datetime) -> int:
        """How many codes nobody took in time; they are gone, with the names in them."""
        return self.draft.run(_FORGET_CODES, at=to_micros(at))

    def put_agency(self, agency: Agency) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_AGENCY, _AGENCIES.row(agency))

    def put_key(self, key: AgencyKey) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_KEY, _KEYS.row(key))
