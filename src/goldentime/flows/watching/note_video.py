"""What the platform puts on record of what video tells: views that ended, cameras that fail or come back."""

from dataclasses import replace
from datetime import timedelta

from goldentime.city.cameras.inventory import Camera, Status
from goldentime.city.grants.grant import Ending
from goldentime.core.fact import Fact
from goldentime.core.ids import CameraId
from goldentime.flows.ports import Change
from goldentime.flows.watching.end_views import note_views_ended
from goldentime.flows.world import World
from goldentime.messages.video import StreamChanged, ViewEnded

TRIED_AGAIN_AFTER = timedelta(minutes=5)
_ENDINGS = {
    "closed": Ending.INCIDENT_CLOSED,
    "revoked": Ending.REVOKED,
    "expired": Ending.EXPIRED,
    "heartbeat": Ending.NO_HEARTBEAT,
    "left": Ending.VIEWER_LEFT,
    "shutdown": Ending.RESTART,
}


async def note_view_ended(world: World, told: ViewEnded) -> None:
    """The engine ended a view by itself (no heartbeat, time run out, viewer gone); its stream is let go."""
    view = await world.store.read(lambda look: look.find_view(told.view_id))
    # leaving is the person's own doing, and on record as theirs
    actor = str(view.account) if view is not None and told.reason == "left" else "system"
    await note_views_ended(world, [told.view_id], _ENDINGS[told.reason], actor=actor)
    await world.video.release_stream(told.camera_id, hold=f"view:{told.view_id}")


async def note_stream_changed(world: World, told: StreamChanged) -> Camera | None:
    """The camera with its new status when it failed or came back, a fact with it; None when nothing changed."""
    status = {"dead": Status.FAILED, "live": Status.WORKING}.get(told.stream.condition)
    known = world.city.index.find(told.stream.camera_id)
    if status is None or known is None or known.status == status:
        return None

    def decide(tx: Change) -> Camera | None:
        camera = tx.find_camera(CameraId(told.stream.camera_id))
        if camera is None or camera.status == status:
            return camera
        new = replace(camera, status=status)
        tx.put_camera(new)
        kind = "CameraFailed" if status is Status.FAILED else "CameraRecovered"
        tx.record(Fact(kind, camera.id, world.clock.now()))
        return new

    camera = await world.store.change(decide)
    if camera is not None:
        world.city.renew_cameras([camera])
        world.city.failed_at.pop(camera.id, None)
        if status is Status.FAILED:
            world.city.failed_at[camera.id] = world.clock.now()
    return camera


async def try_failed_again(world: World) -> list[Camera]:
    """Cameras that failed a while ago count as not tried, so that the next scene may choose them; those changed."""
    now = world.clock.now()
    failed = [camera.id for camera in world.city.index.cameras if camera.status is Status.FAILED]
    due = [one for one in failed if now - world.city.failed_at.setdefault(one, now) >= TRIED_AGAIN_AFTER]
    if not due:
        return []

    def decide(tx: Change) -> list[Camera]:
        found = [tx.find_camera(one) for one in due]
        ready = [replace(camera, status=Status.WORKING) for camera in found if camera is not None]
        for camera in ready:
            tx.put_camera(camera)
        return ready

    ready = await world.store.change(decide)
    for one in due:
        world.city.failed_at.pop(one, None)
    world.city.renew_cameras(ready)
    return ready
