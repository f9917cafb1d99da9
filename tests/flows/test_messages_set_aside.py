"""A message that we could not act on is missed by somebody: the log, the record and the link's light say so."""

import pytest

from fakes.room import CROSSING, PlainLinkage, Room
from fakes.town import POLICE
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.world import Rules

HERE = [CROSSING.lon, CROSSING.lat]


def troubled(room: Room) -> list[tuple[str, str, str]]:
    told: list[tuple[str, str, str]] = []
    room.intake = Intake(room.world, {"plain": PlainLinkage()}, failed=lambda *what: told.append(what))
    return told


async def test_a_message_accepted_in_a_flood_that_we_fail_to_act_on_is_noted_everywhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = Room(rules=Rules(flood_backlog=0))
    told = troubled(room)
    await room.hear(place=HERE, content="break the reader", occurrence="홍길동")
    while await room.intake.work_off():
        pass
    (message,) = room.store.rows.messages.values()
    (entry,) = room.store.entries("MessageFailed")
    assert (entry.actor, entry.agency, dict(entry.data)) == (
        "system",
        POLICE,
        {"message": message.id, "reason": "5000"},
    )
    assert told == [(POLICE, "5000", "plain")]
    assert message.id in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "홍길동" not in caplog.text


async def test_the_words_of_an_error_which_may_name_people_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    room = Room()
    told = troubled(room)

    class Broken:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError("홍길동")

    room.city.index = Broken()  # type: ignore[assignment]
    with pytest.raises(RuntimeError):
        await room.hear(place=HERE)
    assert told == [(POLICE, "5000", "plain")]
    assert "RuntimeError" in caplog.text
    assert "홍길동" not in caplog.text
