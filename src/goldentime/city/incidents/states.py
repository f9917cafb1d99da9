"""Which step an incident may take, as one table, and what a message of each state does to it."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from goldentime.city.incidents.incident import SEVERITY_ORDER, Disposition, Incident, State
from goldentime.city.incidents.opening import severity_of
from goldentime.core.errors import Conflict
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId
from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text
from goldentime.messages.report import Report, ReportState


class Effect(StrEnum):
    """What a report does to what is known of its occurrence."""

    OPEN = "open"
    UPDATE = "update"
    CLOSE = "close"
    KEEP_CLOSED = "keep_closed"  # kept on record, nothing opens


_NOTHING = None  # the occurrence has not been heard of
_TABLE: dict[tuple[State | None, bool], Effect] = {
    (_NOTHING, False): Effect.OPEN,
    (_NOTHING, True): Effect.KEEP_CLOSED,
    (State.OPEN, False): Effect.UPDATE,
    (State.OPEN, True): Effect.CLOSE,
    (State.CLOSED, False): Effect.KEEP_CLOSED,  # a late 10 after 91 does not reopen
    (State.CLOSED, True): Effect.KEEP_CLOSED,
}
ENDINGS = {
    ReportState.CLEARED: Disposition.ENDED_BY_SENDER,
    ReportState.ENDED: Disposition.ENDED_BY_SENDER,
    ReportState.ENDED_AUTOMATICALLY: Disposition.ENDED_BY_SENDER,
    ReportState.CANCELLED: Disposition.CANCELLED_BY_SENDER,
}


def effect_of(known: State | None, said: ReportState) -> Effect:
    """What a message saying `said` does when the occurrence is in `known` (None: never heard of)."""
    return _TABLE[known, said in ENDINGS]


def acknowledged(incident: Incident, by: AccountId, at: datetime) -> tuple[Incident, Fact]:
    """The incident acknowledged, with its fact; raises Conflict when it already is."""
    if incident.acknowledged_at is not None:
        raise Conflict(Text("이미 확인된 상황입니다.", "This incident is already acknowledged."))
    return _changed(incident, "IncidentAcknowledged", at, by, acknowledged_at=at, acknowledged_by=by)


def taken(incident: Incident, by: AccountId, at: datetime) -> tuple[Incident, Fact]:
    """The incident owned by `by`, acknowledged too if it was not; raises Conflict when closed or already theirs."""
    _must_be_open(incident)
    if incident.owner == by:
        raise Conflict(Text("이미 담당하고 있습니다.", "You already own this incident."))
    return _changed(
        incident,
        "IncidentTaken",
        at,
        by,
        owner=by,
        acknowledged_at=incident.acknowledged_at or at,
        acknowledged_by=incident.acknowledged_by or by,
    )


def released(incident: Incident, by: AccountId, at: datetime) -> tuple[Incident, Fact]:
    """The incident without an owner; raises Conflict when closed or not theirs."""
    _must_be_open(incident)
    if incident.owner != by:
        raise Conflict(Text("담당자가 아닙니다.", "You do not own this incident."))
    return _changed(incident, "IncidentReleased", at, by, owner=None)


def closed(
    incident: Incident, disposition: Disposition, at: datetime, *, by: AccountId | None = None
) -> tuple[Incident, Fact]:
    """The incident closed with its disposition; raises Conflict when it already is."""
    _must_be_open(incident)
    new, fact = _changed(incident, "IncidentClosed", at, by, state=State.CLOSED, closed_at=at, disposition=disposition)
    return new, replace(fact, data={**fact.data, "disposition": disposition.value})


def updated_by_report(
    incident: Incident, report: Report, at: datetime, *, place: LonLat | None
) -> tuple[Incident, Fact]:
    """The incident as the sender now has it; a given place replaces an estimate, graver news raises the severity.

    What a person has vouched for yields to news of the place only, not to the sender saying the same again.
    """
    said = severity_of(incident.service, urgent=report.urgent)
    graver = min(incident.severity, said, key=SEVERITY_ORDER.__getitem__)
    again = incident.placed_by is not None and place == incident.told_place
    moved = place is not None and place != incident.place and not again
    new, fact = _changed(
        incident,
        "IncidentUpdated",
        at,
        None,
        place=place if moved else incident.place,
        estimated="" if moved else incident.estimated,
        told_place=place or incident.told_place,
        placed_by=None if moved else incident.placed_by,
        severity=graver,
        sender_state=report.state.value,
        reports=incident.reports + 1,
    )
    over_hand = moved and incident.placed_by is not None
    data = {**fact.data, "moved": moved, "over_hand": over_hand, "state": report.state.value}
    return new, replace(fact, data=data)


def place_confirmed(incident: Incident, place: LonLat, at: datetime, by: AccountId) -> tuple[Incident, Fact]:
    """The incident at the place an operator vouches for; raises Conflict when closed."""
    _must_be_open(incident)
    return _changed(incident, "PlaceConfirmed", at, by, place=place, estimated="", placed_by=by)


def has_left_its_scene(incident: Incident, metres: float) -> bool:
    """Whether it is now further than that from where its cameras were last chosen for, in however many steps."""
    if incident.place is None:
        return False
    return incident.scene is None or distance_metres(incident.scene, incident.place) > metres


def chosen_anew(incident: Incident, radius: float) -> Incident:
    """The incident with cameras chosen for where it is now, within the first ring of `radius` metres again."""
    return replace(incident, scene=incident.place, radius=radius)


def widened(incident: Incident, radius: float, at: datetime, by: AccountId) -> tuple[Incident, Fact]:
    """The incident with a wider ring in metres; raises Conflict when closed."""
    _must_be_open(incident)
    new, fact = _changed(incident, "RingWidened", at, by, radius=radius)
    return new, replace(fact, data={**fact.data, "radius": radius})


def _must_be_open(incident: Incident) -> None:
    if incident.state is State.CLOSED:
        raise Conflict(Text("이미 종결된 상황입니다.", "This incident is already closed."))


def _changed(
    incident: Incident, kind: str, at: datetime, by: AccountId | None, **fields: object
) -> tuple[Incident, Fact]:
    new = replace(incident, version=incident.version + 1, updated_at=at, **fields)  # type: ignore[arg-type]  # checked by the callers' names
    return new, Fact(kind, incident.id, at, {"by": by, "version": new.version})
