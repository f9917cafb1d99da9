"""What a unit may do next, and who may say so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goldentime.city.units.states import TABLE, Said, Step, Who, as_diagram, asked, open_steps, stayed, stepped
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.errors import Conflict, Refused
from goldentime.core.ids import AccountId, AgencyId, IncidentId, OrderId, UnitId
from goldentime.core.place import LonLat

NOW = datetime(2026, 11, 23, 0, 20, tzinfo=UTC)
FIRE, ORDER = IncidentId("inc-fire"), OrderId("ord-1")
DOCS = Path(__file__).parents[2] / "docs"


def engine(state: UnitState = UnitState.AVAILABLE, incident: IncidentId | None = None) -> Unit:
    return Unit(
        UnitId("E-12"), AgencyId("119"), "매탄펌프1", UnitKind.ENGINE, LonLat(127.05, 37.25), state=state,
        incident=incident, order=ORDER if incident else None,
    )  # fmt: skip


def said(who: Who, *, minutes: float = 0) -> Said:
    return Said(who, NOW + timedelta(minutes=minutes), AccountId("acc-kim"), FIRE, ORDER)


def test_a_whole_call_from_order_to_station() -> None:
    unit, facts = engine(), []
    for step, who in (
        (Step.ORDER, Who.DISPATCHER),
        (Step.DEPART, Who.CREW),
        (Step.ARRIVE, Who.ARRIVAL),
        (Step.CLEAR, Who.CREW),
        (Step.RETURN, Who.CREW),
    ):
        unit, fact = stepped(unit, step, said(who, minutes=len(facts)))
        facts.append(fact)
    assert [fact.kind for fact in facts] == [
        "UnitOrdered", "UnitDeparted", "UnitArrived", "UnitCleared", "UnitReturned",
    ]  # fmt: skip
    assert {fact.subject for fact in facts} == {FIRE}
    assert (facts[2].data["from"], facts[2].data["to"], facts[2].data["who"]) == ("en_route", "on_scene", "arrival")
    assert (unit.state, unit.incident, unit.order, unit.version) == (UnitState.AVAILABLE, None, None, 6)


def test_a_unit_on_a_call_is_not_ordered_to_another() -> None:
    for state in (UnitState.ORDERED, UnitState.EN_ROUTE, UnitState.ON_SCENE):
        with pytest.raises(Conflict) as refused:
            stepped(engine(state, FIRE), Step.ORDER, said(Who.DISPATCHER))
        assert "매탄펌프1" in refused.value.text.ko


def test_a_unit_on_its_way_back_is_ordered_at_once() -> None:
    other = IncidentId("inc-other")
    unit, fact = stepped(engine(UnitState.CLEAR, other), Step.ORDER, said(Who.DISPATCHER))
    assert (unit.state, unit.incident, fact.subject) == (UnitState.ORDERED, FIRE, FIRE)


def test_what_was_pressed_too_early_is_taken_back_step_by_step() -> None:
    unit, _ = stepped(engine(UnitState.ON_SCENE, FIRE), Step.CLEAR, said(Who.CREW))
    back, _ = stepped(unit, Step.TAKE_BACK, said(Who.CREW))
    assert (back.state, back.incident) == (UnitState.ON_SCENE, FIRE)
    still, _ = stepped(back, Step.TAKE_BACK, said(Who.CREW))
    assert still.state is UnitState.EN_ROUTE


def test_a_crew_neither_orders_itself_nor_calls_itself_back() -> None:
    with pytest.raises(Refused):
        stepped(engine(), Step.ORDER, said(Who.CREW))
    with pytest.raises(Refused):
        stepped(engine(UnitState.ORDERED, FIRE), Step.CANCEL, said(Who.CREW))
    assert open_steps(engine(UnitState.ORDERED, FIRE), Who.CREW) == (Step.DEPART, Step.ARRIVE)


def test_an_order_can_be_taken_back_only_until_arrival() -> None:
    ordered, _ = stepped(engine(UnitState.ORDERED, FIRE), Step.CANCEL, said(Who.DISPATCHER))
    driving, _ = stepped(engine(UnitState.EN_ROUTE, FIRE), Step.CANCEL, said(Who.DISPATCHER))
    assert (ordered.state, driving.state) == (UnitState.AVAILABLE, UnitState.CLEAR)
    with pytest.raises(Conflict):
        stepped(engine(UnitState.ON_SCENE, FIRE), Step.CANCEL, said(Who.DISPATCHER))


def test_every_state_can_be_left_and_every_step_reached() -> None:
    assert {before for before, _ in TABLE} == set(UnitState)
    assert {step for _, step in TABLE} == set(Step)
    assert {after for after, _ in TABLE.values()} == set(UnitState)
    assert all(whose for _, whose in TABLE.values())


def test_only_a_unit_on_a_scene_is_asked_and_answers() -> None:
    there, fact = asked(engine(UnitState.ON_SCENE, FIRE), NOW)
    assert (there.asked_at, fact.kind, fact.subject) == (NOW, "UnitAsked", FIRE)
    here, fact = stayed(there, said(Who.CREW, minutes=3))
    assert (here.asked_at, here.stayed_at, fact.kind) == (None, NOW + timedelta(minutes=3), "UnitStayed")
    with pytest.raises(Conflict):
        asked(engine(UnitState.CLEAR, FIRE), NOW)
    with pytest.raises(Refused):
        stayed(there, said(Who.ARRIVAL))


def test_the_diagram_in_the_documentation_is_the_table() -> None:
    page = (DOCS / "how-to" / "units-and-run-cards.md").read_text("utf-8")
    assert f"```mermaid\n{as_diagram()}```" in page
