"""How an operator tells, once and for all, which way a camera looks."""

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.aim import aimed, unaimed
from goldentime.city.cameras.inventory import Camera
from goldentime.core.errors import NotFound
from goldentime.core.ids import CameraId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change
from goldentime.flows.world import World


async def aim_camera(
    world: World, caller: Caller, camera_id: CameraId, bearing: float | None, *, field: float, reach: float
) -> Camera:
    """The camera with its sector (degrees, degrees, metres), known to the next choice at once; raises NotFound."""

    def decide(tx: Change) -> Camera:
        camera = tx.find_camera(camera_id)
        if camera is None:
            raise NotFound(Text("그런 카메라가 없습니다.", "There is no such camera."))
        now = world.clock.now()
        if bearing is None:
            new, fact = unaimed(camera, at=now)
        else:
            new, fact = aimed(camera, bearing, field=field, reach=reach, at=now)
        tx.put_camera(new)
        tx.record(fact)
        tx.audit(Entry(now, fact.kind, caller.account.id, None, None, camera_id))
        return new

    camera = await world.store.change(decide)
    world.city.renew_cameras([camera])
    return camera
