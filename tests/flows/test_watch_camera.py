"""Who watches which camera within which incident, on record either way, and what video does for it."""

import asyncio
from dataclasses import replace

import pytest

from fakes.room import Room
from fakes.watched_room import HERE, actions, opened
from goldentime.city.cameras.inventory import Status
from goldentime.city.cameras.streams import Policy
from goldentime.city.incidents.incident import Disposition
from goldentime.core.errors import MediaUnavailable, NotFound, Refused
from goldentime.core.ids import CameraId, IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.open_streams import keep_always_streams
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.recover import recover_video
from goldentime.flows.watching.note_video import TRIED_AGAIN_AFTER, note_stream_changed, try_failed_again
from goldentime.flows.watching.own_view import get_own_view
from goldentime.flows.watching.watch_camera import watch_camera
from goldentime.messages.video import StreamChanged, StreamNow


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
