"""What two incidents are to each other, suggested as one, joined, told apart or not, and which step leads where."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from goldentime.city.incidents.nature import Nature
from goldentime.core.errors import Conflict
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, IncidentId
from goldentime.core.text import Text


class PairState(StrEnum):
    """How the two stand now."""

    SUGGESTED = "suggested"
    JOINED = "joined"
    APART = "apart"  # told apart by a person, and not suggested again
    WITHDRAWN = "withdrawn"  # was suggested, and is no longer alike; suggested again when it is


class PairStep(StrEnum):
    """What may be done with them."""

    JOIN = "join"
    SEPARATE = "separate"  # also "not the same"
    RECONSIDER = "reconsider"  # takes "not the same" back


class Cause(StrEnum):
    """Why the two met."""

    LIKENESS = "likeness"
    CALLER = "caller"  # the same caller again
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two incidents in the order of their ids; both stay what they are, with their numbers, grants and states."""

    first: IncidentId
    second: IncidentId
    state: PairState
    cause: Cause
    score: float
    metres: float | None
    seconds: float
    first_nature: Nature
    second_nature: Nature
    at: datetime
    by: AccountId | None = None

    def other(self, incident: IncidentId) -> IncidentId:
        """The one that is not this one."""
        return self.second if incident == self.first else self.first


_STEPS: dict[tuple[PairState | None, PairStep], tuple[PairState, str]] = {
    (None, PairStep.JOIN): (PairState.JOINED, "IncidentsJoined"),
    (PairState.SUGGESTED, PairStep.JOIN): (PairState.JOINED, "IncidentsJoined"),
    (PairState.APART, PairStep.JOIN): (PairState.JOINED, "IncidentsJoined"),
    (PairState.WITHDRAWN, PairStep.JOIN): (PairState.JOINED, "IncidentsJoined"),
    (PairState.SUGGESTED, PairStep.SEPARATE): (PairState.APART, "IncidentsToldApart"),
    (PairState.WITHDRAWN, PairStep.SEPARATE): (PairState.APART, "IncidentsToldApart"),
    (PairState.JOINED, PairStep.SEPARATE): (PairState.APART, "IncidentsSeparated"),
    (PairState.APART, PairStep.RECONSIDER): (PairState.SUGGESTED, "IncidentsSuggested"),
}
_REFUSALS: dict[PairStep, Text] = {
    PairStep.JOIN: Text("이미 묶인 상황입니다.", "These incidents are joined already."),
    PairStep.SEPARATE: Text("묶이거나 제안된 상황이 아닙니다.", "These incidents are neither joined nor suggested."),
    PairStep.RECONSIDER: Text("되돌릴 것이 없습니다.", "There is nothing to take back."),
}


def stepped(
    pairing: Pairing, step: PairStep, at: datetime, by: AccountId | None, *, fresh: bool = False
) -> tuple[Pairing, tuple[Fact, Fact]]:
    """The pairing after the step, with a fact for each of the two; raises Conflict for a step the table lacks.

    `fresh` when the two had nothing to do with each other until now.
    """
    found = _STEPS.get((None if fresh else pairing.state, step))
    if found is None:
        raise Conflict(_REFUSALS[step])
    state, kind = found
    new = replace(pairing, state=state, at=at, by=by)
    return new, facts_of(new, kind)


def withdrawn(pairing: Pairing, at: datetime) -> tuple[Pairing, tuple[Fact, Fact]]:
    """The suggestion taken back by the rule that made it, with a fact for each of the two."""
    new = replace(pairing, state=PairState.WITHDRAWN, at=at)
    return new, facts_of(new, "IncidentsUnlike")


def facts_of(pairing: Pairing, kind: str) -> tuple[Fact, Fact]:
    """The fact as it is told of each of the two."""
    data = {"by": pairing.by, "cause": pairing.cause.value}
    return (
        Fact(kind, pairing.first, pairing.at, {"with": pairing.second, **data}),
        Fact(kind, pairing.second, pairing.at, {"with": pairing.first, **data}),
    )
