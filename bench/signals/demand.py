"""Who drives in a seed's hour: background trips of a busy weekday, and emergency trips from Suwon's own 119 centres."""

import csv
import random
from dataclasses import dataclass
from itertools import accumulate
from math import hypot
from pathlib import Path

from bench.signals.junctions import Net
from bench.signals.net import SUWON, WINDOW, metres

BACKGROUND_PER_S = 1.7
SHORTEST_METRES = 1000.0  # as the crow flies, of a background trip
CALM_S, EVERY_S, DRIVES = 400, 80, 3  # traffic builds up first; then one emergency trip after another
END_S = 1500  # long enough for nearly every drive to arrive, also without priority
NEAREST_SCENE, FARTHEST_SCENE = 1000.0, 2800.0  # metres as the crow flies
TYPES = """<routes>
<vType id="car" vClass="passenger" speedDev="0.1" sigma="0.5"/>
<vType id="engine" vClass="emergency" length="7" width="2.4" accel="2.0" decel="4.5" speedFactor="1.0" speedDev="0"
 guiShape="firebrigade" jmDriveRedSpeed="5.56">
 <param key="has.rerouting.device" value="false"/><param key="has.bluelight.device" value="true"/>
</vType>
"""


@dataclass(frozen=True, slots=True)
class Trip:
    """One emergency trip, from the link nearest to a 119 centre to a link drawn at random."""

    id: str
    depart: float
    start: str
    goal: str


def centres() -> list[tuple[float, float]]:
    """The 119 centres inside the window, in plane metres."""
    with (SUWON / "fire_119_center.csv").open(encoding="utf-8-sig") as file:
        rows = [(float(row["경도"]), float(row["위도"])) for row in csv.DictReader(file)]
    inside = [(lon, lat) for lon, lat in rows if WINDOW[0] < lon < WINDOW[2] and WINDOW[1] < lat < WINDOW[3]]
    return [metres(*spot) for spot in inside]


def emergency_trips(net: Net, seed: int) -> list[Trip]:
    """The seed's drives, the same with and without priority."""
    chance = random.Random(seed * 7919 + 1)  # noqa: S311  a simulation's draw
    links, trips = sorted(net.lengths), []
    for number in range(DRIVES):
        x, y = chance.choice(centres())
        start = min(links, key=lambda one: hypot(net.middles[one][0] - x, net.middles[one][1] - y))
        far = [one for one in links if NEAREST_SCENE <= _apart(net, start, one) <= FARTHEST_SCENE]
        trips.append(Trip(f"119-{number}", CALM_S + number * EVERY_S, start, chance.choice(far)))
    return trips


def write_background(net: Net, seed: int, file: Path, per_s: float = BACKGROUND_PER_S) -> None:
    """Trips from everywhere to everywhere, more where the road is longer and wider; SUMO finds each its way."""
    chance = random.Random(seed)  # noqa: S311  a simulation's draw
    links = sorted(net.lengths)
    weights = list(accumulate(net.lengths[one] * net.lanes[one] for one in links))
    with file.open("w") as out:
        out.write(TYPES)
        at, number = 0.0, 0
        while at < END_S:
            at += chance.expovariate(per_s)
            start, goal = chance.choices(links, cum_weights=weights, k=2)
            while _apart(net, start, goal) < SHORTEST_METRES:
                start, goal = chance.choices(links, cum_weights=weights, k=2)
            out.write(
                f'<trip id="car-{number}" type="car" depart="{at:.1f}" from="{start}" to="{goal}" '
                'departLane="best" departSpeed="max" departPos="random_free"/>\n'
            )
            number += 1
        out.write("</routes>\n")


def _apart(net: Net, one: str, other: str) -> float:
    (x, y), (u, v) = net.middles[one], net.middles[other]
    return hypot(x - u, y - v)
