"""Our own messages come back as they were put, in the order in which they are to be sent, on every store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.store import FakeStore
from goldentime.core.ids import AgencyId, IncidentId, MessageId, OutgoingId
from goldentime.flows.ports import Store
from goldentime.messages.news import Topic
from goldentime.messages.outgoing import OutgoingMessage, OutgoingState
from sql import samples as s
from sql.conftest import Place

POLICE, FIRE = AgencyId("112"), AgencyId("119")


def ours(name: str, sequence: int = 1, *, incident: str = "inc-1", **more: object) -> OutgoingMessage:
    fields: dict[str, object] = {
        "id": OutgoingId(name),
        "agency": POLICE,
        "lane": "wire",
        "linkage": "safety_net_tcp",
        "incident": incident,
        "incident_number": "GO-0501-0001",
        "occurrence": "20260501093015123",
        "sequence": sequence,
        "topic": Topic.STATUS,
        "size": 12,
        "made_at": s.NOW,
        "next_at": s.NOW,
        "ends_at": s.LATER,
    }
    return OutgoingMessage(**(fields | more))  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


async def put(store: Store, *messages: OutgoingMessage) -> None:
    await store.change(lambda tx: [tx.put_outgoing(one) for one in messages])


async def heads(store: Store, *, at=s.NOW, agency: AgencyId = POLICE) -> list[str]:
    return [one.id for one in await store.read(lambda look: look.list_heads(agency, "wire", at))]


async def test_a_message_of_ours_comes_back_field_by_field(store: Store) -> None:
    full = ours("out-1", settled_at=s.LATER, tries=3, problem="4000", state=OutgoingState.REFUSED)
    scarce = ours("out-2", 2, incident="")
    await put(store, full, scarce)
    found = await store.read(lambda look: [look.find_outgoing(one) for one in (full.id, scarce.id, OutgoingId("x"))])
    assert found == [full, scarce, None]


async def test_only_the_first_that_waits_of_an_incident_has_its_turn(store: Store) -> None:
    first, second, other = ours("out-1", 1), ours("out-2", 2), ours("out-3", 1, incident="inc-2")
    await put(store, second, first, other)
    assert await heads(store) == ["out-1", "out-3"]
    await put(store, replace(first, next_at=s.LATER))
    assert await heads(store) == ["out-3"]  # the second of the same incident stays behind the first
    await put(store, replace(first, state=OutgoingState.REFUSED))
    assert await heads(store) == ["out-2", "out-3"]


async def test_another_agency_or_lane_waits_for_nobody_else(store: Store) -> None:
    await put(store, ours("out-1", next_at=s.LATER), ours("out-2", 2, agency=FIRE), ours("out-3", 2, lane="callback"))
    assert await heads(store) == []
    assert await heads(store, agency=FIRE) == ["out-2"]
    assert await heads(store, at=s.LATER) == ["out-1"]


async def test_sequences_go_on_within_one_transaction_and_are_counted_by_lane(store: Store) -> None:
    def decide(tx):
        before = tx.last_sequence(POLICE, "wire", "inc-1")
        tx.put_outgoing(ours("out-1", 1))
        tx.put_outgoing(ours("out-2", 2))
        return before, tx.last_sequence(POLICE, "wire", "inc-1"), tx.last_sequence(POLICE, "callback", "inc-1")

    assert await store.change(decide) == (0, 2, 0)


async def test_what_waits_is_counted_with_its_oldest_and_found_when_too_old(store: Store) -> None:
    old = ours("out-1", made_at=s.NOW - timedelta(days=4))
    await put(store, old, ours("out-2", 2), ours("out-3", 3, state=OutgoingState.SENT), ours("out-4", agency=FIRE))
    found = await store.read(
        lambda look: (look.count_waiting(), look.list_stale(POLICE, "wire", s.NOW - timedelta(days=3)))
    )
    assert list(found[0]) == [(POLICE, "wire", 2, old.made_at), (FIRE, "wire", 1, s.NOW)]
    assert list(found[1]) == [old]


async def test_the_log_goes_from_the_newest_down(store: Store) -> None:
    await put(store, *(ours(f"out-{n}", n) for n in range(5)))
    await store.change(lambda tx: [tx.put_message(s.message(f"msg-{n}")) for n in range(3)])

    def ask(look):
        return look.list_outgoing(limit=2), look.list_outgoing(before="out-3", limit=9), look.list_messages(limit=2)

    newest, below, messages = await store.read(ask)
    assert [one.id for one in newest] == ["out-4", "out-3"]
    assert [one.id for one in below] == ["out-2", "out-1", "out-0"]
    assert [one.id for one in messages] == ["msg-2", "msg-1"]
    rest = await store.read(lambda look: look.list_messages(before=MessageId("msg-1")))
    assert [one.id for one in rest] == ["msg-0"]


async def test_every_occurrence_of_an_incident_is_found_from_it(store: Store) -> None:
    def decide(tx):
        tx.put_source("112:P41", "1", IncidentId("inc-1"))
        tx.put_source("119:F41", "7", IncidentId("inc-1"))
        tx.put_source("112:P41", "2", IncidentId("inc-2"))
        return tx.list_sources(IncidentId("inc-1"))

    assert list(await store.change(decide)) == [("112:P41", "1"), ("119:F41", "7")]


async def test_answers_to_one_address_wait_for_none_to_another_and_a_resting_one_is_passed_over(store: Store) -> None:
    lane = {"lane": "callback"}
    await put(store, ours("out-1", address="a", **lane), ours("out-2", 2, address="b", **lane))
    await put(store, ours("out-3", 3, address="b", **lane))

    async def found(*resting: str) -> list[str]:
        heads = await store.read(lambda look: look.list_heads(POLICE, "callback", s.NOW, resting=resting))
        return [one.id for one in heads]

    assert await found() == ["out-1", "out-2"]
    assert await found("a") == ["out-2"]
    assert await found("a", "b") == []


async def test_what_an_agency_was_told_under_a_number_is_known(store: Store) -> None:
    await put(store, ours("out-1"), ours("out-2", agency=FIRE, lane="callback"))
    told = await store.read(
        lambda look: [look.has_told(agency, "inc-1", ours("x").occurrence) for agency in (POLICE, FIRE)]
    )
    assert told == [True, False]
