"""Which step a request for a green may take, as one table, and why it ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from goldentime.city.signals.junction import JunctionId
from goldentime.core.errors import Conflict
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text

RequestId = NewType("RequestId", str)


class State(StrEnum):
    """Where a request stands."""

    PLANNED = "planned"  # on the unit's way; not asked for yet, or waiting for another unit
    REQUESTED = "requested"  # asked, the centre has not answered
    CONFIRMED = "confirmed"  # the centre has taken it in; the lights will change when they may
    ACTIVE = "active"  # the unit's approach is green
    RELEASING = "releasing"  # given back, the centre has not answered
    REFUSED = "refused"
    RELEASED = "released"


class Reason(StrEnum):
    """Why a request ended."""

    PASSED = "passed"
    REROUTED = "re-routed"
    LOST_LINK = "lost_link"  # no position from the unit, or no word from the centre
    MAXIMUM = "maximum"
    OUTRANKED = "outranked"  # a graver incident's unit needs another approach of the same junction
    CLOSED = "closed"  # the incident or the order is over, or the unit has arrived
    CANCELLED = "cancelled"  # by an operator's hand
    RESTARTED = "restarted"  # left over from the platform's last run
    REFUSED = "refused"


REASON_WORDS: dict[Reason, Text] = {
    Reason.PASSED: Text("통과함", "passed"),
    Reason.REROUTED: Text("경로 변경", "re-routed"),
    Reason.LOST_LINK: Text("위치 또는 연결 끊김", "position or link lost"),
    Reason.MAXIMUM: Text("최대 시간 초과", "held for the longest time allowed"),
    Reason.OUTRANKED: Text("더 급한 출동에 양보", "gave way to a graver incident's unit"),
    Reason.CLOSED: Text("출동 종료", "the drive is over"),
    Reason.CANCELLED: Text("관제에서 끔", "turned off by the control room"),
    Reason.RESTARTED: Text("서버 다시 시작", "server restarted"),
    Reason.REFUSED: Text("신호센터가 거부", "refused by the signal centre"),
}
STATE_WORDS: dict[State, Text] = {
    State.PLANNED: Text("예정", "planned"),
    State.REQUESTED: Text("요청함", "requested"),
    State.CONFIRMED: Text("접수됨", "confirmed"),
    State.ACTIVE: Text("녹색", "green"),
    State.RELEASING: Text("해제 중", "being released"),
    State.REFUSED: Text("거부됨", "refused"),
    State.RELEASED: Text("해제됨", "released"),
}
_S = State
STEPS: dict[State, frozenset[State]] = {
    _S.PLANNED: frozenset({_S.REQUESTED, _S.RELEASED}),
    _S.REQUESTED: frozenset({_S.CONFIRMED, _S.ACTIVE, _S.RELEASING, _S.REFUSED, _S.RELEASED}),
    _S.CONFIRMED: frozenset({_S.ACTIVE, _S.RELEASING, _S.RELEASED}),
    _S.ACTIVE: frozenset({_S.RELEASING, _S.RELEASED}),
    _S.RELEASING: frozenset({_S.RELEASED}),
    _S.REFUSED: frozenset(),
    _S.RELEASED: frozenset(),
}
OF_THE_INCIDENT = frozenset({_S.ACTIVE, _S.REFUSED, _S.RELEASED})  # the steps before are the request's own record
HOLDING = frozenset({_S.REQUESTED, _S.CONFIRMED, _S.ACTIVE, _S.RELEASING})  # the centre may be giving it a green
ENDED = frozenset({_S.REFUSED, _S.RELEASED})
_FACTS = {
    _S.REQUESTED: "SignalRequested",
    _S.CONFIRMED: "SignalConfirmed",
    _S.ACTIVE: "SignalTurnedGreen",
    _S.REFUSED: "SignalRefused",
    _S.RELEASED: "SignalReleased",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One unit's wish for green at one junction, coming in by link `approach` and leaving by `leaving` (None: last).

    `gravity` counts from 0, the gravest; `arrives_at` is when the unit is expected at the stop line.
    """

    id: RequestId
    unit: str
    incident: IncidentId
    junction: JunctionId
    approach: str
    leaving: str | None
    gravity: int
    planned_at: datetime
    arrives_at: datetime
    state: State = State.PLANNED
    requested_at: datetime | None = None
    green_at: datetime | None = None
    ended_at: datetime | None = None
    reason: Reason | None = None

    @property
    def holds(self) -> bool:
        """Whether the centre may be giving it a green now."""
        return self.state in HOLDING

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED


def stepped(request: Request, to: State, at: datetime, *, reason: Reason | None = None) -> Request:
    """The request one step on; raises Conflict when the table has no such step.

    Time stamps are set on the way; the reason of a release is kept from when it was asked for.
    """
    if to not in STEPS[request.state]:
        told = f"{request.state.value} → {to.value}"
        raise Conflict(Text(f"우선신호 요청이 갈 수 없는 단계입니다: {told}", f"A priority request cannot go {told}."))
    return replace(
        request,
        state=to,
        requested_at=at if to is State.REQUESTED else request.requested_at,
        green_at=at if to is State.ACTIVE else request.green_at,
        ended_at=at if to in ENDED else None,
        reason=request.reason or reason,
    )


def fact_of(request: Request, at: datetime) -> Fact | None:
    """What goes on record of the state it has come to, about the incident once it concerns others; None for a plan."""
    kind = _FACTS.get(request.state)
    if kind is None or (request.state is State.RELEASED and request.requested_at is None):
        return None
    data = {
        "incident": request.incident,
        "request": request.id,
        "unit": request.unit,
        "junction": request.junction,
        "approach": request.approach,
        "reason": request.reason.value if request.reason else None,
    }
    subject = request.incident if request.state in OF_THE_INCIDENT else request.id
    return Fact(kind, subject, at, data)
