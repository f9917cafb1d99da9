"""When somebody truly saw the scene: a view's first picture on screen, and the first of an agency put on record."""

from dataclasses import replace

from goldentime.city.grants.grant import View
from goldentime.core.errors import NotFound
from goldentime.core.fact import Fact
from goldentime.core.ids import ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change
from goldentime.flows.watching.crew_look import agency_of
from goldentime.flows.world import World


async def note_first_frame(world: World, caller: Caller, view_id: ViewId) -> None:
    """Keep when the view's first picture was on screen; again and after its end it does nothing.

    Raises NotFound for a view that is not theirs.
    """

    def decide(tx: Change) -> None:
        view = tx.find_view(view_id)
        if view is None or view.session != caller.session.digest:
            raise NotFound(Text("그런 열람이 없습니다.", "There is no such view."))
        if view.seen_at is not None or view.ended_at is not None:
            return
        now = world.clock.now()
        if view.incident is not None and _is_first(tx, view):
            data = {"view": view.id, "camera": view.camera, "agency": agency_of(tx, view), "by": view.account}
            tx.record(Fact("FirstFrameSeen", view.incident, now, data))
        tx.put_view(replace(view, seen_at=now))

    await world.store.change(decide)


def _is_first(tx: Change, view: View) -> bool:
    """Whether nobody of the same agency, or of the control room, has seen the incident before."""
    assert view.incident is not None  # noqa: S101  asked for views within an incident only
    seen = [other for other in tx.list_views_of(view.incident) if other.seen_at is not None]
    whose = agency_of(tx, view)
    return not any(agency_of(tx, other) == whose for other in seen)
