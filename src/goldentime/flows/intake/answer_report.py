"""Where a report happened and what its agency is told: cameras by name, the nearest, what was guessed, or no more."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.cameras.choose import Choice, Pick
from goldentime.city.cameras.inventory import Status
from goldentime.city.incidents.states import ENDINGS
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.incidents.read_traits import Traits, traits_of
from goldentime.flows.known_city import Located
from goldentime.flows.world import World
from goldentime.messages.exchange import CameraSeen, Outcome, OutcomeKind
from goldentime.messages.report import Report

OUTSIDE_METRES = 10_000.0  # no camera of the city so near: the report is hardly meant for it
NO_LOOK = Text("열람권한이 없어 영상은 제공하지 않습니다.", "There is no viewing grant, so no video is offered.")


@dataclass(frozen=True, slots=True)
class Scene:
    """A report located and its cameras chosen, before the transaction begins."""

    report: Report
    agency: AgencyId | None
    located: Located | None
    choice: Choice | None
    traits: Traits
    sandbox: bool = False
    received_at: datetime | None = None


def survey(
    world: World, report: Report, agency: AgencyId | None, *, sandbox: bool, received_at: datetime | None = None
) -> Scene:
    """Locate the report and choose its cameras; pure reading, so that the transaction stays short."""
    located = world.city.locate(report.place, facility=report.facility, words=report.place_words)
    choice = None
    if located is not None and report.state not in ENDINGS:
        choice = world.city.choose(
            located, report.kind, wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres
        )
    traits = traits_of(world.pepper, report, uncertain_metres=located.uncertain_metres if located else 0.0)
    return Scene(report, agency, located, choice, traits, sandbox, received_at)


def tell(world: World, scene: Scene, picks: tuple[Pick, ...], kind: OutcomeKind, *, granted: bool) -> Outcome:
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
