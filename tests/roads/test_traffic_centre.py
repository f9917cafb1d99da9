"""The simulated traffic centre: rush hours are slow, nights are not, and its word is taken like a real one's."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from random import Random
from statistics import mean

import pytest

from goldentime.core.clock import KST, SystemClock
from goldentime.sim.traffic import MeasuredLink, speed_at, tell_traffic

LINKS = [MeasuredLink(f"link-{number}", f"road-{number % 9}", 50.0) for number in range(90)]


def usual(hour: int) -> float:
    at, chance = datetime(2026, 11, 23, hour, 0, tzinfo=KST), Random(1)  # noqa: S311  (the same each time)
    return mean(speed_at(link, at, chance) for link in LINKS)


def test_the_morning_rush_is_slower_than_noon_and_noon_than_the_night() -> None:
    assert usual(8) < 0.7 * usual(12)
    assert usual(18) < 0.7 * usual(3)


def test_no_speed_is_less_than_walking_pace_or_beyond_the_road() -> None:
    at, chance = datetime(2026, 11, 23, 8, 0, tzinfo=KST), Random(2)  # noqa: S311  (the same each time)
    assert all(4.0 <= speed_at(link, at, chance) <= 60.0 for link in LINKS)


class Watched(list[MeasuredLink]):
    """Links that know in which threads they were gone through."""

    def __init__(self, links: list[MeasuredLink]) -> None:
        super().__init__(links)
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[MeasuredLink]:
        self.threads.add(threading.get_ident())
        return super().__iter__()


@pytest.mark.socket
async def test_what_is_told_is_every_links_speed_and_is_not_made_on_the_loop_that_times_answers() -> None:
    heard: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(row.split(b":")[1]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length")
        )
        await heard.put((head.lower(), await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    links = Watched(LINKS)
    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        telling = asyncio.create_task(tell_traffic(url, "its key", links, SystemClock(), every=0.01))
        tellings = [await asyncio.wait_for(heard.get(), 10) for _ in range(2)]
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
    for head, body in tellings:
        assert b"x-goldentime-key: its key" in head
        assert b"content-type: application/json" in head
        items = json.loads(body)["items"]
        assert [one["link_id"] for one in items] == [link.id for link in LINKS]
        assert all(4.0 <= one["kmh"] <= 60.0 for one in items)
        assert datetime.fromisoformat(items[0]["measured_at"]).tzinfo
    assert links.threads
    assert threading.get_ident() not in links.threads
