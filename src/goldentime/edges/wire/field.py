"""How a crew's brief reads as JSON on its field page."""

from typing import Any

from goldentime.city.cameras.inventory import Camera
from goldentime.city.incidents.hazards import hazards_in
from goldentime.city.places.place import KIND_TEXTS, Place, PlaceKind
from goldentime.city.units.states import STEP_WORDS
from goldentime.city.units.unit import KIND_WORDS, STATE_WORDS, Unit
from goldentime.core.place import LonLat, bearing_degrees, distance_metres
from goldentime.edges.wire.building import told_of
from goldentime.edges.wire.incidents import COMPASS, moment
from goldentime.flows.crews.brief_crew import Brief
from goldentime.flows.crews.crew_scene import Mate, Scene
from goldentime.flows.crews.look_ahead import Beside, Way
from goldentime.flows.crews.near_scene import WATER_METRES, Near, Water
from goldentime.flows.crews.outside import BEDS_OLD, WIND_OLD, BedsNow, Wind
from goldentime.flows.known_city import KnownCity

Json = dict[str, Any]
PLATE = "CAR_NUM"
BED_COLUMNS = ("cap", "병상", "병상수", "응급실병상", "응급실병상수", "hvs01")  # how many there are in all
ON_ROAD_METRES = 10.0  # a scene nearer than this to its road has no side: the bearing would be chance
HYDRANT_COLUMNS = ("fcltySeNm", "시설유형", "시설유형명", "시설구분", "구분")


def brief_json(brief: Brief, city: KnownCity) -> Json:
    """Everything the page shows; `scene` null when the crew may read none, and `ended` then says why."""
    unit = brief.unit
    return {
        "at": moment(brief.at),
        "unit": {
            **_unit(unit),
            "width_m": unit.width_m,
            "incident_id": unit.incident,
            "order": unit.order,
            "asked_at": moment(unit.asked_at),
            "support_at": moment(unit.support_at),
            "support_heard_at": moment(unit.support_heard_at),
        },
        "steps": [{"step": step.value, "words": STEP_WORDS[step].to_dict()} for step in brief.steps],
        "here": {**_point(brief.here.place), "heading": brief.here.heading, "age_s": _tenth(brief.here.age)},
        "scene": _scene(brief.scene, city) if brief.scene else None,
        "ended": brief.ended.to_dict() if brief.ended else None,
        "may_call": brief.may_call,
    }


def _scene(scene: Scene, city: KnownCity) -> Json:
    incident, words = scene.incident, scene.words
    title = words.get("title") or incident.title
    content = str(words.get("content") or "")
    return {
        "incident_id": incident.id,
        "number": incident.number,
        "title": title,
        "severity": incident.severity.value,
        "service": incident.service.value,
        "place": _point(incident.place) if incident.place else None,
        "place_words": words.get("place_words") or "",
        "place_estimated": bool(incident.estimated),
        "content": content,
        "order_words": words.get("order") or "",
        "opened_at": moment(incident.opened_at),
        "occurred_at": moment(incident.occurred_at),
        "drill": incident.drill,
        "expires_at": moment(scene.grant.expires_at),
        "purpose": scene.grant.purpose.to_dict(),
        "hazards": [{**one.text.to_dict(), "airborne": one.airborne} for one in hazards_in(f"{title} {content}")],
        "sighting": _sighting(scene, city),
        "plate": (words.get("items") or {}).get(PLATE),
        "cameras": [
            {
                "camera_id": pick.camera_id,
                "name": city.site_name(pick.camera_id),
                "rank": pick.rank,
                "distance_m": round(pick.distance_m),
                "direction": COMPASS[round(pick.direction_from_scene / 45) % 8].to_dict(),
                "reasons": [reason.to_dict() for reason in pick.reasons],
                **_camera(city.index.find(pick.camera_id)),
            }
            for pick in scene.picks
        ],
        "way": _way(scene.way, city) if scene.way else None,
        "no_way": scene.no_way.to_dict() if scene.no_way else None,
        "building": _building(scene.building),
        "access": _access(scene),
        "water": [_hydrant(one) for one in scene.water.near] if scene.water else [],
        "hydrants": _hydrants(scene.water) if scene.water else None,
        "hospitals": [
            _near(one)
            | {
                "capacity": _first(one.place, BED_COLUMNS),
                "beds": _beds(scene.beds.get(one.place.id)),
                "phone": one.place.phone,
                "seconds": _tenth(one.seconds),
            }
            for one in scene.hospitals
        ],
        "wind": _wind(scene.wind),
        "mates": [_mate(mate) for mate in scene.mates],
    }


def _building(near: Near | None) -> Json | None:
    """What the city's list says of the building; blank and address columns left out."""
    if near is None:
        return None
    return {
        "name": near.place.name,
        "address": near.place.address,
        "metres": round(near.metres),
        "told": told_of(near.place.extra),
    }


def _access(scene: Scene) -> Json | None:
    """By which road the way arrives, how far from there the scene is, and on which side unless it is on the road."""
    if scene.way is None or scene.incident.place is None:
        return None
    end = LonLat(*scene.way.route.line[-1])
    at = scene.incident.place
    off = distance_metres(at, end)
    side = COMPASS[round(bearing_degrees(at, end) / 45) % 8].to_dict() if off >= ON_ROAD_METRES else None
    return {"side": side, "road": scene.way.pieces[-1].road, "metres": round(off), **_point(end)}


def _sighting(scene: Scene, city: KnownCity) -> Json | None:
    """The last sighting; plate and direction are the last that were told, each with when."""
    last = scene.sighting
    if last is None:
        return None
    seen = last.newest
    return {
        "at": moment(seen.at),
        "camera": city.site_name(seen.camera),
        "words": seen.words,
        "plate": last.plate.plate if last.plate else "",
        "plate_at": moment(last.plate.at) if last.plate else None,
        "direction": last.direction.direction if last.direction else "",
        "direction_at": moment(last.direction.at) if last.direction else None,
        "place": _point(seen.place) if seen.place else None,
        "place_words": seen.place_words,
        "still": f"/api/incidents/{scene.incident.id}/sightings/{seen.position}.jpg",
    }


def _way(way: Way, city: KnownCity) -> Json:
    route = way.route
    return {
        "seconds": round(route.seconds),
        "metres": round(route.metres),
        "steps": [
            {
                "kind": step.kind,
                "road": step.road,
                "metres": round(step.metres),
                "seconds": round(step.seconds),
                "text": step.text.to_dict(),
                **_point(step.place),
            }
            for step in route.steps
        ],
        "pieces": [
            {
                "line": [[round(lon, 6), round(lat, 6)] for lon, lat in piece.line],
                "level": piece.level,
                "narrow": piece.narrow,
                "width_m": piece.width_m,
                "road": piece.road,
                "metres_along": round(piece.metres_along),
            }
            for piece in way.pieces
        ],
        "schools": [_beside(one, city) for one in way.schools],
        "cameras": [_beside(one, city) for one in way.cameras],
        "closures": [
            {
                "reason": one.reason,
                "scope": one.scope.value,
                "until": moment(one.until),
                **(_point(one.place) if one.place else {"lon": None, "lat": None}),
            }
            for one in way.closures
        ],
    }


def _beside(one: Beside, city: KnownCity) -> Json:
    what = one.what
    name = city.site_name(what.id) if isinstance(what, Camera) else what.name
    return {"id": what.id, "name": name, "metres_along": round(one.metres_along), **_point(what.place)}


def _near(one: Near) -> Json:
    return {
        "name": one.place.name,
        "address": one.place.address,
        "metres": round(one.metres),
        "direction": COMPASS[round(one.bearing / 45) % 8].to_dict(),
        **_point(one.place.place),
    }


def _hydrant(one: Near) -> Json:
    kind = _first(one.place, HYDRANT_COLUMNS)  # the plain word says nothing beside the others of its list
    return _near(one) | {"kind": "" if kind == KIND_TEXTS[PlaceKind.HYDRANT].ko else kind}


def _hydrants(water: Water) -> Json:
    """Whether the city has a list of hydrants at all, and with none within reach the nearest one beyond."""
    beyond = _hydrant(water.beyond) if water.beyond else None
    return {"listed": water.listed, "within_m": round(WATER_METRES), "beyond": beyond}


def _wind(wind: Wind | None) -> Json | None:
    """Where it blows from and how fast, both null when it is too old to be told; the direction also when it is calm."""
    if wind is None:
        return None
    told, calm = wind.weather, wind.is_calm
    degrees = None if calm or wind.is_old else told.wind_from
    return {
        "speed_ms": None if wind.is_old else told.wind_ms,
        "calm": calm,
        "from_degrees": degrees,
        "side": None if degrees is None else COMPASS[round(degrees / 45) % 8].to_dict(),
        "at": moment(told.at),
        "old_after_s": WIND_OLD.total_seconds(),
    }


def _beds(now: BedsNow | None) -> Json | None:
    """Beds free now, below zero when there are more patients than beds; null when too old to be told."""
    if now is None:
        return None
    free = None if now.is_old else now.beds.emergency
    return {"free": free, "at": moment(now.beds.at), "old_after_s": BEDS_OLD.total_seconds()}


def _mate(mate: Mate) -> Json:
    return {**_unit(mate.unit), "seconds": _tenth(mate.seconds)}


def _unit(unit: Unit) -> Json:
    return {
        "id": unit.id,
        "call_sign": unit.call_sign,
        "kind": unit.kind.value,
        "kind_name": KIND_WORDS[unit.kind].to_dict(),
        "state": unit.state.value,
        "state_name": STATE_WORDS[unit.state].to_dict(),
        "state_at": moment(unit.state_at),
    }


def _camera(camera: Camera | None) -> Json:
    if camera is None:
        return {"lon": None, "lat": None, "bearing": None, "field": None, "reach": None, "status": "unregistered"}
    aim = {"bearing": camera.bearing, "field": camera.field, "reach": camera.reach, "status": camera.status.value}
    return {**_point(camera.place), **aim}


def _first(place: Place, columns: tuple[str, ...]) -> str | None:
    return next((place.extra[name] for name in columns if place.extra.get(name)), None)


def _point(place: LonLat) -> Json:
    return {"lon": round(place.lon, 6), "lat": round(place.lat, 6)}


def _tenth(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
