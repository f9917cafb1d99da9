"""How views end: on record, with the first reason only, and then in video, in the words of that reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import ENDING_WORDS, Ending, View, view_ended
from goldentime.core.errors import MediaUnavailable
from goldentime.core.ids import CameraId, ViewId
from goldentime.flows.ports import Change
from goldentime.flows.watching.crew_look import agency_of
from goldentime.flows.world import ViewsEnded, World
from goldentime.messages.video import EndReason

VIDEO_REASON: dict[Ending, EndReason] = {
    Ending.INCIDENT_CLOSED: "closed",
    Ending.REVOKED: "revoked",
    Ending.EXPIRED: "expired",
    Ending.NO_HEARTBEAT: "heartbeat",
    Ending.VIEWER_LEFT: "left",
    Ending.SIGNED_OUT: "revoked",
    Ending.RESTART: "shutdown",
    Ending.MEDIA_RESTARTED: "shutdown",
    Ending.MOVED: "revoked",
    Ending.CALLED_BACK: "revoked",
    Ending.LEFT_SCENE: "revoked",
    Ending.LOCKED: "revoked",
}


def end_views(
    tx: Change, views: Sequence[View], ending: Ending, now: datetime, *, actor: str
) -> tuple[tuple[ViewId, CameraId], ...]:
    """Mark the views ended, recorded and audited; returns which ones, for video to cut."""
    gone = []
    for view in views:
        over, fact = view_ended(view, ending, now)
        whose = agency_of(tx, view)
        tx.put_view(over)
        tx.record(replace(fact, data={**fact.data, "agency": whose}))
        seconds = round((now - view.opened_at).total_seconds(), 1)
        data = {"view": view.id, "ending": ending.value, "seconds": seconds}
        tx.audit(Entry(now, "ViewEnded", actor, whose, view.incident, view.camera, data))
        gone.append((view.id, view.camera))
    return tuple(gone)


async def note_views_ended(world: World, views: Sequence[ViewId], ending: Ending, *, actor: str = "system") -> None:
    """Put on record that views have ended; those already ended keep their first ending."""

    def decide(tx: Change) -> None:
        found = [tx.find_view(view_id) for view_id in views]
        still = [view for view in found if view is not None and view.ended_at is None]
        end_views(tx, still, ending, world.clock.now(), actor=actor)

    await world.store.change(decide)


async def cut(world: World, views: ViewsEnded, ending: Ending) -> None:
    """Tell video to end the views in words; a dead engine shows nothing anyway."""
    for view_id, _ in views:
        try:
            await world.video.kick(view_id, reason=VIDEO_REASON[ending], text=ENDING_WORDS[ending])
            await world.video.release_hold(f"view:{view_id}")  # its camera's full or small stream
        except MediaUnavailable:
            return
