import pytest

from fakes.room import Room
from goldentime.city.people.account import Act, Role, may
from goldentime.core.errors import Refused
from goldentime.flows.watching.watch_camera import watch_camera


@pytest.mark.parametrize("how", ["signs out", "is disabled"])
async def test_a_request_let_in_just_before_the_session_ended_opens_no_view(how: str) -> None:
    room = Room()
    kim = await room.caller("kim")
    camera = next(iter(room.store.rows.cameras))
    if how == "signs out":
        await room.town.door.sign_out(kim)
    else:
        await room.town.accounts.disable(await room.caller("choi"), kim.account.id)
    with pytest.raises(Refused, match="ended"):
        await watch_camera(room.world, kim, camera, None)
    assert not room.store.rows.views
    assert room.store.entries("ViewRefused")[0].data["reason"] == "session_ended"


def test_only_operators_watch_without_an_incident_and_neither_admin_nor_officer_watches_at_all() -> None:
    assert {role for role in Role if may(role, Act.WATCH)} == {Role.OPERATOR, Role.AGENCY, Role.CREW}
    assert {role for role in Role if may(role, Act.WATCH_ON_DUTY)} == {Role.OPERATOR}
