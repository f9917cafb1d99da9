"""Who should go is said with its reasons, and the dispatcher sees only whom they may send."""

import pytest

from fakes.fleet import Fleet, east
from fakes.room import CROSSING
from fakes.town import FIRE
from goldentime.city.incidents.pairing import PairStep
from goldentime.city.units.recommend import Fitness
from goldentime.city.units.unit import UnitState
from goldentime.core.errors import Refused
from goldentime.core.ids import IncidentId, UnitId
from goldentime.flows.incidents.join_incidents import step_pairing
from goldentime.flows.units.send_units import send_units
from goldentime.flows.units.suggest_units import Advice, suggest_units


async def advised(fleet: Fleet, incident: IncidentId) -> tuple[Advice, dict[str, Fitness]]:
    advice = await suggest_units(fleet.dispatch, await fleet.operator(), incident)
    return advice, {one.unit: one.fitness for one in advice.suggested}


async def test_an_urgent_call_is_given_the_two_patrol_cars_that_are_there_first() -> None:
    fleet = Fleet()
    advice, found = await advised(fleet, await fleet.fire())
    assert advice.card is not None
    assert advice.card.id == "police_code_0"
    assert {name for name, fitness in found.items() if fitness is Fitness.SUGGESTED} == {"P1", "P2"}
    assert [note.ko for note in advice.notes] == [
        "도로망에서 현장을 찾지 못해 직선거리로 어림했습니다."
    ]  # this city has no roads


async def test_where_a_unit_says_it_is_counts_and_not_where_it_belongs() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    fleet.drives_at("P3", east(50))
    advice, found = await advised(fleet, incident)
    assert advice.suggested[0].unit == "P3"
    assert any("위치 5초 전" in reason.ko for reason in advice.suggested[0].reasons)
    fleet.drives_at("P3", east(50), seconds_ago=2 * 3600)
    advice, found = await advised(fleet, incident)
    assert found["P3"] is not Fitness.SUGGESTED
    assert any("P3 차고 기준" in reason.ko for one in advice.suggested if one.unit == "P3" for reason in one.reasons)


async def test_an_agency_s_dispatcher_is_shown_its_own_units_only() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    advice = await suggest_units(fleet.dispatch, await fleet.room.caller("jung"), incident)
    assert set(advice.units) == {"P1", "P2", "P3"}


async def test_units_of_an_agency_without_a_right_are_named_as_such_and_not_sent() -> None:
    fleet = Fleet()
    await fleet.room.hear(place=[CROSSING.lon, CROSSING.lat])
    incident = fleet.room.incidents[0].id
    advice, _ = await advised(fleet, incident)
    assert advice.without_right == {FIRE}
    with pytest.raises(Refused) as refused:
        await send_units(fleet.dispatch, await fleet.operator(), incident, [UnitId("E1")])
    assert refused.value.code == "agency_without_right"
    assert fleet.unit("E1").state is UnitState.AVAILABLE


async def test_without_a_place_it_is_said_in_words() -> None:
    fleet = Fleet()
    await fleet.room.hear(place=None)
    advice, _ = await advised(fleet, fleet.room.incidents[0].id)
    assert any("위치를 몰라" in note.ko for note in advice.notes)


async def test_units_sent_to_a_joined_incident_count_here_too_and_are_not_sent_twice() -> None:
    fleet = Fleet()
    first = await fleet.sent("P1", "P2")
    again = await fleet.fire(occurrence="2")
    third = await fleet.fire(occurrence="3")
    before, _ = await advised(fleet, again)
    assert before.filled[0].committed == 0
    for pair in ((first, again), (again, third)):
        await step_pairing(fleet.world, await fleet.operator(), *pair, PairStep.JOIN)
    for incident in (again, third):
        advice, found = await advised(fleet, incident)
        assert [(one.committed, one.suggested) for one in advice.filled] == [(2, 0)]
        assert found["P1"] is found["P2"] is Fitness.COMMITTED
        assert Fitness.SUGGESTED not in found.values()
        number = fleet.store.rows.incidents[first].number
        reasons = [reason.ko for one in advice.suggested if one.unit == "P1" for reason in one.reasons]
        assert f"묶인 상황 {number}의 출동대" in reasons
    await step_pairing(fleet.world, await fleet.operator(), first, again, PairStep.SEPARATE)
    apart, _ = await advised(fleet, again)
    assert apart.filled[0].committed == 0
