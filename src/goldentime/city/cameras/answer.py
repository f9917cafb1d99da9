"""What a choice looks like as JSON: one shape for the command line, the API and the console."""

from typing import Any

from goldentime.city.cameras.choose import Choice, Pick, next_radius


def to_dict(choice: Choice) -> dict[str, Any]:
    """Plain values only; metres to 0.1, degrees to 0.1, scores to 0.0001."""
    place = choice.scene.place
    return {
        "place": {"lon": place.lon, "lat": place.lat},
        "kind": choice.scene.kind,
        "uncertain_metres": choice.scene.uncertain_metres,
        "approaches": [round(bearing, 1) for bearing in choice.scene.approaches],
        "radius": choice.radius,
        "next_radius": next_radius(choice.radius),
        "wanted": choice.wanted,
        "cameras": [_pick(pick) for pick in choice.picks],
        "counts": {
            "working": choice.working,
            "unregistered": choice.unregistered,
            "failed": choice.failed,
            "shown": choice.shown,
        },
        "next_nearest": None if choice.next_nearest is None else _pick(choice.next_nearest),
        "text": choice.text.to_dict(),
    }


def _pick(pick: Pick) -> dict[str, Any]:
    score = pick.score
    return {
        "camera_id": pick.camera_id,
        "site_id": pick.site_id,
        "rank": pick.rank,
        "distance_m": round(pick.distance_m, 1),
        "direction_from_scene": round(pick.direction_from_scene, 1) % 360,
        "facing": pick.facing.value,
        "status": pick.status.value,
        "score": {
            "total": round(score.total, 4),
            "scene": round(score.scene, 4),
            "sides": round(score.sides, 4),
            "approaches": round(score.approaches, 4),
            "near": round(score.near, 4),
            "purpose": round(score.purpose, 4),
            "pole": round(score.pole, 4),
        },
        "reason": pick.reason.to_dict(),
        "reasons": [reason.to_dict() for reason in pick.reasons],
    }
