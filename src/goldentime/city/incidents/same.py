"""Whether two reports tell of one event: how far their places, times, sorts, address words and callers agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import cos, exp, floor, log, pi, radians

from goldentime.city.incidents.nature import Nature, affinity
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat, distance_metres

WINDOW = timedelta(minutes=30)  # calls further apart are not compared
REACH_METRES = 700.0  # nor are places further apart
CELL_DEGREES = 0.02  # of the grid in which traces are kept: in Korea a reach then meets four cells at most
SHOWN = 2  # of those alike, the likeliest that are suggested
_ROWS = 100_000  # more than the grid has from pole to pole
_METRES_PER_DEGREE = 111_195.0
_CLOSEST_METRES = 5.0  # two fixes are never better than that


class Verdict(StrEnum):
    """What the rule says of two incidents."""

    APART = "apart"
    SUGGEST = "suggest"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Table:
    """Every number of the rule. Shares add up to 1; scores are natural logarithms of a ratio of likelihoods.

    `fixes` are (share, metres): how far two callers' fixes of one event lie apart along one axis, by satellite or wifi
    and by base station. `delays` are (share, seconds): how long after the first the next call of one event comes.
    """

    fixes: tuple[tuple[float, float], ...] = ((0.72, 38.0), (0.28, 230.0))
    delays: tuple[tuple[float, float], ...] = ((0.75, 150.0), (0.25, 600.0))
    words_agree: float = 2.5  # most of the shorter address is in the longer one
    words_touch: float = 0.8  # some of it
    words_differ: float = -0.6
    crowd_from: int = 6  # open ones near in place and time beyond these make a meeting by chance likelier
    suggest_from: float = 4.0
    repeat_within: timedelta = timedelta(minutes=20)  # the same caller again is the same event
    repeat_metres: float = 500.0


TABLE = Table()


@dataclass(frozen=True, slots=True)
class Trace:
    """What is kept of an open incident to compare others with; digests are salted, nobody is named.

    `words` are digests of its address words, `caller` of its caller's number ("" unknown), `source` who reported it.
    """

    incident: IncidentId
    at: datetime  # when it was called in
    place: LonLat | None
    uncertain_metres: float
    nature: Nature
    words: frozenset[int]
    caller: str
    source: str
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two traces are; `metres` None when one of the places is unknown."""

    verdict: Verdict
    score: float
    metres: float | None
    seconds: float
    caller: bool


def cell_of(place: LonLat) -> int:
    """The grid's cell the place lies in, as one number."""
    return floor(place.lon / CELL_DEGREES) * _ROWS + floor(place.lat / CELL_DEGREES)


def cells_near(place: LonLat) -> tuple[int, ...]:
    """The cells within reach, each once: one to four, more only far north or south."""
    up = REACH_METRES / _METRES_PER_DEGREE
    aside = up / max(0.05, cos(radians(place.lat)))
    columns, rows = (
        range(floor((value - by) / CELL_DEGREES), floor((value + by) / CELL_DEGREES) + 1)
        for value, by in ((place.lon, aside), (place.lat, up))
    )
    return tuple(column * _ROWS + row for column in columns for row in rows)


def compare(a: Trace, b: Trace, *, crowd: int = 0, table: Table = TABLE) -> Likeness:
    """How alike the two are, whichever came first; `crowd` is how many open ones lie near in place and time.

    The score is Fellegi and Sunter's (A Theory for Record Linkage, 1969): the sum, field by field, of the logarithm of
    how much likelier the observed agreement is for one event than for two.
    """
    seconds = abs((a.at - b.at).total_seconds())
    metres = distance_metres(a.place, b.place) if a.place is not None and b.place is not None else None
    caller = a.caller != "" and a.caller == b.caller
    if a.drill is not b.drill or seconds > WINDOW.total_seconds():
        return Likeness(Verdict.APART, float("-inf"), metres, seconds, caller)
    repeats = caller and seconds <= table.repeat_within.total_seconds()
    if repeats and metres is None:  # somewhere in the city is not the same place: a person decides
        return Likeness(Verdict.SUGGEST, float("inf"), None, seconds, caller)
    if repeats and metres is not None and metres <= table.repeat_metres:
        return Likeness(Verdict.JOIN, float("inf"), metres, seconds, caller)
    if metres is None or metres > REACH_METRES:
        return Likeness(Verdict.APART, float("-inf"), metres, seconds, caller)
    score = (
        _place_evidence(metres, a.uncertain_metres, b.uncertain_metres, table)
        + _time_evidence(seconds, table)
        + affinity(a.nature, b.nature)
        + _words_evidence(a.words, b.words, table)
        - log(max(1.0, crowd / table.crowd_from))
    )
    return Likeness(Verdict.SUGGEST if score >= table.suggest_from else Verdict.APART, score, metres, seconds, caller)


def rank_alike(new: Trace, others: Iterable[Trace], *, table: Table = TABLE) -> list[tuple[Trace, Likeness]]:
    """Those of `others` the new one belongs to or may belong to, the likeliest first."""
    known = [other for other in others if other.incident != new.incident]
    alike = [(other, compare(new, other, crowd=len(known), table=table)) for other in known]
    found = [(other, likeness) for other, likeness in alike if likeness.verdict is not Verdict.APART]
    return sorted(found, key=lambda one: (-one[1].score, one[1].seconds, one[0].incident))


def _place_evidence(metres: float, uncertain_a: float, uncertain_b: float, table: Table) -> float:
    """Two-dimensional normal errors of two fixes of one event, against any place within reach."""
    metres = max(metres, _CLOSEST_METRES)
    together = 0.0
    for share, one_axis in table.fixes:
        variance = one_axis**2 + uncertain_a**2 + uncertain_b**2
        together += share * exp(-(metres**2) / (2 * variance)) / (2 * pi * variance)
    return log(max(together, 1e-12) * pi * REACH_METRES**2)


def _time_evidence(seconds: float, table: Table) -> float:
    """Calls of one event follow each other as by a decay, others come at any time of the window."""
    together = sum(share * exp(-seconds / mean) / mean for share, mean in table.delays)
    return log(max(together, 1e-9) * WINDOW.total_seconds())


def _words_evidence(a: frozenset[int], b: frozenset[int], table: Table) -> float:
    shorter = min(len(a), len(b))
    if shorter == 0:
        return 0.0
    share = len(a & b) / shorter
    if share >= 0.6:
        return table.words_agree
    return table.words_touch if share > 0 else table.words_differ
