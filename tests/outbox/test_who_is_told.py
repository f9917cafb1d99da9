"""Which agency is told of what an operator did, in which words and order, and what is told to nobody."""

from dataclasses import replace

import pytest

from fakes.centre import HERE, CalledBack, Centre, either, send
from fakes.town import FIRE, POLICE
from goldentime.core.text import Text
from goldentime.flows.outgoing.tell_agencies import Said, tell_agencies
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.messages.exchange import Sender
from goldentime.messages.news import Topic
from goldentime.messages.report import ReportState


@either
async def test_each_step_is_told_in_order_with_the_agencys_own_number_and_the_words(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "acknowledge", "take", "현장에 경관 두 명을 안내했습니다.", "close")
    await centre.outbox.turn()
    await centre.go_on(minutes=1)
    assert [(one["number"], one["state"]) for one in centre.police.taken] == [
        ("20261123120000001-1", "intermediate"),
        ("20261123120000001-2", "intermediate"),
        ("20261123120000001-3", "changed"),
        ("20261123120000001-4", "cleared"),
    ]
    assert centre.police.taken[2]["content"] == "현장에 경관 두 명을 안내했습니다."
    assert {one["sender"] for one in centre.police.taken} == {"P41"}
    assert centre.fire.came == []  # it neither reported it nor may look


async def test_a_change_that_fails_tells_nobody() -> None:
    centre = Centre()
    incident = await centre.reported()

    def decide(tx):
        said = Said(Topic.STATUS, ReportState.INTERMEDIATE, Text("확인", "seen"))
        assert tell_agencies(centre.room.world, tx, incident, said) == 1
        raise ZeroDivisionError

    try:
        await centre.room.store.change(decide)
    except ZeroDivisionError:
        await centre.outbox.turn()
    assert (centre.police.came, centre.room.store.rows.outgoing) == ([], {})


@either
async def test_the_agency_that_ended_it_hears_no_echo_but_one_that_looks_on_does(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)
    await centre.room.hear(occurrence="20261123120000001", state="ended")
    await centre.go_on(minutes=1)
    assert centre.police.came == []
    assert [one["state"] for one in centre.fire.taken] == ["occurred", "ended"]
    assert centre.fire.taken[0]["content"] == "CCTV 4대 영상을 열었습니다."
    assert centre.fire.taken[0]["number"] == "20261123000000001-1"  # ours, since they have none


@either
async def test_an_agency_that_only_looked_on_hears_that_the_operator_closed_it(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)
    await centre.do(incident, "close")
    await centre.go_on(minutes=1)
    assert [one["state"] for one in centre.fire.taken] == ["occurred", "cleared"]
    await centre.do(incident, "종결 뒤의 조치")  # what comes after is not its business any more
    await centre.go_on(minutes=1)
    assert len(centre.fire.taken) == 2


async def test_nothing_of_a_sandbox_and_nothing_to_an_agency_without_a_line_ever_leaves() -> None:
    centre = Centre()
    await centre.room.hear(Sender(POLICE, frozenset(), sandbox=True), occurrence="20261123120000009", place=HERE)
    trial = next(i for i in centre.room.incidents if i.sandbox)
    await centre.do(trial, "close")
    centre.room.world = replace(centre.room.world, wires={})
    await centre.do(await centre.reported(), "take")
    assert centre.room.store.rows.outgoing == {}


@pytest.mark.parametrize("marked", [False, True])
async def test_news_of_a_drill_reach_who_reported_it_and_wires_marked_for_drills_only(*, marked: bool) -> None:
    centre = Centre()
    wires = frozenset({FIRE}) if marked else frozenset()
    centre.room.world = replace(centre.room.world, rules=replace(centre.room.world.rules, drill_wires=wires))
    await centre.room.hear(occurrence="20261123120000009", place=HERE, drill=True)
    (drill,) = centre.room.incidents
    assert drill.drill
    await share_incident(centre.room.world, await centre.room.caller("kim"), drill.id, FIRE)
    await centre.do(drill, "take", "화재 진압을 시작했습니다.", "close")
    await centre.go_on(minutes=1)
    assert [one["state"] for one in centre.police.taken] == ["intermediate", "changed", "cleared"]
    assert [one["state"] for one in centre.fire.taken] == (
        ["occurred", "intermediate", "changed", "cleared"] if marked else []
    )
    told = [fact.data["agency"] for fact in centre.room.store.facts("AgencyTold")]
    assert (FIRE in told) is marked


@either
async def test_an_order_goes_out_in_its_turn_between_the_news(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "take")
    await send(centre, incident)
    await centre.do(incident, "close")
    await centre.go_on(minutes=1)
    assert [(one["number"], one["state"]) for one in centre.police.taken] == [
        ("20261123120000001-1", "intermediate"),
        ("GO-20261123-0001-2", "occurred"),
        ("GO-20261123-0001-3", "cancelled"),  # nobody had arrived
        ("20261123120000001-4", "cleared"),
    ]


async def test_our_answer_to_the_address_a_sender_named_waits_in_the_outbox_with_what_was_decided() -> None:
    centre = Centre()
    origins = frozenset({"https://112.example"})
    centre.room.store.seed(lambda tx: tx.put_agency(replace(tx.find_agency(POLICE), origins=origins)))
    centre.room.intake = type(centre.room.intake)(centre.room.world, {"plain": CalledBack()})
    await centre.room.hear(occurrence="1", place=HERE, callback="https://112.example/answers")
    await centre.room.hear(occurrence="1", state="changed", callback="https://112.example/answers")
    await centre.room.hear(occurrence="2", place=HERE, callback="https://evil.example/")
    await centre.room.hear(
        Sender(POLICE, frozenset(), sandbox=True), occurrence="3", place=HERE, callback="https://112.example/answers"
    )
    heads = await centre.room.store.read(lambda look: look.list_heads(POLICE, "callback", centre.room.town.clock.now()))
    sealed = centre.room.store.rows.sealed
    assert [(sealed[f"outgoing/{one.id}", "body"], sealed[f"outgoing/{one.id}", "url"]) for one in heads] == [
        (b"opened", b"https://112.example/answers")
    ]
    assert [(o.sequence, o.occurrence) for o in centre.room.store.rows.outgoing.values()] == [(1, "1"), (2, "1")]
