"""What a viewer may do with a view once it is theirs: go on looking while it lasts, and leave it."""

from goldentime.city.grants.grant import Ending, View
from goldentime.city.people.account import Act, may
from goldentime.core.errors import NotFound, Refused
from goldentime.core.ids import ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.watching.end_views import cut, note_views_ended
from goldentime.flows.world import World


async def get_own_view(world: World, caller: Caller, view_id: ViewId) -> View:
    """The view when it is open, theirs and still covered, asked at every still and segment; raises Refused."""
    view = await world.store.read(lambda look: look.find_view(view_id))
    if view is None or view.session != caller.session.digest:
        raise NotFound(Text("그런 열람이 없습니다.", "There is no such view."))
    if view.ended_at is not None or world.clock.now() >= view.expires_at:
        raise Refused(Text("열람이 종료되었습니다.", "Viewing has ended."), code="view_ended")
    return view


async def leave_view(world: World, caller: Caller, view_id: ViewId) -> None:
    """End one's own view; an operator may end any. Raises NotFound for a view that is not theirs."""
    view = await world.store.read(lambda look: look.find_view(view_id))
    if view is None or (view.session != caller.session.digest and not may(caller.account.role, Act.REVOKE)):
        raise NotFound(Text("그런 열람이 없습니다.", "There is no such view."))
    ending = Ending.VIEWER_LEFT if view.session == caller.session.digest else Ending.REVOKED
    await note_views_ended(world, [view_id], ending, actor=caller.account.id)
    await cut(world, [(view_id, view.camera)], ending)
