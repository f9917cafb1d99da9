"""Which greens are asked for and given back on a unit's way."""

from datetime import timedelta
from itertools import count

import pytest

from fakes.crossroads import NOON, crossroads, drive, road
from goldentime.city.signals.junction import Junction
from goldentime.city.signals.plan import Rules, Scene, Send, Step, decide, lead_s
from goldentime.city.signals.request import Reason, Request, RequestId, State, fact_of, stepped
from goldentime.city.signals.way import Drive, metres_past, signals_ahead
from goldentime.core.errors import Conflict

RULES = Rules(queue_s=15)


class Desk:
    """Takes every step as the flow would, under a clock moved by hand."""

    def __init__(self, *junctions: Junction) -> None:
        self.entered = {link: junction for junction in junctions for link in junction.approaches}
        self.book: dict[RequestId, Request] = {}
        self.now = NOON
        self._ids = (RequestId(f"r{number}") for number in count())

    def turn(self, *drives: Drive) -> list[Step]:
        scene = Scene({one.unit: one for one in drives}, self.entered, self.now, RULES)
        steps = list(decide(self.book, scene, lambda: next(self._ids)))
        self.book |= {step.request.id: step.request for step in steps}
        return [step for step in steps if step.send in {Send.REQUEST, Send.RELEASE}]

    def hear(self, request: Request, state: State) -> Request:
        self.book[request.id] = stepped(self.book[request.id], state, self.now)
        return self.book[request.id]

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def test_signals_ahead_are_told_with_metres_and_seconds_and_the_last_link_has_none() -> None:
    entered = {link: j for j in (crossroads("a"), crossroads("b")) for link in j.approaches}
    ahead = signals_ahead(drive("u", road("a", "b"), along_m=100), entered)
    assert [(one.junction.id, one.metres, one.seconds) for one in ahead] == [("a", 300, 22.5), ("b", 700, 52.5)]
    assert metres_past(drive("u", road("a", "b"), at=1, along_m=20), "a-w") == 20


def test_a_green_is_asked_for_so_early_that_walks_end_and_the_queue_drains() -> None:
    desk, way = Desk(crossroads("a"), crossroads("b")), road("a", "b", "c", seconds=40)
    assert lead_s(crossroads("a"), RULES) == 5 + 25 + 5 + 15
    asked = desk.turn(drive("u", way))
    assert [(step.send, step.request.junction) for step in asked] == [(Send.REQUEST, "a")]
    desk.wait(31)
    asked = desk.turn(drive("u", way, along_m=310, seen=desk.now))
    assert [step.request.junction for step in asked] == ["b"]


def test_a_green_is_given_back_once_the_unit_is_through_with_a_margin() -> None:
    desk, way = Desk(crossroads("a")), road("a")
    one = desk.turn(drive("u", way))[0].request
    desk.hear(one, State.CONFIRMED)
    desk.hear(one, State.ACTIVE)
    assert desk.turn(drive("u", way, at=1, along_m=10)) == []
    released = desk.turn(drive("u", way, at=1, along_m=20))
    assert [(step.send, step.request.reason) for step in released] == [(Send.RELEASE, Reason.PASSED)]


def test_a_new_route_drops_the_signals_it_leaves_out() -> None:
    desk = Desk(crossroads("a"), crossroads("b"))
    desk.turn(drive("u", road("a", "b", seconds=15)))
    released = desk.turn(drive("u", road("a", seconds=15)))
    assert [(step.request.junction, step.request.reason) for step in released] == [("b", Reason.REROUTED)]


@pytest.mark.parametrize(("seconds", "expected"), [(9, []), (11, [Reason.LOST_LINK])])
def test_a_unit_unheard_of_for_a_while_loses_its_greens(seconds: float, expected: list[Reason]) -> None:
    desk, one = Desk(crossroads("a")), drive("u", road("a"))
    desk.turn(one)
    desk.wait(seconds)
    assert [step.request.reason for step in desk.turn(one)] == expected


def test_a_green_is_held_for_its_maximum_and_others_have_a_cycle_before_it_is_asked_for_again() -> None:
    desk, way = Desk(crossroads("a")), road("a")
    one = desk.turn(drive("u", way))[0].request
    desk.hear(one, State.ACTIVE)
    desk.wait(60)
    assert [s.request.reason for s in desk.turn(drive("u", way, seen=desk.now))] == [Reason.MAXIMUM]
    desk.hear(one, State.RELEASED)
    desk.wait(119)
    assert desk.turn(drive("u", way, seen=desk.now)) == []
    desk.wait(1)
    assert [s.send for s in desk.turn(drive("u", way, seen=desk.now))] == [Send.REQUEST]


def _from_north(unit: str, *, gravity: int, seconds: float = 20) -> Drive:
    way = road("a", seconds=seconds)
    crossing = type(way)(("a-n", "end"), way.metres, way.seconds)
    return drive(unit, crossing, gravity=gravity)


def test_of_two_units_the_graver_incident_s_gets_the_junction_then_whoever_arrives_first() -> None:
    desk = Desk(crossroads("a"))
    asked = desk.turn(drive("later", road("a", seconds=25), gravity=0), _from_north("sooner", gravity=1, seconds=5))
    assert [step.request.unit for step in asked] == ["later"]
    desk = Desk(crossroads("a"))
    asked = desk.turn(drive("later", road("a", seconds=25)), _from_north("sooner", gravity=1, seconds=5))
    assert [step.request.unit for step in asked] == ["sooner"]


def test_a_holder_gives_way_to_a_graver_one_who_is_asked_for_only_after_the_centre_has_let_go() -> None:
    desk, lesser, graver = Desk(crossroads("a")), drive("lesser", road("a")), _from_north("graver", gravity=0)
    held = desk.turn(lesser)[0].request
    desk.hear(held, State.ACTIVE)
    steps = desk.turn(lesser, graver)
    assert [(s.send, s.request.unit, s.request.reason) for s in steps] == [
        (Send.RELEASE, "lesser", Reason.OUTRANKED),
    ]
    assert desk.turn(lesser, graver) == []
    desk.hear(held, State.RELEASED)
    assert [(s.send, s.request.unit) for s in desk.turn(lesser, graver)] == [(Send.REQUEST, "graver")]


def test_units_from_opposite_sides_both_get_green() -> None:
    desk, way = Desk(crossroads("a")), road("a")
    opposite = drive("v", type(way)(("a-e", "end"), way.metres, way.seconds))
    assert {step.request.unit for step in desk.turn(drive("u", way), opposite)} == {"u", "v"}


def test_when_the_drive_is_over_everything_is_given_back() -> None:
    desk = Desk(crossroads("a"), crossroads("b"))
    desk.turn(drive("u", road("a", "b", seconds=15)))
    assert {step.request.reason for step in desk.turn()} == {Reason.CLOSED}


def test_no_step_leads_back_from_an_end_and_what_was_never_asked_leaves_no_fact() -> None:
    desk = Desk(crossroads("a"), crossroads("b"))
    desk.turn(drive("u", road("a", "b", seconds=45)))
    planned = next(one for one in desk.book.values() if one.state is State.PLANNED)
    gone = stepped(planned, State.RELEASED, NOON, reason=Reason.CLOSED)
    assert fact_of(gone, NOON) is None
    with pytest.raises(Conflict):
        stepped(gone, State.REQUESTED, NOON)
