"""Cameras chosen anew while others are still opening, or by two people at once, leave nothing behind."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from fakes.room import CROSSING, PlainLinkage, Room
from goldentime.city.incidents.incident import Disposition
from goldentime.core.ids import CameraId
from goldentime.core.place import LonLat, distance_metres
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.open_streams import ensure_streams
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.intake.receive_message import Intake

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


async def test_two_who_widen_at_once_never_add_the_same_camera_twice() -> None:
    room = Room()
    room.world = replace(room.world, rules=replace(room.rules, cameras_wanted=1))
    room.intake = Intake(room.world, {"plain": PlainLinkage()})
    await room.hear(place=HERE)
    (incident,) = room.incidents
    kim, lee = await room.caller("kim"), await room.caller("lee")
    await meanwhile(room, lambda: widen_ring(room.world, lee, incident.id))
    await widen_ring(room.world, kim, incident.id)
    picked = [pick.camera_id for pick, _ in room.store.rows.picks[incident.id]]
    assert len(picked) == 3
    assert len(set(picked)) == 3


async def test_a_ring_widened_while_the_scene_moves_is_one_around_the_new_place() -> None:
    room = Room()
    await room.hear(place=HERE)
    (incident,) = room.incidents
    kim, lee = await room.caller("kim"), await room.caller("lee")
    nearby = LonLat(CROSSING.lon, CROSSING.lat + 0.0009)
    await meanwhile(room, lambda: confirm_place(room.world, lee, incident.id, nearby))
    wide = await widen_ring(room.world, kim, incident.id)
    picks = [pick for pick, _ in room.store.rows.picks[incident.id]]
    assert len({pick.camera_id for pick in picks}) == len(picks) == 6
    assert wide.place == nearby
    for pick in picks:
        camera = room.city.index.get(pick.camera_id)
        assert pick.distance_m == pytest.approx(distance_metres(nearby, camera.place), rel=0.01)


async def meanwhile(room: Room, act: Callable[[], Awaitable[object]]) -> None:
    """Just before the next change is made, somebody else makes theirs."""
    change = room.store.change

    async def interrupted(decide: Callable[..., object]) -> object:
        room.store.change = change  # type: ignore[method-assign]
        await act()
        return await change(decide)

    room.store.change = interrupted  # type: ignore[method-assign,assignment]
