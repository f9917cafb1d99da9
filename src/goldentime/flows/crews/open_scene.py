"""What a crew's page is given in one answer as it opens or its order comes: the brief, and the first picture."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from goldentime.city.cameras.inventory import Status
from goldentime.core.clock import monotonic
from goldentime.core.errors import GoldentimeError, NotFound, Unauthenticated
from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.crews.brief_crew import Brief, brief_crew
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.units.order_bell import OrderBell
from goldentime.flows.watching.watch_camera import OpenedView, watch_camera

STILL_WITHIN = 0.4  # seconds a brief waits for its picture: longer, and the page asks for it itself
ASK_AGAIN = 0.1
SIGNED_OUT = Text("로그인이 끝났습니다.", "The session has ended.")


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """One opened view and its first still (JPEG); None while the camera has given none."""

    camera: CameraId
    opened: OpenedView
    still: bytes | None


@dataclass(frozen=True, slots=True)
class OpenedScene:
    """The brief; its first picture, or None and the page asks for one itself and is told why it gets none."""

    brief: Brief
    picture: FirstPicture | None = None


async def open_scene(
    dispatch: Dispatch, caller: Caller, bell: OrderBell, still: Callable[[ViewId], Awaitable[bytes]], *, wait: float
) -> OpenedScene:
    """The brief, held back up to `wait` seconds while there is no scene, and a view of its best camera that works.

    Raises as `brief_crew` does; a view that is refused or a camera without pictures leaves the brief as it is.
    """
    brief = await _brief_in_time(dispatch, caller, bell, wait)
    scene = brief.scene
    index = dispatch.world.city.index
    cameras = [(pick.camera_id, index.find(pick.camera_id)) for pick in scene.picks] if scene else []
    first = next((one for one, known in cameras if known is not None and known.status is Status.WORKING), None)
    if scene is None or first is None:
        return OpenedScene(brief)
    try:
        opened = await watch_camera(dispatch.world, caller, first, scene.incident.id)
    except GoldentimeError:
        return OpenedScene(brief)
    picture = await _first_still(still, opened.view.id)
    return OpenedScene(brief, FirstPicture(first, opened, picture))


async def _brief_in_time(dispatch: Dispatch, caller: Caller, bell: OrderBell, wait: float) -> Brief:
    unit, until = caller.account.unit, monotonic() + wait
    if unit is None or wait <= 0:
        return await brief_crew(dispatch, caller)
    with bell.listening(unit) as rung:
        brief = await brief_crew(dispatch, caller)
        while brief.scene is None and (left := until - monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await rung.wait()
            rung.clear()
            signed_in = await dispatch.world.store.read(lambda look: look.find_session(caller.session.digest))
            if signed_in is None:  # signed out while it waited
                raise Unauthenticated(SIGNED_OUT)
            brief = await brief_crew(dispatch, caller)
    return brief


async def _first_still(still: Callable[[ViewId], Awaitable[bytes]], view: ViewId) -> bytes | None:
    until = monotonic() + STILL_WITHIN
    while True:
        try:
            return await still(view)
        except NotFound:  # no picture yet, or the view has just ended
            if monotonic() >= until:
                return None
        except GoldentimeError:  # the camera or video itself: the page asks for itself and says why
            return None
        await asyncio.sleep(ASK_AGAIN)
