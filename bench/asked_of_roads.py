"""What is asked of roads in a bench, and how answers are timed: Suwon one morning, points, rounds of questions."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.core.clock import SystemClock
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.source import read_source

SUWON = Path(__file__).parents[2] / "shared/cities/suwon"
ROUNDS = 5
QUICKEST = f"each question's quickest of {ROUNDS}"
Point = list[float]


def suwon() -> LiveRoads:
    """Suwon's roads with a speed on every link, as one morning might have it; whole km/h, which every engine takes."""
    roads = Roads()
    for name in ("suwon_node.geojson", "suwon_link.geojson"):
        roads = plan_roads(read_source(SUWON / name), roads).roads
    graph, chance = RoadGraph(roads), random.Random(5)  # noqa: S311  (the same each time)
    live = LiveRoads(graph)
    speeds = {link.id: float(max(6, round(link.free_kmh * chance.uniform(0.25, 0.95)))) for link in graph.links}
    live.set_speeds(speeds, SystemClock().now())
    return live


def places(live: LiveRoads, count: int, seed: int) -> list[Point]:
    """Points on open roads from which and to which one can drive."""
    chance, graph = random.Random(seed), live.graph  # noqa: S311  (the same each time)
    middle = graph.spot(graph.ids[_busiest(live)], 0.5)
    found: list[Point] = []
    while len(found) < count:
        row = chance.randrange(len(graph))
        spot = graph.spot(graph.ids[row], chance.random())
        there, back = live.times_to(middle, [spot])[0], live.times_to(spot, [middle])[0]
        if np.isfinite(there) and np.isfinite(back) and not graph.unopened[row]:
            found.append([spot.place.lon, spot.place.lat])
    return found


def _busiest(live: LiveRoads) -> int:
    """A link in the large connected part: the one that reaches most in ten minutes, of a few."""
    rows = [row for row in range(0, len(live.graph), 300) if np.isfinite(live.now.everyday[row])]
    return max(rows, key=lambda row: len(live.reach(live.graph.spot(live.graph.ids[row], 0.5), 600.0)))


@dataclass(frozen=True)
class Timed:
    """Milliseconds of every answer `(questions, rounds)`; rivals are timed the same way."""

    ms: list[list[float]]

    @property
    def quickest(self) -> list[float]:
        """Each question's quickest: what else a machine does falls out, what the question itself costs is left."""
        return [min(one) for one in self.ms]

    @property
    def every(self) -> list[float]:
        """All answers of all rounds, slow ones and all."""
        return [ms for one in self.ms for ms in one]


def each(ask: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> tuple[Timed, list[Any]]:
    """How long each took in ROUNDS, and the answers."""
    gc.collect()
    gc.freeze()
    took: list[list[float]] = [[] for _ in asked]
    answers: list[Any] = [None] * len(asked)
    for _ in range(ROUNDS):
        for number, one in enumerate(asked):
            start = time.perf_counter()
            answers[number] = ask(*one)
            took[number].append((time.perf_counter() - start) * 1000)
    return Timed(took), answers


def rounded_ms(value: float) -> float:
    return round(value, 3)
