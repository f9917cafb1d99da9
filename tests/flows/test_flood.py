"""In a flood every message is kept and answered first, and worked off after, the gravest before the others."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from fakes.room import CROSSING, POLICE_SENDER, Room
from goldentime.city.incidents.incident import State
from goldentime.core.errors import StorageFailed
from goldentime.flows.world import Rules
from goldentime.messages.exchange import Sender
from goldentime.messages.kept import MessageState

HERE = [CROSSING.lon, CROSSING.lat]


async def test_a_flood_is_kept_and_answered_first_and_worked_off_after() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    for number in range(20):
        assert (await room.hear(place=HERE, occurrence=str(number)))["kind"] == "updated"
    assert room.incidents == []
    while await room.intake.work_off(limit=7):
        pass
    assert len(room.incidents) == 20
    assert {m.state for m in room.store.rows.messages.values()} == {MessageState.READ}


async def test_what_a_flood_was_answered_at_once_is_kept_beside_the_answer_it_led_to() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    body = json.dumps({"place": HERE}).encode()
    told = await room.hear_bytes(body)
    (kept,) = room.store.rows.messages.values()
    assert (kept.state, kept.provisional, kept.answer) == (MessageState.KEPT, told.body, b"")
    await room.intake.work_off()
    (read,) = room.store.rows.messages.values()
    assert (read.state, read.provisional) == (MessageState.READ, told.body)
    assert json.loads(read.answer)["kind"] == "opened"
    again = await room.hear_bytes(body)
    assert again.body == read.answer


async def test_what_is_acted_on_at_once_even_in_a_flood_is_kept_with_the_one_answer_it_got() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    told = [await room.hear_bytes(b"{{{{"), await room.hear_bytes(json.dumps({"state": "ended"}).encode())]
    kept = list(room.store.rows.messages.values())
    assert [(one.answer, one.provisional) for one in kept] == [(answer.body, None) for answer in told]


async def test_a_sender_code_that_is_not_allowed_is_refused_at_once_even_in_a_flood() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    answer = await room.hear_bytes(
        json.dumps({"place": HERE}).encode(), Sender(POLICE_SENDER.agency, frozenset({"P99"}))
    )
    assert (answer.ok, answer.type_code) == (False, "4001")
    (kept,) = room.store.rows.messages.values()
    assert (kept.state, kept.problem) == (MessageState.BAD, "4001")
    assert room.incidents == []


async def test_a_flood_of_which_nothing_had_to_wait_is_over_when_it_is_worked_off() -> None:
    room = Room()
    running = asyncio.create_task(room.intake.run())
    await until(lambda: not room.intake._wanted.is_set())
    room.intake._flooded = True  # as many at once would make it
    await room.hear(place=HERE, state="ended", occurrence="old")
    await until(lambda: not room.intake._flooded)
    running.cancel()
    assert (await room.hear(place=HERE))["kind"] == "opened"


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110  the intake tells nobody when it is calm
            await asyncio.sleep(0)


GRAVE, URGENT, PLAIN = (
    {"service": "112_video", "urgent": True},
    {"service": "traffic", "urgent": True},
    {"service": "event", "urgent": False},
)


def kinds_of(room: Room) -> list[str]:
    return [incident.kind for incident in room.incidents]


async def flooded_with(room: Room, *told: tuple[str, dict[str, Any]], apart: float = 1) -> None:
    for number, (kind, more) in enumerate(told):
        await room.hear(place=HERE, kind=kind, occurrence=f"{kind}-{number}", **more)
        room.town.clock.pass_(seconds=apart)


async def work_off(room: Room) -> None:
    while await room.intake.work_off(limit=1):
        pass


@pytest.mark.parametrize("crashed", [False, True], ids=["", "after a crash"])
async def test_a_flood_is_worked_off_gravest_first_and_oldest_first_among_equals(*, crashed: bool) -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await flooded_with(room, ("p1", PLAIN), ("u1", URGENT), ("g1", GRAVE), ("p2", PLAIN), ("g2", GRAVE), ("u2", URGENT))
    if crashed:
        room.rules_flood()  # an intake that remembers nothing
    await work_off(room)
    assert kinds_of(room) == ["g1", "g2", "u1", "u2", "p1", "p2"]


async def test_nobody_waits_for_ever_behind_graver_messages() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await flooded_with(room, ("p", PLAIN), *((f"g{n}", GRAVE) for n in range(30)), apart=61)
    await work_off(room)
    assert kinds_of(room).index("p") == 9  # ten minutes, and no longer


async def test_the_messages_of_one_occurrence_keep_their_order_though_a_later_one_is_urgent() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await flooded_with(room, ("u", URGENT))
    await room.hear(place=HERE, kind="first", content="먼저", occurrence="1", **PLAIN)
    await room.hear(place=HERE, kind="second", content="나중", occurrence="1", **GRAVE)
    await work_off(room)
    assert kinds_of(room) == ["first", "u"]
    assert room.incidents[0].reports == 2
    words = await room.store.read(lambda look: look.unseal(f"incident/{room.incidents[0].id}", "words"))
    assert json.loads(words)["content"] == "나중"


async def test_what_storage_could_not_take_waits_in_its_turn_until_it_can() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await flooded_with(room, ("p", PLAIN), ("g", GRAVE))
    room.store.broken = True
    with pytest.raises(StorageFailed):
        await room.intake.work_off()
    room.store.broken = False
    await work_off(room)
    assert kinds_of(room) == ["g", "p"]


async def test_the_same_bytes_twice_in_a_flood_open_one_incident_and_leave_nothing_waiting() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await room.hear(place=HERE)
    await room.hear(place=HERE)
    while await room.intake.work_off():
        pass
    assert len(room.incidents) == 1


async def test_a_message_that_breaks_the_reader_does_not_hold_up_those_behind_it() -> None:
    room = Room(rules=Rules(flood_backlog=0))
    await room.hear(place=HERE, occurrence="first", content="break the reader")
    await room.hear(place=HERE, occurrence="second")
    while await room.intake.work_off():
        pass
    assert len(room.incidents) == 1
    assert sorted(m.state.value for m in room.store.rows.messages.values()) == ["bad", "read"]


async def test_even_in_a_flood_an_end_ends_at_once() -> None:
    room = Room()
    await room.hear(place=HERE)
    room.rules_flood()
    await room.hear(place=HERE, occurrence="other")
    assert (await room.hear(place=HERE, state="ended"))["kind"] == "ended"
    assert room.incidents[0].state is State.CLOSED
