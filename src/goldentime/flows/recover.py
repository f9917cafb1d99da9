"""How the world outside is brought back in line with the state: at start, and after the video engine has died."""

from datetime import datetime

from goldentime.city.grants.grant import Ending
from goldentime.flows.incidents.open_streams import reopen_streams
from goldentime.flows.ports import Change
from goldentime.flows.watching.end_views import cut, end_views
from goldentime.flows.world import ViewsEnded, World


async def end_views_of_the_last_run(world: World) -> int:
    """No view survives a restart: end on record whatever was open; returns how many."""

    def decide(tx: Change) -> int:
        return len(end_views(tx, tx.list_open_views(), Ending.RESTART, world.clock.now(), actor="system"))

    return await world.store.change(decide)


async def recover_video(world: World, died_at: datetime) -> None:
    """After the engine came back empty: views from before it died ended on record, open incidents' cameras reopened."""

    def decide(tx: Change) -> ViewsEnded:
        lost = [view for view in tx.list_open_views() if view.opened_at <= died_at]
        return end_views(tx, lost, Ending.MEDIA_RESTARTED, world.clock.now(), actor="system")

    await cut(world, await world.store.change(decide), Ending.MEDIA_RESTARTED)
    await reopen_streams(world)
