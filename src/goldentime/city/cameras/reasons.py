"""In which words a choice of cameras is explained to the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from goldentime.city.cameras.grid import is_all_round, shares_a_circle
from goldentime.city.cameras.inventory import Camera, Status
from goldentime.city.cameras.purposes import WORDS
from goldentime.core.place import between_degrees
from goldentime.core.text import Text

AT_THE_SCENE_METRES = 1.0  # nearer, the bearing means nothing
NEW_SIDE_DEGREES = 60.0
USEFUL_PURPOSE = 0.8
FINE_MEGAPIXELS = 4.0
COARSE_MEGAPIXELS = 1.0


class Facing(StrEnum):
    """Where the camera looks, seen from the scene's point of view."""

    FACING = "facing"
    SIDE = "side"
    AWAY = "away"
    UNKNOWN = "unknown"
    ALL_ROUND = "all_round"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one pick when its reasons are written; bearings in degrees, distances in metres."""

    camera: Camera
    distance: float
    bearing: float
    sharing: int
    purpose: float
    same_pole: bool
    sides_before: tuple[float, ...]
    arm: float | None


_COMPASS = (
    Text(ko="북쪽", en="north"),
    Text(ko="북동쪽", en="north-east"),
    Text(ko="동쪽", en="east"),
    Text(ko="남동쪽", en="south-east"),
    Text(ko="남쪽", en="south"),
    Text(ko="남서쪽", en="south-west"),
    Text(ko="서쪽", en="west"),
    Text(ko="북서쪽", en="north-west"),
)
_FACING = {
    Facing.FACING: Text(ko="정면", en="facing"),
    Facing.SIDE: Text(ko="측면", en="sideways"),
    Facing.AWAY: Text(ko="반대 방향", en="facing away"),
    Facing.ALL_ROUND: Text(ko="360도", en="all round"),
}
_BEYOND_REACH = Text(ko="정면(유효거리 밖)", en="facing, beyond its reach")
_LONE = Text(ko="방향 미상", en="direction unknown")
_SAME_POLE = Text(ko="같은 지주의 다른 카메라", en="another camera on the same pole")
_NO_STREAM = Text(ko="영상 주소 미등록", en="no stream address registered")


def compass(bearing: float) -> Text:
    """The nearest of eight directions, in words."""
    return _COMPASS[round(bearing % 360 / 45) % 8]


def facing_of(camera: Camera, distance: float, bearing: float) -> Facing:
    """How the camera is turned towards a scene from which it lies at `bearing` degrees, `distance` metres off."""
    if is_all_round(camera):
        return Facing.ALL_ROUND
    if camera.bearing is None:
        return Facing.UNKNOWN
    turned = between_degrees(camera.bearing, bearing + 180)
    if distance < AT_THE_SCENE_METRES or turned <= camera.field / 2 + 1e-6:
        return Facing.FACING
    return Facing.SIDE if turned <= 90 else Facing.AWAY


def reasons_of(seen: Seen) -> tuple[Text, ...]:
    """Why this camera, most telling first: no stream, distance, facing, what it adds, picture, purpose."""
    camera = seen.camera
    reasons = [] if camera.status is not Status.UNREGISTERED else [_NO_STREAM]
    reasons.append(Text(ko=f"거리 {seen.distance:,.0f} m", en=f"{seen.distance:,.0f} m away"))
    reasons.append(_direction(seen))
    if (added := _added(seen)) is not None:
        reasons.append(added)
    if camera.megapixels is not None and camera.megapixels >= FINE_MEGAPIXELS:
        reasons.append(Text(ko=f"{camera.megapixels * 100:.0f}만 화소", en=f"{camera.megapixels:g} megapixels"))
    if camera.megapixels is not None and camera.megapixels < COARSE_MEGAPIXELS:
        reasons.append(Text(ko=f"저화소({camera.megapixels * 100:.0f}만)", en=f"only {camera.megapixels:g} megapixels"))
    if seen.purpose < USEFUL_PURPOSE:
        reasons.append(WORDS[camera.purpose])
    return tuple(reasons)


def _direction(seen: Seen) -> Text:
    facing = facing_of(seen.camera, seen.distance, seen.bearing)
    if facing is Facing.UNKNOWN:
        if seen.sharing == 1:
            return _LONE
        return Text(
            ko=f"방향 미상 — 개소의 {seen.sharing}대가 원을 나눠 봄",
            en=f"direction unknown: the site's {seen.sharing} cameras share the circle",
        )
    if facing is Facing.FACING and seen.distance > seen.camera.reach:
        return _BEYOND_REACH
    return _FACING[facing]


def _added(seen: Seen) -> Text | None:
    """What this pick adds to those before it; None for the first and for what is plain more of the same."""
    if not seen.sides_before:
        return None
    if seen.same_pole:
        return _SAME_POLE
    if seen.arm is not None:
        way = compass(seen.arm)
        if shares_a_circle(seen.camera):
            return Text(ko=f"{way.ko} 접근로를 비출 수 있음", en=f"may show the {way.en} approach")
        return Text(ko=f"{way.ko} 접근로를 보완", en=f"adds the {way.en} approach")
    if all(between_degrees(seen.bearing, before) >= NEW_SIDE_DEGREES for before in seen.sides_before):
        way = compass(seen.bearing)
        return Text(ko=f"{way.ko}에서 본 모습을 더함", en=f"adds the view from the {way.en}")
    return None


@dataclass(frozen=True, slots=True)
class Answered:
    """What the sentence about a choice is made of; `nearest` is distance and status of the next beyond the radius."""

    radius: float
    picked: int
    count: Mapping[Status, int]
    nearest: tuple[float, Status] | None


def choice_text(answered: Answered) -> Text:
    """The answer in a sentence or two."""
    radius, picked = f"{answered.radius:,.0f} m", answered.picked
    working, failed = answered.count[Status.WORKING], answered.count[Status.FAILED]
    down = (f" (장애 {failed}대 제외)", f" ({failed} out of order left out)") if failed else ("", "")
    if working and picked > working:
        return Text(
            ko=f"반경 {radius} 안에서 영상이 나오는 카메라 {working}대를 모두 고르고, "
            f"영상 주소가 없는 {picked - working}대를 위치로 더했습니다{down[0]}.",
            en=f"All {working} working cameras within {radius} chosen, "
            f"and {picked - working} without a stream address by where they stand{down[1]}.",
        )
    if working:
        return Text(
            ko=f"반경 {radius} 안에서 영상이 나오는 카메라 {working}대 중 {picked}대를 골랐습니다{down[0]}.",
            en=f"{picked} chosen of the {working} working cameras within {radius}{down[1]}.",
        )
    beyond = _beyond(answered.nearest)
    if unregistered := answered.count[Status.UNREGISTERED]:
        return Text(
            ko=f"반경 {radius} 안의 카메라 {unregistered}대는 모두 영상 주소 미등록입니다{down[0]}. "
            f"위치로 {picked}대를 골랐습니다.{beyond[0]}",
            en=f"None of the {unregistered} cameras within {radius} has a stream address{down[1]}; "
            f"{picked} were chosen by where they stand.{beyond[1]}",
        )
    return Text(
        ko=f"반경 {radius} 안에 볼 수 있는 카메라가 없습니다{down[0]}.{beyond[0]}",
        en=f"No camera to watch within {radius}{down[1]}.{beyond[1]}",
    )


def _beyond(nearest: tuple[float, Status] | None) -> tuple[str, str]:
    if nearest is None:
        return " 반경 밖에도 영상이 나오는 카메라가 없습니다.", " None works beyond it either."
    distance, status = nearest
    if status is Status.UNREGISTERED:
        return (
            f" 가장 가까운 카메라는 {distance:,.0f} m 거리이며 영상 주소 미등록입니다.",
            f" The next nearest is {distance:,.0f} m away and has no stream address.",
        )
    return (
        f" 영상이 나오는 가장 가까운 카메라는 {distance:,.0f} m 거리입니다.",
        f" The nearest that works is {distance:,.0f} m away.",
    )
