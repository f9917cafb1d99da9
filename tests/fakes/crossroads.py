"""A signalised crossroads of four arms, and a straight road of such crossings, written out by hand."""

from datetime import UTC, datetime

from goldentime.city.signals.junction import Group, Junction, JunctionId, Stage, Timing
from goldentime.city.signals.way import Drive, Way
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat

NOON = datetime(2026, 3, 2, 3, tzinfo=UTC)
TIMING = Timing(min_green_s=7, yellow_s=3, all_red_s=2, max_hold_s=60)


def crossroads(name: str = "j1", *, crossing_s: float = 25.0) -> Junction:
    """Arms n, e, s, w; opposite arms go together, people cross a road while the other road has green."""
    arms = ("n", "e", "s", "w")
    groups = [Group(f"{arm}", approach=f"{name}-{arm}") for arm in arms]
    groups += [Group(f"walk-{arm}", crossing_s=crossing_s) for arm in arms]
    conflicts = {frozenset((a, b)) for a in ("n", "s") for b in ("e", "w")}
    conflicts |= {frozenset((arm, f"walk-{arm}")) for arm in arms}
    conflicts |= {frozenset((a, f"walk-{b}")) for a, b in (("n", "s"), ("s", "n"), ("e", "w"), ("w", "e"))}
    stages = (
        Stage("north-south", frozenset({"n", "s", "walk-e", "walk-w"}), 35),
        Stage("east-west", frozenset({"e", "w", "walk-n", "walk-s"}), 35),
    )
    place = LonLat(127.0, 37.27)
    return Junction(
        JunctionId(name), f"node-{name}", "시청사거리", place, tuple(groups), stages, frozenset(conflicts), TIMING
    )


def road(*names: str, metres: float = 400.0, seconds: float = 30.0) -> Way:
    """A way from the west through those crossings, and one link on."""
    links = (*(f"{name}-w" for name in names), "end")
    return Way(links, (metres,) * len(links), (seconds,) * len(links))


def drive(unit: str, way: Way, *, at: int = 0, along_m: float = 0.0, gravity: int = 1, seen: datetime = NOON) -> Drive:
    """A unit on its way to an incident of its own."""
    return Drive(unit, IncidentId(f"inc-{unit}"), gravity, way, at, along_m, seen)
