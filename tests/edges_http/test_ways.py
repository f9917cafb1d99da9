"""The ways on an incident's map: of who is on its way, along the roads as they are, and for whom may look only."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from fakes.hall import CAR, POLICE, SCENE, Hall, seat_viewer, shared
from fakes.hall_on_a_block import hall_on_a_block
from fakes.roads import node_at
from goldentime.core.clock import SystemClock
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat, distance_metres

pytestmark = pytest.mark.slow  # a store of its own for each test
GARAGE, BURNING = node_at(0.5, 0).place, node_at(0.5, 1).place  # amid the south and the north street
WEST, EAST = node_at(0, 0.5).place, node_at(1, 0.5).place


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A platform whose roads are four streets around a block, its car on the south one."""
    async with hall_on_a_block(tmp_path) as made:
        made.store.change_now(lambda tx: tx.put_unit(replace(CAR, station=GARAGE)))
        yield made


async def ordered(hall: Hall) -> str:
    """An incident across the block, the car sent there."""
    body = {**SCENE, "title": "불", "lon": BURNING.lon, "lat": BURNING.lat}
    opened = await hall.ask("operator", "POST", "/api/incidents", body)
    assert opened.status_code == 201, opened.text
    incident = str(opened.json()["id"])
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/share", {"agency_id": POLICE.id})
    sent = await hall.ask("operator", "POST", "/api/orders", {"incident_id": incident, "units": ["P1"]})
    assert sent.status_code == 201, sent.text
    return incident


async def ways(hall: Hall, incident: str, who: str = "operator") -> list[dict[str, Any]]:
    answer = await hall.ask(who, "GET", f"/api/incidents/{incident}/ways")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_an_ordered_unit_s_way_runs_along_the_streets_from_where_it_is_to_the_scene(hall: Hall) -> None:
    incident = await ordered(hall)
    (way,) = await ways(hall, incident)
    assert (way["unit"], way["state"]) == ("P1", "ordered")
    line = [LonLat(*point) for point in way["line"]]
    assert distance_metres(line[0], GARAGE) < 20
    assert distance_metres(line[-1], BURNING) < 20
    assert is_by(line, WEST) != is_by(line, EAST), "round one side of the block, not through it"
    assert await ways(hall, incident, "agency") == [way]


async def test_a_closure_for_all_sends_the_way_round_the_other_side(hall: Hall) -> None:
    incident = await ordered(hall)
    (before,) = await ways(hall, incident)
    west = is_by([LonLat(*point) for point in before["line"]], WEST)
    closing = {"links": ["A>" if west else "C<"], "scope": "for_all", "reason": "침수"}
    assert (await hall.ask("operator", "POST", "/api/roads/closures", closing)).status_code == 201
    (after,) = await ways(hall, incident)
    assert is_by([LonLat(*point) for point in after["line"]], EAST if west else WEST)


def is_by(line: list[LonLat], place: LonLat) -> bool:
    """Whether the line passes along the street in whose middle the place is."""
    pairs = itertools.pairwise(line)
    return any(distance_metres(LonLat((a.lon + b.lon) / 2, (a.lat + b.lat) / 2), place) < 5 for a, b in pairs)


async def test_who_is_there_has_no_way_left_and_who_may_not_look_is_told_of_none(hall: Hall) -> None:
    incident = await ordered(hall)
    refused = await hall.ask("fire", "GET", f"/api/incidents/{incident}/ways")
    assert refused.status_code == 404
    for step in ("depart", "arrive"):
        await hall.ask("operator", "POST", "/api/units/P1/state", {"step": step})
    assert await ways(hall, incident) == []


async def test_who_has_left_without_saying_where_it_is_is_not_drawn_from_its_station(hall: Hall) -> None:
    incident = await ordered(hall)
    assert len(await ways(hall, incident)) == 1
    await hall.ask("operator", "POST", "/api/units/P1/state", {"step": "depart"})
    assert await ways(hall, incident) == []


async def test_a_closed_incident_has_no_ways_and_says_so(hall: Hall) -> None:
    incident = await ordered(hall)
    await hall.ask("operator", "POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
    refused = await hall.ask("operator", "GET", f"/api/incidents/{incident}/ways")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")


async def test_an_agency_whose_time_to_look_has_ended_is_told_so_and_of_no_way(hall: Hall) -> None:
    incident = await ordered(hall)
    assert len(await ways(hall, incident, "agency")) == 1

    def run_out(tx: Any) -> None:
        for grant in tx.list_grants(incident=IncidentId(incident)):
            if grant.agency == POLICE.id:
                tx.put_grant(replace(grant, expires_at=SystemClock().now()))

    hall.store.change_now(run_out)
    refused = await hall.ask("agency", "GET", f"/api/incidents/{incident}/ways")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "grant_ended")
    assert len(await ways(hall, incident)) == 1, "the unit drives on"


async def test_a_viewer_by_code_is_told_of_its_own_incident_s_ways_only(hall: Hall) -> None:
    incident, other = await ordered(hall), await shared(hall)
    for of, seen in ((incident, 200), (other["id"], 404)):
        found = hall.store.read_now(lambda look, of=of: look.find_incident(IncidentId(of)))
        assert found is not None
        hall.headers["viewer"] = seat_viewer(hall.store, found)
        answer = await hall.ask("viewer", "GET", f"/api/incidents/{incident}/ways")
        assert answer.status_code == seen
        assert ("items" in answer.json()) == (seen == 200)
