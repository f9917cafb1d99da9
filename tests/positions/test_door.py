"""Positions over HTTP: one, many, a stream; bad ones named, good ones taken, nobody let in without a key."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from fakes.clock import StandingClock
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.place import LonLat
from goldentime.edges.http.positions import LARGEST_BODY, LONGEST_LINE, MOST_FAULTS, MOST_NAMED, PATH, PositionDoor
from goldentime.flows.positions.take_positions import Positions
from goldentime.messages.exchange import Sender

POLICE, FIRE = AgencyId("police"), AgencyId("fire")
HERE = {"lon": 127.0286, "lat": 37.2636}
ENGINE = Unit(UnitId("팔달1"), FIRE, "팔달1", UnitKind.ENGINE, LonLat(127.03, 37.27))


class House:
    """A door, who may come in by it, and who was heard."""

    def __init__(self) -> None:
        self.clock = StandingClock()
        self.positions = Positions(self.clock)
        self.positions.know_units([ENGINE])
        self.senders = {"good-key": Sender(POLICE), "trial-key": Sender(POLICE, sandbox=True)}
        self.heard: list[tuple[str, bool]] = []
        self.door = PositionDoor(self.positions, self.find, self.clock, lambda who, ok: self.heard.append((who, ok)))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.door), base_url="http://city.test")

    async def find(self, secret: str) -> Sender | None:
        return self.senders.get(secret)

    async def post(self, body, *, key="good-key", kind="application/json"):
        content = body if isinstance(body, bytes) or hasattr(body, "__aiter__") else json.dumps(body).encode()
        return await self.http.post(PATH, content=content, headers={"X-Goldentime-Key": key, "Content-Type": kind})


@pytest.fixture
def house():
    return House()


async def test_one_position_is_taken_and_known_at_once(house):
    answer = await house.post({"unit": "순12", **HERE, "speed_kmh": 40, "heading": 360})
    assert (answer.status_code, answer.json()) == (200, {"taken": 1, "refused": 0, "faults": []})
    (tracked,) = house.positions.all()
    assert (tracked.raw.unit, tracked.agency, tracked.raw.heading, tracked.raw.source) == ("순12", POLICE, 0.0, "api")
    assert house.heard == [(POLICE, True)]


async def test_of_many_the_bad_ones_are_named_and_the_good_ones_taken(house):
    late = (house.clock.now() - timedelta(seconds=5)).isoformat()
    batch = [
        {"unit": "순1", **HERE},
        {"unit": "순2", "lon": 227.0, "lat": 37.0},
        {"lon": 127.0, "lat": 37.0},
        {"unit": "팔달1", **HERE},
        {"unit": "순1", **HERE, "at": late},
        "순3",
        {"unit": "순4", **HERE, "at": "2026-11-23T12:00:00"},
    ]
    said = (await house.post(batch)).json()
    assert (said["taken"], said["refused"]) == (2, 5)
    named = {fault["index"]: fault["code"] for fault in said["faults"]}
    assert named == {1: "bad_request", 2: "bad_request", 3: "not_yours", 4: "late", 5: "bad_request"}
    assert all(fault["text"]["ko"] and fault["text"]["en"] for fault in said["faults"])
    assert {one.raw.unit for one in house.positions.all()} == {"순1", "순4"}


async def test_a_time_without_a_zone_is_koreas(house):
    await house.post({"unit": "순1", **HERE, "at": "2026-11-23T11:59:58"})
    (tracked,) = house.positions.all()
    assert tracked.age(house.clock.now()) == timedelta(seconds=2)


@pytest.mark.parametrize("key", ["", "another"])
async def test_nobody_comes_in_without_a_key(house, key):
    answer = await house.post({"unit": "순1", **HERE}, key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
    assert house.positions.all() == []


async def test_a_trial_keys_positions_are_read_and_thrown_away(house):
    answer = await house.post([{"unit": "순1", **HERE}], key="trial-key")
    assert answer.json()["taken"] == 1
    assert house.positions.all() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[{", 400),
        (b"[1,", 400),
        (b'[{"unit": "\xff"}, ', 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[" * 8_000, 400),
        (b'{"other": ' + b"[" * 8_000, 400),
        (b" " * (LARGEST_BODY + 1), 413),
    ],
)
async def test_what_is_no_json_or_too_large_is_said_to_be(house, body, status):
    answer = await house.post(body)
    assert answer.status_code == status
    assert answer.json()["error"]["text"]["ko"]


async def test_a_stream_of_lines_cut_anywhere_is_taken_line_by_line(house):
    lines = b"".join(json.dumps({"unit": f"순{n}", **HERE}).encode() + b"\n" for n in range(40))
    lines += b'{"unit": "bad"}\nno json\n'

    async def pieces():
        for start in range(0, len(lines), 37):
            yield lines[start : start + 37]
        yield json.dumps({"unit": "last", **HERE}).encode()  # without an end of line

    said = (await house.post(pieces(), kind="application/x-ndjson")).json()
    assert said["taken"] == 41
    assert sorted(fault["index"] for fault in said["faults"]) == [40, 41]


async def test_a_line_without_an_end_is_not_waited_for(house):
    async def endless():
        yield b'{"unit": "' + b"x" * LONGEST_LINE
        yield b"x" * 100

    answer = await house.post(endless(), kind="application/x-ndjson")
    assert (answer.status_code, house.positions.all()) == (413, [])


async def test_a_byte_that_is_no_letter_costs_its_own_item_only(house):
    good, bad = json.dumps({"unit": "순1", **HERE}).encode(), b'{"unit": "\xff", "lon": 127, "lat": 37}'
    said = (await house.post(b"[" + bad + b"," + good + b"]")).json()
    assert (said["taken"], [fault["index"] for fault in said["faults"]]) == (1, [0])
    alone = await house.post(bad)
    assert (alone.status_code, alone.json()["refused"]) == (200, 1)


async def test_a_vehicles_stream_outlives_a_bad_byte_and_a_line_too_deep(house):
    async def lines():
        yield b'{"unit": "\xff", "lon": 127, "lat": 37}\n'
        yield b"[" * 4_000 + b"\n"
        yield json.dumps({"unit": "순1", **HERE}).encode() + b"\n"

    answer = await house.post(lines(), kind="application/x-ndjson")
    assert (answer.status_code, answer.json()["taken"], answer.json()["refused"]) == (200, 1, 2)


async def test_a_body_full_of_faults_is_put_down_early_and_lets_others_breathe_meanwhile(house):
    breaths = 0

    async def others():
        nonlocal breaths
        while True:
            breaths += 1
            await asyncio.sleep(0)

    breathing = asyncio.create_task(others())
    answer = await house.post(b"[" + b"1," * 100_000 + b"1]")
    breathing.cancel()
    said = answer.json()
    assert (answer.status_code, said["error"]["code"]) == (400, "too_many_faults")
    assert (said["refused"], len(said["faults"])) == (MOST_FAULTS, MOST_NAMED)
    assert breaths >= MOST_FAULTS // 500 - 1
