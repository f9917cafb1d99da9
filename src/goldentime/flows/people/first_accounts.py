"""Who can sign in to an empty city: one administrator, or a demo's people, each with a random one-time password."""

from collections.abc import Sequence
from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Account, Role
from goldentime.city.people.password import one_time_password
from goldentime.city.people.pseudonym import is_pseudonym
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.clock import Clock
from goldentime.core.errors import NotFound
from goldentime.core.ids import AccountId, AgencyId, Randomness, new_id
from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text
from goldentime.flows.people.manage_accounts import IssuedPassword
from goldentime.flows.people.new_account import NewAccount
from goldentime.flows.people.passwords import PasswordHasher
from goldentime.flows.ports import Change, Store

FIRST_ADMIN: Sequence[NewAccount] = (NewAccount("admin", "관리자", Role.ADMIN),)


def demo_accounts(
    *, agency_112: AgencyId, agency_119: AgencyId, units: Sequence[Unit] = (), near: LonLat | None = None
) -> Sequence[NewAccount]:
    """The people of a demo, with a crew for the unit of each agency that stands nearest; the agencies must exist."""
    crews = []
    for name, agency, kind in (("crew112", agency_112, UnitKind.PATROL), ("crew119", agency_119, UnitKind.ENGINE)):
        theirs = [unit for unit in units if unit.agency == agency and unit.kind is kind]
        if theirs:
            unit = min(theirs, key=lambda one: (distance_metres(one.station, near) if near else 0.0, one.id))
            crews.append(NewAccount(name, f"{unit.call_sign} 대원", Role.CREW, agency, unit=unit.id))
    return (
        *crews,
        NewAccount("operator", "김관제", Role.OPERATOR),
        NewAccount("operator2", "이관제", Role.OPERATOR),
        NewAccount("agency112", "112 상황실", Role.AGENCY, agency_112),
        NewAccount("agency119", "119 상황실", Role.AGENCY, agency_119),
        NewAccount("privacy", "개인정보 보호책임자", Role.PRIVACY_OFFICER),
        NewAccount("admin", "관리자", Role.ADMIN),
    )


async def create_first_accounts(
    store: Store,
    hasher: PasswordHasher,
    clock: Clock,
    randomness: Randomness,
    *,
    wanted: Sequence[NewAccount] = FIRST_ADMIN,
    demo: bool = False,
) -> Sequence[IssuedPassword]:
    """What was made, for printing once; nothing when anyone has an account already, unless `demo`.

    A demo gives its people new passwords at every start, so that none outlives a run; a served city asks its first
    administrator to change theirs.
    """
    passwords = [one_time_password(randomness) for _ in wanted]
    hashes = [await hasher.hash(password) for password in passwords]

    def decide(change: Change) -> Sequence[Account]:
        if not demo and any(not is_pseudonym(account.id) for account in change.list_accounts()):
            return ()
        now = clock.now()
        made = []
        for person, hashed in zip(wanted, hashes, strict=True):
            known = change.find_account_by_name(person.name)
            account = Account(
                id=known.id if known else AccountId(new_id("acc", now, randomness)),
                name=person.name,
                display_name=person.display_name,
                role=person.role,
                agency=person.agency,
                password=hashed,
                language=person.language,
                unit=person.unit,
                must_change_password=not demo,
            )
            change.put_account(account)
            change.end_sessions_of(account.id)
            change.audit(Entry(now, "AccountCreated", "system", agency=account.agency, data={"account": account.id}))
            made.append(account)
        return made

    accounts = await store.change(decide)
    return [IssuedPassword(account, password) for account, password in zip(accounts, passwords, strict=False)]


async def renew_admin(
    store: Store, hasher: PasswordHasher, clock: Clock, randomness: Randomness, name: str
) -> IssuedPassword:
    """A one-time password for an administrator who lost theirs; their sessions end. Raises NotFound for anyone else."""
    password = one_time_password(randomness)
    hashed = await hasher.hash(password)

    def decide(change: Change) -> Account:
        known = change.find_account_by_name(name)
        if known is None or known.role is not Role.ADMIN:
            raise NotFound(Text(f"{name}은(는) 관리자 계정이 아닙니다.", f"{name} is not an administrator's account."))
        account = replace(known, password=hashed, must_change_password=True, disabled=False)
        change.put_account(account)
        change.end_sessions_of(account.id)
        change.audit(Entry(clock.now(), "PasswordRenewed", "system", data={"account": account.id}))
        return account

    return IssuedPassword(await store.change(decide), password)
