"""How agencies are let in by their keys, and put out when the key ends."""

from datetime import timedelta

from fakes.room import Room
from fakes.town import POLICE
from goldentime.flows.intake.admit_agency import AgencyDoor
from goldentime.flows.people.manage_keys import Keys, issue_key


async def test_a_valid_key_opens_a_session_that_names_the_agency() -> None:
    room = Room()
    issued = await issue_key(room.store, room.town.clock, room.town.randomness, POLICE, sandbox=False)
    door = AgencyDoor(room.world)
    session = await door.login(issued.secret)
    assert session is not None
    sender = await door.sender(session)
    assert sender is not None
    assert sender.agency == POLICE
    assert not sender.sandbox


async def test_a_wrong_key_opens_nothing_and_guessing_does_not_fill_the_record() -> None:
    room = Room()
    door = AgencyDoor(room.world)
    for number in range(50):
        assert await door.login(f"gt_live_guess{number}") is None
    refusals = [link for link in room.store.rows.links if link.entry.action == "AgencyLoginRefused"]
    assert len(refusals) == 1
    room.town.clock.pass_(seconds=11)
    await door.login("gt_live_again")
    assert room.store.rows.links[-1].entry.data["times"] == 50


async def test_a_revoked_key_is_no_longer_heard_after_a_second() -> None:
    room = Room()
    issued = await issue_key(room.store, room.town.clock, room.town.randomness, POLICE, sandbox=False)
    door = AgencyDoor(room.world)
    session = await door.login(issued.secret)
    keys = Keys(store=room.store, clock=room.town.clock, randomness=room.town.randomness)
    await keys.revoke(await room.caller("choi"), issued.key.id)
    room.town.clock.pass_(seconds=2)
    assert await door.sender(str(session)) is None


async def test_a_session_ends_after_its_shift() -> None:
    room = Room()
    issued = await issue_key(room.store, room.town.clock, room.town.randomness, POLICE, sandbox=True)
    door = AgencyDoor(room.world)
    session = await door.login(issued.secret)
    room.town.clock.pass_(seconds=timedelta(hours=13).total_seconds())
    assert await door.sender(str(session)) is None
