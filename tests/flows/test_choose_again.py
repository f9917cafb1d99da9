"""Cameras chosen anew while others are still opening, or by two people at once, leave nothing behind."""

import asyncio

from fakes.room import CROSSING, Room
from goldentime.city.incidents.incident import Disposition
from goldentime.core.ids import CameraId
from goldentime.core.place import LonLat
from goldentime.flows.choose_cameras import confirm_place
from goldentime.flows.close_incident import close_incident
from goldentime.flows.open_streams import ensure_streams

HERE = [CROSSING.lon, CROSSING.lat]
ELSEWHERE = LonLat(127.02, 37.25)


async def settled(room: Room) -> None:
    while room.world.opening:
        await asyncio.gather(*room.world.opening)


async def test_cameras_let_go_while_they_were_opening_do_not_stay_open() -> None:
    room = Room()
    await room.hear(place=HERE)
    (incident,) = room.incidents
    await settled(room)
    operator = await room.caller("kim")
    picked = [pick.camera_id for pick, _ in room.store.rows.picks[incident.id]]
    tried: list[CameraId] = []

    async def moved_meanwhile(camera: CameraId) -> None:
        tried.append(camera)
        if len(tried) == 1:
            await confirm_place(room.world, operator, incident.id, ELSEWHERE)

    room.video.before_ensure = moved_meanwhile
    await ensure_streams(room.world, incident, picked)
    await settled(room)
    assert tried == picked[:1]  # the others are not even tried
    assert room.video.holds == {}


async def test_closing_lets_go_of_what_was_held_though_it_is_no_longer_chosen() -> None:
    room = Room()
    await room.hear(place=HERE)
    (incident,) = room.incidents
    await settled(room)
    room.video.holds["left-over", f"incident:{incident.id}"] = 1
    room.video.holds["another", "incident:another"] = 1
    await close_incident(room.world, await room.caller("kim"), incident.id, disposition=Disposition.HANDLED)
    assert room.video.holds == {("another", "incident:another"): 1}
