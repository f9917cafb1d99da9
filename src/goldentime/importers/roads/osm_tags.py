"""What OpenStreetMap's tags of a way say to a driver: class, direction, speed, lanes, sizes, access."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from goldentime.city.roads.line import Access, Structure

Tags = Mapping[str, str]

# highway: ROAD_RANK nearest to it, and km/h to reckon with where nobody says
_CLASSES: Mapping[str, tuple[str, float]] = {
    "motorway": ("101", 100),
    "trunk": ("102", 80),
    "primary": ("103", 60),
    "secondary": ("104", 50),
    "tertiary": ("107", 50),
    "unclassified": ("107", 40),
    "residential": ("108", 30),
    "living_street": ("108", 15),
    "road": ("108", 30),
    "service": ("108", 15),
    "track": ("108", 15),
    "busway": ("108", 40),
    "pedestrian": ("108", 10),
}
_ONLY_IF_TOLD = frozenset({"footway", "cycleway", "path", "bridleway"})  # drivable where a tag lets a car in
_RAMP_KMH = 40.0
_EMERGENCY_ONLY = frozenset({"busway", "pedestrian", *_ONLY_IF_TOLD})
_YES = frozenset({"yes", "permissive", "designated", "official", "public", "true", "1"})
_BOUND_FOR = frozenset({"destination", "customers", "delivery", "permit", "private", "residents", "permissive_private"})
_NO = frozenset({"no", "agricultural", "forestry", "military", "none", "false", "0", "bus", "psv", "taxi"})
_WHO = ("motorcar", "motor_vehicle", "vehicle", "access")  # the nearest word decides
_FORWARD, _BACKWARD = frozenset({"yes", "true", "1"}), frozenset({"-1", "reverse"})
# implied limits: by country and zone, then by zone
_ZONES: Mapping[str, float] = {
    "KR:urban": 50,
    "KR:rural": 60,
    "KR:motorway": 100,
    "FI:urban": 50,
    "FI:rural": 80,
    "FI:motorway": 120,
    "urban": 50,
    "rural": 80,
    "trunk": 100,
    "motorway": 120,
    "living_street": 20,
    "bicycle_road": 30,
    "nsl_single": 96.6,
    "nsl_dual": 112.7,
    "walk": 7,
}
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?", re.IGNORECASE)
_UNITS = {"mph": 1.609344, "knots": 1.852}
_ZONE = re.compile(r"(?:[A-Z]{2}:)?zone:?(\d+)|[A-Z]{2}:(\d+)")
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|t|kg|cm|ft|lbs)?", re.IGNORECASE)
_FEET = re.compile(r"(\d+)\s*'\s*(?:(\d+)\s*\")?")
_SIZE_UNITS = {"": 1.0, "m": 1.0, "t": 1.0, "cm": 0.01, "kg": 0.001, "ft": 0.3048, "lbs": 0.000453592}


@dataclass(frozen=True, slots=True)
class Lane:
    """One direction of a way as its tags have it."""

    lanes: int | None
    max_kmh: float | None
    access: Access


@dataclass(frozen=True, slots=True)
class Street:
    """What a way's tags say; a direction that may not be driven is None."""

    kind: str
    rank: str
    estimated_kmh: float
    structure: Structure
    width_m: float | None
    max_height_m: float | None
    max_weight_t: float | None
    ramp: bool
    roundabout: bool
    forward: Lane | None
    backward: Lane | None


def may_be_street(highway: str) -> bool:
    """Whether a way of this class is worth a second look."""
    return highway.removesuffix("_link") in _CLASSES or highway in _ONLY_IF_TOLD


def find_street(tags: Tags) -> Street | None:
    """The street, or None for what no car drives on."""
    kind = tags.get("highway", "")
    ramp = kind.endswith("_link")
    known = _CLASSES.get(kind.removesuffix("_link"))
    if known is None and kind in _ONLY_IF_TOLD and _lets_a_car_in(tags):
        known = ("108", 10)
    if known is None or tags.get("area") == "yes":
        return None
    roundabout = tags.get("junction") in {"roundabout", "circular"}
    forward, backward = _directions(tags, kind, roundabout=roundabout)
    return Street(
        kind=kind,
        rank=known[0],
        estimated_kmh=min(known[1], _RAMP_KMH) if ramp else known[1],
        structure=_structure(tags),
        width_m=read_size(tags.get("width") or tags.get("est_width", "")),
        max_height_m=read_size(tags.get("maxheight", "")),
        max_weight_t=read_size(tags.get("maxweight", "")),
        ramp=ramp,
        roundabout=roundabout,
        forward=_lane(tags, "forward", forward, both=backward is not None),
        backward=_lane(tags, "backward", backward, both=forward is not None),
    )


def access_of(tags: Tags, kind: str = "") -> Access:
    """Who may drive there; a plain prohibition does not hold for emergency vehicles, a closed way for nobody."""
    emergency = tags.get("emergency", "")
    word = next((tags[name] for name in _WHO if name in tags), "")
    if word in _BOUND_FOR:
        return Access.EMERGENCY if emergency in _YES and word == "private" else Access.PRIVATE
    if emergency == "no" and (word in _NO or kind in _EMERGENCY_ONLY):
        return Access.CLOSED
    if word in _NO:
        told = any(tags.get(name) in _YES for name in ("emergency", "bus", "psv", "taxi", "foot", "bicycle"))
        everyone = next(name for name in _WHO if name in tags) == "access"
        return Access.CLOSED if everyone and not told else Access.EMERGENCY
    if not word and (kind in _EMERGENCY_ONLY or tags.get("service") == "emergency_access"):
        return Access.EMERGENCY
    return Access.OPEN


@lru_cache(maxsize=4096)
def read_kmh(words: str) -> float | None:
    """A speed limit in km/h, the lowest when several are given; None when it says none that holds always."""
    found = []
    for word in (part.strip() for part in re.split(r"[;|]", words)):
        match, zone = _SPEED.fullmatch(word), _ZONE.fullmatch(word)
        if match:
            found.append(float(match[1]) * _UNITS.get((match[2] or "").lower(), 1.0))
        elif zone:
            found.append(float(zone[1] or zone[2]))
        else:
            found.append(_ZONES.get(word) or _ZONES.get(word.rpartition(":")[2]) or 0.0)
    return min((kmh for kmh in found if kmh > 0), default=None)


@lru_cache(maxsize=4096)
def read_size(words: str) -> float | None:
    """A width or height in metres, a weight in tonnes; None when it is no measure."""
    feet = _FEET.fullmatch(words.strip())
    if feet:
        return (int(feet[1]) + int(feet[2] or 0) / 12) * 0.3048
    match = _SIZE.fullmatch(words.strip())
    if not match:
        return None
    size = float(match[1].replace(",", ".")) * _SIZE_UNITS[(match[2] or "").lower()]
    return size if size > 0 else None


def _lets_a_car_in(tags: Tags) -> bool:
    return any(tags.get(name) in _YES for name in ("emergency", "motor_vehicle", "motorcar"))


def _structure(tags: Tags) -> Structure:
    if tags.get("tunnel", "no") not in {"no", "building_passage", "culvert"}:
        return Structure.TUNNEL
    return Structure.BRIDGE if tags.get("bridge", "no") != "no" else Structure.GROUND


def _directions(tags: Tags, kind: str, *, roundabout: bool) -> tuple[Access | None, Access | None]:
    """Who may drive along the way, and against it; a contraflow bus lane is open to emergency vehicles."""
    access = access_of(tags, kind)
    words = [tags[name] for name in ("oneway:motorcar", "oneway:motor_vehicle", "oneway") if name in tags]
    oneway = words[0] if words else "yes" if roundabout or kind == "motorway" else "no"
    against = any(tags.get(f"oneway:{who}") == "no" for who in ("bus", "psv", "emergency"))
    against = against or tags.get("busway", "").startswith("opposite")
    other = Access.EMERGENCY if against else None
    if oneway in _FORWARD:
        return access, other
    return (other, access) if oneway in _BACKWARD else (access, access)


def _lane(tags: Tags, way: str, access: Access | None, *, both: bool) -> Lane | None:
    if access is None:
        return None
    told = _whole(tags.get(f"lanes:{way}", ""))
    lanes = _whole(tags.get("lanes", ""))
    if told is None and lanes is not None:
        told = max(1, lanes // 2) if both else lanes
    names = (f"maxspeed:{way}", "maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
    kmh = next((found for name in names if (found := read_kmh(tags.get(name, ""))) is not None), None)
    return Lane(told, kmh, access)


def _whole(words: str) -> int | None:
    head = re.split(r"[;|,]", words)[0].strip()
    try:
        number = int(float(head))
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < 20 else None
