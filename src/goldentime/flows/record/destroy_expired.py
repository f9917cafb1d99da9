"""How personal data ends (파기): its key is destroyed when its time has come, never under an open incident."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.opening import SERVICE_NAMES
from goldentime.core.clock import Clock
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import IncidentId, MessageId, ViewId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.intake.kept_messages import forget
from goldentime.flows.ports import Change, Reading, Store
from goldentime.flows.watching.duty import end_duty
from goldentime.flows.watching.open_viewer import lasts_until

PROLONGED_BY = timedelta(days=1)
INCIDENT, MESSAGE, VIEWS = "incident/", "message/", "views"
BLURRED_TO = 2  # decimals of a degree: about a kilometre in this country
BLURRED = Text("기한이 지나 약 1 km로 흐려 둔 위치", "blurred to about 1 km: its time has come")


async def destroy_expired(store: Store, clock: Clock, *, kept: timedelta, limit: int = 100) -> int:
    """How many subjects' data was destroyed, at most `limit`; each is a fact and an entry on record.

    Sessions and codes whose time has passed are forgotten first, since they name people too. A view names whoever
    looked, operator or agency, for `kept` after it ended; those whose names went at once count as one subject.
    """
    await store.change(partial(_forget_sessions, at=clock.now(), limit=limit))
    due = await store.change(lambda change: change.list_due(clock.now(), limit=limit))
    done = 0
    for subject in due:  # one change each: a crash between two leaves whole subjects
        named = await store.read(partial(_views_naming, subject=subject))
        done += await store.change(partial(_end, subject=subject, named=named, at=clock.now()))
    over = await store.read(lambda look: look.list_views_naming(clock.now() - kept, limit=limit))
    if over:
        await store.change(partial(_forget_lookers, over=[view.id for view in over], at=clock.now()))
    return done + bool(over)


def _forget_lookers(change: Change, over: Sequence[ViewId], at: datetime) -> None:
    _forget_names(change, over)
    data: dict[str, FactValue] = {"views": len(over)}
    change.record(Fact("DataDestroyed", VIEWS, at, data))
    change.audit(Entry(at, "DataDestroyed", "system", data={"subject": VIEWS, **data}))


def _forget_names(change: Change, views: Sequence[ViewId]) -> None:
    for view_id in views:
        view = change.find_view(view_id)
        if view is not None:
            change.put_view(replace(view, person=""))  # the account stays, so that the record still says who


def _end(change: Change, subject: str, named: Sequence[ViewId], at: datetime) -> bool:
    incident_id = IncidentId(subject.removeprefix(INCIDENT)) if subject.startswith(INCIDENT) else None
    incident = None if incident_id is None else change.find_incident(incident_id)
    if incident is not None and incident.state is State.OPEN:
        change.seal(subject, "prolonged", at.isoformat().encode(), ends_at=at + PROLONGED_BY)
        change.audit(Entry(at, "RetentionProlonged", "system", incident=incident_id, data={"subject": subject}))
        return False
    if not change.destroy(subject, at):
        return False
    _forget_names(change, named)
    if incident is not None:
        change.put_incident(_blurred(incident, at))
        change.put_picks(incident.id, (), incident.radius, anew=True)  # their distances would tell the place again
    if subject.startswith(MESSAGE):
        _forget_message(change, MessageId(subject.removeprefix(MESSAGE)))
    change.record(Fact("DataDestroyed", subject, at, {"views": len(named)}))
    change.audit(Entry(at, "DataDestroyed", "system", incident=incident_id, data={"subject": subject}))
    return True


def _blurred(incident: Incident, at: datetime) -> Incident:
    """What stays for statistics: no typed or sent word, and where it was to about a kilometre."""
    place = incident.place and LonLat(round(incident.place.lon, BLURRED_TO), round(incident.place.lat, BLURRED_TO))
    return replace(
        incident,
        title=SERVICE_NAMES[incident.service].ko,
        place=place,
        estimated=json.dumps(BLURRED.to_dict(), ensure_ascii=False) if place else "",
        scene=None,
        told_place=None,
        updated_at=at,
        version=incident.version + 1,
    )


def _forget_message(change: Change, message_id: MessageId) -> None:
    message = change.find_message(message_id)
    if message is not None:
        forget(change, message)


def _views_naming(reading: Reading, subject: str) -> Sequence[ViewId]:
    """The views of the incident that still carry the name of whoever looked."""
    if not subject.startswith(INCIDENT):
        return ()
    incident = reading.find_incident(IncidentId(subject.removeprefix(INCIDENT)))
    if incident is None:
        return ()
    views = reading.list_views_of(incident.id)
    return [view.id for view in views if view.person]


def _forget_sessions(change: Change, at: datetime, limit: int) -> None:
    over = []
    for session in change.list_expired_sessions(at, limit=limit):
        until = lasts_until(change, session)
        if until > at:
            change.put_session(replace(session, expires_at=until))
        else:
            over.append(session.digest)
    end_duty(change, over, at, Ending.EXPIRED)
    for digest in over:
        change.end_session(digest)
    change.forget_codes(at)
