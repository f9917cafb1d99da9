"""Which step a unit may take from which state, and who may say so, as one table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from goldentime.city.units.unit import BUSY, STATE_WORDS, Unit, UnitState
from goldentime.core.errors import Conflict, Refused
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, AgencyId, IncidentId, OrderId
from goldentime.core.text import Text


class Who(StrEnum):
    """Who, or what, says that a unit has changed its state."""

    CREW = "crew"
    DISPATCHER = "dispatcher"
    ARRIVAL = "arrival"  # its own position says so
    SYSTEM = "system"  # the incident ended, or nobody answered


class Step(StrEnum):
    """What happens to a unit."""

    ORDER = "order"
    DEPART = "depart"
    ARRIVE = "arrive"
    CLEAR = "clear"
    RETURN = "return"
    CANCEL = "cancel"
    TAKE_BACK = "take_back"  # a button pressed too early


FACT_KINDS: dict[Step, str] = {
    Step.ORDER: "UnitOrdered",
    Step.DEPART: "UnitDeparted",
    Step.ARRIVE: "UnitArrived",
    Step.CLEAR: "UnitCleared",
    Step.RETURN: "UnitReturned",
    Step.CANCEL: "UnitCalledBack",
    Step.TAKE_BACK: "UnitStepTakenBack",
}
STEP_WORDS: dict[Step, Text] = {
    Step.ORDER: Text("출동지령", "order"),
    Step.DEPART: Text("출발", "depart"),
    Step.ARRIVE: Text("도착", "arrive"),
    Step.CLEAR: Text("임무 종료", "clear"),
    Step.RETURN: Text("귀소 완료", "return"),
    Step.CANCEL: Text("지령 취소", "call back"),
    Step.TAKE_BACK: Text("되돌리기", "take back"),
}

_PEOPLE = frozenset({Who.CREW, Who.DISPATCHER})
_DESK = frozenset({Who.DISPATCHER})
_ANY = frozenset(Who)
_AVAILABLE, _ORDERED, _EN_ROUTE = UnitState.AVAILABLE, UnitState.ORDERED, UnitState.EN_ROUTE
_ON_SCENE, _CLEAR = UnitState.ON_SCENE, UnitState.CLEAR

TABLE: dict[tuple[UnitState, Step], tuple[UnitState, frozenset[Who]]] = {
    (_AVAILABLE, Step.ORDER): (_ORDERED, _DESK),
    (_CLEAR, Step.ORDER): (_ORDERED, _DESK),  # on its way back it is as good as free
    (_ORDERED, Step.DEPART): (_EN_ROUTE, _PEOPLE | {Who.ARRIVAL}),
    (_ORDERED, Step.ARRIVE): (_ON_SCENE, _PEOPLE | {Who.ARRIVAL}),  # it was there already, or nobody pressed "depart"
    (_EN_ROUTE, Step.ARRIVE): (_ON_SCENE, _PEOPLE | {Who.ARRIVAL}),
    (_ORDERED, Step.CANCEL): (_AVAILABLE, _DESK | {Who.SYSTEM}),
    (_EN_ROUTE, Step.CANCEL): (_CLEAR, _DESK | {Who.SYSTEM}),
    (_EN_ROUTE, Step.CLEAR): (_CLEAR, _PEOPLE),
    (_ON_SCENE, Step.CLEAR): (_CLEAR, _PEOPLE | {Who.SYSTEM}),
    (_CLEAR, Step.RETURN): (_AVAILABLE, _ANY),
    (_EN_ROUTE, Step.TAKE_BACK): (_ORDERED, _PEOPLE),
    (_ON_SCENE, Step.TAKE_BACK): (_EN_ROUTE, _PEOPLE),
    (_CLEAR, Step.TAKE_BACK): (_ON_SCENE, _PEOPLE),
}


@dataclass(frozen=True, slots=True)
class Said:
    """Who says it and when; `incident` and `order` are what it is ordered to.

    `by` is the account when a person does, `agency` whose system does for its crews, by the agency's key.
    """

    who: Who
    at: datetime
    by: AccountId | None = None
    incident: IncidentId | None = None
    order: OrderId | None = None
    agency: AgencyId | None = None


def may_step(unit: Unit, step: Step, who: Who) -> bool:
    """Whether that step is open to the unit now, and to whom says it."""
    found = TABLE.get((unit.state, step))
    return found is not None and who in found[1] and unit.removed_at is None


def open_steps(unit: Unit, who: Who) -> tuple[Step, ...]:
    """The steps that may be taken now, in the order of a call."""
    return tuple(step for step in Step if may_step(unit, step, who))


def stepped(unit: Unit, step: Step, said: Said, *, came_from: UnitState | None = None) -> tuple[Unit, Fact]:
    """The unit after the step, with its fact; raises Conflict for a step its state forbids, Refused for whom it does.

    The fact is about the incident it is on, or the unit itself when it is on none. A step taken back leads to where the
    unit `came_from`, which the table knows only where there is one way: one seen on the scene may never have set out.
    """
    found = TABLE.get((unit.state, step))
    if found is None or unit.removed_at is not None:
        now, wanted = STATE_WORDS[unit.state], STEP_WORDS[step]
        if step is Step.ORDER:  # somebody else was quicker
            raise Conflict(
                Text(
                    f"{unit.call_sign}: 이미 지령을 받았습니다('{now.ko}'). 남은 출동대에서 다시 고르십시오.",
                    f"{unit.call_sign} has been ordered already ({now.en}); choose again from those that are left.",
                )
            )
        raise Conflict(
            Text(
                f"{unit.call_sign}: 지금은 '{now.ko}' 상태라 '{wanted.ko}' 처리를 할 수 없습니다.",
                f"{unit.call_sign} is {now.en}; '{wanted.en}' is not possible now.",
            )
        )
    after, whose = found
    if step is Step.TAKE_BACK and came_from is not None:
        after = came_from
    if said.who not in whose:
        raise Refused(Text("이 상태는 바꿀 수 없습니다.", "You may not set this state."), code="not_their_step")
    incident = said.incident if step is Step.ORDER else unit.incident
    is_free = after is UnitState.AVAILABLE
    new = replace(
        unit,
        state=after,
        state_at=said.at,
        state_by=said.who.value,
        incident=None if is_free else incident,
        order=None if is_free else (said.order if step is Step.ORDER else unit.order),
        asked_at=None,
        stayed_at=None,
        support_at=unit.support_at if after in BUSY and step is not Step.ORDER else None,
        support_heard_at=unit.support_heard_at if after in BUSY and step is not Step.ORDER else None,
        version=unit.version + 1,
    )
    data = {
        "unit": unit.id,
        "agency": unit.agency,
        "from": unit.state.value,
        "to": after.value,
        "who": said.who.value,
        "by": said.by,
        "order": said.order or unit.order,
    }
    return new, Fact(FACT_KINDS[step], incident or unit.id, said.at, data)


def asked(unit: Unit, at: datetime) -> tuple[Unit, Fact]:
    """The unit asked whether it is still on the scene of what is over; raises Conflict when it is not on a scene."""
    _must_be_on_scene(unit)
    new = replace(unit, asked_at=at, version=unit.version + 1)
    return new, Fact("UnitAsked", unit.incident or unit.id, at, {"unit": unit.id, "agency": unit.agency})


def stayed(unit: Unit, said: Said) -> tuple[Unit, Fact]:
    """The unit still on the scene, as someone says; it is asked again later. Raises Conflict when it has left."""
    _must_be_on_scene(unit)
    if said.who not in _PEOPLE:
        raise Refused(Text("이 상태는 바꿀 수 없습니다.", "You may not set this state."), code="not_their_step")
    new = replace(unit, asked_at=None, stayed_at=said.at, version=unit.version + 1)
    data = {"unit": unit.id, "agency": unit.agency, "who": said.who.value, "by": said.by}
    return new, Fact("UnitStayed", unit.incident or unit.id, said.at, data)


def supported(unit: Unit, at: datetime) -> Unit:
    """The unit whose crew has asked for support; asked again, it is to be heard again."""
    return replace(unit, support_at=at, support_heard_at=None, version=unit.version + 1)


def heard(unit: Unit, said: Said) -> tuple[Unit, Fact]:
    """The unit whose call for support a dispatcher has heard; raises Conflict when there is none to be heard."""
    if unit.support_at is None or unit.support_heard_at is not None:
        raise Conflict(
            Text(f"{unit.call_sign}: 답할 지원 요청이 없습니다.", f"{unit.call_sign} has no call for support waiting.")
        )
    if said.who is not Who.DISPATCHER:
        raise Refused(Text("이 상태는 바꿀 수 없습니다.", "You may not set this state."), code="not_their_step")
    new = replace(unit, support_heard_at=said.at, version=unit.version + 1)
    data = {"unit": unit.id, "agency": unit.agency, "by": said.by}
    return new, Fact("SupportAcknowledged", unit.incident or unit.id, said.at, data)


def _must_be_on_scene(unit: Unit) -> None:
    if unit.state is not UnitState.ON_SCENE:
        raise Conflict(Text(f"{unit.call_sign}: 현장에 있지 않습니다.", f"{unit.call_sign} is not on a scene."))


def as_diagram(rows: Iterable[tuple[tuple[UnitState, Step], tuple[UnitState, frozenset[Who]]]] = TABLE.items()) -> str:
    """The table as a Mermaid state diagram, for the documentation, which a test keeps true to it."""
    lines = ["stateDiagram-v2", "    [*] --> available"]
    for (before, step), (after, whose) in rows:
        names = ", ".join(who.value for who in Who if who in whose)
        lines.append(f"    {before.value} --> {after.value}: {step.value} ({names})")
    return "\n".join(lines) + "\n"
