"""What holds on the roads at one moment: seconds per link, for everyone and for a siren, and what is closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.closures import Closure, Scope
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.profiles import seconds_at

Floats = NDArray[np.float64]
VALID = timedelta(minutes=15)  # the ITS publishes every 5 minutes: three missed in a row, and history knows better


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest speed of each link in km/h and when it was measured, in Unix seconds; NaN and -inf: never."""

    kmh: Floats
    at: Floats

    @classmethod
    def nothing(cls, count: int) -> "Measured":
        """No link was measured."""
        return cls(np.full(count, np.nan), np.full(count, -np.inf))

    def with_speeds(self, rows: NDArray[np.int64], kmh: Floats, at: Floats) -> "Measured":
        """These speeds taken in, each unless a newer one is known; what is no speed is left out."""
        news = np.isfinite(kmh) & (kmh >= 0.0) & (self.at[rows] <= at)
        speeds, times = self.kmh.copy(), self.at.copy()
        speeds[rows[news]], times[rows[news]] = kmh[news], at[news]
        return Measured(speeds, times)

    def on(self, old_rows: Sequence[int]) -> "Measured":
        """The same for another network: by its rows, the row here, or -1."""
        rows = np.array(old_rows, dtype=np.int64)
        if self.kmh.size == 0:
            return Measured.nothing(rows.size)
        known = rows >= 0
        return Measured(np.where(known, self.kmh[rows], np.nan), np.where(known, self.at[rows], -np.inf))

    def fresh(self, now: datetime) -> NDArray[np.bool_]:
        """Whose speed is young enough to go by."""
        return np.asarray(self.at > (now - VALID).timestamp(), dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Seconds `(links,)`: `driven` whether open or not, `everyday` and `siren` infinite where one may not go in."""

    driven: Floats
    driven_siren: Floats
    everyday: Floats
    siren: Floats
    measured: NDArray[np.bool_]  # a live speed stands behind it
    closures: tuple[Closure, ...]

    def kmh(self, graph: RoadGraph) -> Floats:
        """Km/h `(links,)`, closed or not."""
        return np.asarray(graph.metres * 3.6 / np.maximum(self.driven, 1e-9), dtype=np.float64)

    def without_closures(self, graph: RoadGraph) -> "Conditions":
        """The same speeds with every road open that is open on other days."""
        everyday, siren = _passable(graph, self.driven, self.driven_siren, ())
        return replace(self, everyday=everyday, siren=siren, closures=())


def make_conditions(
    graph: RoadGraph, measured: Measured, closures: Iterable[Closure], forecast: Floats | None, now: datetime | None
) -> Conditions:
    """What holds: measured lately, else forecast, else an empty road's speed; `now` None: nothing is live or closed."""
    kmh = np.full(len(graph), np.nan)
    if forecast is not None:
        kmh = forecast.copy()
    fresh = measured.fresh(now) if now is not None else np.zeros(len(graph), dtype=np.bool_)
    kmh[fresh] = measured.kmh[fresh]
    driven = np.where(np.isnan(kmh), graph.free_seconds, seconds_at(np.nan_to_num(kmh), graph.metres))
    driven_siren = driven / graph.siren_factor
    holding = tuple(closure for closure in closures if now is not None and closure.holds(now))
    everyday, siren = _passable(graph, driven, driven_siren, holding)
    return Conditions(driven, driven_siren, everyday, siren, fresh, holding)


def _passable(
    graph: RoadGraph, driven: Floats, driven_siren: Floats, closures: Iterable[Closure]
) -> tuple[Floats, Floats]:
    everyday = np.where(graph.sirens_only | graph.unopened, np.inf, driven)
    siren = np.where(graph.unopened, np.inf, driven_siren)
    for closure in closures:
        rows = [graph.row_of[link] for link in closure.links if link in graph.row_of]
        everyday[rows] = np.inf
        if closure.scope is Scope.FOR_ALL:
            siren[rows] = np.inf
    return everyday, siren
