"""Which cameras should look at a scene, in which order, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import atan2, degrees, isfinite

import numpy as np
from numpy.typing import NDArray

from goldentime.city.cameras import weigh
from goldentime.city.cameras.grid import STATUSES, CameraIndex, Candidates
from goldentime.city.cameras.inventory import Status
from goldentime.city.cameras.purposes import purpose_weights
from goldentime.city.cameras.reasons import Answered, Facing, Seen, choice_text, facing_of, reasons_of
from goldentime.city.cameras.scene import Scene, Sights, sights_of
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat
from goldentime.core.text import Text

__all__ = [
    "RINGS",
    "Choice",
    "Facing",
    "Pick",
    "Scene",
    "Score",
    "near",
    "next_radius",
    "rank_cameras",
]

RINGS = (500.0, 800.0, 1200.0, 2000.0, 3000.0)
WIDEST_METRES = 20_000.0
MOST_PICKS = 64

_PHASES = np.array(
    [{Status.WORKING: weigh.WORKING, Status.UNREGISTERED: weigh.WITHOUT_STREAM}.get(s, weigh.NEVER) for s in STATUSES]
)


@dataclass(frozen=True, slots=True)
class Score:
    """What the camera added when it was chosen: the four parts, times purpose and pole, make the total."""

    total: float
    scene: float
    sides: float
    approaches: float
    near: float
    purpose: float
    pole: float  # below 1 when an earlier pick stands at the same pole


@dataclass(frozen=True, slots=True)
class Pick:
    """One chosen camera; `direction_from_scene` is degrees clockwise from north, seen from the scene."""

    camera_id: CameraId
    site_id: SiteId
    rank: int
    distance_m: float
    direction_from_scene: float
    facing: Facing
    status: Status
    score: Score
    reasons: tuple[Text, ...]

    @property
    def reason(self) -> Text:
        """All reasons in one line."""
        return Text(ko=" · ".join(r.ko for r in self.reasons), en=" · ".join(r.en for r in self.reasons))


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer for one scene; the counts are of cameras within the radius, by status.

    `next_nearest` is set when no working camera is within the radius: the nearest working one in the city or, when
    none works and none at all is within the radius, the nearest without a stream. It is no pick: widening is a step.
    """

    scene: Scene
    radius: float
    wanted: int
    picks: tuple[Pick, ...]
    working: int
    unregistered: int
    failed: int
    shown: int
    next_nearest: Pick | None
    text: Text

    @property
    def to_open(self) -> tuple[Pick, ...]:
        """The picks whose video can be opened."""
        return tuple(pick for pick in self.picks if pick.status is Status.WORKING)


def next_radius(radius: float) -> float | None:
    """The next ring in metres, None after the last."""
    return next((ring for ring in RINGS if ring > radius), None)


def near(index: CameraIndex, place: LonLat, wanted: int = 4, radius: float = RINGS[0]) -> Choice:
    """The choice for a bare place: what the command line, the API and the console answer alike."""
    return rank_cameras(Scene(place), index, wanted=wanted, radius=radius)


def rank_cameras(
    scene: Scene,
    index: CameraIndex,
    *,
    wanted: int = 4,
    radius: float = RINGS[0],
    exclude: Collection[CameraId] = (),
) -> Choice:
    """Up to `wanted` cameras within `radius` metres, best first; raises OperatorsError for a senseless number.

    `exclude` are on the tiles already: never chosen again, but what they show need not be shown twice, so asking
    for the next four continues where the first four ended. Cameras without a stream come after all that work.
    """
    _refuse_nonsense(wanted, radius)
    around = index.within(scene.place, radius)
    status = index.status[around.rows]
    phase = _PHASES[status]
    shown = np.zeros(len(phase), dtype=bool)
    if exclude:
        rows = [row for row in map(index.find_row, exclude) if row is not None]
        shown = np.isin(around.rows, rows)
        phase[shown & (phase != weigh.NEVER)] -= weigh.WORKING
    picks = _picks(scene, index, around, phase=phase, wanted=wanted)
    by_status = np.bincount(status, minlength=len(STATUSES))
    count = {s: int(by_status[i]) for i, s in enumerate(STATUSES)}
    following = _find_next_nearest(scene, index, count, radius)
    return Choice(
        scene=scene,
        radius=radius,
        wanted=wanted,
        picks=picks,
        working=count[Status.WORKING],
        unregistered=count[Status.UNREGISTERED],
        failed=count[Status.FAILED],
        shown=int(shown.sum()),
        next_nearest=following,
        text=choice_text(
            Answered(
                radius=radius,
                picked=len(picks),
                count=count,
                nearest=None if following is None else (following.distance_m, following.status),
            )
        ),
    )


def _refuse_nonsense(wanted: int, radius: float) -> None:
    if not (isfinite(radius) and 0 < radius <= WIDEST_METRES):
        raise OperatorsError(
            Text(ko="반경은 0보다 크고 20 km 이하여야 합니다.", en="The radius must be above 0 and at most 20 km.")
        )
    if not 1 <= wanted <= MOST_PICKS:
        raise OperatorsError(
            Text(ko="카메라 수는 1에서 64 사이여야 합니다.", en="The number of cameras must be from 1 to 64.")
        )


def _picks(
    scene: Scene, index: CameraIndex, around: Candidates, *, phase: NDArray[np.int64], wanted: int
) -> tuple[Pick, ...]:
    sights = sights_of(scene)
    positions, parts = weigh.choose(
        around.rows,
        around.east,
        around.north,
        index.rows,
        index.order,
        index.site,
        phase,
        purpose_weights(scene.kind)[index.purpose[around.rows]],
        sights.sides,
        sights.arms,
        float(scene.uncertain_metres),  # a whole number would be compiled for anew
        wanted,
    )
    picks: list[Pick] = []
    for position, part in zip(positions.tolist(), parts.tolist(), strict=True):
        picks.append(_pick(index, around, sights, position=position, part=part, before=picks))
    return tuple(picks)


def _pick(
    index: CameraIndex, around: Candidates, sights: Sights, *, position: int, part: list[float], before: list[Pick]
) -> Pick:
    row = int(around.rows[position])
    camera = index.cameras[row]
    bearing = degrees(atan2(float(around.east[position]), float(around.north[position]))) % 360
    distance = float(around.distance[position])
    arm = int(part[weigh.P_ARM])
    seen = Seen(
        camera=camera,
        distance=distance,
        bearing=bearing,
        sharing=index.sharing[camera.site_id],
        purpose=part[weigh.P_PURPOSE],
        same_pole=part[weigh.P_POLE] < 1,
        sides_before=tuple(p.direction_from_scene for p in before),
        arm=sights.bearings[arm] if before and arm >= 0 and sights.bearings else None,
    )
    return Pick(
        camera_id=camera.id,
        site_id=camera.site_id,
        rank=len(before) + 1,
        distance_m=distance,
        direction_from_scene=bearing,
        facing=facing_of(camera, distance, bearing),
        status=camera.status,
        score=Score(
            total=part[weigh.P_TOTAL],
            scene=part[weigh.P_SCENE],
            sides=part[weigh.P_SIDES],
            approaches=part[weigh.P_ARMS],
            near=part[weigh.P_NEAR],
            purpose=part[weigh.P_PURPOSE],
            pole=part[weigh.P_POLE],
        ),
        reasons=reasons_of(seen),
    )


def _find_next_nearest(scene: Scene, index: CameraIndex, count: Mapping[Status, int], radius: float) -> Pick | None:
    """The nearest working camera beyond the radius when none works within; else, with none at all, without a stream."""
    if count[Status.WORKING]:
        return None
    around = index.find_nearest(scene.place, Status.WORKING, beyond=radius)
    if around is None and not count[Status.UNREGISTERED]:
        around = index.find_nearest(scene.place, Status.UNREGISTERED, beyond=radius)
    if around is None:
        return None
    return _picks(scene, index, around, phase=np.array([weigh.WORKING]), wanted=1)[0]
