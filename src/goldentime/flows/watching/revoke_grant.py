"""How the control room takes a grant back or prolongs it; every view under a revoked grant ends at once."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, View, ended
from goldentime.core.errors import Conflict, MediaUnavailable, NotFound, OperatorsError
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import GrantId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident, keep_note
from goldentime.flows.ports import Change, Reading
from goldentime.flows.watching.end_crew_look import end_agency_crews
from goldentime.flows.watching.end_views import cut, end_views
from goldentime.flows.watching.open_viewer import lasts_until
from goldentime.flows.world import ViewsEnded, World


async def revoke_grant(world: World, caller: Caller, grant_id: GrantId, *, reason: str = "") -> Grant:
    """End the grant, its agency's crews' looks and their views; raises NotFound, or Conflict for one that has ended."""

    def decide(tx: Change) -> tuple[Grant, ViewsEnded]:
        now = world.clock.now()
        over, fact = ended(_running(tx, grant_id), Ending.REVOKED, now, by=caller.account.id)
        tx.put_grant(over)
        tx.record(fact)
        data = {"grant": over.id, "ending": Ending.REVOKED.value}
        tx.audit(Entry(now, "GrantEnded", caller.account.id, over.agency, over.incident, data=data))
        if reason.strip() and over.incident is not None:
            keep_note(world, tx, get_incident(tx, over.incident), caller, reason.strip())
        views = end_views(tx, tx.list_open_views(grant=over.id), Ending.REVOKED, now, actor=caller.account.id)
        if over.agency is None or over.incident is None:
            return over, views
        crews = end_agency_crews(tx, over.agency, over.incident, now, by=caller.account.id)
        return over, (*views, *crews)

    grant, views = await world.store.change(decide)
    await cut(world, views, Ending.REVOKED)
    return grant


async def extend_grant(world: World, caller: Caller, grant_id: GrantId, minutes: int) -> Grant:
    """Prolong a running grant and its open views up to the city's longest; raises OperatorsError."""

    def decide(tx: Change) -> tuple[Grant, list[View]]:
        now = world.clock.now()
        grant = _running(tx, grant_id)
        longer = replace(grant, expires_at=max(grant.expires_at, now) + timedelta(minutes=minutes))
        if minutes <= 0 or longer.expires_at - grant.starts_at > world.rules.longest_grant:
            hours = world.rules.longest_grant.total_seconds() / 3600
            raise OperatorsError(
                Text(f"열람은 모두 {hours:g}시간까지 연장할 수 있습니다.", f"A grant may last {hours:g} hours in all.")
            )
        tx.put_grant(longer)
        data: dict[str, FactValue] = {"grant": longer.id, "agency": longer.agency, "minutes": minutes}
        tx.record(Fact("GrantExtended", longer.incident or longer.id, now, {**data, "by": caller.account.id}))
        entry = Entry(
            now, "GrantExtended", caller.account.id, longer.agency, longer.incident, data={"minutes": minutes}
        )
        tx.audit(entry)
        return longer, [_prolonged(tx, view, longer) for view in tx.list_open_views(grant=longer.id)]

    grant, views = await world.store.change(decide)
    with suppress(MediaUnavailable):  # the views are then opened anew, with the new end
        for view in views:
            await world.video.prolong_view(view.id, view.expires_at)
    return grant


def _prolonged(tx: Change, view: View, grant: Grant) -> View:
    """The view until the grant's new end, but never beyond its session's, which for a code's viewer moves along."""
    session = tx.find_session(view.session)
    until = min(grant.expires_at, lasts_until(tx, session)) if session else view.expires_at
    longer = replace(view, expires_at=until)
    tx.put_view(longer)
    return longer


def _running(look: Reading, grant_id: GrantId) -> Grant:
    grant = look.find_grant(grant_id)
    if grant is None or grant.incident is None:
        raise NotFound(Text("그런 열람권한이 없습니다.", "There is no such grant."))
    if grant.ended_at is not None:
        raise Conflict(Text("이미 끝난 열람권한입니다.", "The grant has already ended."))
    return grant
