"""How a report opens, changes or ends an incident: one transaction that keeps the cameras and grants the look."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.opening import Birth, opened_by_report, title_of
from goldentime.city.incidents.states import (
    ENDINGS,
    Effect,
    chosen_anew,
    effect_of,
    has_left_its_scene,
    updated_by_report,
)
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, CameraId, IncidentId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.incidents.ask_to_end import ASKED, ask_to_end, others_drive
from goldentime.flows.incidents.choose_cameras import Chosen, choose_within
from goldentime.flows.incidents.close_incident import close_within
from goldentime.flows.incidents.compare_incidents import remember, remember_told
from goldentime.flows.incidents.number_incident import next_incident_number
from goldentime.flows.intake.answer_report import Scene, tell
from goldentime.flows.known_city import Located
from goldentime.flows.outgoing.tell_agencies import tell_ended
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import cameras_granted, grant_reporting_agency, move_grants
from goldentime.flows.words import seal_words, words_of
from goldentime.flows.world import World
from goldentime.messages.exchange import Outcome, OutcomeKind

MOVED_METRES = 50.0  # a correction smaller than this keeps the cameras


@dataclass(frozen=True, slots=True)
class Heard:
    """What the decision led to: the incident, the answer's outcome, and what video has to do afterwards."""

    incident: Incident | None
    outcome: Outcome
    chosen: Chosen = field(default_factory=Chosen)
    to_kick: tuple[tuple[ViewId, CameraId], ...] = ()
    closed: bool = False


def hear(world: World, tx: Change, scene: Scene) -> Heard:
    """Apply one complete report inside the caller's transaction."""
    report, now = scene.report, world.clock.now()
    source = source_of(report.sender, scene.agency, sandbox=scene.sandbox)
    known = tx.find_incident_by_source(source, report.occurrence)
    effect = effect_of(known.state if known else None, report.state)
    if known is None:
        return _open(world, tx, scene, now, source=source, effect=effect)
    if effect is Effect.UPDATE:
        return _update(world, tx, scene, known, now)
    if effect is Effect.CLOSE and others_drive(tx, known.id, scene.agency):
        kept, views = ask_to_end(tx, known, report, now, agency=scene.agency)
        seal_words(world, tx, kept, words_of(report))
        return Heard(kept, Outcome(OutcomeKind.UPDATED, text=ASKED, notes=report.notes), to_kick=views)
    if effect is Effect.CLOSE:
        closed, views = close_within(world, tx, known, ENDINGS[report.state], by=None)
        seal_words(world, tx, closed, words_of(report))
        tell_ended(world, tx, closed, by=scene.agency)
        text = Text("상황을 종결하고 열람을 모두 끝냈습니다.", "The incident is closed and every view has ended.")
        return Heard(closed, Outcome(OutcomeKind.ENDED, text=text, notes=report.notes), to_kick=views, closed=True)
    tx.record(Fact("LateReportKept", known.id, now, {"state": report.state.value}))
    text = Text(
        "이미 종결된 상황이라 기록만 남겼습니다.", "The incident is already closed; the message is kept on record."
    )
    return Heard(known, Outcome(OutcomeKind.KEPT_CLOSED, text=text, notes=report.notes))


def source_of(sender: str, agency: AgencyId | None, *, sandbox: bool = False) -> str:
    """Whose occurrence numbers these are: the proven agency's, so that nobody ends another's incident."""
    return f"{'sandbox:' if sandbox else ''}{agency or ''}:{sender}"


def _open(world: World, tx: Change, scene: Scene, now: datetime, *, source: str, effect: Effect) -> Heard:
    report = scene.report
    located, drill = scene.located, report.drill or world.rules.drill
    birth = Birth(
        id=IncidentId(new_id("inc", now, world.randomness)),
        number=next_incident_number(world, tx, now, sandbox=scene.sandbox, drill=drill),
        at=now,
        place=located.place if located else None,
        estimated=_estimate_note(located),
        radius=world.rules.radius_metres,
        received=scene.received_at,
        drill=drill,
        nature=scene.traits.nature,
    )
    incident, opened = opened_by_report(report, birth, agency=scene.agency, sandbox=scene.sandbox)
    tx.put_incident(incident)
    tx.put_source(source, report.occurrence, incident.id)
    if scene.agency is not None and not scene.sandbox:
        tx.put_source(scene.agency, report.occurrence, incident.id)  # how the agency names it when it asks for a viewer
    seal_words(world, tx, incident, {**words_of(report), "title": title_of(report)})
    tx.record(opened)
    tx.audit(Entry(now, "IncidentOpened", str(scene.agency or "system"), _name(scene.agency), incident.id))
    if effect is Effect.KEEP_CLOSED:
        closed, views = close_within(world, tx, incident, ENDINGS[report.state], by=None)
        text = Text("발생 신고 없이 종료만 와서 종결로 기록했습니다.", "An end without a beginning; kept as closed.")
        return Heard(closed, Outcome(OutcomeKind.KEPT_CLOSED, text=text, notes=report.notes), to_kick=views)
    chosen = choose_within(tx, incident, scene.choice, now, anew=True)
    granted = grant_reporting_agency(world, tx, incident, chosen.picks)
    remember(tx, incident, scene.traits, now)
    return Heard(incident, tell(world, scene, chosen.picks, OutcomeKind.OPENED, granted=granted), chosen)


def _update(world: World, tx: Change, scene: Scene, known: Incident, now: datetime) -> Heard:
    report = scene.report
    incident, fact = updated_by_report(known, report, now, place=report.place)
    if incident.place is None and scene.located is not None:
        incident = replace(incident, place=scene.located.place, estimated=_estimate_note(scene.located))
    moved = scene.choice is not None and has_left_its_scene(incident, MOVED_METRES)
    if moved:
        incident = chosen_anew(incident, world.rules.radius_metres)
    tx.put_incident(incident)
    seal_words(world, tx, incident, words_of(report))
    tx.record(fact)
    remember_told(tx, incident, scene.traits, now)
    chosen = Chosen()
    if moved:
        chosen = choose_within(tx, incident, scene.choice, now, anew=True)
        chosen = replace(chosen, to_cut=move_grants(world, tx, incident, chosen.picks))
    theirs = cameras_granted(tx, incident, now)
    picks = tuple(p for p, _ in tx.list_picks(incident.id) if incident.sandbox or p.camera_id in (theirs or ()))
    return Heard(incident, tell(world, scene, picks, OutcomeKind.UPDATED, granted=theirs is not None), chosen)


def _estimate_note(located: Located | None) -> str:
    if located is None or located.estimated is None:
        return ""
    return json.dumps(located.estimated.to_dict(), ensure_ascii=False)


def _name(agency: AgencyId | None) -> str | None:
    return str(agency) if agency else None
