"""Which units should go: who truly arrives first and can do what is wanted, each with its reasons in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from goldentime.city.units.reasons import reasons_of
from goldentime.city.units.run_cards import Want
from goldentime.city.units.unit import BUSY, Unit, UnitKind, UnitState
from goldentime.core.ids import UnitId
from goldentime.core.text import Text

ALIKE_SECONDS = 15.0  # positions and speeds are no more exact than this: nearer together, the less busy one goes
_FREE = frozenset({UnitState.AVAILABLE, UnitState.CLEAR})


class Fitness(StrEnum):
    """How a unit stands to the incident, best first."""

    COMMITTED = "committed"  # ordered here already, or to an incident joined with this one
    SUGGESTED = "suggested"
    POSSIBLE = "possible"  # could go; others are there first
    HELD = "held"  # the last patrol car of its beat
    BUSY = "busy"  # on another incident
    UNREACHABLE = "unreachable"


_ORDER = {fitness: order for order, fitness in enumerate(Fitness)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit as it stands now.

    `here` when it is on this incident, `joined` the number of one joined with it that it is on; `age` is its position's
    age in seconds, None when it is taken to be at its station; `turnout` the seconds until it moves; `in_beat` when the
    scene lies in its own beat; `today` how often it was ordered today.
    """

    unit: Unit
    here: bool = False
    age: float | None = None
    turnout: float = 0.0
    in_beat: bool = False
    today: int = 0
    joined: str = ""

    @property
    def committed(self) -> bool:
        """Whether it is on its way to this scene, or there, whichever of its reports it was ordered to."""
        return self.here or bool(self.joined)


@dataclass(frozen=True, slots=True)
class Suggested:
    """One unit in the list: `seconds` until it arrives, turnout included (inf when it cannot), and why it stands here.

    `fills` is the want it would fill, or fills already; `last_of_beat` that its beat has no other free patrol car.
    """

    unit: UnitId
    fitness: Fitness
    seconds: float
    fills: str | None = None
    reasons: tuple[Text, ...] = ()
    last_of_beat: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a want is met: by units already committed, by those suggested, and what nobody can."""

    capability: str
    wanted: int
    committed: int
    suggested: int

    @property
    def missing(self) -> int:
        """How many more nobody here can fill."""
        return self.wanted - self.committed - self.suggested


@dataclass(slots=True)
class _Matching:
    """Who fills which place; a unit is taken only when all those taken before still have one.

    The sets of units that can be matched form a transversal matroid, so taking them in order of arrival gives as many
    filled wants as possible and, place by place, the earliest arrivals (Edmonds and Fulkerson 1965).
    """

    places: Sequence[str]
    holder: dict[int, Unit] = field(default_factory=dict)

    def take(self, unit: Unit) -> bool:
        """Whether the unit got a place, others moving over where they can."""
        return self._find_place(unit, set())

    def _find_place(self, unit: Unit, tried: set[int]) -> bool:
        for place, capability in enumerate(self.places):
            if place in tried or not unit.can(capability):
                continue
            tried.add(place)
            holder = self.holder.get(place)
            if holder is None or self._find_place(holder, tried):
                self.holder[place] = unit
                return True
        return False

    def fills(self) -> dict[UnitId, str]:
        """Which want each unit fills."""
        return {unit.id: self.places[place] for place, unit in self.holder.items()}


def rank_units(
    wants: Sequence[Want], candidates: Sequence[Candidate], seconds: Sequence[float]
) -> tuple[Suggested, ...]:
    """All candidates, those that should go first, then by arrival; `seconds` of driving in the candidates' order.

    A unit slower than another never takes its place, and the order of the input does not matter. The last free patrol
    car of a beat is suggested for a scene outside it only when nobody else can fill the want.
    """
    arrivals = {c.unit.id: s + c.turnout for c, s in zip(candidates, seconds, strict=True)}
    ordered = sorted(candidates, key=lambda c: _key(c, arrivals))
    matching = _Matching([want.capability for want in wants for _ in range(want.count)])
    for candidate in ordered:
        if candidate.committed:
            matching.take(candidate.unit)
    free = [c for c in ordered if not c.committed and c.unit.state in _FREE and isfinite(arrivals[c.unit.id])]
    held = _choose(matching, free)
    fills = matching.fills()
    found = [_judged(candidate, arrivals, fills, held) for candidate in ordered]
    return tuple(sorted(found, key=lambda s: _ORDER[s.fitness]))


def fill_wants(wants: Sequence[Want], suggested: Iterable[Suggested]) -> tuple[Filled, ...]:
    """How far each want is met, in the card's order."""
    counts = Counter((s.fills, s.fitness is Fitness.COMMITTED) for s in suggested if s.fills is not None)
    return tuple(Filled(w.capability, w.count, counts[w.capability, True], counts[w.capability, False]) for w in wants)


def _key(candidate: Candidate, arrivals: Mapping[UnitId, float]) -> tuple[float, int, float, str]:
    arrival = arrivals[candidate.unit.id]
    about = arrival // ALIKE_SECONDS if isfinite(arrival) else arrival
    return about, candidate.today, arrival, candidate.unit.id


def _choose(matching: _Matching, free: Sequence[Candidate]) -> frozenset[UnitId]:
    """Fill the places; returns the patrol cars their beats hold back.

    A car held back is asked only after all others, and still counts as held: the dispatcher must see what it costs.
    """
    left = Counter(c.unit.beat for c in free if _watches_beat(c))
    held: list[Candidate] = []
    for candidate in free:
        if _watches_beat(candidate) and not candidate.in_beat and left[candidate.unit.beat] <= 1:
            held.append(candidate)
        elif matching.take(candidate.unit) and _watches_beat(candidate) and not candidate.in_beat:
            left[candidate.unit.beat] -= 1
    for candidate in held:
        matching.take(candidate.unit)
    return frozenset(c.unit.id for c in held)


def _watches_beat(candidate: Candidate) -> bool:
    return candidate.unit.kind is UnitKind.PATROL and candidate.unit.beat != ""


def _judged(
    candidate: Candidate, arrivals: Mapping[UnitId, float], fills: Mapping[UnitId, str], held: frozenset[UnitId]
) -> Suggested:
    unit = candidate.unit
    seconds, fill = arrivals[unit.id], fills.get(unit.id)
    if candidate.committed:
        fitness = Fitness.COMMITTED
    elif unit.state in BUSY:
        fitness = Fitness.BUSY
    elif not isfinite(seconds):
        fitness = Fitness.UNREACHABLE
    elif fill is not None:
        fitness = Fitness.SUGGESTED
    else:
        fitness = Fitness.HELD if unit.id in held else Fitness.POSSIBLE
    told = reasons_of(
        unit,
        seconds,
        fills=fill,
        age=candidate.age,
        turnout=candidate.turnout,
        today=candidate.today,
        in_beat=candidate.in_beat and _watches_beat(candidate),
        last_of_beat=unit.id in held,
        here=candidate.committed,
        joined=candidate.joined,
    )
    return Suggested(unit.id, fitness, seconds, fill, told, unit.id in held)
