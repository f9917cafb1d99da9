"""Which fact stamps which moment of an incident, and what many clocks say together."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from fakes.tally import summed_up
from goldentime.city.incidents.durations import spread_of
from goldentime.city.incidents.golden_time import CONTROL_ROOM, LEGS, Clock, Leg, Stamp, clock_of, clocks_of
from goldentime.core.clock import KST
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, IncidentId

CALL = datetime(2026, 11, 23, 21, 0, tzinfo=KST)
BLANK = Clock(IncidentId("inc-1"), "GO-1123-0001", AgencyId("agency-119"), "119_dispatch", False, CALL)


def after(minutes: float) -> datetime:
    return CALL + timedelta(minutes=minutes)


def fact(kind: str, minutes: float, **data: str | int | None) -> Fact:
    return Fact(kind, "inc-1", after(minutes), data)


OPENED = fact("IncidentOpened", 0.5, occurred=CALL.isoformat(), received=after(0.4).isoformat())
STORY = [
    OPENED,
    fact("CamerasChosen", 0.5, cameras=4),
    fact("FirstFrameSeen", 1, agency="agency-119"),
    fact("UnitOrdered", 1.5, unit="engine-1"),
    fact("UnitDeparted", 2.5, unit="engine-1"),
    fact("UnitArrived", 6.5, unit="engine-1"),
    fact("IncidentClosed", 40),
]
TOLD = {
    Stamp.CALLED: 0, Stamp.INTAKE: 0.4, Stamp.LISTED: 0.5, Stamp.SEEN: 1, Stamp.ORDERED: 1.5, Stamp.DEPARTED: 2.5,
    Stamp.ARRIVED: 6.5, Stamp.CLOSED: 40,
}  # fmt: skip


def test_an_incidents_facts_stamp_every_moment_from_call_to_close() -> None:
    clock = clock_of(BLANK, STORY)
    assert {stamp: clock.at(stamp) for stamp in Stamp} == {stamp: after(minutes) for stamp, minutes in TOLD.items()}
    assert clock.leg(Leg.RESPONSE) == timedelta(minutes=6.5)
    assert not clock.is_doubtful()


def test_facts_that_come_late_and_in_another_order_stamp_the_same() -> None:
    told = clock_of(BLANK, STORY)
    for some in permutations(STORY[3:6]):
        assert clock_of(BLANK, [*some, *STORY[6:], *STORY[:3]]) == told


def test_of_many_units_the_first_counts_and_one_called_back_on_the_way_does_not() -> None:
    engine_2 = [fact("UnitOrdered", 1, unit="engine-2"), fact("UnitDeparted", 1.2, unit="engine-2")]
    assert clock_of(BLANK, [*STORY, *engine_2]).departed_at == after(1.2)
    back = fact("UnitCalledBack", 3, unit="engine-2")
    assert clock_of(BLANK, [*STORY, *engine_2, back]).departed_at == after(2.5)
    there = fact("UnitArrived", 2, unit="engine-2")
    assert clock_of(BLANK, [*STORY, *engine_2, there, back]).arrived_at == after(2)


def test_an_order_taken_back_was_none_until_another_unit_or_the_same_is_ordered() -> None:
    sent = [OPENED, fact("OrderSent", 1, agency="agency-119", units=1), fact("UnitOrdered", 1, unit="engine-1")]
    back = fact("UnitCalledBack", 2, unit="engine-1", who="dispatcher")
    assert clock_of(BLANK, sent).ordered_at == after(1)
    assert clock_of(BLANK, [*sent, back]).ordered_at is None
    for unit in ("engine-1", "engine-2"):
        anew = [fact("OrderSent", 3, agency="agency-119", units=1), fact("UnitOrdered", 3, unit=unit)]
        assert clock_of(BLANK, [*sent, back, *anew]).ordered_at == after(3)


def test_an_order_that_stood_until_the_close_keeps_its_stamp() -> None:
    released = fact("UnitCalledBack", 5, unit="engine-1", who="system")
    clock = clock_of(BLANK, [*STORY[:5], released])
    assert (clock.ordered_at, clock.departed_at) == (after(1.5), None)


def test_a_button_pressed_too_early_and_taken_back_leaves_no_stamp() -> None:
    early = [
        fact("UnitArrived", 3, unit="engine-1"),
        fact("UnitStepTakenBack", 3.1, unit="engine-1", **{"from": "on_scene", "to": "en_route"}),
    ]
    assert clock_of(BLANK, [*STORY[:5], *early]).arrived_at is None
    assert clock_of(BLANK, [*STORY[:5], *early, *STORY[5:]]).arrived_at == after(6.5)


def test_a_correction_by_hand_outweighs_every_fact_before_and_after_it() -> None:
    hand = fact("ClockCorrected", 50, stamp="arrived", moment=after(7.5).isoformat())
    clock = clock_of(BLANK, [hand, *STORY])
    assert clock.arrived_at == after(7.5)
    assert clock.by_hand == {"arrived"}


def test_a_correction_taken_back_gives_way_to_the_one_before_it_and_then_to_the_record() -> None:
    first = fact("ClockCorrected", 50, stamp="arrived", moment=after(7.5).isoformat())
    second = fact("ClockCorrected", 51, stamp="arrived", moment=after(6).isoformat())
    back = fact("ClockCorrectionTakenBack", 52, stamp="arrived")
    again = clock_of(BLANK, [*STORY, first, second, back])
    assert (again.arrived_at, again.by_hand) == (after(7.5), {"arrived"})
    record = clock_of(BLANK, [*STORY, first, second, back, back, back])
    assert (record.arrived_at, record.by_hand) == (clock_of(BLANK, STORY).arrived_at, frozenset())


def test_what_is_taken_back_from_the_scene_loses_its_arrival_though_it_never_set_out() -> None:
    back = fact("UnitStepTakenBack", 3.5, unit="engine-1", **{"from": "on_scene", "to": "ordered"})
    clock = clock_of(BLANK, [OPENED, fact("UnitArrived", 3, unit="engine-1"), back])
    assert (clock.departed_at, clock.arrived_at) == (None, None)


def test_no_camera_in_range_is_no_camera_listed() -> None:
    assert clock_of(BLANK, [OPENED, fact("CamerasChosen", 1, cameras=0)]).listed_at is None


def test_the_control_rooms_look_counts_only_while_no_agency_has_looked() -> None:
    room, agency = fact("FirstFrameSeen", 0.6), fact("FirstFrameSeen", 2, agency="agency-119")
    assert clock_of(BLANK, [OPENED, room]).seen_at == after(0.6)
    assert clock_of(BLANK, [OPENED, room, agency]).seen_at == after(2)


def test_a_leg_that_ends_before_it_begins_is_left_out_and_the_clock_is_doubtful() -> None:
    clock = replace(clock_of(BLANK, STORY), departed_at=after(9))
    assert clock.leg(Leg.TRAVEL) is None
    assert clock.is_doubtful()
    assert summed_up([clock])[0].legs[Leg.TRAVEL].count == 0


def test_what_no_agency_reported_is_a_group_of_its_own_and_not_taken_for_all() -> None:
    blank = replace(BLANK, agency=None, service="manual")
    wholes = [clock_of(one, STORY) for one in (blank, BLANK)]
    owns = [clock_of(replace(blank, whose=CONTROL_ROOM), STORY), clock_of(replace(BLANK, whose="agency-119"), STORY)]
    rows = summed_up([*wholes, *owns])
    assert [(row.agency, row.service, row.incidents) for row in rows] == [
        (None, None, 2),
        ("agency-119", None, 1),
        (CONTROL_ROOM, None, 1),
        (None, "119_dispatch", 1),
        (None, "manual", 1),
    ]


def test_each_agency_is_timed_by_its_own_units_and_its_own_look() -> None:
    police = [
        fact("FirstFrameSeen", 3, agency="agency-112"),
        fact("UnitOrdered", 1, unit="car-1", agency="agency-112"),
        fact("UnitArrived", 3, unit="car-1", agency="agency-112"),
    ]
    fire = [Fact(one.kind, one.subject, one.at, {"agency": "agency-119", **one.data}) for one in STORY]
    whole, own, other = clocks_of(BLANK, [*fire, *police], [], left_out=frozenset())
    assert (whole.whose, whole.ordered_at, whole.seen_at, whole.arrived_at) == ("", after(1), after(1), after(3))
    assert (own.whose, own.ordered_at, own.seen_at, own.arrived_at) == ("agency-119", after(1.5), after(1), after(6.5))
    assert (other.whose, other.called_at, other.seen_at, other.arrived_at) == ("agency-112", CALL, after(3), after(3))
    assert other.departed_at is None


def test_an_agency_whose_every_unit_was_called_back_or_has_a_report_of_its_own_there_is_not_timed() -> None:
    sent = fact("UnitOrdered", 1, unit="car-1", agency="agency-112")
    back = fact("UnitCalledBack", 2, unit="car-1", agency="agency-112", who="dispatcher")
    assert [one.whose for one in clocks_of(BLANK, [OPENED, sent, back], [], left_out=frozenset())] == ["", "agency-119"]
    there = clocks_of(BLANK, [OPENED, sent], [], left_out=frozenset({"agency-112"}))
    assert [one.whose for one in there] == ["", "agency-119"]


def test_a_correction_that_names_an_agency_moves_only_its_clock() -> None:
    there = fact("UnitArrived", 3, unit="car-1", agency="agency-112")
    sent = fact("UnitOrdered", 1, unit="car-1", agency="agency-112")
    hand = fact("ClockCorrected", 9, stamp="arrived", moment=after(4).isoformat(), agency="agency-112")
    whole, own, other = clocks_of(BLANK, [OPENED, sent, there, hand], [], left_out=frozenset())
    assert (whole.arrived_at, own.arrived_at, other.arrived_at) == (after(3), None, after(4))
    plain = fact("ClockCorrected", 9, stamp="arrived", moment=after(5).isoformat())
    whole, own, other = clocks_of(BLANK, [OPENED, sent, there, plain], [], left_out=frozenset())
    assert (whole.arrived_at, own.arrived_at, other.arrived_at) == (after(5), after(5), after(3))


def test_every_leg_lies_between_two_stamps_in_their_usual_order() -> None:
    order = list(Stamp)
    assert all(order.index(begin) < order.index(end) for begin, end in LEGS.values())


@pytest.mark.parametrize(
    ("seconds", "median", "ninetieth"),
    [([], None, None), ([5], 5, 5), ([1, 3], 2, 3), ([4, 1, 2, 3, 5], 3, 5), (list(range(1, 101)), 50.5, 90)],
)
def test_medians_and_nearest_rank_percentiles(
    seconds: list[float], median: float | None, ninetieth: float | None
) -> None:
    spread = spread_of(seconds)
    assert (spread.median, spread.ninetieth, spread.count) == (median, ninetieth, len(seconds))


def test_exactly_seven_minutes_is_within_and_whoever_has_not_arrived_counts_neither_way() -> None:
    clocks = [replace(clock_of(BLANK, STORY), arrived_at=after(minutes)) for minutes in (5, 7, 7.001)]
    clocks.append(replace(BLANK, agency=AgencyId("agency-112"), service="112_video"))
    clocks += [replace(one, whose=str(one.agency)) for one in clocks]
    whole, police, fire, *_ = summed_up(clocks)
    assert (whole.incidents, whole.arrived, whole.within) == (4, 3, 2)
    assert (police.agency, police.share_within) == ("agency-112", None)
    assert fire.share_within == pytest.approx(2 / 3)
