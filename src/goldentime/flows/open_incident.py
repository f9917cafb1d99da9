"""How a report opens, changes or ends an incident: one transaction that keeps the cameras and grants the look."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import Choice, Pick
from goldentime.city.cameras.inventory import Status
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
from goldentime.core.clock import KST
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, CameraId, IncidentId, ViewId, new_id
from goldentime.core.text import Text
from goldentime.flows.choose_cameras import Chosen, choose_within
from goldentime.flows.close_incident import close_within
from goldentime.flows.grant_agency import cameras_granted, grant_reporting_agency, move_grants
from goldentime.flows.known_city import Located
from goldentime.flows.ports import Change
from goldentime.flows.words import seal_words, words_of
from goldentime.flows.world import World
from goldentime.messages.exchange import CameraSeen, Outcome, OutcomeKind
from goldentime.messages.report import Report

OUTSIDE_METRES = 10_000.0  # no camera of the city so near: the report is hardly meant for it
MOVED_METRES = 50.0  # a correction smaller than this keeps the cameras
NO_LOOK = Text("열람권한이 없어 영상은 제공하지 않습니다.", "There is no viewing grant, so no video is offered.")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the decision led to: the incident, the answer's outcome, and what video has to do afterwards."""

    incident: Incident | None
    outcome: Outcome
    chosen: Chosen = field(default_factory=Chosen)
    to_kick: tuple[tuple[ViewId, CameraId], ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A report located and its cameras chosen, before the transaction begins."""

    report: Report
    agency: AgencyId | None
    located: Located | None
    choice: Choice | None
    sandbox: bool = False


def survey(world: World, report: Report, agency: AgencyId | None, *, sandbox: bool) -> Scene:
    """Locate the report and choose its cameras; pure reading, so that the transaction stays short."""
    located = world.city.locate(report.place, facility=report.facility, words=report.place_words)
    choice = None
    if located is not None and report.state not in ENDINGS:
        choice = world.city.choose(
            located, report.kind, wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres
        )
    return Scene(report, agency, located, choice, sandbox)


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
    if effect is Effect.CLOSE:
        closed, views = close_within(tx, known, ENDINGS[report.state], now, by=None)
        seal_words(world, tx, closed, words_of(report))
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
    day = now.astimezone(KST).strftime("%m%d")
    serial = tx.next_number(("sandbox-" if scene.sandbox else "") + now.astimezone(KST).strftime("%Y%m%d"))
    number = f"{world.rules.number_prefix}-{'S' if scene.sandbox else ''}{day}-{serial:04d}"
    located = scene.located
    birth = Birth(
        id=IncidentId(new_id("inc", now, world.randomness)),
        number=number,
        at=now,
        place=located.place if located else None,
        estimated=_estimate_note(located),
        radius=world.rules.radius_metres,
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
        closed, views = close_within(tx, incident, ENDINGS[report.state], now, by=None)
        text = Text("발생 신고 없이 종료만 와서 종결로 기록했습니다.", "An end without a beginning; kept as closed.")
        return Heard(closed, Outcome(OutcomeKind.KEPT_CLOSED, text=text, notes=report.notes), to_kick=views)
    chosen = choose_within(tx, incident, scene.choice, now, anew=True)
    granted = grant_reporting_agency(world, tx, incident, chosen.picks)
    return Heard(incident, _told(world, scene, chosen.picks, OutcomeKind.OPENED, granted=granted), chosen)


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
    chosen = Chosen()
    if moved:
        chosen = choose_within(tx, incident, scene.choice, now, anew=True)
        chosen = replace(chosen, to_cut=move_grants(world, tx, incident, chosen.picks))
    theirs = cameras_granted(tx, incident, now)
    picks = tuple(p for p, _ in tx.list_picks(incident.id) if incident.sandbox or p.camera_id in (theirs or ()))
    return Heard(incident, _told(world, scene, picks, OutcomeKind.UPDATED, granted=theirs is not None), chosen)


def _told(world: World, scene: Scene, picks: tuple[Pick, ...], kind: OutcomeKind, *, granted: bool) -> Outcome:
    """What the agency is told: its cameras by the names of their sites, or the nearest, and what was guessed.

    One that may not look is told no names: a plain event that it is recorded, an update that no video comes with it.
    """
    if not granted and kind is OutcomeKind.UPDATED and not scene.sandbox:
        return Outcome(kind, notes=(*scene.report.notes, NO_LOOK))
    if not granted and scene.choice is not None and not scene.sandbox:
        return Outcome(OutcomeKind.PLAIN_EVENT, notes=scene.report.notes)
    nearest = scene.choice.next_nearest if scene.choice else None
    return Outcome(
        kind,
        cameras=tuple(_seen(world, pick) for pick in picks if pick.status is Status.WORKING),
        nearest=_seen(world, nearest) if nearest else None,
        radius_metres=scene.choice.radius if scene.choice else None,
        sandbox=scene.sandbox,
        notes=(*scene.report.notes, *_doubts(scene, nearest)),
    )


def _seen(world: World, pick: Pick) -> CameraSeen:
    number = str(pick.camera_id).rpartition("-")[2]
    return CameraSeen(f"{world.city.site_name(pick.camera_id)} {number}번", pick.distance_m)


def _doubts(scene: Scene, nearest: Pick | None) -> list[Text]:
    doubts = []
    if scene.located is not None and scene.located.estimated is not None:
        note = scene.located.estimated
        doubts.append(Text(f"위치는 추정입니다 — {note.ko}", f"The place is an estimate: {note.en}"))
    if scene.located is None:
        doubts.append(Text("위치를 알 수 없습니다.", "The place is unknown."))
    if nearest is not None and nearest.distance_m > OUTSIDE_METRES:
        doubts.append(Text("이 도시에서 먼 위치입니다. 좌표를 확인하세요.", "Far from this city: check the place."))
    return doubts


def _estimate_note(located: Located | None) -> str:
    if located is None or located.estimated is None:
        return ""
    return json.dumps(located.estimated.to_dict(), ensure_ascii=False)


def _name(agency: AgencyId | None) -> str | None:
    return str(agency) if agency else None
