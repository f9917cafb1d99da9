"""Every incident's clocks, its own and each agency's: which fact stamps which moment, and how long each leg took."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from goldentime.city.incidents.nature import Nature
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Text

CONTROL_ROOM = AgencyId("-")  # whose incidents no agency reported; no agency can be called so
GOLDEN_TIME = timedelta(minutes=7)  # from call to arrival: 소방청's 골든타임 for fires and rescues


class Stamp(StrEnum):
    """The moments of an incident, in the order in which they usually come."""

    CALLED = "called"
    INTAKE = "intake"
    LISTED = "listed"
    SEEN = "seen"
    ORDERED = "ordered"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    CLOSED = "closed"


STAMP_NAMES: dict[Stamp, Text] = {
    Stamp.CALLED: Text("신고", "call"),
    Stamp.INTAKE: Text("접수", "intake"),
    Stamp.LISTED: Text("영상 선정", "camera listed"),
    Stamp.SEEN: Text("첫 화면", "first frame"),
    Stamp.ORDERED: Text("출동지령", "order"),
    Stamp.DEPARTED: Text("출발", "departure"),
    Stamp.ARRIVED: Text("도착", "arrival"),
    Stamp.CLOSED: Text("종결", "close"),
}


class Leg(StrEnum):
    """What is measured between two stamps."""

    INTAKE = "intake"
    LISTED = "listed"
    SEEN = "seen"
    ORDERED = "ordered"
    TURNOUT = "turnout"
    TRAVEL = "travel"
    RESPONSE = "response"
    TOTAL = "total"


LEGS: dict[Leg, tuple[Stamp, Stamp]] = {
    Leg.INTAKE: (Stamp.CALLED, Stamp.INTAKE),
    Leg.LISTED: (Stamp.INTAKE, Stamp.LISTED),
    Leg.SEEN: (Stamp.INTAKE, Stamp.SEEN),
    Leg.ORDERED: (Stamp.CALLED, Stamp.ORDERED),
    Leg.TURNOUT: (Stamp.ORDERED, Stamp.DEPARTED),
    Leg.TRAVEL: (Stamp.DEPARTED, Stamp.ARRIVED),
    Leg.RESPONSE: (Stamp.CALLED, Stamp.ARRIVED),
    Leg.TOTAL: (Stamp.CALLED, Stamp.CLOSED),
}
LEG_NAMES: dict[Leg, Text] = {
    Leg.INTAKE: Text("신고→접수", "call to intake"),
    Leg.LISTED: Text("접수→영상 선정", "intake to camera listed"),
    Leg.SEEN: Text("접수→첫 화면", "intake to first frame"),
    Leg.ORDERED: Text("신고→출동지령", "call to order"),
    Leg.TURNOUT: Text("지령→출발", "order to departure"),
    Leg.TRAVEL: Text("출발→도착", "departure to arrival"),
    Leg.RESPONSE: Text("신고→도착", "call to arrival"),
    Leg.TOTAL: Text("신고→종결", "call to close"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One incident's stamps; `by_hand` those that a person set right, which no fact moves any more.

    `whose` is "" for the incident as a whole, whoever helped; else the agency whose own units and look are stamped.
    `agency` is the one that reported it.
    """

    incident: IncidentId
    number: str
    agency: AgencyId | None
    service: str
    drill: bool
    called_at: datetime
    intake_at: datetime | None = None
    listed_at: datetime | None = None
    seen_at: datetime | None = None
    ordered_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    by_hand: frozenset[str] = field(default_factory=frozenset)
    whose: str = ""
    nature: Nature = Nature.UNKNOWN

    def at(self, stamp: Stamp) -> datetime | None:
        """When that was; None while it has not been."""
        found: datetime | None = getattr(self, f"{stamp.value}_at")
        return found

    def leg(self, leg: Leg) -> timedelta | None:
        """How long the leg took; None while it lasts, and when the clocks of two parties contradict each other."""
        begin, end = (self.at(stamp) for stamp in LEGS[leg])
        if begin is None or end is None or end < begin:
            return None
        return end - begin

    def is_doubtful(self) -> bool:
        """Whether one of its legs ends before it begins."""
        pairs = ((self.at(begin), self.at(end)) for begin, end in LEGS.values())
        return any(begin is not None and end is not None and end < begin for begin, end in pairs)


def _opened(fact: Fact) -> Mapping[Stamp, datetime]:
    stamps = {Stamp.INTAKE: _moment(fact.data.get("received")) or fact.at}
    called = _moment(fact.data.get("occurred"))
    return stamps if called is None else {**stamps, Stamp.CALLED: called}


def _plain(stamp: Stamp) -> Callable[[Fact], Mapping[Stamp, datetime]]:
    return lambda fact: {stamp: fact.at}


_STAMPS: dict[str, Callable[[Fact], Mapping[Stamp, datetime]]] = {
    "IncidentOpened": _opened,
    "CamerasChosen": lambda fact: {Stamp.LISTED: fact.at} if fact.data.get("cameras") else {},
    "FirstFrameSeen": _plain(Stamp.SEEN),
    "IncidentClosed": _plain(Stamp.CLOSED),
}
# What each unit did: the first of them counts, and what is taken back has not been.
_OF_UNITS = {"UnitOrdered": Stamp.ORDERED, "UnitDeparted": Stamp.DEPARTED, "UnitArrived": Stamp.ARRIVED}
_BACK_FROM = {
    "en_route": Stamp.DEPARTED,
    "on_scene": Stamp.ARRIVED,
}  # taken back from that state, it loses that stamp
BY_HAND = frozenset({"ClockCorrected", "ClockCorrectionTakenBack"})
UNIT_FACTS = frozenset({*_OF_UNITS, "UnitStepTakenBack", "UnitCalledBack"})
_SOMEBODYS = UNIT_FACTS | {"FirstFrameSeen"}
JOINING = frozenset({"IncidentsJoined", "IncidentsSeparated"})  # they stamp nothing, and say whose units came to what
CLOCK_FACTS = frozenset({*_STAMPS, *UNIT_FACTS, *BY_HAND, *JOINING})


def clocks_of(blank: Clock, facts: Sequence[Fact], helped: Sequence[Fact], *, left_out: frozenset[str]) -> list[Clock]:
    """The incident's own clock, its reporter's, and that of every other agency whose units were sent to it.

    `helped` are facts about joined incidents to which the reporter's units came. `left_out` are agencies with a report
    of their own of what was joined: there their units count.
    """
    reporter = str(blank.agency or CONTROL_ROOM)
    whole = clock_of(blank, facts)
    own = clock_of(replace(blank, whose=reporter), [*facts, *(one for one in helped if one.kind in UNIT_FACTS)])
    sent = {str(one.data.get("agency") or "") for one in facts if one.kind in _OF_UNITS}
    others = (clock_of(replace(blank, whose=one), facts) for one in sorted(sent - {"", reporter} - left_out))
    return [whole, own, *(one for one in others if one.ordered_at or one.arrived_at)]


def clock_of(blank: Clock, facts: Iterable[Fact]) -> Clock:
    """The clock that all facts about the incident, in the order of the log, make of one that only knows the call.

    The earliest moment of each kind counts, whichever way round its facts came; a correction by hand outweighs all,
    until it is taken back: then the one before it holds again, or the record. Of an agency's clock its own units and
    its own look count only; the control room's own incidents take whatever came.
    """
    facts = [fact for fact in facts if _is_told_of(blank, fact)]
    natures = (str(fact.data["nature"]) for fact in facts if fact.kind == "IncidentOpened" and "nature" in fact.data)
    found: dict[Stamp, datetime] = {}
    units: dict[tuple[str, Stamp], datetime] = {}
    by_hand: dict[Stamp, list[datetime]] = {}
    room: datetime | None = None
    for fact in facts:
        if fact.kind == "FirstFrameSeen" and not fact.data.get("agency"):
            room = min(fact.at, room or fact.at)
        elif fact.kind in _STAMPS:
            for stamp, at in _STAMPS[fact.kind](fact).items():
                found[stamp] = min(at, found.get(stamp, at))
        elif fact.kind in BY_HAND:
            _note_hand(by_hand, fact)
        else:
            _note_unit(units, fact)
    for (_, stamp), at in units.items():
        found[stamp] = min(at, found.get(stamp, at))
    if room is not None:
        found.setdefault(Stamp.SEEN, room)  # what the control room saw counts while no agency has looked
    found |= {stamp: moments[-1] for stamp, moments in by_hand.items() if moments}
    stamps: dict[str, Any] = {f"{stamp.value}_at": at for stamp, at in found.items()}
    hands = frozenset(stamp.value for stamp, moments in by_hand.items() if moments)
    return replace(blank, **stamps, by_hand=hands, nature=Nature(next(natures, blank.nature)))


def _is_told_of(clock: Clock, fact: Fact) -> bool:
    """Whether this clock is meant: another agency's units and looks are not those of an agency's clock.

    A correction names an agency, or else is of the incident's own clock and its reporter's.
    """
    reporter = str(clock.agency or CONTROL_ROOM)
    if fact.kind in BY_HAND:
        return str(fact.data.get("agency") or reporter) == (clock.whose or reporter)
    return clock.whose in ("", CONTROL_ROOM) or fact.kind not in _SOMEBODYS or fact.data.get("agency") == clock.whose


def corrections(clock: Clock, facts: Iterable[Fact], whose: str | None) -> Mapping[Stamp, list[datetime]]:
    """The moments by hand that stand for each stamp, the last one in force; of an agency, or the incident's own."""
    standing: dict[Stamp, list[datetime]] = {}
    for fact in facts:
        if fact.kind in BY_HAND and _is_told_of(replace(clock, whose=whose or ""), fact):
            _note_hand(standing, fact)
    return standing


def _note_hand(by_hand: dict[Stamp, list[datetime]], fact: Fact) -> None:
    moments, moment = by_hand.setdefault(Stamp(str(fact.data["stamp"])), []), _moment(fact.data.get("moment"))
    if fact.kind == "ClockCorrected" and moment is not None:
        moments.append(moment)
    elif fact.kind == "ClockCorrectionTakenBack" and moments:
        moments.pop()


def _note_unit(units: dict[tuple[str, Stamp], datetime], fact: Fact) -> None:
    unit = str(fact.data.get("unit"))
    stamp = _OF_UNITS.get(fact.kind)
    if stamp is not None:
        units.setdefault((unit, stamp), fact.at)
    elif fact.kind == "UnitStepTakenBack":
        lost = _BACK_FROM.get(str(fact.data.get("from")))
        if lost is not None:
            units.pop((unit, lost), None)
    elif fact.kind == "UnitCalledBack" and (unit, Stamp.ARRIVED) not in units:
        units.pop((unit, Stamp.DEPARTED), None)  # it never came: what it did was not this incident's help
        if fact.data.get("who") != "system":  # an order that stood until the close was one
            units.pop((unit, Stamp.ORDERED), None)


def _moment(told: object) -> datetime | None:
    return datetime.fromisoformat(str(told)) if told else None
