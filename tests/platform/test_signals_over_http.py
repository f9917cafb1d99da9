"""Signal priority over HTTP: seen and switched by who dispatches the unit, told to nobody else."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from fakes.green_street import RememberingCentre, street
from fakes.hall import ENGINE, Hall
from goldentime.city.signals.request import Request, RequestId, State
from goldentime.core.clock import SystemClock
from goldentime.core.ids import IncidentId
from goldentime.edges.http import signals
from goldentime.edges.http.errors import install
from goldentime.flows.signals.clear_the_way import release_those_of_the_last_run
from goldentime.flows.signals.clearing import ClearTheWay, make_clear_the_way
from goldentime.sim.signals.layout import lit_junctions

pytestmark = pytest.mark.slow  # a store of its own for each test


async def test_without_a_signal_centre_the_page_says_so(hall: Hall) -> None:
    answer = await hall.ask("operator", "GET", "/api/signals")
    nothing = {
        "configured": False, "up": False, "junctions": [], "requests": [],
        "off": [], "off_by_control_room": [], "all_off": None, "may_switch_all": False,
    }  # fmt: skip
    assert answer.json() == nothing


async def test_whoever_does_not_dispatch_is_told_nothing(hall: Hall) -> None:
    assert (await hall.http.get("/api/signals")).status_code == 401
    assert (await hall.ask("officer", "GET", "/api/signals")).status_code == 403


@pytest_asyncio.fixture
async def steered(hall: Hall) -> AsyncIterator[tuple[Hall, ClearTheWay]]:
    """The same platform with a centre that steers two junctions, one of them asked for the engine."""
    centre = RememberingCentre(lit_junctions(street()))
    clearing = make_clear_the_way(hall.platform.dispatching.dispatch, centre)
    clearing.names |= {one.id: one for one in centre.junctions}
    at = SystemClock().now()
    one = Request(
        RequestId("sig-x"), ENGINE.id, IncidentId("inc-1"), centre.junctions[0].id, "0-1", "1-2", 0, at, at,
        State.ACTIVE, at, at,
    )  # fmt: skip
    clearing.book[one.id] = one
    app = FastAPI()
    install(app)
    app.include_router(signals.router(hall.platform.world, clearing, hall.platform.gate))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
        yield Hall(hall.platform, hall.store, hall.video, http, hall.headers), clearing


async def test_the_control_room_sees_what_is_asked_and_turns_it_off(steered: tuple[Hall, ClearTheWay]) -> None:
    hall, clearing = steered
    found = (await hall.ask("operator", "GET", "/api/signals")).json()
    assert (found["configured"], found["up"], len(found["junctions"])) == (True, True, 2)
    (row,) = found["requests"]
    assert (row["unit"], row["state"], row["state_text"]["ko"]) == (ENGINE.id, "active", "녹색")
    switched = await hall.ask("operator", "POST", f"/api/units/{ENGINE.id}/signal-priority", {"on": False})
    assert switched.json() == {"on": False}, switched.text
    assert clearing.book[RequestId("sig-x")].state is State.RELEASING
    found = (await hall.ask("operator", "GET", "/api/signals")).json()
    assert (found["off"], found["off_by_control_room"]) == ([ENGINE.id], [ENGINE.id])
    await hall.ask("operator", "POST", f"/api/units/{ENGINE.id}/signal-priority", {"on": True})
    assert clearing.off == {}


async def test_another_agency_neither_sees_nor_switches_it(steered: tuple[Hall, ClearTheWay]) -> None:
    hall, clearing = steered
    found = (await hall.ask("agency", "GET", "/api/signals")).json()
    assert (found["requests"], found["junctions"], found["off"]) == ([], [], [])
    refused = await hall.ask("agency", "POST", f"/api/units/{ENGINE.id}/signal-priority", {"on": False})
    assert refused.status_code in {403, 404}
    assert clearing.book[RequestId("sig-x")].state is State.ACTIVE


async def test_an_agency_sees_that_its_own_unit_is_off_by_whom_and_turns_it_on_again(
    steered: tuple[Hall, ClearTheWay],
) -> None:
    hall, clearing = steered
    switch = f"/api/units/{ENGINE.id}/signal-priority"
    await hall.ask("fire", "POST", switch, {"on": False})
    found = (await hall.ask("fire", "GET", "/api/signals")).json()
    assert (found["off"], found["off_by_control_room"]) == ([ENGINE.id], [])
    assert (await hall.ask("agency", "GET", "/api/signals")).json()["off"] == []
    assert (await hall.ask("fire", "POST", switch, {"on": True})).status_code == 200
    assert clearing.off == {}
    await hall.ask("operator", "POST", switch, {"on": False})
    assert (await hall.ask("fire", "GET", "/api/signals")).json()["off_by_control_room"] == [ENGINE.id]
    await release_those_of_the_last_run(clearing)
    found = (await hall.ask("fire", "GET", "/api/signals")).json()
    assert (found["off"], found["off_by_control_room"]) == ([ENGINE.id], [])  # who it was is not known any more


async def test_only_the_control_room_turns_it_off_for_all_and_everyone_is_told(
    steered: tuple[Hall, ClearTheWay],
) -> None:
    hall, clearing = steered
    for who, status in (("nobody", 401), ("officer", 403), ("crew", 403), ("fire", 403)):
        assert (await hall.ask(who, "POST", "/api/signal-priority", {"on": False})).status_code == status
    assert clearing.off == {}
    assert (await hall.ask("operator", "POST", "/api/signal-priority", {"on": False})).json() == {"on": False}
    assert clearing.book[RequestId("sig-x")].state is State.RELEASING
    found = (await hall.ask("operator", "GET", "/api/signals")).json()
    assert found["may_switch_all"] is True
    assert found["all_off"]["by"] == "Operator"
    theirs = (await hall.ask("fire", "GET", "/api/signals")).json()
    assert (theirs["may_switch_all"], theirs["all_off"]) == (False, {**found["all_off"], "by": None})
    await release_those_of_the_last_run(clearing)
    again = (await hall.ask("operator", "GET", "/api/signals")).json()["all_off"]
    assert again == {"since": found["all_off"]["since"], "by": None}
    assert (await hall.ask("fire", "POST", "/api/signal-priority", {"on": True})).status_code == 403
    assert (await hall.ask("operator", "POST", "/api/signal-priority", {"on": True})).status_code == 200
    assert (await hall.ask("operator", "GET", "/api/signals")).json()["all_off"] is None
