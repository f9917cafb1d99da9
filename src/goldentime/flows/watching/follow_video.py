"""How what video tells reaches the record, and how the two are brought in line where a word of it was lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

from goldentime.city.cameras.inventory import Camera
from goldentime.city.grants.grant import Ending, View
from goldentime.core.errors import MediaUnavailable, StorageFailed
from goldentime.flows.ports import Reading
from goldentime.flows.watching.end_views import cut, note_views_ended
from goldentime.flows.watching.note_video import note_stream_changed, note_view_ended
from goldentime.flows.world import World
from goldentime.messages.video import EngineEvent, StreamChanged, ViewEnded

TICKET_LIVES = timedelta(seconds=30)  # a younger view may be on record and not yet opened
log = logging.getLogger("goldentime.video")


async def follow_video(
    world: World,
    events: AsyncIterator[EngineEvent],
    *,
    changed: Callable[[Sequence[Camera]], None],
    doubtful: asyncio.Event,
) -> None:
    """Note every event for ever; one that could not be noted sets `doubtful`, and those behind it are still heard."""
    doubtful.set()  # nobody listened until now
    async for event in events:
        try:
            if isinstance(event, ViewEnded):
                await note_view_ended(world, event)
            elif isinstance(event, StreamChanged):
                camera = await note_stream_changed(world, event)
                if camera is not None:
                    changed([camera])
        except (StorageFailed, MediaUnavailable) as problem:
            log.warning("what video told could not be noted: %s %s", type(event).__name__, problem.code)
            doubtful.set()


async def reconcile_views(world: World) -> int:
    """End on record what video no longer shows, and cut what has ended on record; how many were out of line.

    Raises StorageFailed or MediaUnavailable, and may then be asked again.
    """
    now = world.clock.now()
    shown = {view.view_id: view.camera_id for view in await world.video.list_views()}

    def compare(look: Reading) -> tuple[list[View], list[View]]:
        open_views = look.list_open_views()
        lost = [view for view in open_views if view.id not in shown and view.opened_at <= now - TICKET_LIVES]
        on_record = (look.find_view(view_id) for view_id in shown)
        return lost, [view for view in on_record if view is not None and view.ended_at is not None]

    lost, over = await world.store.read(compare)
    run_out = [view for view in lost if view.expires_at <= now]
    unheard = [view for view in lost if view.expires_at > now]
    for views, ending in ((run_out, Ending.EXPIRED), (unheard, Ending.NO_HEARTBEAT)):
        if views:
            await note_views_ended(world, [view.id for view in views], ending)
            await cut(world, [(view.id, view.camera) for view in views], ending)
    for view in over:
        await cut(world, [(view.id, view.camera)], view.ending or Ending.REVOKED)
    return len(lost) + len(over)
