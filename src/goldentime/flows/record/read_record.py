"""How the access log is read and checked, and which views a privacy officer is shown first."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from goldentime.city.audit.chain import GENESIS, Entry, find_first_broken, find_unvouched
from goldentime.city.grants.grant import Grant, View
from goldentime.city.people.account import Account, Act, must
from goldentime.core.clock import KST, Clock
from goldentime.core.ids import AccountId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Reading, Store
from goldentime.flows.record.search_record import AuditPage, AuditQuery, ids_asked, search

LOOKED_AT_MOST = 20_000
PIECE = 200  # entries checked at a time while the platform serves; about 5 ms
BREATH_SECONDS = 0.005
NIGHT_BEGINS, NIGHT_ENDS = 22, 6  # hours in Korea
Outside = Literal["incident", "night"]


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the chain holds; `checked` is how many entries were sound before the first broken one."""

    ok: bool
    checked: int
    first_broken: int | None
    text: Text


@dataclass(frozen=True, slots=True)
class Look:
    """A view with its grant and its person, as far as they are still known; `night` between 22 and 6 in Korea."""

    view: View
    grant: Grant | None
    account: Account | None
    night: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The privacy officer's desk; every method raises Refused for another role, and reading is on record too."""

    store: Store
    clock: Clock

    async def page(self, officer: Caller, query: AuditQuery) -> AuditPage:
        """The entries that fit, newest first."""
        must(officer.account.role, Act.SEE_AUDIT)
        if not query.before:
            await self._note(officer, "RecordRead", await self.store.read(partial(ids_asked, query=query)))
        return await self.store.read(partial(search, query=query))

    async def verify(self, officer: Caller) -> Verification:
        """Whether every entry is as it was written."""
        must(officer.account.role, Act.SEE_AUDIT)
        verified = await self._verified()
        await self._note(officer, "RecordVerified", {"ok": verified.ok, "first_broken": verified.first_broken})
        return verified

    async def views(self, officer: Caller, *, outside: Outside | None, since: datetime, limit: int) -> Sequence[Look]:
        """Views newest first: all, those without an incident, or those opened between 22 and 6 o'clock."""
        must(officer.account.role, Act.SEE_AUDIT)
        await self._note(officer, "ViewsRead", {"outside": outside})
        return await self.store.read(partial(_looks, outside=outside, since=since, limit=limit))

    async def _verified(self) -> Verification:
        """Walk the chain to its head in small pieces with a breath between, so that a report never waits for it."""
        head, vouched = await self.store.read(lambda reading: (reading.audit_head(), reading.is_head_vouched()))
        after, broken = (0, GENESIS), None
        while broken is None and after[0] < head[0]:
            broken, after = await self.store.read(partial(_check_piece, after=after, head=head))
            await asyncio.sleep(BREATH_SECONDS)
        return _verdict(head, find_unvouched(broken, head[0], vouched=vouched))

    async def _note(self, officer: Caller, act: str, data: Mapping[str, str | int | bool | None]) -> None:
        entry = Entry(self.clock.now(), act, officer.account.id, data=data)
        await self.store.change(lambda change: change.audit(entry))


def is_night(at: datetime) -> bool:
    """Whether it is between 22 and 6 o'clock in Korea."""
    hour = at.astimezone(KST).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def _check_piece(
    reading: Reading, after: tuple[int, bytes], head: tuple[int, bytes]
) -> tuple[int | None, tuple[int, bytes]]:
    """The first broken position among the next entries up to the head, and where the next piece begins."""
    links = [link for link in reading.list_audit(after=after[0], limit=PIECE) if link.position <= head[0]]
    if not links:
        return after[0] + 1, after
    end = (links[-1].position, links[-1].digest)
    return find_first_broken(links, after=after, head=head if end[0] == head[0] else None), end


def _verdict(head: tuple[int, bytes], broken: int | None) -> Verification:
    if broken is None:
        text = Text(f"접속기록 {head[0]:,}건이 모두 온전합니다.", f"All {head[0]:,} entries of the record are sound.")
        return Verification(ok=True, checked=head[0], first_broken=None, text=text)
    text = Text(
        f"접속기록 {broken}번이 바뀌었거나 없어졌습니다. 그 앞의 {broken - 1:,}건은 온전합니다.",
        f"Entry {broken} was altered or is missing; the {broken - 1:,} before it are sound.",
    )
    return Verification(ok=False, checked=broken - 1, first_broken=broken, text=text)


def _looks(reading: Reading, outside: Outside | None, since: datetime, limit: int) -> Sequence[Look]:
    grants: dict[str, Grant | None] = {}
    accounts: dict[AccountId, Account | None] = {}
    found: list[Look] = []
    for view in reading.list_views(since=since, limit=LOOKED_AT_MOST):
        night = is_night(view.opened_at)
        if (outside == "incident" and view.incident is not None) or (outside == "night" and not night):
            continue
        if view.grant not in grants:
            grants[view.grant] = reading.find_grant(view.grant)
        if view.account not in accounts:
            accounts[view.account] = reading.find_account(view.account)
        found.append(Look(view, grants[view.grant], accounts[view.account], night))
        if len(found) >= limit:
            break
    return found
