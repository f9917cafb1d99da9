"""A drill whose roads, crews or traffic have stopped says so and ends, instead of going on to good-looking figures."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from fakes.roads import block
from goldentime.city.roads.graph import RoadGraph
from goldentime.core.clock import SpedClock, SystemClock
from goldentime.core.errors import OurError
from goldentime.core.text import Text
from goldentime.drill.moving import DESK, at_work, moving, while_moving
from goldentime.drill.plan import Plan
from goldentime.sim.drill import Desk, Figures, FollowedRoads
from goldentime.staged import AGENCIES, TRAFFIC

GRAPH = RoadGraph(block())
CLOCK = SpedClock(datetime(2026, 11, 23, tzinfo=UTC), SystemClock().now(), 60.0)
ROADS = Text("도로를 듣는 일", "Hearing")


class Play:
    """A day that goes on until told to end, and knows whether it was broken off."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.broken_off = False

    async def run(self) -> str:
        try:
            await self.over.wait()
        except asyncio.CancelledError:
            self.broken_off = True
            raise
        return "played"


def platform_that_says(content: bytes) -> httpx.AsyncClient:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=content))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9")


@pytest.mark.parametrize("said", [b"<html>", b"{}", b'{"network": "", "kmh": {}, "closures": [{"id": "c"}]}'])
async def test_a_drill_whose_roads_can_no_longer_be_read_ends_in_words(said: bytes) -> None:
    play = Play()
    async with platform_that_says(said) as http:
        roads = asyncio.create_task(FollowedRoads(http, GRAPH, CLOCK).run())
        with pytest.raises(OurError) as told:
            await asyncio.wait_for(while_moving(play.run(), {roads: ROADS}), 10)
    assert "도로를 듣는 일이 멈추어" in told.value.text.ko
    assert "Hearing has stopped" in told.value.text.en
    assert told.value.__cause__ is roads.exception()
    assert play.broken_off


async def test_a_mover_that_simply_returns_ends_the_drill_too() -> None:
    play = Play()
    with pytest.raises(OurError, match="Hearing has stopped"):
        await asyncio.wait_for(while_moving(play.run(), {asyncio.create_task(asyncio.sleep(0)): ROADS}), 10)
    assert play.broken_off


async def test_a_day_that_is_over_while_all_still_move_is_told_as_it_came() -> None:
    play, mover = Play(), asyncio.create_task(asyncio.Event().wait())
    play.over.set()
    assert await asyncio.wait_for(while_moving(play.run(), {mover: ROADS}), 10) == "played"
    assert not mover.done()
    mover.cancel()


@pytest.mark.parametrize("broken", ["/api/units", "/api/incidents/inc-1"])
async def test_a_desk_that_can_no_longer_count_or_handle_ends_the_drill_in_words(broken: str) -> None:
    def say(request: httpx.Request) -> httpx.Response:
        if request.url.path == broken:
            return httpx.Response(200, content=b"<html>")
        if request.url.path == "/api/incidents":
            return httpx.Response(200, json={"items": [{"id": "inc-1", "drill": True}]})
        return httpx.Response(200, json={"items": []})

    play = Play()
    async with httpx.AsyncClient(transport=httpx.MockTransport(say), base_url="http://127.0.0.1:9") as http:
        desk = Desk(http, ("operator", "word"), Figures(), speed=60.0)
        async with at_work((desk.run(), DESK)) as working:
            with pytest.raises(OurError, match="The simulated control room has stopped"):
                await asyncio.wait_for(while_moving(play.run(), working), 10)
    assert play.broken_off


@pytest.mark.socket
async def test_roads_crews_and_traffic_of_a_drill_are_all_watched() -> None:
    keys = {one.id: "no key" for one in (*AGENCIES, TRAFFIC)}
    plan = Plan(1, 60.0, 1.0, 1, None, "2026-11-23T00:00:00+09:00")
    async with platform_that_says(b"<html>") as http, moving(http, keys, GRAPH, plan=plan, clock=CLOCK) as movers:
        assert len(movers) == 3
        with pytest.raises(OurError, match="Hearing of the roads has stopped"):
            await asyncio.wait_for(while_moving(Play().run(), movers), 10)
    assert all(task.done() for task in movers)
