"""How accounts come and go: made by an administrator, with a one-time password shown once, and taken away at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.inventory import Purpose
from goldentime.city.grants.grant import Ending
from goldentime.city.people.account import Account, Act, Role, must
from goldentime.city.people.password import one_time_password
from goldentime.city.people.pseudonym import is_pseudonym
from goldentime.city.units.unit import Unit
from goldentime.core.clock import Clock
from goldentime.core.errors import Conflict, Invalid, NotFound
from goldentime.core.ids import AccountId, AgencyId, Randomness, UnitId, new_id
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.people.new_account import (
    NOT_A_CREW,
    NewAccount,
    agency_of_unit,
    check_cameras,
    make_account,
    plain,
)
from goldentime.flows.people.passwords import EndViews, PasswordHasher
from goldentime.flows.ports import Change, Reading, Store
from goldentime.flows.watching.duty import end_duty


@dataclass(frozen=True, slots=True)
class IssuedPassword:
    """A one-time password, shown once and kept nowhere."""

    account: Account
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The administrator's desk for people; every method raises Refused for another role."""

    store: Store
    hasher: PasswordHasher
    clock: Clock
    randomness: Randomness
    end_views: EndViews

    async def create(self, admin: Caller, wanted: NewAccount) -> IssuedPassword:
        """The account and its one-time password, to be changed first; raises Invalid, Conflict for a taken name."""
        must(admin.account.role, Act.ADMINISTER)
        password = one_time_password(self.randomness)
        hashed = await self.hasher.hash(password)

        def decide(change: Change) -> Account:
            account = make_account(change, wanted, AccountId(new_id("acc", self.clock.now(), self.randomness)), hashed)
            self._put(change, account, "AccountCreated", admin, role=account.role.value)
            return account

        return IssuedPassword(await self.store.change(decide), password)

    async def reset_password(self, admin: Caller, account: AccountId) -> IssuedPassword:
        """A new one-time password; sessions and views of the old one end; raises NotFound."""
        must(admin.account.role, Act.ADMINISTER)
        password = one_time_password(self.randomness)
        hashed = await self.hasher.hash(password)
        changed = await self._change_and_end(
            account,
            "PasswordRenewed",
            admin,
            lambda found: replace(found, password=hashed, must_change_password=True),
        )
        return IssuedPassword(changed, password)

    async def disable(self, admin: Caller, account: AccountId) -> Account:
        """The account disabled; sessions and views end at once; raises NotFound, Conflict for one's own."""
        must(admin.account.role, Act.ADMINISTER)
        if account == admin.account.id:
            raise Conflict(Text("자기 계정은 사용 중지할 수 없습니다.", "You cannot disable your own account."))
        return await self._change_and_end(
            account, "AccountDisabled", admin, lambda found: replace(found, disabled=True)
        )

    async def enable(self, admin: Caller, account: AccountId) -> Account:
        """The account usable again, with the password it had; raises NotFound."""
        must(admin.account.role, Act.ADMINISTER)
        return await self._change_and_end(
            account, "AccountEnabled", admin, lambda found: replace(found, disabled=False)
        )

    async def set_duty_cameras(self, admin: Caller, account: AccountId, purposes: frozenset[Purpose] | None) -> Account:
        """Which cameras the operator watches on duty, None for all; their sessions end, so that it holds at once.

        Raises NotFound, and Invalid for another role or for none at all.
        """
        must(admin.account.role, Act.ADMINISTER)
        found = await self.store.read(lambda reading: reading.find_account(account))
        if found is not None:
            check_cameras(found.role, purposes)
        return await self._change_and_end(
            account, "DutyCamerasChanged", admin, lambda found: replace(found, camera_purposes=plain(purposes))
        )

    async def set_unit(self, admin: Caller, account: AccountId, unit: UnitId) -> Account:
        """Another unit for a crew's account; its sessions end, so that it holds at once.

        Raises NotFound, and Invalid for another role or a unit that is not there.
        """
        must(admin.account.role, Act.ADMINISTER)

        def check(reading: Reading) -> AgencyId:
            found = reading.find_account(account)
            if found is None:
                raise NotFound(Text("그런 계정이 없습니다.", "There is no such account."))
            if found.role is not Role.CREW:
                raise Invalid(NOT_A_CREW, field="unit_id")
            return agency_of_unit(reading, unit)

        agency = await self.store.read(check)
        return await self._change_and_end(
            account, "CrewMoved", admin, lambda found: replace(found, unit=unit, agency=agency)
        )

    async def units(self, admin: Caller) -> Sequence[Unit]:
        """The units a crew's account may be for."""
        must(admin.account.role, Act.ADMINISTER)
        return await self.store.read(lambda reading: reading.list_units())

    async def listed(self, admin: Caller) -> Sequence[Account]:
        """Every person's account by name; pseudonyms of code viewers are not people with accounts."""
        must(admin.account.role, Act.ADMINISTER)
        accounts = await self.store.read(lambda reading: reading.list_accounts())
        return sorted((a for a in accounts if not is_pseudonym(a.id)), key=lambda a: a.name)

    async def _change_and_end(
        self, account: AccountId, action: str, admin: Caller, changed: Callable[[Account], Account]
    ) -> Account:
        def decide(change: Change) -> tuple[Account, Sequence[bytes]]:
            found = change.find_account(account)
            if found is None or is_pseudonym(account):
                raise NotFound(Text("그런 계정이 없습니다.", "There is no such account."))
            ended = change.end_sessions_of(account)
            end_duty(change, ended, self.clock.now(), Ending.REVOKED)
            new = changed(found)
            self._put(change, new, action, admin, sessions=len(ended))
            return new, ended

        new, ended = await self.store.change(decide)
        await self.end_views(ended)
        return new

    def _put(self, change: Change, account: Account, action: str, admin: Caller, **data: str | int) -> None:
        change.put_account(account)
        told: dict[str, str | int] = {"account": account.id, **data}
        change.audit(Entry(self.clock.now(), action, admin.account.id, agency=account.agency, data=told))
