"""What the platform puts on record of what video tells: views that ended, cameras that fail or come back."""

from dataclasses import replace

from goldentime.city.cameras.inventory import Camera, Status
from goldentime.city.grants.grant import Ending
from goldentime.core.fact import Fact
from goldentime.core.ids import CameraId
from goldentime.flows.ports import Change
from goldentime.flows.watch_camera import note_views_ended
from goldentime.flows.world import World
from goldentime.messages.video import StreamChanged, ViewEnded

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
    await note_views_ended(world, [told.view_id], _ENDINGS[told.reason])
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
    return camera
