"""How the world outside is brought back in line with the state: at start, and after the video engine has died."""

from goldentime.city.grants.grant import Ending
from goldentime.flows.close_incident import cut, end_views
from goldentime.flows.open_streams import reopen_streams
from goldentime.flows.ports import Change
from goldentime.flows.world import ViewsEnded, World


async def end_views_of_the_last_run(world: World) -> int:
    """No view survives a restart: end on record whatever was open; returns how many."""

    def decide(tx: Change) -> int:
        return len(end_views(tx, tx.list_open_views(), Ending.RESTART, world.clock.now(), actor="system"))

    return await world.store.change(decide)


async def recover_video(world: World) -> None:
    """After the engine came back empty: its views ended on record, the open incidents' cameras opened again."""

    def decide(tx: Change) -> ViewsEnded:
        return end_views(tx, tx.list_open_views(), Ending.MEDIA_RESTARTED, world.clock.now(), actor="system")

    await cut(world, await world.store.change(decide), Ending.MEDIA_RESTARTED)  # one may have opened meanwhile
    await reopen_streams(world)
