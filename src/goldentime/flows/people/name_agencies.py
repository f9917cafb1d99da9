"""Which agencies the city works with, as its settings name them; one that is named no more keeps no right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from goldentime.city.agencies.agency import Agency, is_valid
from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, ended
from goldentime.core.ids import AgencyId
from goldentime.flows.ports import Change, Reading
from goldentime.flows.watching.end_crew_look import end_agency_crews
from goldentime.flows.watching.end_views import end_views

REMOVED = "agency_removed"
MOST = 1_000_000  # incidents open at once
Told = dict[str, str | int | float | bool | None]


def name_agencies(change: Change, named: Sequence[Agency], now: datetime) -> Sequence[Agency]:
    """The agencies of today; keys, accounts, grants and views of all others end, on record.

    Without any named the settings say nothing of agencies, and whoever was known stays.
    """
    for agency in named:
        change.put_agency(agency)
    if not named:
        return change.list_agencies()
    ours = frozenset(agency.id for agency in named)
    others = [agency for agency in change.list_agencies() if agency.id not in ours]
    for other in others:
        change.put_agency(replace(other, named=False))
    if others:
        _end_keys(change, ours, now)
        _end_accounts(change, ours, now)
        _end_grants(change, ours, now)
    return named


def count_units_of_nobody(look: Reading, named: Sequence[Agency]) -> Counter[AgencyId]:
    """How many units stand under each agency that is not `named`: no wire carries their orders."""
    ours = {agency.id for agency in named if agency.named}
    return Counter(unit.agency for unit in look.list_units() if unit.agency not in ours)


def _end_keys(change: Change, ours: frozenset[AgencyId], now: datetime) -> None:
    for key in change.list_keys():
        if key.agency in ours or not is_valid(key, now):
            continue
        change.put_key(replace(key, valid_until=now))
        data: Told = {"key": key.id, "sandbox": key.sandbox, "reason": REMOVED}
        change.audit(Entry(now, "KeyRevoked", "system", agency=key.agency, data=data))


def _end_accounts(change: Change, ours: frozenset[AgencyId], now: datetime) -> None:
    for account in change.list_accounts():
        if account.agency is None or account.agency in ours or account.disabled:
            continue
        sessions = change.end_sessions_of(account.id)
        change.put_account(replace(account, disabled=True))
        data: Told = {"account": account.id, "sessions": len(sessions), "reason": REMOVED}
        change.audit(Entry(now, "AccountDisabled", "system", agency=account.agency, data=data))


def _end_grants(change: Change, ours: frozenset[AgencyId], now: datetime) -> None:
    for incident in change.list_incidents(open_only=True, limit=MOST):
        for grant in change.list_grants(incident=incident.id):
            if grant.agency is None or grant.agency in ours or grant.ended_at is not None:
                continue
            over, fact = ended(grant, Ending.REVOKED, now, by=None)
            change.put_grant(over)
            change.record(fact)
            data = {"grant": grant.id, "ending": Ending.REVOKED.value, "reason": REMOVED}
            change.audit(Entry(now, "GrantEnded", "system", grant.agency, incident.id, data=data))
            end_agency_crews(change, grant.agency, incident.id, now, by=None)
    views = [view for view in change.list_open_views() if view.agency is not None and view.agency not in ours]
    end_views(change, views, Ending.REVOKED, now, actor="system")
