"""That a long answer is made beside the loop: while it is being made, somebody else's request is answered."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from fakes.hall import Hall
from fakes.hall_on_a_block import hall_on_a_block
from goldentime.edges.http import golden_time, interface_log, roads

pytestmark = pytest.mark.slow  # a platform of its own for each test

LONG = [
    (golden_time, "incidents_rows", "operator", "GET", "/api/golden-time-incidents.csv"),
    (golden_time, "_behind", "operator", "GET", "/api/golden-time/incidents"),
    (interface_log, "_sheet", "admin", "POST", "/api/interface-log/export"),
    (roads, "reach_json", "operator", "GET", "/api/roads/reach?lon=127.00001&lat=37.0005&seconds=300"),
    (roads, "links_json", "operator", "GET", "/api/roads/links.geojson"),
    (roads, "speeds_json", "operator", "GET", "/api/roads/traffic"),
]


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall_on_a_block(tmp_path) as made:
        yield made


class Held:
    """A piece of work that is under way until it is let go; on the loop nobody would ever let it go."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work, self.begun, self.let_go, self.was_let_go = work, threading.Event(), threading.Event(), False

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.begun.set()
        self.was_let_go = self.let_go.wait(5)
        return self.work(*given, **named)


@pytest.mark.parametrize("asked", LONG, ids=[one[1] for one in LONG])
async def test_another_is_answered_while_a_long_answer_is_made(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, asked: tuple[Any, str, str, str, str]
) -> None:
    edge, work, who, method, path = asked
    held = Held(getattr(edge, work))
    monkeypatch.setattr(edge, work, held)
    body = {} if method == "POST" else None
    long = asyncio.create_task(hall.ask(who, method, path, body))
    while not held.begun.is_set():
        assert not long.done(), long.result().text
        await asyncio.sleep(0)
    other = await hall.ask("operator", "GET", "/api/roads/closures")
    held.let_go.set()
    assert other.status_code == 200
    assert (await long).status_code == 200
    assert held.was_let_go


async def test_traffic_is_drawn_once_however_many_poll_and_anew_when_it_changes(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = roads.speeds_json
    monkeypatch.setattr(roads, "speeds_json", lambda *given: drawn.append(1) or draw(*given))
    answers = [await hall.ask("operator", "GET", "/api/roads/traffic") for _ in range(3)]
    assert len(drawn) == 1
    assert len({one.headers["etag"] for one in answers}) == 1
    body = {"links": ["A>"], "scope": "for_all", "reason": "침수"}
    assert (await hall.ask("operator", "POST", "/api/roads/closures", body)).status_code == 201
    changed = await hall.ask("operator", "GET", "/api/roads/traffic")
    assert len(drawn) == 2
    assert changed.json()["closures"][0]["reason"] == "침수"
    assert changed.headers["etag"] != answers[0].headers["etag"]
