"""What came of a drill so far, kept line by line as it happens, so that a drill stopped anywhere is counted whole."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Line = Sequence[Any]
_CHANGES = frozenset({"paired"})  # of these the last that is told counts, of others the first


@dataclass(slots=True)
class Answers:
    """What came back: milliseconds each accepted message took, and how many were refused or never answered."""

    milliseconds: list[float] = field(default_factory=list)
    sent: int = 0
    ended: int = 0
    refused: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers stayed below; 0 before any."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(slots=True)
class Truth:
    """What the desk has seen: which call opened which incident, and which pairs were suggested or joined unasked."""

    incident_of: dict[int, str] = field(default_factory=dict)
    call_of: dict[str, int] = field(default_factory=dict)
    pairs: dict[frozenset[str], str] = field(default_factory=dict)
    ordered: int = 0
    arrived: int = 0  # units seen on the scene of their order
    by_position: int = 0  # those of them whose own position said so
    unserved: int = 0  # urgent ones for which no unit was free in time
    waived: int = 0  # others for which none was
    unanswered: int = 0  # requests of the desk that had to be made again, in this part of the drill


class Figures:
    """Answers and truth of all parts of a drill; whatever is told twice counts once, as what is sent again does."""

    def __init__(self, keep: Callable[[Line], None] | None = None) -> None:
        """Nothing has happened yet; `keep` gets every line that counted, for `recall` after a stop."""
        self.answers, self.truth = Answers(), Truth()
        self.agency_of: dict[str, str] = {}  # which agency's units were ordered to an incident
        self._keep = keep
        self._known: dict[Line, Line] = {}

    def recall(self, lines: Iterable[Line]) -> None:
        """Count what an earlier part of the drill kept."""
        keep, self._keep = self._keep, None
        for line in lines:
            self._count(tuple(line[:2]), *line[2:])
        self._keep = keep

    def answered(self, call: int, milliseconds: float | None, problem: str, *, ended: bool) -> None:
        """A call's report or end was accepted, refused with a problem after so long, or not answered at all."""
        self._count(("end" if ended else "report", call), milliseconds and round(milliseconds, 2), problem)

    def opened(self, call: int, incident: str) -> None:
        """The call is seen as this incident."""
        self._count(("opened", call), incident)

    def paired(self, incident: str, other: str, state: str) -> None:
        """The two were suggested ("alike") or joined; the last that is told of them counts."""
        a, b = sorted((incident, other))
        self._count(("paired", f"{a} {b}"), state)

    def ordered(self, incident: str, agency: str, units: int) -> None:
        """So many of the agency's units were ordered to it."""
        self._count(("ordered", incident), agency, units)

    def came(self, unit: str, order: str, *, by_position: bool) -> None:
        """The unit stands on the scene of its order."""
        self._count(("came", f"{unit} {order}"), by_position)

    def left_alone(self, incident: str, *, urgent: bool) -> None:
        """Nobody was free for it."""
        self._count(("left_alone", incident), urgent)

    def _count(self, what: Line, *told: Any) -> None:
        if what in self._known and (what[0] not in _CHANGES or self._known[what] == told):
            return
        self._known[what] = told
        getattr(self, f"_count_{what[0]}")(what[1], *told)
        if self._keep is not None:
            self._keep([*what, *told])

    def _count_report(self, _call: int, milliseconds: float | None, problem: str) -> None:
        self.answers.sent += 1
        self._count_answer(milliseconds, problem)

    def _count_end(self, _call: int, milliseconds: float | None, problem: str) -> None:
        self.answers.ended += 1
        self._count_answer(milliseconds, problem)

    def _count_answer(self, milliseconds: float | None, problem: str) -> None:
        said = self.answers
        if not problem and milliseconds is not None:
            said.milliseconds.append(milliseconds)
            return
        said.failed += milliseconds is None
        said.refused += milliseconds is not None
        said.problems.append(problem)

    def _count_opened(self, call: int, incident: str) -> None:
        self.truth.incident_of[call], self.truth.call_of[incident] = incident, call

    def _count_paired(self, pair: str, state: str) -> None:
        self.truth.pairs[frozenset(pair.split())] = state

    def _count_ordered(self, incident: str, agency: str, units: int) -> None:
        self.agency_of[incident] = agency
        self.truth.ordered += units

    def _count_came(self, _unit: str, by_position: bool) -> None:  # noqa: FBT001  inner
        self.truth.arrived += 1
        self.truth.by_position += by_position

    def _count_left_alone(self, _incident: str, urgent: bool) -> None:  # noqa: FBT001  inner
        self.truth.unserved += urgent
        self.truth.waived += not urgent
