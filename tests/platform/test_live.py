"""How often a change is told by itself, what is told again after trouble, and in which words the feed ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fakes.listening import LINKS, incidents_told, reported, told
from fakes.room import Room
from goldentime.core.errors import StorageFailed, Unauthenticated
from goldentime.core.text import Text
from goldentime.edges.live.feed import BEHIND, Feed
from goldentime.edges.live.stream import live_route
from goldentime.flows.caller import Caller
from goldentime.flows.watching.watch_camera import watch_camera


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def feed(room: Room) -> Feed:
    return Feed(room.store, lambda: LINKS, room.town.clock)


async def test_many_changes_between_two_flushes_are_told_once(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    first, second = await reported(room, "1"), await reported(room, "2")
    await feed.flush()
    changes = told(operator)
    assert len(changes) == 1
    assert [row["id"] for row in changes[0]["incidents"]] == [first.id, second.id]
    assert not await feed.flush()
    assert told(operator) == []


async def test_a_look_moves_the_incidents_record_on_though_the_incident_has_not_changed(room: Room, feed: Feed) -> None:
    caller = await room.caller("kim")
    operator = feed.join(caller)
    incident = await reported(room)
    await feed.flush()
    picked = room.store.rows.picks[incident.id][0][0]
    await watch_camera(room.world, caller, picked.camera_id, incident.id)
    await feed.flush()
    before, after = (change["incidents"][0] for change in told(operator))
    assert after["version"] == before["version"]
    assert after["recorded"] > before["recorded"]


async def test_the_first_change_after_quiet_comes_at_once_and_then_at_most_ten_a_second(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    running = asyncio.create_task(feed.run())
    await until(lambda: feed.position == room.store.rows.facts[-1].position)
    came = [asyncio.get_running_loop().time()]
    for _ in range(4):
        feed.links_changed()  # at once after each that came
        async with asyncio.timeout(5):
            await operator.woken.wait()
        operator.woken.clear()
        came.append(asyncio.get_running_loop().time())
    running.cancel()
    gaps = [later - earlier for earlier, later in pairwise(came)]
    assert gaps[0] < 0.09
    assert all(gap > 0.09 for gap in gaps[1:]), gaps


async def test_what_could_not_be_read_is_told_with_the_next_flush(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    incident = await reported(room)
    feed.links_changed()
    room.store.broken = True
    with pytest.raises(StorageFailed):
        await feed.flush()
    room.store.broken = False
    await feed.flush()
    (change,) = told(operator)
    assert [row["id"] for row in change["incidents"]] == [incident.id]
    assert change["links"] == LINKS


async def test_a_feed_begun_again_goes_on_where_it_was(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    for occurrence in ("1", "2"):
        running = asyncio.create_task(feed.run())
        feed.wake()
        await until(lambda: feed.position == room.store.rows.facts[-1].position)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        told(operator)
        incident = await reported(room, occurrence)  # while nobody follows
    running = asyncio.create_task(feed.run())
    feed.wake()
    await until(lambda: bool(operator.waiting))
    running.cancel()
    assert incident.id in incidents_told(operator)  # beside the first one, of which the second may be a repeat


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110  the feed tells nobody where it stands
            await asyncio.sleep(0)


class Door:
    """Lets one caller in; `live` says whether their session still holds."""

    def __init__(self, caller: Caller | None) -> None:
        self.known = caller
        self.live = True

    async def caller(self, request: Request) -> Caller:
        if self.known is None:
            raise Unauthenticated(Text("로그인이 필요합니다.", "Sign in first."))
        return self.known

    async def is_live(self, session_digest: bytes) -> bool:
        return self.live


async def listen(room: Room, feed: Feed, door: Door) -> Response:
    async def refuse(error: Exception) -> Response:
        return Response(type(error).__name__, status_code=401)

    route = live_route(feed, door, room.town.clock, refuse)
    scope = {"type": "http", "method": "GET", "path": "/api/live", "headers": [], "query_string": b""}
    return await route.endpoint(Request(scope))


async def following(events: AsyncIterator[bytes]) -> tuple[str, dict[str, Any]]:
    async with asyncio.timeout(5):
        event = bytes(await anext(events))
    name, data = event.strip().split(b"\n", 1)
    return name.removeprefix(b"event: ").decode(), json.loads(data.removeprefix(b"data: "))


async def test_a_stranger_hears_nothing(room: Room, feed: Feed) -> None:
    assert (await listen(room, feed, Door(None))).status_code == 401


async def test_an_ended_session_is_told_so_instead_of_the_change(room: Room, feed: Feed) -> None:
    door = Door(await room.caller("kim"))
    events = (await listen(room, feed, door)).body_iterator
    assert (await following(events))[0] == "hello"
    await reported(room)
    await feed.flush()
    assert (await following(events))[0] == "change"
    door.live = False
    await reported(room, "2")
    await feed.flush()
    name, said = await following(events)
    assert (name, said["reason"]) == ("ended", "session")
    assert said["text"]["ko"]
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_a_browser_too_far_behind_is_told_to_start_anew_and_costs_no_memory(room: Room, feed: Feed) -> None:
    slow = feed.join(await room.caller("kim"))
    events = (await listen(room, feed, Door(await room.caller("lee")))).body_iterator
    await following(events)
    for _ in range(BEHIND + 3):
        feed.links_changed()
        await feed.flush()
    assert slow.lost
    assert len(slow.waiting) <= BEHIND
    name, said = await following(events)
    assert (name, said["reason"]) == ("ended", "behind")


async def test_a_browser_that_went_is_forgotten(room: Room, feed: Feed) -> None:
    events = (await listen(room, feed, Door(await room.caller("kim")))).body_iterator
    await following(events)
    await events.aclose()
    assert feed._listeners == {}
