"""What a drill may never do, and that a small one runs from call to summary over the real wire."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from fakes.room import CROSSING, Room
from fakes.town import POLICE
from goldentime.core.clock import SpedClock, SystemClock
from goldentime.core.errors import OperatorsError, Refused
from goldentime.drill.plan import MARK, Plan, begin_anew, get_kept, keep, reached_at
from goldentime.drill.platform import platform_beside, settings_of
from goldentime.flows.incidents.read_traits import digest_words, telling_words
from goldentime.flows.outgoing.outbox import Dispatchable, put_outgoing
from goldentime.from_settings import open_city
from goldentime.importers.run import Importer
from goldentime.messages.order import Order
from goldentime.settings import City, DrillClock
from goldentime.sim.agencies.client import Delivery
from goldentime.sim.agencies.occurrence import Message
from goldentime.sim.agencies.wire import Heard
from goldentime.sim.city import write_sample_city
from goldentime.sim.city_day import Wish, paper_spots, plan_day
from goldentime.sim.drill import Figures, Rooms
from goldentime.staged import AGENCIES, add_missing_units, import_played


class Wire:
    """An agency's wire that can say everything."""

    name = "wire"

    def order(self, order: Order) -> bytes:
        return order.number.encode()

    def news(self, news: object) -> bytes:
        return b"news"


def order_for(room: Room) -> Dispatchable:
    (incident,) = room.incidents
    number = ("GO-20261123-0001", "20261123040000001", incident.number)
    order = Order(*number, POLICE, "112_dispatch", ("car-1",), room.town.clock.now(), CROSSING)
    return Dispatchable(POLICE, incident, order)


@pytest.mark.parametrize("capable", [False, True])
async def test_an_order_of_a_drill_leaves_only_over_a_wire_marked_for_drills(*, capable: bool) -> None:
    room = Room()
    room.world.wires[POLICE] = Wire()
    if capable:
        object.__setattr__(room.world.rules, "drill_wires", frozenset({POLICE}))
    await room.hear(place=[CROSSING.lon, CROSSING.lat], drill=True)
    told = order_for(room)
    if capable:
        assert await room.store.change(lambda tx: put_outgoing(tx, room.world, told)) is not None
        return
    with pytest.raises(Refused, match="drill"):
        await room.store.change(lambda tx: put_outgoing(tx, room.world, told))


async def test_an_order_of_what_is_real_leaves_over_any_wire() -> None:
    room = Room()
    room.world.wires[POLICE] = Wire()
    await room.hear(place=[CROSSING.lon, CROSSING.lat])
    assert await room.store.change(lambda tx: put_outgoing(tx, room.world, order_for(room))) is not None


def test_a_clock_of_its_own_is_for_drills_only() -> None:
    own = {"begins": "2026-11-23T00:00:00+09:00", "started": "2026-11-23T10:00:00+09:00", "speed": 60}
    assert City(drill=True, drill_clock=own).drill_clock is not None
    with pytest.raises(ValidationError, match="drill"):
        City(drill_clock=own)


def test_a_sped_clock_stands_where_the_day_begins_and_goes_as_fast_as_asked() -> None:
    begins, now = datetime(2026, 11, 23, tzinfo=UTC), SystemClock().now()
    clock = SpedClock(begins, now - timedelta(seconds=10), 60.0)
    assert timedelta(minutes=10) <= clock.now() - begins < timedelta(minutes=15)


def test_province_city_and_district_tell_no_address_from_another() -> None:
    assert telling_words("경기도 수원시 팔달구 인계동 1041-5") == ["인계동", "인계동 1041-5"]
    a, b = (digest_words(b"p" * 32, f"경기도 수원시 팔달구 {one}") for one in ("인계로 12", "매산로 12"))
    assert not a & b


def command(folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "goldentime", "drill", "--data", str(folder), *more],
        capture_output=True, text=True, timeout=240, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.socket
def test_a_small_drill_plays_its_day_over_the_wire_and_tells_what_came_of_it(tmp_path: Path) -> None:
    folder, result = tmp_path / "drill", tmp_path / "result.json"
    given = (
        "--reports",
        "25",
        "--speed",
        "1000",
        "--burst",
        "1",
        "--seed",
        "3",
        "--day",
        "2026-11-24",
        "--quiet",
        "--result",
        str(result),
    )
    done = command(folder, *given)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(result.read_text())
    assert told["reports"] == {"planned": 25, "sent": 25, "refused": 0, "failed": 0}
    assert told["units"]["by_position"] == told["units"]["arrived"] > 0
    whole = told["golden"]["rows"][0]
    assert whole["incidents"] == 25
    assert whole["arrived"] > 0
    assert "훈련 결과" in done.stdout


class Line:
    """What stands for an agency's line: remembers what came over it, and answers none of those named."""

    def __init__(self, *, silent: bool = False) -> None:
        self.came: list[Message] = []
        self.silent = silent
        self.has_ten = asyncio.Event()

    async def deliver(self, message: Message, *, pause: float) -> Delivery:
        self.came.append(message)
        if len(self.came) == 10:
            self.has_ten.set()
        if self.silent:
            await asyncio.sleep(3600)
        return Delivery(Heard(ok=True, type_code="100", message=""), "", 1.0, 1, 0)


async def test_every_call_is_ended_even_when_its_end_is_due_behind_the_last_call() -> None:
    day = plan_day(Wish(reports=200, seed=5), paper_spots(3)).calls
    last = day[-1].at
    assert any(call.at + call.ends_after > last for call in day)
    begins, line = datetime(2026, 11, 23, tzinfo=UTC), Line()
    clock = SpedClock(begins, SystemClock().now(), 1.0)
    rooms = Rooms(dict.fromkeys(("112", "119"), line), clock, Figures(), begins=begins, speed=1e9)
    await rooms.play(day, asyncio.Event(), lambda _call: None)
    ended = {one.content for one in line.came if one.state == "91"}
    assert ended == {one.content for one in line.came if one.state == "10"}
    assert (len(ended), rooms.ends_left) == (len(day), 0)


async def test_a_drill_stopped_while_events_go_on_ends_none_before_its_time_and_knows_how_many_are_left() -> None:
    day = plan_day(Wish(reports=60, seed=5), paper_spots(3)).calls
    begins, line, stop = datetime(2026, 11, 23, tzinfo=UTC), Line(), asyncio.Event()
    clock = SpedClock(begins, SystemClock().now() - timedelta(seconds=day[9].at), 1.0)
    rooms = Rooms(dict.fromkeys(("112", "119"), line), clock, Figures(), begins=begins, speed=1.0)
    playing = asyncio.create_task(rooms.play(day, stop, lambda call: stop.set() if call is day[8] else None))
    await asyncio.wait_for(playing, 10)
    due = [call for call in day[:9] if call.at + call.ends_after <= day[8].at]
    assert len([one for one in line.came if one.state == "91"]) == len(due)
    assert (rooms.done, rooms.ends_left) == (9, 9 - len(due))


async def test_a_drill_that_was_killed_sends_what_was_not_answered_again_under_its_number_and_ends_all() -> None:
    day = plan_day(Wish(reports=60, seed=5), paper_spots(3)).calls
    begins = datetime(2026, 11, 23, tzinfo=UTC)
    clock = SpedClock(begins, SystemClock().now() - timedelta(seconds=1), 200_000.0)  # the day is over at once
    first, stop = Line(silent=True), asyncio.Event()
    figures = Figures()
    rooms = Rooms(dict.fromkeys(("112", "119"), first), clock, figures, begins=begins, speed=200_000.0)
    playing = asyncio.create_task(rooms.play(day[:10], stop, lambda _call: None))
    await asyncio.wait_for(first.has_ten.wait(), 10)
    playing.cancel()
    assert (rooms.done, rooms.safe) == (10, 0)
    second = Line()
    later = SpedClock(begins, SystemClock().now(), 1.0)
    again = Rooms(dict.fromkeys(("112", "119"), second), later, figures, begins=begins, speed=1e9)
    again.done = 4  # as if the first four had been answered
    await again.play(day, stop, lambda _call: None)
    numbers = {one.content: one.number for one in first.came if one.state == "10"}
    came = {one.content: one.number for one in second.came if one.state == "10"}
    assert len(came) == len(day) - 4
    assert all(came[content] == number for content, number in numbers.items() if content in came)
    ended = {one.content for one in second.came if one.state == "91"}
    assert ended & {f"[훈련] #{call.number} {call.content}" for call in day[:4]}
    assert again.safe == len(day)


def test_what_is_kept_of_a_drill_is_whole_and_its_clock_goes_on_where_it_was(tmp_path: Path) -> None:
    begin_anew(tmp_path)
    plan = Plan(10, 60.0, 1.0, 1, None, "2026-11-23T00:00:00+09:00")
    now = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    keep(tmp_path, plan, 0, SpedClock(now, SystemClock().now(), 1.0))
    assert get_kept(tmp_path) == plan
    assert reached_at(plan, tmp_path) - now < timedelta(seconds=5)
    assert [one.name for one in tmp_path.iterdir()] == [MARK]


@pytest.mark.slow
def test_a_folder_that_is_no_drills_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep me")
    done = command(tmp_path, "--reports", "1")
    assert done.returncode == 1
    assert "not a drill's folder" in done.stderr
    assert (tmp_path / "precious.txt").exists()


@pytest.mark.slow
def test_there_is_nothing_to_go_on_with_where_no_drill_was_stopped(tmp_path: Path) -> None:
    done = command(tmp_path, "--resume")
    assert done.returncode == 1
    assert "no drill to go on with" in done.stderr


@pytest.mark.slow
@pytest.mark.socket
async def test_a_platform_that_does_not_start_says_in_both_languages_where_its_log_is(tmp_path: Path) -> None:
    (tmp_path / "goldentime.db").write_text("no database")
    now = SystemClock().now()
    clock = DrillClock(begins=now, started=now, speed=60.0)
    settings = settings_of(tmp_path, Plan(1, 60.0, 1.0, 1, None, now.isoformat()), clock)
    with pytest.raises(OperatorsError) as told:
        async with platform_beside(tmp_path, settings):
            pass
    log = tmp_path / "platform.log"
    assert log.read_text()
    assert all(str(log) in words for words in (told.value.text.ko, told.value.text.en))


@pytest.mark.slow
def test_a_drill_faster_than_may_be_is_refused_with_the_most(tmp_path: Path) -> None:
    done = command(tmp_path, "--speed", "2001")
    assert done.returncode == 2
    assert "2000" in done.stderr


@pytest.mark.slow
def test_a_city_whose_folder_lists_no_units_drills_with_those_of_its_stations_and_one_without_stations_is_refused(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "city"
    write_sample_city(folder)
    (folder / "gaon_unit.csv").unlink()
    with open_city(settings_of(tmp_path / "drill", Plan(1, 60.0, 1.0, 1, str(folder), ""), None)) as store:
        importer = Importer(store.city(), SystemClock())
        import_played(importer, folder, lambda *_told: None)
        assert not store.city().load_units()
        add_missing_units(store, importer)
        units = store.city().load_units()
        assert {one.agency for one in units.values()} == {one.id for one in AGENCIES}
        add_missing_units(store, importer)
        assert len(store.city().load_units()) == len(units)
    for stations in ("gaon_119_center.csv", "gaon_police_box.csv"):
        (folder / stations).unlink()
    done = command(tmp_path / "bare", "--reports", "1", "--city", str(folder))
    assert done.returncode == 1
    assert "nobody to order" in done.stderr
