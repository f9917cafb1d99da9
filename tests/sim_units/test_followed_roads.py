"""A drill's crews drive its roads as they are there: slower where traffic is slow, around what an operator closes."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from fakes.hall import Hall
from fakes.hall_on_a_block import hall_on_a_block
from goldentime.city.agencies.agency import Agency
from goldentime.city.roads.line import LinkId
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.people.manage_keys import issue_key
from goldentime.flows.roads.take_speeds import SERVICE
from goldentime.sim.drill import FollowedRoads

pytestmark = pytest.mark.slow  # a store of its own for each test
ITS = AgencyId("agency-its")


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A platform whose roads are four streets around a block."""
    async with hall_on_a_block(tmp_path) as made:
        yield made


def followed(hall: Hall, who: str = "operator") -> FollowedRoads:
    transport = httpx.ASGITransport(hall.platform.app, raise_app_exceptions=False)
    http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers=hall.headers[who])
    return FollowedRoads(http, hall.platform.known.graph, SystemClock())


async def tell_speed(hall: Hall, link: str, kmh: float) -> None:
    agency = Agency(ITS, Text("교통정보센터", "Traffic centre"), services=frozenset({SERVICE}))
    await hall.store.change(lambda tx: tx.put_agency(agency))
    key = (await issue_key(hall.store, SystemClock(), secrets.token_bytes, ITS, sandbox=False)).secret
    body = {"items": [{"link_id": link, "kmh": kmh, "measured_at": SystemClock().now().isoformat()}]}
    answer = await hall.http.post("/api/roads/speeds", headers={"x-goldentime-key": key}, json=body)
    assert answer.json()["taken"] == 1, answer.text


async def test_speeds_and_closures_of_the_platform_are_the_crews_own_and_go_again(hall: Hall) -> None:
    roads = followed(hall)
    await roads.look()
    usual = roads.now.speed(LinkId("B>"))
    await tell_speed(hall, "B>", 4.0)
    closing = {"links": ["A>"], "scope": "for_all", "reason": "침수"}
    closed = (await hall.ask("operator", "POST", "/api/roads/closures", closing)).json()
    await roads.look()
    assert roads.now.speed(LinkId("B>")) == pytest.approx(4.0, abs=0.1)
    assert usual > 10
    assert [(one.links, one.reason) for one in roads.now.closures] == [(frozenset({"A>"}), "침수")]
    a = hall.platform.known.graph.row_of[LinkId("A>")]
    assert roads.now.now.siren[a] == float("inf")
    assert (await hall.ask("operator", "DELETE", f"/api/roads/closures/{closed['id']}")).status_code == 200
    await roads.look()
    assert roads.now.closures == ()
    assert roads.now.now.siren[a] < float("inf")


async def test_nothing_new_leaves_the_roads_as_they_are_and_so_does_a_session_that_ran_out(hall: Hall) -> None:
    roads = followed(hall)
    await tell_speed(hall, "B>", 4.0)
    await roads.look()
    known = roads.now
    await roads.look()
    assert roads.now is known
    stranger = followed(hall, "nobody")
    empty = stranger.now
    await stranger.look()
    assert stranger.now is empty
