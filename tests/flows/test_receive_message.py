"""How messages are taken in, whatever comes."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from fakes.room import CROSSING, FAR_AWAY, POLICE_SENDER, PlainLinkage, Room
from fakes.town import FIRE
from goldentime.city.incidents.incident import Disposition, State
from goldentime.core.errors import StorageFailed
from goldentime.edges.wire.incidents import summary
from goldentime.flows.find_by_words import find_by_words
from goldentime.flows.intake.keep_refused import keep_refused
from goldentime.flows.intake.receive_message import Intake
from goldentime.messages.exchange import OUR_TROUBLE, Answer, RawMessage, Sender
from goldentime.messages.kept import MessageState

HERE = [CROSSING.lon, CROSSING.lat]


async def test_a_report_opens_an_incident_with_four_cameras_and_says_so() -> None:
    room = Room()
    answer = await room.hear(place=HERE)
    assert answer["kind"] == "opened"
    assert len(answer["cameras"]) == 4
    [incident] = room.incidents
    assert incident.state is State.OPEN
    assert incident.number.endswith("-0001")


async def test_the_same_message_again_gets_its_stored_answer_and_opens_nothing() -> None:
    room = Room()
    first = await room.hear_bytes(json.dumps({"place": HERE}).encode())
    again = await room.hear_bytes(json.dumps({"place": HERE}).encode())
    assert again.body == first.body
    assert len(room.incidents) == 1
    assert len(room.store.rows.messages) == 1


async def test_the_same_occurrence_with_other_words_is_an_update() -> None:
    room = Room()
    await room.hear(place=HERE)
    answer = await room.hear(place=HERE, content="남쪽으로 도주", state="changed")
    assert answer["kind"] == "updated"
    [incident] = room.incidents
    assert incident.reports == 2


async def test_a_change_without_a_beginning_opens() -> None:
    room = Room()
    assert (await room.hear(place=HERE, state="changed"))["kind"] == "opened"


@pytest.mark.parametrize("state", ["cleared", "cancelled", "ended", "ended_automatically"])
async def test_an_end_without_a_beginning_is_kept_closed_and_opens_no_camera(state: str) -> None:
    room = Room()
    assert (await room.hear(place=HERE, state=state))["kind"] == "kept_closed"
    [incident] = room.incidents
    assert incident.state is State.CLOSED
    assert room.store.rows.grants == {} or all(g.incident is None for g in room.store.rows.grants.values())
    assert room.video.holds == {}


async def test_a_late_beginning_after_the_end_does_not_reopen() -> None:
    room = Room()
    await room.hear(place=HERE)
    await room.hear(place=HERE, state="ended")
    answer = await room.hear(place=HERE, content="늦은 신고")
    assert answer["kind"] == "kept_closed"
    [incident] = room.incidents
    assert incident.state is State.CLOSED
    assert incident.disposition is Disposition.ENDED_BY_SENDER


async def test_parts_are_joined_before_they_are_acted_on_in_any_order() -> None:
    room = Room()
    second = await room.hear(place=HERE, part=[2, 2], content="뒷부분")
    assert second["kind"] == "part_kept"
    assert room.incidents == []
    first = await room.hear(place=HERE, part=[1, 2], content="앞부분 ")
    assert first["kind"] == "opened"
    [incident] = room.incidents
    words = await room.store.read(lambda look: look.unseal(f"incident/{incident.id}", "words"))
    assert json.loads(words)["content"] == "앞부분 뒷부분"


async def test_what_cannot_be_read_is_kept_answered_and_the_next_message_works() -> None:
    room = Room()
    answer = await room.hear_bytes(b"\xff\xfe{{{{")
    assert not answer.ok
    [kept] = room.store.rows.messages.values()
    assert kept.state is MessageState.BAD
    body = await room.store.read(lambda look: look.unseal(f"message/{kept.id}", "body"))
    assert body == b"\xff\xfe{{{{"
    assert (await room.hear(place=HERE))["kind"] == "opened"


async def test_coordinates_missing_are_estimated_from_the_citys_own_addresses() -> None:
    room = Room()
    await room.hear(place_words="가온시 나루동 1-1 편의점 앞")
    [incident] = room.incidents
    assert incident.place is not None
    assert incident.estimated


async def test_a_facility_locates_a_report_without_coordinates() -> None:
    room = Room()
    await room.hear(facility="site-3", place_words="아무 데도 아님")
    [incident] = room.incidents
    assert incident.place == room.city.sites["site-3"].place


async def test_no_camera_in_range_is_said_and_the_incident_opens_all_the_same() -> None:
    room = Room()
    answer = await room.hear(place=[FAR_AWAY.lon, FAR_AWAY.lat])
    assert (answer["kind"], answer["cameras"]) == ("opened", [])


async def test_a_sandbox_key_opens_no_camera_and_grants_nothing() -> None:
    room = Room()
    sandbox = Sender(POLICE_SENDER.agency, frozenset(), sandbox=True)
    answer = await room.hear(sandbox, place=HERE)
    assert answer["kind"] == "opened"
    [incident] = room.incidents
    assert incident.sandbox
    assert room.store.rows.grants == {}
    assert room.video.holds == {}


async def test_when_we_are_at_fault_the_message_is_kept_with_what_its_sender_is_told() -> None:
    room = Room()
    del room.city.index  # as a bug of ours would
    with pytest.raises(AttributeError):
        await room.hear(place=HERE)
    (kept,) = room.store.rows.messages.values()
    told = PlainLinkage().deliver(OUR_TROUBLE)
    assert (kept.state, kept.problem, kept.answer, kept.answer_type) == (MessageState.BAD, "5000", told.body, "5000")


async def test_what_a_refused_stranger_was_told_is_kept_with_the_message_and_never_acted_on() -> None:
    room = Room()
    raw = RawMessage("plain", None, "application/json", {}, json.dumps({"place": HERE}).encode(), room.town.clock.now())
    answer = Answer(b"unknown", "text/plain", "4001", ok=False)
    await keep_refused(room.world, raw, None, reason="unknown_sender", answer=answer)
    while await room.intake.work_off():
        pass
    (kept,) = room.store.rows.messages.values()
    assert (kept.state, kept.problem, kept.answer) == (MessageState.REFUSED, "unknown_sender", b"unknown")
    assert await room.store.read(lambda look: look.unseal(f"message/{kept.id}", "body")) == raw.body
    assert room.incidents == []


async def test_a_messages_digest_cannot_be_made_without_the_citys_salt() -> None:
    digests = []
    for pepper in (b"one", b"two"):
        room = Room()
        room.intake = Intake(replace(room.world, pepper=pepper), {"plain": PlainLinkage()})
        await room.hear(place=HERE)
        digests += [message.digest for message in room.store.rows.messages.values()]
    body = json.dumps({"place": HERE}).encode()
    plain = sha256(b"\0".join([b"plain", str(POLICE_SENDER.agency).encode(), b"", body])).digest()
    assert len({*digests, plain}) == 3


async def test_an_agency_may_not_speak_for_a_code_that_is_not_its_own() -> None:
    room = Room()
    sender = Sender(POLICE_SENDER.agency, frozenset({"P99"}))
    answer = await room.hear_bytes(json.dumps({"place": HERE}).encode(), sender)
    assert answer.type_code == "4001"
    assert room.incidents == []


async def test_words_about_people_are_in_the_vault_and_nowhere_in_facts_or_audit() -> None:
    room = Room()
    await room.hear(place=HERE, content="신고자 홍길순 010-1234-5678", person_name="정해든")
    told = repr([r.fact for r in room.store.rows.facts]) + repr([link.entry for link in room.store.rows.links])
    assert "홍길순" not in told
    assert "정해든" not in told
    assert "홍길순" not in repr(room.incidents)


async def test_a_senders_free_title_and_kind_are_in_the_vault_and_go_with_it() -> None:
    room = Room()
    await room.hear(place=HERE, kind_name="김철수 폭행", kind="김철수 010-1234", detail_words="박영희 집")
    (incident,) = room.incidents
    assert (incident.title, incident.kind) == ("112 긴급영상", "")
    told = repr([r.fact for r in room.store.rows.facts]) + repr(room.store.entries()) + repr(room.incidents)
    assert not any(name in told for name in ("김철수", "박영희"))
    caller = await room.caller("kim")
    assert [hit["detail"] for hit in await find_by_words(room.world, caller, "박영희")] == ["박영희 집"]
    row = await room.store.read(lambda look: summary(look, incident))
    assert row["title"] == "박영희 집"
    room.store.seed(lambda tx: tx.destroy(f"incident/{incident.id}", room.town.clock.now()))
    row = await room.store.read(lambda look: summary(look, incident))
    assert row["title"] == "112 긴급영상"
    assert await find_by_words(room.world, caller, "박영희") == []


async def test_a_store_that_cannot_keep_accepts_nothing() -> None:
    room = Room()
    room.store.broken = True
    with pytest.raises(StorageFailed):
        await room.hear(place=HERE)


async def test_an_agency_cannot_end_anothers_incident_by_speaking_in_its_name() -> None:
    room = Room()
    await room.hear(place=HERE)
    fire = Sender(FIRE, frozenset())
    assert (await room.hear(fire, place=HERE, state="ended"))["kind"] == "kept_closed"
    first = next(incident for incident in room.incidents if incident.agency == POLICE_SENDER.agency)
    assert first.state is State.OPEN


async def test_a_part_from_the_sandbox_never_joins_a_real_report() -> None:
    room = Room()
    sandbox = Sender(POLICE_SENDER.agency, frozenset(), sandbox=True)
    await room.hear(sandbox, place=HERE, part=[1, 2], content="시험")
    assert (await room.hear(place=HERE, part=[2, 2], content="진짜"))["kind"] == "part_kept"
    assert room.incidents == []


async def test_a_crash_between_the_parts_and_the_decision_loses_nothing() -> None:
    room = Room()
    await room.hear(place=HERE, part=[1, 2], content="앞 ")
    raw_body = json.dumps({"place": HERE, "part": [2, 2], "content": "뒤"}).encode()
    room.rules_flood()
    await room.hear_bytes(raw_body)  # kept, not acted on: as a crash would leave it
    assert room.incidents == []
    while await room.intake.work_off():
        pass
    assert len(room.incidents) == 1
    assert {m.state for m in room.store.rows.messages.values()} == {MessageState.READ}


async def test_a_refusal_is_not_replayed_once_its_reason_is_gone() -> None:
    room = Room()
    body = json.dumps({"place": HERE}).encode()
    assert not (await room.hear_bytes(body, Sender(POLICE_SENDER.agency, frozenset({"P99"})))).ok
    assert (await room.hear_bytes(body)).ok
    assert len(room.incidents) == 1
