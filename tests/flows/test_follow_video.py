"""What video tells reaches the record, and nothing stays open on record because a word was lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from fakes.room import CROSSING, Room
from goldentime.city.grants.grant import Ending, View
from goldentime.core.errors import MediaUnavailable, StorageFailed
from goldentime.flows.watching.end_views import note_views_ended
from goldentime.flows.watching.follow_video import TICKET_LIVES, follow_video, reconcile_views
from goldentime.flows.watching.watch_camera import watch_camera
from goldentime.messages.video import ViewEnded


async def two_views(room: Room) -> list[View]:
    await room.hear(place=[CROSSING.lon, CROSSING.lat])
    caller = await room.caller("kim")
    cameras = [camera.id for camera in room.city.index.cameras[:2]]
    return [(await watch_camera(room.world, caller, camera, None)).view for camera in cameras]


async def test_an_event_that_storage_could_not_note_loses_none_of_those_behind_it() -> None:
    room = Room()
    first, second = await two_views(room)

    async def events() -> AsyncIterator[ViewEnded]:
        room.store.broken = True
        yield ViewEnded(first.id, first.camera, "left", room.town.clock.now())
        room.store.broken = False
        yield ViewEnded(second.id, second.camera, "left", room.town.clock.now())

    doubtful = asyncio.Event()
    await follow_video(room.world, events(), changed=lambda _: None, doubtful=doubtful)
    assert room.store.rows.views[second.id].ending is Ending.VIEWER_LEFT
    assert room.store.rows.views[first.id].ended_at is None
    assert doubtful.is_set()


async def test_a_view_that_video_no_longer_shows_is_ended_on_record_once_its_ticket_is_old() -> None:
    room = Room()
    lost, shown = await two_views(room)
    del room.video.views[lost.id]
    assert await reconcile_views(room.world) == 0  # it may be about to open
    room.town.clock.pass_(seconds=TICKET_LIVES.total_seconds())
    assert await reconcile_views(room.world) == 1
    assert room.store.rows.views[lost.id].ending is Ending.NO_HEARTBEAT
    assert (lost.camera, f"view:{lost.id}") not in room.video.holds
    assert room.store.rows.views[shown.id].ended_at is None
    assert await reconcile_views(room.world) == 0


async def test_a_view_that_ended_on_record_while_video_did_not_answer_is_cut() -> None:
    room = Room()
    view, _ = await two_views(room)
    await note_views_ended(room.world, [view.id], Ending.REVOKED)
    assert view.id in room.video.views
    assert await reconcile_views(room.world) == 1
    assert room.video.kicked == [(view.id, "revoked")]


async def test_reconciling_says_when_it_could_not_be_done() -> None:
    room = Room()
    room.video.down = True
    with pytest.raises(MediaUnavailable):
        await reconcile_views(room.world)
    room.video.down, room.store.broken = False, True
    with pytest.raises(StorageFailed):
        await reconcile_views(room.world)
