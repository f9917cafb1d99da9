"""Who may look, what is put on record, and how fast and surely every look ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.room import CROSSING, Room
from fakes.town import PEPPER, POLICE
from goldentime.city.cameras.inventory import Status
from goldentime.city.cameras.streams import Policy
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Disposition
from goldentime.core.errors import MediaUnavailable, NotFound, Refused
from goldentime.core.ids import CameraId, IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.close_incident import close_incident
from goldentime.flows.confirm_place import confirm_place
from goldentime.flows.grant_agency import share_incident
from goldentime.flows.note_video import TRIED_AGAIN_AFTER, note_stream_changed, try_failed_again
from goldentime.flows.open_streams import keep_always_streams
from goldentime.flows.open_viewer import CodeWish, Viewers
from goldentime.flows.own_view import get_own_view, leave_view
from goldentime.flows.recover import end_views_of_the_last_run, recover_video
from goldentime.flows.revoke_grant import extend_grant, revoke_grant
from goldentime.flows.watch_camera import watch_camera
from goldentime.flows.widen_ring import widen_ring
from goldentime.messages.video import StreamChanged, StreamNow

HERE = [CROSSING.lon, CROSSING.lat]


async def opened(room: Room) -> tuple[IncidentId, list[CameraId]]:
    await room.hear(place=HERE)
    incident = room.incidents[0]
    picks = room.store.rows.picks[incident.id]
    return incident.id, [pick.camera_id for pick, _ in picks]


def actions(room: Room) -> list[str]:
    return [link.entry.action for link in room.store.rows.links]


async def test_the_reporting_agency_watches_a_chosen_camera_and_it_is_on_record() -> None:
    room = Room()
    incident, cameras = await opened(room)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    assert room.video.views == {done.view.id: cameras[0]}
    assert "ViewOpened" in actions(room)


async def test_an_agency_is_refused_a_camera_outside_its_grant_and_that_is_on_record_too() -> None:
    room = Room()
    incident, cameras = await opened(room)
    other = next(c.id for c in room.city.index.cameras if c.id not in cameras)
    with pytest.raises(Refused):
        await watch_camera(room.world, await room.caller("jung"), other, incident)
    assert "ViewRefused" in actions(room)
    assert room.video.views == {}


async def test_what_someone_types_for_an_id_is_neither_on_record_nor_told_as_a_change_of_the_city() -> None:
    room = Room()
    await opened(room)
    agency = await room.caller("jung")
    for camera, incident in (("홍길동 010-1234-5678", None), ("홍길동 010-1234-5678", "city"), ("x", "홍길동")):
        with pytest.raises(Refused):
            await watch_camera(room.world, agency, CameraId(camera), incident and IncidentId(incident))
    noted = [(entry.incident, entry.camera) for entry in room.store.entries("ViewRefused")]
    assert noted == [(None, "unknown"), ("unknown", "unknown")]
    assert [fact.subject for fact in room.store.facts("ViewRefused")] == ["unknown", "unknown"]
    assert "홍길동" not in repr(room.store.rows.links) + repr(room.store.rows.facts)


async def test_the_same_refusal_is_on_record_once_a_second_with_how_often_it_was_repeated() -> None:
    room = Room()
    incident, cameras = await opened(room)
    other = next(c.id for c in room.city.index.cameras if c.id not in cameras)
    agency, again = await room.caller("jung"), await room.caller("jung")

    async def ask(caller: Caller, camera: CameraId = other) -> None:
        with pytest.raises(Refused):
            await watch_camera(room.world, caller, camera, incident)

    for _ in range(100):
        await ask(agency)
    assert len(room.store.entries("ViewRefused")) == len(room.store.facts("ViewRefused")) == 1
    room.town.clock.pass_(seconds=1)
    await ask(agency)
    assert [entry.data["repeated"] for entry in room.store.entries("ViewRefused")] == [0, 99]
    await ask(again)  # another session's is its own
    assert len(room.store.entries("ViewRefused")) == 3


async def test_an_agency_never_watches_without_an_incident() -> None:
    room = Room()
    _, cameras = await opened(room)
    with pytest.raises(Refused):
        await watch_camera(room.world, await room.caller("jung"), cameras[0], None)


async def test_an_operator_on_duty_clicks_any_site_and_it_is_logged_alike() -> None:
    room = Room()
    camera = room.city.index.cameras[0].id
    await watch_camera(room.world, await room.caller("kim"), camera, None)
    assert "ViewOpened" in actions(room)


@pytest.mark.parametrize("name", ["park", "choi"])
async def test_privacy_officer_and_administrator_watch_nothing(name: str) -> None:
    room = Room()
    incident, cameras = await opened(room)
    with pytest.raises(Refused):
        await watch_camera(room.world, await room.caller(name), cameras[0], incident)


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


async def test_a_view_is_its_own_sessions_only() -> None:
    room = Room()
    incident, cameras = await opened(room)
    done = await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    with pytest.raises(NotFound):
        await get_own_view(room.world, await room.caller("kim"), done.view.id)


async def test_on_duty_an_operator_sees_the_cameras_of_that_duty_and_within_an_incident_its_own_too() -> None:
    room = Room()
    incident, cameras = await opened(room)
    chosen = next(camera for camera in room.city.index.cameras if camera.id == cameras[0])
    other = "traffic" if chosen.purpose.value != "traffic" else "child"
    caller = await room.caller("kim", camera_purposes=frozenset({other}))
    with pytest.raises(Refused) as refused:
        await watch_camera(room.world, caller, chosen.id, None)
    assert refused.value.code == "camera_not_on_duty"
    assert "ViewRefused" in actions(room)
    await watch_camera(room.world, caller, chosen.id, incident)
    outside = next(c for c in room.city.index.cameras if c.id not in cameras and c.purpose.value != other)
    with pytest.raises(Refused):
        await watch_camera(room.world, caller, outside.id, incident)
    mine = await room.caller("kim", camera_purposes=frozenset({chosen.purpose.value}))
    await watch_camera(room.world, mine, chosen.id, None)


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


async def test_a_look_that_video_lost_while_it_opened_may_be_asked_for_again() -> None:
    room = Room()
    incident, cameras = await opened(room)

    async def restart_meanwhile() -> None:
        await recover_video(room.world, room.world.clock.now())

    room.video.before_open = restart_meanwhile
    with pytest.raises(MediaUnavailable):
        await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)


async def test_intake_goes_on_while_video_is_down_and_a_view_says_so() -> None:
    room = Room()
    room.video.down = True
    incident, cameras = await opened(room)
    with pytest.raises(MediaUnavailable):
        await watch_camera(room.world, await room.caller("jung"), cameras[0], incident)
    assert all(view.ended_at is not None for view in room.store.rows.views.values())


async def test_widening_adds_the_next_cameras_to_the_incident_and_to_the_agencys_grant() -> None:
    room = Room()
    incident, cameras = await opened(room)
    await widen_ring(room.world, await room.caller("kim"), incident)
    more = [pick.camera_id for pick, _ in room.store.rows.picks[incident]]
    assert more[:4] == cameras
    assert len(more) == 6
    await watch_camera(room.world, await room.caller("jung"), more[5], incident)


async def test_the_chosen_cameras_open_before_anyone_clicks_the_gravest_first() -> None:
    room = Room()
    await room.hear(place=HERE, urgent=True, occurrence="a")
    await room.hear(place=HERE, urgent=False, occurrence="b")
    for _ in range(20):
        await asyncio.sleep(0)
    grave, light = (
        {p for (_, hold), p in room.video.holds.items() if hold == f"incident:{incident.id}"}
        for incident in room.incidents
    )
    assert min(grave) > max(light)


async def test_a_camera_whose_policy_is_always_is_held_open_and_stays_so_when_an_incident_closes() -> None:
    room = Room()
    camera = room.city.index.cameras[2].id
    stream = room.store.rows.streams[camera]
    room.store.rows.streams[camera] = replace(stream, policy=Policy.ALWAYS)
    assert await keep_always_streams(room.world) == 1
    incident, _ = await opened(room)
    await close_incident(room.world, await room.caller("kim"), incident, disposition=Disposition.HANDLED)
    assert set(room.video.holds) == {(camera, "always")}


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


async def test_an_address_that_may_not_be_dialled_leaves_no_view_open_and_the_other_cameras_open() -> None:
    room = Room()
    room.video.forbidden = {room.city.index.cameras[2].id}
    _, cameras = await opened(room)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(room.video.holds) == len(set(cameras) - room.video.forbidden)
    with pytest.raises(Refused):
        await watch_camera(room.world, await room.caller("kim"), room.city.index.cameras[2].id, None)
    assert all(view.ended_at is not None for view in room.store.rows.views.values())


async def test_a_camera_that_failed_is_tried_again_after_a_while() -> None:
    room = Room()
    camera = room.city.index.cameras[2].id
    at = room.town.clock.now()
    dead = StreamChanged(StreamNow(camera, "dead", at, Text("끊김", "Dead")))
    await note_stream_changed(room.world, dead)
    assert room.city.index.get(camera).status is Status.FAILED
    assert await try_failed_again(room.world) == []
    room.town.clock.pass_(seconds=TRIED_AGAIN_AFTER.total_seconds() + 1)
    assert [one.id for one in await try_failed_again(room.world)] == [camera]
    assert room.city.index.get(camera).status is Status.WORKING
