"""How an operator's drag on the map becomes a camera's direction, once and for all."""

from dataclasses import replace
from datetime import datetime
from math import isfinite

from goldentime.city.cameras.inventory import Camera
from goldentime.core.errors import OperatorsError
from goldentime.core.fact import Fact
from goldentime.core.text import Text

FARTHEST_METRES = 2_000.0


def aimed(camera: Camera, bearing: float, *, field: float, reach: float, at: datetime) -> tuple[Camera, Fact]:
    """The camera with the dragged sector, and `CameraAimed`; raises OperatorsError for a sector that is none.

    Bearings wrap around (370 is 10); a field of 360 degrees means all round. What it replaced stays in the fact.
    """
    if not (isfinite(bearing) and isfinite(field) and isfinite(reach)):
        raise OperatorsError(Text(ko="방향, 화각, 거리는 숫자여야 합니다.", en="Bearing, field and reach are numbers."))
    if not 0 < field <= 360:
        raise OperatorsError(
            Text(ko="화각은 0도보다 크고 360도 이하여야 합니다.", en="The field is above 0 and at most 360 degrees.")
        )
    if not 0 < reach <= FARTHEST_METRES:
        raise OperatorsError(
            Text(ko="유효거리는 0보다 크고 2 km 이하여야 합니다.", en="The reach is above 0 and at most 2 km.")
        )
    turned = replace(camera, bearing=bearing % 360, field=field, reach=reach, aimed_by_hand=True)
    fact = Fact(
        kind="CameraAimed",
        subject=camera.id,
        at=at,
        data={
            "site": camera.site_id,
            "bearing": turned.bearing,
            "field": field,
            "reach": reach,
            "bearing_before": camera.bearing,
            "field_before": camera.field,
            "reach_before": camera.reach,
        },
    )
    return turned, fact


def unaimed(camera: Camera, *, at: datetime) -> tuple[Camera, Fact]:
    """The camera with its direction unknown again, and `CameraAimed`: how a wrong drag is undone."""
    before = {"bearing_before": camera.bearing, "field_before": camera.field, "reach_before": camera.reach}
    loose = replace(camera, bearing=None, aimed_by_hand=False)
    return loose, Fact("CameraAimed", camera.id, at, {"site": camera.site_id, "bearing": None, **before})
