"""What a running platform sees to again and again: that record and video agree, and that nothing is kept too long."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from goldentime.adapters.media_process import MediaProcess
from goldentime.core.errors import MediaUnavailable
from goldentime.edges.live.feed import Feed
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.flows.watching.follow_video import follow_video, reconcile_views
from goldentime.flows.watching.note_video import try_failed_again
from goldentime.flows.world import World

log = structlog.get_logger()
RETENTION_EVERY = 60.0  # seconds between looks for personal data whose time has come
VIEWS_EVERY = 60.0  # seconds between looks whether record and video agree; at once when a word was lost


class Upkeep:
    """The platform's chores; `works` are to be kept running."""

    def __init__(self, world: World, media: MediaProcess, feed: Feed) -> None:
        """Nothing is looked at yet."""
        self._world, self._media, self._feed = world, media, feed
        self._views_doubtful = asyncio.Event()

    def works(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Background tasks by name."""
        return [
            ("video_events", self._follow_video),
            ("views", self._check_views),
            ("retention", self._keep_retention),
            ("failed_cameras", self._try_failed_cameras),
        ]

    async def _follow_video(self) -> None:
        changed, doubtful = self._feed.cameras_changed, self._views_doubtful
        await follow_video(self._world, self._media.events(), changed=changed, doubtful=doubtful)

    async def _check_views(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(VIEWS_EVERY):
                    await self._views_doubtful.wait()
            with contextlib.suppress(MediaUnavailable):  # when it is back, its restart ends what it lost
                if ended := await reconcile_views(self._world):
                    log.warning("views_reconciled", views=ended)
            self._views_doubtful.clear()

    async def _try_failed_cameras(self) -> None:
        while True:
            self._feed.cameras_changed(await try_failed_again(self._world))
            await asyncio.sleep(RETENTION_EVERY)

    async def _keep_retention(self) -> None:
        while True:
            if (
                await destroy_expired(self._world.store, self._world.clock, kept=self._world.rules.personal_data_kept)
                == 0
            ):
                await asyncio.sleep(RETENTION_EVERY)
