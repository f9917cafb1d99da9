"""Accounts, sessions, codes, agencies and their keys, in memory."""

from collections.abc import Sequence
from datetime import datetime

from fakes.tables.rows import Rows, by_id
from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.people.account import Account, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.core.errors import Conflict
from goldentime.core.ids import (
    AccountId,
    AgencyId,
)
from goldentime.core.text import Text


class People:
    """Reading and writing them."""

    rows: Rows

    def find_account(self, account: AccountId) -> Account | None:
        return self.rows.accounts.get(account)

    def find_account_by_name(self, name: str) -> Account | None:
        return next((a for a in self.rows.accounts.values() if a.name == name), None)

    def list_accounts(self) -> Sequence[Account]:
        return by_id(self.rows.accounts.values())

    def put_account(self, account: Account) -> None:
        holder = self.find_account_by_name(account.name)
        if holder is not None and holder.id != account.id:
            raise Conflict(Text("이미 쓰이는 이름입니다.", "The name is taken."))
        self.rows.accounts[account.id] = account

    def find_session(self, digest: bytes) -> Session | None:
        return self.rows.sessions.get(digest)

    def put_session(self, session: Session) -> None:
        self.rows.sessions[session.digest] = session

    def end_session(self, digest: bytes) -> None:
        self.rows.sessions.pop(digest, None)

    def end_sessions_of(self, account: AccountId) -> Sequence[bytes]:
        theirs = sorted(s.digest for s in self.rows.sessions.values() if s.account == account)
        for digest in theirs:
            del self.rows.sessions[digest]
        return theirs

    def list_expired_sessions(self, at: datetime, *, limit: int = 1000) -> Sequence[Session]:
        over = [s for s in self.rows.sessions.values() if s.expires_at <= at]
        return sorted(over, key=lambda s: (s.expires_at, s.digest))[:limit]

    def find_code(self, digest: bytes) -> OneTimeCode | None:
        return self.rows.codes.get(digest)

    def put_code(self, code: OneTimeCode) -> None:
        self.rows.codes[code.digest] = code

    def forget_codes(self, at: datetime) -> int:
        late = [digest for digest, code in self.rows.codes.items() if code.expires_at <= at]
        for digest in late:
            del self.rows.codes[digest]
        return len(late)

    def take_code(self, digest: bytes) -> OneTimeCode | None:
        return self.rows.codes.pop(digest, None)

    def find_agency(self, agency: AgencyId) -> Agency | None:
        return self.rows.agencies.get(agency)

    def list_agencies(self) -> Sequence[Agency]:
        return by_id(self.rows.agencies.values())

    def put_agency(self, agency: Agency) -> None:
        self.rows.agencies[agency.id] = agency

    def find_key(self, digest: bytes) -> AgencyKey | None:
        return next((k for k in self.rows.keys.values() if k.digest == digest), None)

    def list_keys(self) -> Sequence[AgencyKey]:
        return by_id(self.rows.keys.values())

    def put_key(self, key: AgencyKey) -> None:
        self.rows.keys[key.id] = key
