"""How an incident ends: its grants, every open view and its streams end with it, within one transaction and at once."""

from collections.abc import Sequence
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, Grant, ended
from goldentime.city.incidents.incident import Disposition, Incident
from goldentime.city.incidents.states import closed
from goldentime.core.ids import AccountId, CameraId, IncidentId, ViewId
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident, keep_note
from goldentime.flows.incidents.open_streams import release_streams
from goldentime.flows.outgoing.tell_agencies import tell_ended
from goldentime.flows.ports import Change
from goldentime.flows.units.release_units import release_units
from goldentime.flows.watching.camera_locks import end_locks_of
from goldentime.flows.watching.end_views import cut, end_views
from goldentime.flows.world import ViewsEnded, World


async def close_incident(
    world: World, caller: Caller, incident_id: IncidentId, *, disposition: Disposition, note: str = ""
) -> Incident:
    """Close by an operator's hand; raises NotFound or Conflict. Returns when every view has been cut."""

    def decide(tx: Change) -> tuple[Incident, ViewsEnded]:
        incident = get_incident(tx, incident_id)
        if note.strip():
            keep_note(world, tx, incident, caller, note.strip())
        done, views = close_within(world, tx, incident, disposition, by=caller.account.id)
        tell_ended(world, tx, done, by=None)
        return done, views

    incident, views = await world.store.change(decide)
    await cut(world, views, Ending.INCIDENT_CLOSED)
    await release_streams(world, incident.id)
    return incident


def close_within(
    world: World, tx: Change, incident: Incident, disposition: Disposition, *, by: AccountId | None
) -> tuple[Incident, tuple[tuple[ViewId, CameraId], ...]]:
    """The incident closed with its grants and views, recorded and audited; the views are the caller's to cut."""
    now = world.clock.now()
    done, fact = closed(incident, disposition, now, by=by)
    tx.put_incident(done)
    tx.drop_trace(done.id)
    tx.record(fact)
    actor = str(by or incident.agency or "system")
    tx.audit(Entry(now, "IncidentClosed", actor, None, incident.id, data={"disposition": disposition.value}))
    release_units(world, tx, done, now)
    end_locks_of(tx, done, now, actor=actor)
    end_grants(tx, tx.list_grants(incident=incident.id), now, by=by, actor=actor)
    return done, end_views(tx, tx.list_open_views(incident=incident.id), Ending.INCIDENT_CLOSED, now, actor=actor)


def end_grants(tx: Change, grants: Sequence[Grant], now: datetime, *, by: AccountId | None, actor: str) -> None:
    """End those that have not ended, because their incident has; recorded and audited."""
    for grant in grants:
        if grant.ended_at is None:
            over, fact = ended(grant, Ending.INCIDENT_CLOSED, now, by=by)
            tx.put_grant(over)
            tx.record(fact)
            data = {"grant": grant.id, "ending": Ending.INCIDENT_CLOSED.value}
            tx.audit(Entry(now, "GrantEnded", actor, grant.agency, grant.incident, data=data))
