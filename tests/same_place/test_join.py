"""How reports meet when they come in, and how an operator joins them, tells them apart and takes it back."""

import json

import pytest

from fakes.room import CROSSING, Room
from fakes.town import FIRE
from goldentime.city.incidents.incident import Disposition, State
from goldentime.city.incidents.pairing import PairState, PairStep
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat
from goldentime.edges.wire.incidents import detail, row_for
from goldentime.edges.wire.pairings import pairings_of
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.join_incidents import step_pairing
from goldentime.flows.incidents.read_traits import digest_number
from goldentime.messages.exchange import Sender

METRE = 0.0000113
FIRE_SENDER = Sender(FIRE, frozenset())


def at(metres: float) -> list[float]:
    return [CROSSING.lon + metres * METRE, CROSSING.lat]


async def crash_told_twice(room: Room, **second: object) -> tuple[IncidentId, IncidentId]:
    """A 112 report of a crash, then 119's of an injured person 100 m on; the ids in that order."""
    await room.hear(place=at(0), detail_words="교통사고", content="차 두 대가 부딪쳤다", occurrence="p-1")
    told = {"place": at(100), "detail_words": "구급", "content": "다친 사람이 있다", "occurrence": "f-1", **second}
    await room.hear(FIRE_SENDER, service="119_dispatch", kind="119UC001", **told)
    police, fire = sorted(room.incidents, key=lambda one: one.number)
    return police.id, fire.id


def state(room: Room, a: IncidentId, b: IncidentId) -> PairState | None:
    found = room.store.rows.pairings.get(tuple(sorted((a, b))))  # type: ignore[arg-type]
    return found.state if found else None


async def test_a_112_and_a_119_report_of_one_crash_are_suggested_to_both_and_stay_two_incidents() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    assert state(room, police, fire) is PairState.SUGGESTED
    assert {fact.subject for fact in room.store.facts("IncidentsSuggested")} == {police, fire}
    told = await room.store.read(lambda look: pairings_of(look, police))
    (row,) = told["alike"]
    assert (row["id"], row["nature"]["ko"], row["other_nature"]["ko"]) == (fire, "교통사고", "구급")
    assert row["metres"] == pytest.approx(100, abs=2)
    assert (told["joined"], told["apart"]) == ([], [])


async def test_joined_incidents_keep_their_numbers_grants_and_states_and_one_ends_without_the_other() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    kim = await room.caller("kim")
    before = dict(room.store.rows.grants)
    await step_pairing(room.world, kim, police, fire, PairStep.JOIN)
    assert state(room, police, fire) is PairState.JOINED
    assert room.store.rows.grants == before
    assert {fact.subject for fact in room.store.facts("IncidentsJoined")} == {police, fire}
    assert [entry.actor for entry in room.store.entries("IncidentsJoined")] == [kim.account.id]
    await close_incident(room.world, kim, police, disposition=Disposition.HANDLED)
    assert room.store.rows.incidents[fire].state is State.OPEN
    told = await room.store.read(lambda look: pairings_of(look, fire))
    assert [(row["id"], row["state"]) for row in told["joined"]] == [(police, "closed")]


async def test_a_join_is_taken_back_and_made_again_and_what_was_told_apart_is_not_suggested_again() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    kim = await room.caller("kim")
    for step, then in (
        (PairStep.JOIN, PairState.JOINED),
        (PairStep.SEPARATE, PairState.APART),
        (PairStep.JOIN, PairState.JOINED),
        (PairStep.SEPARATE, PairState.APART),
        (PairStep.RECONSIDER, PairState.SUGGESTED),
        (PairStep.SEPARATE, PairState.APART),
    ):
        assert (await step_pairing(room.world, kim, fire, police, step)).state is then
    await room.hear(place=at(60), state="changed", detail_words="교통사고", occurrence="p-1")
    assert state(room, police, fire) is PairState.APART
    assert (await room.store.read(lambda look: pairings_of(look, police)))["alike"] == []


async def test_steps_that_do_not_follow_are_refused_in_words() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    kim = await room.caller("kim")
    with pytest.raises(Conflict):
        await step_pairing(room.world, kim, police, fire, PairStep.RECONSIDER)
    with pytest.raises(Conflict):
        await step_pairing(room.world, kim, police, police, PairStep.JOIN)
    with pytest.raises(NotFound):
        await step_pairing(room.world, kim, police, IncidentId("inc-nowhere"), PairStep.JOIN)
    await step_pairing(room.world, kim, police, fire, PairStep.JOIN)
    with pytest.raises(Conflict):
        await step_pairing(room.world, kim, police, fire, PairStep.JOIN)


async def test_what_is_closed_is_neither_suggested_nor_joined_and_can_still_be_separated() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    kim = await room.caller("kim")
    await close_incident(room.world, kim, police, disposition=Disposition.HANDLED)
    for one in (police, fire):
        told = await room.store.read(lambda look, one=one: pairings_of(look, one))
        assert told == {"alike": [], "joined": [], "apart": []}
    for pair in ((police, fire), (fire, police)):
        with pytest.raises(Conflict) as refused:
            await step_pairing(room.world, kim, *pair, PairStep.JOIN)
        assert "종결된 상황은 묶을 수 없습니다" in refused.value.text.ko
    other = Room()
    police, fire = await crash_told_twice(other)
    kim = await other.caller("kim")
    await step_pairing(other.world, kim, police, fire, PairStep.JOIN)
    await close_incident(other.world, kim, police, disposition=Disposition.HANDLED)
    await step_pairing(other.world, kim, police, fire, PairStep.SEPARATE)
    assert state(other, police, fire) is PairState.APART


async def test_the_same_caller_again_joins_at_once_however_the_number_is_written_and_can_be_separated() -> None:
    room = Room()
    first = {"APPLICANT_TELNO": "010-0000-1234"}
    await room.hear(place=at(0), content="시비가 붙었다", occurrence="1", items=first)
    again = {"APPLICANT_TELNO": "+82 10 0000 1234"}
    await room.hear(place=at(30), content="빨리 와 달라", occurrence="2", items=again)
    a, b = (one.id for one in room.incidents)
    assert state(room, a, b) is PairState.JOINED
    assert [entry.actor for entry in room.store.entries("IncidentsJoined")] == ["system"]
    await step_pairing(room.world, await room.caller("kim"), a, b, PairStep.SEPARATE)
    assert state(room, a, b) is PairState.APART


FILLERS = ("000-0000-0000", "010-0000-0000", "99999999", "1588-3112", "02-1644-0000", "1800 1234", "+82 1577-0000")


@pytest.mark.parametrize("number", FILLERS)
async def test_a_number_that_is_nobodys_own_joins_nothing(number: str) -> None:
    room = Room()
    shared = {"APPLICANT_TELNO": number}
    await room.hear(place=at(0), detail_words="시비", content="싸움이 났다", occurrence="1", items=shared)
    fire = {"service": "119_dispatch", "kind": "119UC001", "detail_words": "화재", "items": shared}
    await room.hear(FIRE_SENDER, place=at(450), content="불이 났다", occurrence="2", **fire)
    assert room.store.rows.pairings == {}
    assert [trace.caller for trace in room.store.rows.traces.values()] == ["", ""]


@pytest.mark.parametrize("number", ["010-1588-3112", "010-2345-6789", "031-234-5678", "02-234-5678"])
def test_a_persons_own_number_is_told_from_a_shared_one(number: str) -> None:
    assert digest_number(b"p", number) == digest_number(b"p", number.replace("-", " ")) != ""


async def test_a_number_that_comes_later_joins_with_the_report_it_repeats() -> None:
    room = Room()
    number = {"APPLICANT_TELNO": "010-0000-1234"}
    await room.hear(place=at(0), content="시비가 붙었다", detail_words="시비", occurrence="1", items=number)
    await room.hear(place=at(300), content="불이 났다", detail_words="화재", occurrence="2")
    a, b = (one.id for one in room.incidents)
    assert state(room, a, b) is None
    await room.hear(place=at(300), state="changed", detail_words="화재", occurrence="2", items=number)
    assert state(room, a, b) is PairState.JOINED
    await room.hear(place=at(300), state="changed", detail_words="화재", occurrence="2")
    assert [trace.caller != "" for trace in room.store.rows.traces.values()] == [True, True]


async def test_a_suggestion_becomes_a_join_when_both_turn_out_to_be_one_caller() -> None:
    room = Room()
    police, fire = await crash_told_twice(room, items={"APPLICANT_TELNO": "010-0000-1234"})
    assert state(room, police, fire) is PairState.SUGGESTED
    number = {"APPLICANT_TELNO": "010 0000 1234"}
    await room.hear(place=at(0), state="changed", detail_words="교통사고", occurrence="p-1", items=number)
    assert state(room, police, fire) is PairState.JOINED
    assert [entry.actor for entry in room.store.entries("IncidentsJoined")] == ["system"]


async def test_the_sort_and_the_words_that_come_later_are_compared_and_blank_ones_change_nothing() -> None:
    room = Room()
    await room.hear(place=at(0), detail_words="교통사고", content="", place_words="나루동 12-3", occurrence="1")
    await room.hear(place=at(350), detail_words="", content="문의", place_words="", occurrence="2")
    a, b = (one.id for one in room.incidents)
    assert state(room, a, b) is None
    told = {"detail_words": "교통사고", "place_words": "나루동 12-3", "content": ""}
    await room.hear(place=at(350), state="changed", occurrence="2", **told)
    assert state(room, a, b) is PairState.SUGGESTED
    before = room.store.rows.traces[b]
    await room.hear(place=None, state="changed", detail_words="", content="", place_words="", occurrence="2")
    assert room.store.rows.traces[b] == before


async def test_a_place_that_is_an_estimate_stays_one_when_it_comes_later() -> None:
    room = Room()
    await room.hear(place=None, place_words="", detail_words="교통사고", occurrence="1")
    (incident,) = room.incidents
    assert incident.place is None
    await room.hear(
        place=None, state="changed", place_words="가온시 나루동 1-1 편의점 앞", detail_words="교통사고", occurrence="1"
    )
    assert room.store.rows.incidents[incident.id].place is not None
    assert room.store.rows.traces[incident.id].uncertain_metres > 0


async def test_the_same_caller_is_suggested_while_no_place_is_known_and_joined_once_it_is_near() -> None:
    room = Room()
    number = {"APPLICANT_TELNO": "010-0000-1234"}
    await room.hear(place=at(0), detail_words="시비", occurrence="1", items=number)
    await room.hear(place=None, place_words="", detail_words="화재", occurrence="2", items=number)
    a, b = (one.id for one in room.incidents)
    assert state(room, a, b) is PairState.SUGGESTED
    (row,) = (await room.store.read(lambda look: pairings_of(look, a)))["alike"]
    assert (row["cause"], row["metres"]) == ("caller", None)
    await room.hear(place=at(200), state="changed", detail_words="화재", occurrence="2", items=number)
    assert state(room, a, b) is PairState.JOINED


async def test_a_suggestion_says_how_far_they_are_now_and_is_taken_back_once_they_are_apart() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    await room.hear(place=at(40), state="changed", detail_words="교통사고", occurrence="p-1")
    (row,) = (await room.store.read(lambda look: pairings_of(look, fire)))["alike"]
    assert row["metres"] == pytest.approx(60, abs=2)
    assert {fact.subject for fact in room.store.facts("IncidentsCompared")} == {police, fire}
    await room.hear(place=at(5000), state="changed", detail_words="교통사고", occurrence="p-1")
    assert {fact.subject for fact in room.store.facts("IncidentsUnlike")} == {police, fire}
    for one in (police, fire):
        told = await room.store.read(lambda look, one=one: pairings_of(look, one))
        assert told == {"alike": [], "joined": [], "apart": []}
    await room.hear(place=at(42), state="changed", detail_words="교통사고", occurrence="p-1")
    assert state(room, police, fire) is PairState.SUGGESTED


async def test_moved_by_hand_a_suggestion_is_taken_back_too() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    await confirm_place(room.world, await room.caller("kim"), police, LonLat(*at(5000)))
    assert state(room, police, fire) is PairState.WITHDRAWN


@pytest.mark.parametrize(
    ("steps", "then"),
    [
        ((PairStep.JOIN,), PairState.JOINED),
        ((PairStep.SEPARATE,), PairState.APART),
        ((PairStep.SEPARATE, PairStep.RECONSIDER), PairState.SUGGESTED),
    ],
)
async def test_what_a_person_decided_stays_however_far_one_moves(steps: tuple[PairStep, ...], then: PairState) -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    for step in steps:
        await step_pairing(room.world, await room.caller("kim"), police, fire, step)
    await room.hear(place=at(5000), state="changed", detail_words="교통사고", occurrence="p-1")
    assert state(room, police, fire) is then


async def test_no_number_and_no_address_word_is_kept_where_it_could_be_read() -> None:
    room = Room()
    await room.hear(place=at(0), occurrence="1", place_words="나루동 12-3", items={"APPLICANT_TELNO": "010-0000-1234"})
    (trace,) = room.store.rows.traces.values()
    assert "1234" not in trace.caller
    assert trace.caller
    assert all(isinstance(word, int) for word in trace.words)
    assert len(trace.words) == 2
    facts = json.dumps([dict(fact.data) for fact in room.store.facts()], ensure_ascii=False, default=str)
    assert "나루동" not in facts


async def test_what_has_ended_is_remembered_no_longer() -> None:
    room = Room()
    await room.hear(place=at(0), detail_words="교통사고", occurrence="1")
    await room.hear(state="ended", occurrence="1")
    assert room.store.rows.traces == {}
    await room.hear(place=at(5), detail_words="교통사고", occurrence="2")
    assert room.store.rows.pairings == {}


async def test_a_report_that_moves_next_to_another_is_compared_anew() -> None:
    room = Room()
    await room.hear(place=at(5000), detail_words="교통사고", occurrence="1")
    await room.hear(place=at(0), detail_words="교통사고", occurrence="2")
    a, b = (one.id for one in room.incidents)
    assert state(room, a, b) is None
    await room.hear(place=at(40), state="changed", detail_words="교통사고", occurrence="1")
    assert state(room, a, b) is PairState.SUGGESTED


async def test_an_agency_is_told_nothing_of_the_other_report() -> None:
    room = Room()
    police, fire = await crash_told_twice(room)
    await step_pairing(room.world, await room.caller("kim"), police, fire, PairStep.JOIN)
    jung, now = await room.caller("jung"), room.town.clock.now()

    def ask(look):
        incident = look.find_incident(police)
        row = row_for(look, incident, agency=jung.agency.id, now=now)
        return row, detail(look, incident, city=room.city, caller=jung, now=now)

    row, whole = await room.store.read(ask)
    for told in (row, whole):
        assert not {"alike", "joined", "apart"} & told.keys()
        assert fire not in json.dumps(told, ensure_ascii=False)
    assert not [entry for entry in whole["timeline"] if entry["kind"].startswith("Incidents")]


async def test_a_drill_and_what_is_real_are_numbered_apart_and_cannot_be_joined() -> None:
    room = Room()
    await room.hear(place=at(0), detail_words="교통사고", occurrence="1")
    await room.hear(place=at(0), detail_words="교통사고", occurrence="2", drill=True)
    real, drill = room.incidents
    assert "-D" in drill.number
    assert "-D" not in real.number
    assert room.store.rows.pairings == {}
    with pytest.raises(Conflict):
        await step_pairing(room.world, await room.caller("kim"), real.id, drill.id, PairStep.JOIN)
