"""What an agency reads of an incident's timeline: its own grants and looks, and nobody else's."""

from fakes.room import CROSSING, Room
from fakes.town import FIRE
from goldentime.core.ids import AgencyId
from goldentime.edges.wire.timeline import timeline
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.own_view import leave_view
from goldentime.flows.watching.revoke_grant import extend_grant, revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera


async def read_by(room: Room, agency: AgencyId | None) -> list[tuple[str, object]]:
    rows = await room.store.read(lambda look: timeline(look, room.incidents[0].id, agency=agency))
    return [(row["kind"], row["actor"]) for row in rows[::-1]]


async def test_an_agency_reads_its_own_grants_and_looks_and_not_who_else_watches_through_which_camera() -> None:
    room = Room()
    await room.hear(place=[CROSSING.lon, CROSSING.lat])
    incident = room.incidents[0].id
    camera = room.store.rows.picks[incident][0][0].camera_id
    operator, police = await room.caller("kim"), await room.caller("jung")
    await watch_camera(room.world, operator, camera, incident)
    theirs = await watch_camera(room.world, police, camera, incident)
    await leave_view(room.world, police, theirs.view.id)
    await extend_grant(room.world, operator, theirs.view.grant, 10)
    await share_incident(room.world, operator, incident, FIRE)
    await revoke_grant(room.world, operator, theirs.view.grant, reason="착오")

    about_looking = [kind for kind, _ in await read_by(room, FIRE) if kind.startswith(("View", "Grant"))]
    assert about_looking == ["GrantMade"]
    assert "Jung" not in repr(await read_by(room, FIRE))
    own = [kind for kind, _ in await read_by(room, theirs.view.agency) if kind.startswith(("View", "Grant"))]
    assert own == ["GrantMade", "ViewOpened", "ViewEnded", "GrantExtended", "GrantEnded"]
    everything = [kind for kind, _ in await read_by(room, None)]
    assert everything.count("ViewOpened") == 2
    assert everything.count("GrantMade") == 2
