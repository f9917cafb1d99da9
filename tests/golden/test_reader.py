"""How the reader follows the log, and who may read what of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.fleet import Fleet
from fakes.room import CROSSING, Room
from fakes.town import FIRE, POLICE
from goldentime.city.incidents.golden_time import Leg, Stamp
from goldentime.city.incidents.pairing import PairStep
from goldentime.core.errors import Conflict, OperatorsError, Refused, StorageFailed
from goldentime.core.fact import Fact
from goldentime.core.ids import UnitId
from goldentime.flows.clocks import read_golden_time
from goldentime.flows.clocks.correct_stamp import WrongStamp, correct_stamp, take_back_correction
from goldentime.flows.clocks.follow_clocks import AT_ONCE, READER, ClockReader
from goldentime.flows.clocks.read_golden_time import (
    Group,
    Period,
    read_golden_times,
    read_incidents,
    read_lag,
    read_newest,
)
from goldentime.flows.incidents.join_incidents import step_pairing
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.note_seen import note_first_frame
from goldentime.flows.watching.watch_camera import watch_camera

AT = [CROSSING.lon, CROSSING.lat]


async def caught_up(reader: ClockReader) -> None:
    while await reader.step():
        pass


async def heard(room: Room, **said: object) -> object:
    await room.hear(place=AT, **said)
    return room.incidents[-1]


def day_of(room: Room, *, drill: bool = False) -> Period:
    called = room.incidents[0].occurred_at
    return Period(called - timedelta(hours=1), called + timedelta(days=1), drill)


async def test_a_report_watched_and_closed_has_its_stamps_and_the_reader_its_place_in_the_log() -> None:
    room = Room()
    incident = await heard(room)
    agency = await room.caller("jung")
    camera = min(pick.camera_id for pick, _ in room.store.rows.picks[incident.id])
    view = (await watch_camera(room.world, agency, camera, incident.id)).view
    await note_first_frame(room.world, agency, view.id)
    await note_first_frame(room.world, agency, view.id)
    assert len(room.store.facts("FirstFrameSeen")) == 1
    await room.hear(state="ended")
    reader = ClockReader(room.world)
    await caught_up(reader)
    clock, _ = room.store.rows.clocks.values()
    assert all(clock.at(one) for one in (Stamp.INTAKE, Stamp.LISTED, Stamp.SEEN, Stamp.CLOSED))
    assert room.store.rows.cursors[READER] == len(room.store.facts())


async def test_only_the_first_look_of_each_agency_is_a_fact() -> None:
    room = Room()
    incident = await heard(room)
    agency, operator = await room.caller("jung"), await room.caller("kim")
    cameras = sorted(pick.camera_id for pick, _ in room.store.rows.picks[incident.id])
    for caller in (operator, agency):
        for camera in cameras[:2]:
            view = (await watch_camera(room.world, caller, camera, incident.id)).view
            await note_first_frame(room.world, caller, view.id)
    assert [fact.data["agency"] for fact in room.store.facts("FirstFrameSeen")] == [None, POLICE]


async def test_a_crews_first_look_counts_for_its_units_agency() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    operator = await fleet.operator()
    await send_units(fleet.dispatch, operator, incident, [UnitId("E1"), UnitId("L1")])
    camera = min(pick.camera_id for pick, _ in fleet.store.rows.picks[incident])
    for caller in (operator, await fleet.crew("E1"), await fleet.crew("L1")):
        view = (await watch_camera(fleet.world, caller, camera, incident)).view
        await note_first_frame(fleet.world, caller, view.id)
    assert [fact.data["agency"] for fact in fleet.store.facts("FirstFrameSeen")] == [None, FIRE]


async def test_the_order_stamp_goes_back_when_the_only_unit_is_called_back() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    operator = await fleet.operator()
    reader = ClockReader(fleet.world)
    stamps = []
    for act in (
        send_units(fleet.dispatch, operator, incident, [UnitId("E1")]),
        call_back(fleet.dispatch, operator, UnitId("E1")),
    ):
        await act
        await caught_up(reader)
        stamps.append(fleet.store.rows.clocks[incident, ""].ordered_at)
    assert stamps == [fleet.clock.now(), None]


async def test_read_again_from_the_beginning_the_log_gives_the_same_clocks() -> None:
    room = Room()
    await heard(room, occurrence="1")
    await heard(room, occurrence="2", state="occurred")
    await room.hear(state="ended", occurrence="1")
    reader = ClockReader(room.world)
    await caught_up(reader)
    before = dict(room.store.rows.clocks)
    await reader.begin_again(await room.caller("choi"))
    assert room.store.rows.clocks == {}
    await caught_up(reader)
    assert room.store.rows.clocks == before


async def test_beginning_again_while_a_step_is_on_its_way_loses_no_incident() -> None:
    room = Room()
    first = await heard(room, occurrence="1")
    reader = ClockReader(room.world)
    await caught_up(reader)
    second = await heard(room, occurrence="2")
    change = room.store.change

    async def begun_again_before(decide: Callable[..., object]) -> object:
        room.store.change = change  # type: ignore[method-assign]
        await reader.begin_again(await room.caller("choi"))
        return await change(decide)

    room.store.change = begun_again_before  # type: ignore[assignment, method-assign]
    await caught_up(reader)
    assert {one for one, _ in room.store.rows.clocks} == {first.id, second.id}


async def test_a_late_arrival_after_the_close_still_reaches_the_clock() -> None:
    room = Room()
    incident = await heard(room)
    await room.hear(state="ended")
    reader = ClockReader(room.world)
    await caught_up(reader)
    at = room.town.clock.now() - timedelta(minutes=1)
    await room.store.change(lambda tx: tx.record(Fact("UnitArrived", incident.id, at, {"unit": "engine-1"})))
    await caught_up(reader)
    assert room.store.rows.clocks[incident.id, ""].arrived_at == at


async def test_a_reader_whose_store_fails_keeps_its_cursor() -> None:
    room = Room()
    await heard(room)
    reader = ClockReader(room.world)
    room.store.broken = True
    with pytest.raises(StorageFailed):
        await reader.step()
    room.store.broken = False
    assert READER not in room.store.rows.cursors
    await caught_up(reader)
    assert len(room.store.rows.clocks) == 2


async def test_drills_are_summed_up_by_themselves() -> None:
    room = Room()
    await heard(room, occurrence="1")
    await heard(room, occurrence="2", drill=True)
    await caught_up(ClockReader(room.world))
    kim = await room.caller("kim")
    for drill in (False, True):
        found = await read_golden_times(room.world, kim, day_of(room, drill=drill))
        assert found.now[0].incidents == 1
        behind, _ = await read_newest(room.world, kim, Group(day_of(room, drill=drill)), limit=9)
        assert [clock.drill for clock in behind] == [drill]


async def test_two_periods_are_compared_by_default_the_one_as_long_before() -> None:
    room = Room()
    await heard(room)
    await caught_up(ClockReader(room.world))
    clock, _ = room.store.rows.clocks.values()
    earlier = replace(clock, incident="inc-old", called_at=clock.called_at - timedelta(days=1))
    room.store.rows.clocks[earlier.incident, ""] = earlier
    found = await read_golden_times(room.world, await room.caller("kim"), day_of(room))
    assert (found.now[0].incidents, found.before[0].incidents) == (1, 1)
    assert found.now[0].legs[Leg.INTAKE].count == 1


async def test_an_agency_reads_its_own_and_nobody_elses() -> None:
    room = Room()
    incident = await heard(room)
    sent = Fact("UnitOrdered", incident.id, room.town.clock.now(), {"unit": "E1", "agency": FIRE})
    await room.store.change(lambda tx: tx.record(sent))
    await caught_up(ClockReader(room.world))
    jung = await room.caller("jung")
    found = await read_golden_times(room.world, jung, day_of(room))
    behind, _ = await read_newest(room.world, jung, Group(day_of(room)), limit=9)
    assert {(one.whose, one.ordered_at) for one in behind} == {(POLICE, None)}
    assert found.now[0].incidents == 1
    with pytest.raises(Refused):
        await read_golden_times(room.world, jung, day_of(room), agency=FIRE)
    with pytest.raises(Refused):
        await read_newest(room.world, jung, Group(day_of(room), FIRE), limit=9)


async def test_units_sent_to_a_joined_report_count_for_their_agencys_own_report_once() -> None:
    room = Room()
    first = await heard(room, occurrence="1")
    second = await heard(room, occurrence="2")
    third = await heard(room, occurrence="3")
    for one, minutes in ((second, 1), (third, 2)):
        at = one.occurred_at + timedelta(minutes=minutes)
        room.store.rows.incidents[one.id] = replace(one, agency=FIRE, occurred_at=at)
    kim, now = await room.caller("kim"), room.town.clock.now()
    sent = Fact("UnitArrived", first.id, now, {"unit": "E1", "agency": FIRE})
    await room.store.change(lambda tx: tx.record(sent))
    reader = ClockReader(room.world)
    await caught_up(reader)
    assert (first.id, FIRE) in room.store.rows.clocks
    for one in (third, second):
        await step_pairing(room.world, kim, first.id, one.id, PairStep.JOIN)
    await caught_up(reader)
    clocks = room.store.rows.clocks
    assert (first.id, FIRE) not in clocks
    arrivals = {one.id: clocks[one.id, FIRE].arrived_at for one in (second, third)}
    assert arrivals == {second.id: now, third.id: None}
    await step_pairing(room.world, kim, first.id, second.id, PairStep.SEPARATE)
    await caught_up(reader)
    clocks = room.store.rows.clocks
    assert (clocks[second.id, FIRE].arrived_at, clocks[third.id, FIRE].arrived_at) == (None, now)


async def test_the_kind_of_incident_is_a_group_and_comes_back_from_the_log_alone() -> None:
    room = Room()
    await heard(room, occurrence="1", detail_words="화재")
    await heard(room, occurrence="2", detail_words="구급")
    reader = ClockReader(room.world)
    await caught_up(reader)
    await reader.begin_again(await room.caller("choi"))
    await caught_up(reader)
    found = await read_golden_times(room.world, await room.caller("kim"), day_of(room))
    kinds = [(one.agency, one.nature, one.incidents) for one in found.now if one.nature]
    assert kinds == [(POLICE, "fire", 1), (POLICE, "medical", 1), (None, "fire", 1), (None, "medical", 1)]


async def test_a_stamp_is_corrected_with_a_reason_on_record_and_never_into_the_future() -> None:
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    await correct_stamp(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED), at=now, reason="무전 기록으로 확인")
    await caught_up(ClockReader(room.world))
    assert room.store.rows.clocks[incident.id, ""].arrived_at == now
    assert len(room.store.entries("ClockCorrected")) == 1
    assert all("무전" not in str(fact.data) for fact in room.store.facts())
    for at, reason in ((now + timedelta(minutes=1), "x"), (now, " ")):
        with pytest.raises(OperatorsError):
            await correct_stamp(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED), at=at, reason=reason)


async def test_a_correction_is_taken_back_once_and_on_record() -> None:
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    await correct_stamp(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED), at=now, reason="무전 기록으로 확인")
    await take_back_correction(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED))
    await caught_up(ClockReader(room.world))
    clock = room.store.rows.clocks[incident.id, ""]
    assert (clock.arrived_at, clock.by_hand) == (None, frozenset())
    assert len(room.store.entries("ClockCorrectionTakenBack")) == 1
    with pytest.raises(OperatorsError):
        await take_back_correction(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED))
    with pytest.raises(Refused):
        await take_back_correction(room.world, await room.caller("jung"), WrongStamp(incident.id, Stamp.ARRIVED))


async def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    room = Room()
    await heard(room)
    period = day_of(room)
    with pytest.raises(OperatorsError):
        await read_golden_times(room.world, await room.caller("kim"), Period(period.until, period.since))


async def test_a_correction_from_the_reporters_row_is_taken_back_from_the_incidents_own_line_and_the_other_way() -> (
    None
):
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    reader = ClockReader(room.world)
    own, row = WrongStamp(incident.id, Stamp.ARRIVED), WrongStamp(incident.id, Stamp.ARRIVED, POLICE)
    for corrected, taken_back in ((row, own), (own, row)):
        await correct_stamp(room.world, kim, corrected, at=now, reason="무전")
        await take_back_correction(room.world, kim, taken_back)
        await caught_up(reader)
        assert {clock.arrived_at for clock in room.store.rows.clocks.values()} == {None}
        with pytest.raises(OperatorsError):
            await take_back_correction(room.world, kim, corrected)
    assert {fact.data.get("agency") for fact in room.store.facts("ClockCorrected")} == {None}


async def test_a_correction_recorded_under_the_reporters_name_is_taken_back_too() -> None:
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    told = {"stamp": "arrived", "moment": now.isoformat(), "agency": str(POLICE), "by": "kim"}
    await room.store.change(lambda tx: tx.record(Fact("ClockCorrected", incident.id, now, told)))
    await take_back_correction(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED))
    await caught_up(ClockReader(room.world))
    assert room.store.rows.clocks[incident.id, ""].by_hand == frozenset()


async def test_what_was_corrected_again_since_is_not_undone_by_somebody_who_does_not_know_it() -> None:
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    own, row = WrongStamp(incident.id, Stamp.ARRIVED), WrongStamp(incident.id, Stamp.ARRIVED, POLICE)
    first, second = now - timedelta(seconds=9), now - timedelta(seconds=5)
    await correct_stamp(room.world, kim, own, at=first, reason="무전")
    await correct_stamp(room.world, kim, row, at=second, reason="다시 들음")
    with pytest.raises(Conflict):
        await take_back_correction(room.world, kim, own, seen=first)
    reader = ClockReader(room.world)
    await caught_up(reader)
    assert room.store.rows.clocks[incident.id, ""].arrived_at == second
    await take_back_correction(room.world, kim, own, seen=second)
    await caught_up(reader)
    assert room.store.rows.clocks[incident.id, ""].arrived_at == first


async def test_a_correction_for_an_agency_without_a_clock_there_or_long_before_the_incident_is_refused() -> None:
    room = Room()
    incident = await heard(room)
    kim, now = await room.caller("kim"), room.town.clock.now()
    for agency in ("no-such", FIRE, "-"):
        wrong = WrongStamp(incident.id, Stamp.ARRIVED, agency)
        with pytest.raises(OperatorsError, match="no clock"):
            await correct_stamp(room.world, kim, wrong, at=now, reason="무전")
    for year in (1, 1970):
        at = now.replace(year=year)
        with pytest.raises(OperatorsError, match="long before"):
            await correct_stamp(room.world, kim, WrongStamp(incident.id, Stamp.ARRIVED), at=at, reason="무전")
    assert not room.store.facts("ClockCorrected")


async def test_however_many_incidents_a_period_has_none_is_left_out_of_sums_or_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = Room()
    await heard(room)
    await caught_up(ClockReader(room.world))
    kim, period = await room.caller("kim"), day_of(room)
    clocks = room.store.rows.clocks
    whole, _ = clocks.values()
    for number in range(40):  # some of the same moment, as in a flood of reports; as many in the period before
        at = whole.called_at + timedelta(minutes=number // 9)
        for days in (0, 1):
            name = f"inc-{number}-{days}"
            called = at - timedelta(days=days)
            clocks[name, ""] = replace(whole, incident=name, called_at=called, arrived_at=called + timedelta(minutes=6))
    monkeypatch.setattr(read_golden_time, "PIECE", 4)
    found = await read_golden_times(room.world, kim, period)
    assert (found.now[0].incidents, found.before[0].incidents) == (41, 40)
    of_period = [one for one in clocks.values() if period.since <= one.called_at < period.until]
    assert found.now[0].legs[Leg.RESPONSE].count == found.now[0].within == 40, "that of the report alone has no arrival"
    assert found.now[0].legs[Leg.RESPONSE].median == found.before[0].legs[Leg.RESPONSE].median == 360.0
    pieces = [piece async for piece in read_incidents(room.world, kim, Group(period), list)]
    listed = [clock.incident for piece in pieces for clock in piece]
    assert sorted(listed) == sorted(one.incident for one in of_period if not one.whose)
    assert max(map(len, pieces)) < 20
    newest, more = await read_newest(room.world, kim, Group(period), limit=5)
    assert ([one.incident for one in newest], more) == (listed[::-1][:5], True)


async def test_figures_are_called_behind_up_to_the_first_fact_that_waits_and_no_longer_once_it_is_in() -> None:
    room = Room()
    await heard(room, occurrence="1")
    reader = ClockReader(room.world)
    await caught_up(reader)
    kim = await room.caller("kim")
    at = room.town.clock.now()
    await room.store.change(lambda tx: tx.record(Fact("UnitArrived", "inc-1", at, {"unit": "E1"})))
    assert (await read_golden_times(room.world, kim, day_of(room))).whole_until is None  # a moment is no lag
    room.town.clock.pass_(seconds=31)
    await room.store.change(lambda tx: tx.record(Fact("UnitArrived", "inc-1", room.town.clock.now(), {"unit": "E2"})))
    assert (await read_golden_times(room.world, kim, day_of(room))).whole_until == at
    await caught_up(reader)
    assert (await read_golden_times(room.world, kim, day_of(room))).whole_until is None
    now = room.town.clock.now()
    late = Fact("UnitArrived", "inc-1", now - timedelta(minutes=40), {"unit": "E4"})
    await room.store.change(lambda tx: tx.record(late))
    assert (await read_golden_times(room.world, kim, day_of(room))).whole_until is None  # told late, not read late
    await caught_up(reader)
    for _ in range(AT_ONCE + 1):
        await room.store.change(lambda tx: tx.record(Fact("UnitArrived", "inc-1", now, {"unit": "E3"})))
    assert await read_lag(room.world) == now
