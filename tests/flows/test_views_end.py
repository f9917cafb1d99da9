"""When a grant, a view or a stream ends, by whose hand, and what a prolonged one takes along."""

import asyncio
from datetime import timedelta

import pytest

from fakes.room import CROSSING, Room
from fakes.town import PEPPER, POLICE
from fakes.watched_room import HERE, opened
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Disposition
from goldentime.core.errors import Refused
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.recover import end_views_of_the_last_run, recover_video
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.open_viewer import CodeWish, Viewers
from goldentime.flows.watching.own_view import get_own_view, leave_view
from goldentime.flows.watching.revoke_grant import extend_grant, revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera


async def test_closing_ends_grants_views_and_streams() -> None:
    room = Room()
    incident, cameras = await opened(room)
    await asyncio.sleep(0)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    await close_incident(room.world, await room.caller("kim"), incident, disposition=Disposition.HANDLED)
    assert room.video.kicked == [(done.view.id, "closed")]
    assert room.video.holds == {}
    view = room.store.rows.views[done.view.id]
    assert view.ending is Ending.INCIDENT_CLOSED
    with pytest.raises(Refused):
        await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)


async def test_the_senders_end_closes_every_view_as_an_operator_would() -> None:
    room = Room()
    incident, cameras = await opened(room)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    await room.hear(place=HERE, state="ended")
    assert room.video.kicked == [(done.view.id, "closed")]


async def test_revoking_ends_the_views_under_the_grant_and_no_others() -> None:
    room = Room()
    incident, cameras = await opened(room)
    operator = await room.caller("kim")
    theirs = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    own = await watch_camera(room.world, operator, cameras[0], incident)
    await revoke_grant(room.world, operator, theirs.view.grant)
    assert room.video.kicked == [(theirs.view.id, "revoked")]
    assert own.view.id in room.video.views


async def test_after_the_end_neither_a_still_nor_a_segment_is_served() -> None:
    room = Room()
    incident, cameras = await opened(room)
    caller = await room.caller("jung")
    done = await watch_camera(room.world, caller, cameras[0], incident)
    await get_own_view(room.world, caller, done.view.id)
    await leave_view(room.world, caller, done.view.id)
    with pytest.raises(Refused):
        await get_own_view(room.world, caller, done.view.id)


async def test_a_grant_runs_out_by_itself() -> None:
    room = Room()
    incident, cameras = await opened(room)
    caller = await room.caller("jung")
    room.town.clock.pass_(seconds=timedelta(minutes=31).total_seconds())
    with pytest.raises(Refused):
        await watch_camera(room.world, caller, cameras[0], incident)


async def test_a_restart_never_leaves_a_view_open() -> None:
    room = Room()
    incident, cameras = await opened(room)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    assert await end_views_of_the_last_run(room.world) == 1
    assert room.store.rows.views[done.view.id].ending is Ending.RESTART


async def test_when_video_comes_back_the_open_incidents_cameras_are_opened_again() -> None:
    room = Room()
    incident, cameras = await opened(room)
    room.video.holds.clear()
    await recover_video(room.world, room.world.clock.now())
    assert {camera for camera, _ in room.video.holds} == set(cameras)
    assert {hold for _, hold in room.video.holds} == {f"incident:{incident}"}


async def test_when_video_comes_back_only_the_looks_that_died_with_it_end() -> None:
    room = Room()
    incident, cameras = await opened(room)
    lost = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    died_at = room.world.clock.now()
    room.town.clock.pass_(seconds=1)
    asked_again = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    await recover_video(room.world, died_at)
    assert room.store.rows.views[lost.view.id].ending is Ending.MEDIA_RESTARTED
    assert room.store.rows.views[asked_again.view.id].ended_at is None
    assert asked_again.view.id in room.video.views


async def test_extending_a_grant_prolongs_the_views_that_are_open_under_it() -> None:
    room = Room()
    incident, cameras = await opened(room)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    await extend_grant(room.world, await room.caller("kim"), done.view.grant, 10)
    longer = room.store.rows.views[done.view.id].expires_at
    assert longer == done.view.expires_at + timedelta(minutes=10)
    assert room.video.prolonged == {done.view.id: longer}


async def test_extending_a_grant_prolongs_what_a_viewer_opened_by_code_watches_and_never_shortens_it() -> None:
    room = Room()
    incident, cameras = await opened(room)
    viewers = Viewers(
        store=room.store,
        clock=room.town.clock,
        randomness=room.town.randomness,
        pepper=PEPPER,
        retention=timedelta(days=90),
    )
    code = await viewers.issue_code(POLICE, CodeWish(incident, "정윤호"))
    viewer = (await viewers.exchange(code.code)).caller
    operator = await room.caller("kim")
    done = await watch_camera(room.world, viewer, cameras[0], incident)
    ends = [room.store.rows.views[done.view.id].expires_at]
    for _ in range(2):
        await extend_grant(room.world, operator, done.view.grant, 10)
        ends.append(room.store.rows.views[done.view.id].expires_at)
    assert [end - ends[0] for end in ends] == [timedelta(minutes=minutes) for minutes in (0, 10, 20)]
    assert room.video.prolonged == {done.view.id: ends[-1]}


async def test_a_report_that_moves_far_lets_go_of_the_cameras_it_no_longer_needs() -> None:
    room = Room()
    _, before = await opened(room)
    for _ in range(20):
        await asyncio.sleep(0)
    assert {camera for camera, _ in room.video.holds} == set(before)
    await room.hear(place=[CROSSING.lon + 0.1, CROSSING.lat], state="changed")
    assert room.video.holds == {}


async def test_what_the_control_room_revoked_no_message_gives_back_only_a_hand() -> None:
    room = Room()
    incident, cameras = await opened(room)
    agency, operator = await room.caller("jung"), await room.caller("kim")
    grant = next(g for g in room.store.rows.grants.values() if g.incident == incident)
    await revoke_grant(room.world, operator, grant.id)
    await room.hear(place=[CROSSING.lon + 0.001, CROSSING.lat], state="changed")
    await confirm_place(room.world, operator, incident, CROSSING)
    with pytest.raises(Refused):
        await watch_camera(room.world, agency, cameras[0], incident)
    with pytest.raises(Refused):
        await widen_ring(room.world, agency, incident)
    await share_incident(room.world, operator, incident, POLICE)
    await watch_camera(room.world, agency, cameras[0], incident)


async def test_sharing_after_a_grant_has_run_out_gives_a_new_one() -> None:
    room = Room()
    incident, cameras = await opened(room)
    agency = await room.caller("jung")
    room.town.clock.pass_(seconds=timedelta(minutes=31).total_seconds())
    await share_incident(room.world, await room.caller("kim"), incident, POLICE)
    await watch_camera(room.world, agency, cameras[0], incident)
