"""How a day of calls is played over the real wire, and what came of it is told."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from goldentime.adapters.sql import SqlStore
from goldentime.city.roads.graph import RoadGraph
from goldentime.core.clock import KST, SpedClock, SystemClock, monotonic
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.drill.moving import DESK, at_work, moving, while_moving
from goldentime.drill.plan import Plan, begin_anew, day_of, figures_in, get_kept, keep, reached_at
from goldentime.drill.platform import must_be_a_drill, platform_beside, settings_of, until_gone
from goldentime.flows.people.first_accounts import demo_accounts
from goldentime.from_settings import open_city
from goldentime.importers.run import Importer
from goldentime.logs import set_up_logs
from goldentime.settings import DrillClock
from goldentime.sim.agencies.client import AgencyClient, open_http
from goldentime.sim.agencies.scenario import load_scenario
from goldentime.sim.city_day import Call, Spot, Wish, plan_day
from goldentime.sim.drill import (
    Desk,
    Figures,
    Result,
    Rooms,
    judge,
    left_to_arrive,
    progress_words,
    result_json,
    result_words,
)
from goldentime.staged import AGENCIES, FIRE, POLICE, TRAFFIC, add_missing_units, import_played, issue_logins

PROGRESS_EVERY = 5.0  # seconds
WIND_DOWN = 900.0  # seconds of the played day that crews get after the last call
CATCH_UP = 20.0  # seconds that the reader of golden times gets at the end
FAILED, STOPPED = 1, 130
LAST = 200  # facts of a stopped drill among which the latest is
START_TAKES = timedelta(seconds=4)  # until then the day has not begun


def drill(  # noqa: PLR0913  (a command line)
    *,
    reports: Annotated[
        int, typer.Option(min=1, max=100_000, help="평균 요일의 신고 건수 / how many reports on the average weekday")
    ] = 2000,
    speed: Annotated[
        float,
        typer.Option(min=1, max=2000, help="몇 배로 빠르게, 2000까지 / how much faster than life, at most 2000"),
    ] = 60.0,
    burst: Annotated[
        float, typer.Option(min=1, max=100, help="몇 배 폭주(21시) / how steep the burst at 21:00")
    ] = 10.0,
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="놀이할 날, 없으면 오늘. 요일에 따라 건수가 다릅니다 / the day played, "
            "by default today: its weekday scales the reports",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="같은 씨앗은 같은 하루 / the same seed plays the same day")] = 1,
    city: Annotated[Path | None, typer.Option("--city", help="도시 파일 폴더 / a folder of a city's files")] = None,
    data: Annotated[Path, typer.Option("--data", help="훈련 상태 폴더 / where the drill's state lives")] = Path(
        "data/drill"
    ),
    resume: Annotated[bool, typer.Option("--resume", help="멈춘 훈련을 이어서 / go on with a stopped drill")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="요약만 / the summary only")] = False,
    result: Annotated[Path | None, typer.Option("--result", help="결과 JSON / the result as JSON")] = None,
    logins: Annotated[Path | None, typer.Option(hidden=True, help="로그인을 JSON으로 / logins, for tests")] = None,
) -> None:
    """하루치 신고로 훈련합니다. 실제 기관과 출동대에는 아무것도 보내지 않습니다. Plays a city day as a drill."""
    set_up_logs("warning")
    played = day.replace(tzinfo=KST) if day else SystemClock().now().astimezone(KST)
    begins = played.replace(hour=0, minute=0, second=0, microsecond=0)
    asked = Plan(reports, speed, burst, seed, str(city) if city else None, begins.isoformat())
    plan = get_kept(data) if resume else asked
    sys.exit(uvloop.run(_run(plan, data, fresh=not resume, quiet=quiet, result=result, logins=logins)))


async def _run(plan: Plan, data: Path, *, fresh: bool, quiet: bool, result: Path | None, logins: Path | None) -> int:
    if fresh:
        begin_anew(data)
    if not fresh:
        await until_gone(data)
    begins = reached_at(plan, data)
    if not fresh:
        begins = max(begins, _last_at(data, plan))
    spots, graph, people, keys = await _make_ready(plan, data, begins, fresh=fresh)
    midnight = datetime.fromisoformat(plan.begins)
    calls = plan_day(Wish(plan.reports, plan.burst, plan.seed, midnight.weekday()), spots).calls
    started = SystemClock().now() + START_TAKES
    clock = SpedClock(begins, started, plan.speed)
    settings = settings_of(data, plan, DrillClock(begins=begins, started=started, speed=plan.speed))
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(platform_beside(data, settings))
        await must_be_a_drill(url)
        _say(quiet, f"{url}/  operator {people['operator']}  (훈련 / drill)")
        _say(quiet, f"{day_of(plan)} {'월화수목금토일'[midnight.weekday()]} {midnight:%A} · 신고 reports {len(calls)}")
        if logins is not None:
            _write(logins, {"url": url, "people": people})
        clients = {
            name: AgencyClient(load_scenario(name).agency, keys[f"agency-{name}"], await stack.enter_async_context(
                open_http(url)), clock)
            for name in ("112", "119")
        }  # fmt: skip
        http = await stack.enter_async_context(open_http(url))
        figures = stack.enter_context(figures_in(data))
        desk = Desk(http, ("operator", people["operator"]), figures, speed=plan.speed)
        rooms = Rooms(clients, clock, figures, begins=midnight, speed=plan.speed)
        rooms.done = plan.done
        movers = await stack.enter_async_context(moving(http, keys, graph, plan=plan, clock=clock))
        played = _play(calls, rooms, desk, plan, data=data, clock=clock, quiet=quiet)
        working = await stack.enter_async_context(at_work((desk.run(), DESK)))
        stopped = await while_moving(played, {**movers, **working})
        golden = await _golden(desk, plan)
        seen = calls[: rooms.done]
        answers, truth = figures.answers, figures.truth
        told = Result(
            len(seen), answers, truth, judge(seen, truth), golden, speed=plan.speed, left=left_to_arrive(seen, figures)
        )
        sys.stdout.write(f"{result_words(told)}\n")
        if result is not None:
            _write(result, result_json(told))
    if stopped:
        if rooms.ends_left:
            _say(False, f"보내지 않은 종료 {rooms.ends_left}건 / {rooms.ends_left} ends not sent yet")
        _say(False, f"멈췄습니다. 이어서 하려면 / stopped; to go on: goldentime drill --resume --data {data}")
        return STOPPED
    for problem in sorted(set(answers.problems))[:5]:
        sys.stderr.write(f"{problem}\n")
    return 0 if told.is_good else FAILED


async def _make_ready(
    plan: Plan, data: Path, begins: datetime, *, fresh: bool
) -> tuple[list[Spot], RoadGraph, dict[str, str], dict[str, str]]:
    """Where calls come from, the roads to drive on, logins and keys; the city is imported when it is `fresh`."""
    before = SpedClock(begins - timedelta(hours=1), SystemClock().now(), 1.0)  # made ready before the day
    settings = settings_of(data, plan, None)
    with open_city(settings) as store:
        if fresh:
            importer = Importer(store.city(), SystemClock())
            folder = Path(plan.city) if plan.city else None
            await asyncio.to_thread(import_played, importer, folder, _say_nothing)
            add_missing_units(store, importer)
        if not store.city().load_units():
            raise OperatorsError(
                Text(
                    "도시에 출동대도, 차고지로 삼을 지구대·119안전센터도 없어 훈련할 수 없습니다.",
                    "The city has no units, nor police boxes or 119 centres to place any at: there is nobody to order.",
                )
            )
        people, keys = await issue_logins(
            settings,
            store,
            before,
            wanted=demo_accounts(agency_112=POLICE, agency_119=FIRE),
            keyed=(*AGENCIES, TRAFFIC),
        )
        return _spots(store), RoadGraph(store.city().load_roads()), people, keys


async def _play(  # noqa: PLR0913  (all that a day is played with)
    calls: Sequence[Call], rooms: Rooms, desk: Desk, plan: Plan, *, data: Path, clock: SpedClock, quiet: bool
) -> bool:
    """Play until the day is over; whether it was stopped before."""
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    telling = asyncio.create_task(_tell(desk.figures, len(calls), clock=clock, quiet=quiet))

    def each(call: Call) -> None:
        desk.expect(call)
        keep(data, plan, rooms.safe, clock)

    for call in calls[: rooms.done]:
        desk.expect(call)
    keep(data, plan, rooms.safe, clock)
    try:
        await rooms.play(calls, stop, each)
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WIND_DOWN / plan.speed + 2.0):
                    await stop.wait()
    finally:
        keep(data, plan, rooms.safe, clock)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
    return rooms.done < len(calls) or rooms.ends_left > 0


async def _golden(desk: Desk, plan: Plan) -> dict[str, Any] | None:
    """The platform's page of the day's golden times, once its reader has caught up, or after a while as it is."""
    asked = f"/api/golden-time?drill=true&since={day_of(plan)}&until={day_of(plan, 1)}"
    until = monotonic() + CATCH_UP
    while True:
        golden = await desk.ask("GET", asked)
        if golden is None or golden["whole_until"] is None or monotonic() >= until:
            return golden
        await asyncio.sleep(0.5)


async def _tell(figures: Figures, total: int, *, clock: SpedClock, quiet: bool) -> None:
    while True:
        await asyncio.sleep(PROGRESS_EVERY)
        _say(quiet, progress_words(figures, total, clock.now()))


def _last_at(data: Path, plan: Plan) -> datetime:
    """When the last things happened in the drill that was stopped there: its clock never goes back."""
    with open_city(settings_of(data, plan, None)) as store:
        facts = store.read_now(lambda look: look.list_facts(after=max(0, look.last_position() - LAST), limit=LAST))
    return max((one.fact.at for one in facts), default=datetime.fromisoformat(plan.begins))


def _say_nothing(_name: str, _done: int, _total: int) -> None:
    return


def _spots(store: SqlStore) -> list[Spot]:
    """Where calls come from: the city's own camera sites, called by their addresses."""
    sites = store.city().load_sites().values()
    spots = []
    for site in sorted(sites, key=lambda one: one.id):
        words = tuple(dict.fromkeys(each for each in (site.address, site.lot_address, site.name) if each))
        if words:
            spots.append(Spot(site.place, words))
    if not spots:
        raise OperatorsError(Text("도시에 개소가 없어 훈련할 수 없습니다.", "The city has no site to play a day at."))
    return spots


def _write(file: Path, told: dict[str, Any]) -> None:
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1))


def _say(quiet: bool, line: str) -> None:  # noqa: FBT001  (a command's own option)
    if not quiet:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
