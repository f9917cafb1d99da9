"""How a drill is run: a platform of its own in drill mode, a day of calls over the real wire, and what came of it."""

import asyncio
import contextlib
import json
import secrets
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import typer
import uvloop

from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.adapters.sql import SqlStore
from goldentime.core.clock import KST, SpedClock, SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.demo import AGENCIES
from goldentime.flows.first_accounts import create_first_accounts, demo_accounts
from goldentime.flows.manage_keys import issue_key
from goldentime.from_settings import open_city, put_agencies
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer
from goldentime.logs import set_up_logs
from goldentime.settings import City, DrillClock, Settings, Web
from goldentime.sim.agencies.client import AgencyClient, open_http
from goldentime.sim.agencies.scenario import load_scenario
from goldentime.sim.city import write_sample_city
from goldentime.sim.city_day import Call, Spot, Wish, plan_day
from goldentime.sim.drill import Desk, Result, Rooms, judge, result_words

MARK = ".goldentime-drill"  # only a folder with this mark is ever emptied
PROGRESS_EVERY = 5.0  # seconds
WIND_DOWN = 900.0  # seconds of the played day that crews get after the last call
FAILED, WRONG, STOPPED = 1, 2, 130
START_TAKES = timedelta(seconds=4)  # until then the day has not begun


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for; kept with the drill, so that a stopped one goes on as itself."""

    reports: int
    speed: float
    burst: float
    seed: int
    city: str | None
    begins: str  # midnight of the played day
    done: int = 0


def drill(  # noqa: PLR0913  (a command line)
    *,
    reports: Annotated[int, typer.Option(min=1, max=100_000, help="신고 건수 / how many reports")] = 2000,
    speed: Annotated[float, typer.Option(min=1, max=2000, help="몇 배로 빠르게 / how much faster than life")] = 60.0,
    burst: Annotated[
        float, typer.Option(min=1, max=100, help="몇 배 폭주(21시) / how steep the burst at 21:00")
    ] = 10.0,
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
    today = SystemClock().now().astimezone(KST).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = Plan(reports, speed, burst, seed, str(city) if city else None, today.isoformat())
    plan = _kept(data) if resume else asked
    sys.exit(uvloop.run(_run(plan, data, fresh=not resume, quiet=quiet, result=result, logins=logins)))


async def _run(plan: Plan, data: Path, *, fresh: bool, quiet: bool, result: Path | None, logins: Path | None) -> int:
    if fresh:
        _empty(data)
    begins = _reached(plan, data)
    before = SpedClock(
        begins - timedelta(hours=1), SystemClock().now(), 1.0
    )  # what is made ready is older than the day
    with open_city(_settings(data, plan, None)) as store:
        if fresh:
            await asyncio.to_thread(_import, store, plan)
        spots = _spots(store)
        people, keys = await _people(_settings(data, plan, None), store, before)
    calls = plan_day(Wish(plan.reports, plan.burst, plan.seed), spots).calls
    started = SystemClock().now() + START_TAKES
    clock = SpedClock(begins, started, plan.speed)
    settings = _settings(data, plan, DrillClock(begins=begins, started=started, speed=plan.speed))
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(_platform(data, settings))
        await _must_be_a_drill(url)
        _say(quiet, f"{url}/  operator {people['operator']}  (훈련 / drill)")
        if logins is not None:
            _write(logins, {"url": url, "people": people})
        clients = {
            name: AgencyClient(load_scenario(name).agency, keys[f"agency-{name}"], await stack.enter_async_context(
                open_http(url)), clock)
            for name in ("112", "119")
        }  # fmt: skip
        http = await stack.enter_async_context(open_http(url))
        desk = Desk(http, "operator", people["operator"], speed=plan.speed, seed=plan.seed)
        rooms = Rooms(clients, clock, datetime.fromisoformat(plan.begins), plan.speed)
        rooms.done = plan.done
        stopped = await _play(calls, rooms, desk, plan, data=data, clock=clock, quiet=quiet)
        golden = await desk.ask("GET", f"/api/golden-time?drill=true&since={_day(plan)}&until={_day(plan, 1)}")
        seen = calls[: rooms.done]
        told = Result(len(seen), rooms.answers, desk.truth, judge(seen, desk.truth), golden)
        sys.stdout.write(f"{result_words(told)}\n")
        if result is not None:
            _write(result, _as_json(told))
    if stopped:
        _say(False, f"멈췄습니다. 이어서: goldentime drill --resume --data {data}")
        return STOPPED
    for problem in sorted(set(rooms.answers.problems))[:5]:
        sys.stderr.write(f"{problem}\n")
    return 0 if told.is_good else FAILED


async def _play(  # noqa: PLR0913  (all that a day is played with)
    calls: Sequence[Call], rooms: Rooms, desk: Desk, plan: Plan, *, data: Path, clock: SpedClock, quiet: bool
) -> bool:
    """Play until the day is over; whether it was stopped before."""
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    working = asyncio.create_task(desk.run())
    telling = asyncio.create_task(_tell(rooms, desk, len(calls), clock=clock, quiet=quiet))
    for call in calls[: rooms.done]:
        desk.expect(call)
    try:
        await rooms.play(calls, stop, desk.expect)
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WIND_DOWN / plan.speed + 2.0):
                    await stop.wait()
    finally:
        _keep(data, plan, rooms.done, clock)
        for task in (working, telling):
            task.cancel()
        await asyncio.gather(working, telling, return_exceptions=True)
    if working.done() and not working.cancelled() and (problem := working.exception()) is not None:
        raise problem
    return rooms.done < len(calls)


async def _tell(rooms: Rooms, desk: Desk, total: int, *, clock: SpedClock, quiet: bool) -> None:
    while True:
        await asyncio.sleep(PROGRESS_EVERY)
        at = clock.now().astimezone(KST).strftime("%H:%M")
        answers, truth = rooms.answers, desk.truth
        _say(
            quiet,
            f"[훈련 {at}] 신고 {answers.sent}/{total} · p99 {answers.quantile(0.99):.0f} ms · 출동 {truth.ordered} · "
            f"도착 {truth.arrived} · 같은 상황 {len(truth.pairs)}",
        )


@contextlib.asynccontextmanager
async def _platform(data: Path, settings: Settings) -> AsyncIterator[str]:
    """The platform as a process of its own, as a city would run it; yields its address."""
    file = data / "settings.toml"
    file.write_text(_toml(settings))
    command = [sys.executable, "-m", "goldentime", "serve", "--data", str(data), "--settings", str(file), "--port", "0"]
    pipe = asyncio.subprocess.PIPE
    log = data / "platform.log"
    process = await asyncio.create_subprocess_exec(
        *command, stdout=pipe, stderr=asyncio.subprocess.STDOUT, start_new_session=True
    )
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    try:
        url = ""
        while not url:
            line = (await asyncio.wait_for(process.stdout.readline(), 90)).decode()
            if not line:
                raise OperatorsError(
                    Text(
                        f"훈련용 플랫폼이 시작되지 않았습니다: {data}/platform.log",
                        "The drill's platform did not start.",
                    )
                )
            _add_line(log, line)
            url = line.strip().rstrip("/") if line.startswith("http") else ""
        draining = asyncio.create_task(_drain(process.stdout, log))
        await _until_up(url)
        yield url
        draining.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()


async def _drain(stream: asyncio.StreamReader, file: Path) -> None:
    while line := await stream.readline():
        _add_line(file, line.decode(errors="replace"))


def _add_line(file: Path, line: str) -> None:
    with file.open("a") as log:
        log.write(line)


async def _until_up(url: str) -> None:
    async with open_http(url) as http, asyncio.timeout(60):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get("/api/health")).is_success:
                    return
            await asyncio.sleep(0.1)


async def _must_be_a_drill(url: str) -> None:
    """Raise OperatorsError unless the platform says that it is one for drills."""
    async with open_http(url) as http:
        health = (await http.get("/api/health")).json()
    if health.get("drill") is not True:
        raise OperatorsError(
            Text("훈련용 플랫폼이 아니어서 보내지 않습니다.", "Not a platform in drill mode: nothing is sent.")
        )


def _settings(data: Path, plan: Plan, clock: DrillClock | None) -> Settings:
    names = {"suwon": ("수원시", "Suwon", "SW"), "jinju": ("진주시", "Jinju", "JJ")}
    name = Path(plan.city).name if plan.city else ""
    ko, en, prefix = names.get(name.lower(), (name or "가온시", name or "Gaon", "GA" if not name else "GO"))
    city = City(name_ko=ko, name_en=en, number_prefix=prefix, drill=True, drill_clock=clock)
    agencies = tuple(one.model_copy(update={"drills": True}) for one in AGENCIES)
    return Settings(data=data, web=Web(port=0), city=city, agencies=agencies, log="warning")


def _toml(settings: Settings) -> str:
    """The part of the settings that the platform's own process needs; JSON strings are TOML strings."""
    city, own = settings.city, settings.city.drill_clock
    assert own is not None  # noqa: S101  a drill has one
    lines = ['log = "warning"', "[city]"]
    lines += [f"{key} = {json.dumps(getattr(city, key))}" for key in ("name_ko", "name_en", "number_prefix", "drill")]
    lines += ["[city.drill_clock]", f"begins = {own.begins.isoformat()}", f"started = {own.started.isoformat()}"]
    lines.append(f"speed = {own.speed}")
    for agency in settings.agencies:
        lines.append("[[agencies]]")
        told = agency.model_dump(mode="json", exclude_none=True)
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join(lines) + "\n"


def _import(store: SqlStore, plan: Plan) -> None:
    importer = Importer(store.city(), SystemClock())

    def told(_name: str, _done: int, _total: int) -> None:
        return

    if plan.city is not None:
        import_city(importer, Path(plan.city), told)
        return
    with TemporaryDirectory() as folder:
        write_sample_city(Path(folder))
        import_city(importer, Path(folder), told)


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


async def _people(settings: Settings, store: SqlStore, clock: SpedClock) -> tuple[dict[str, str], Mapping[str, str]]:
    """One-time logins of this drill, and an API key for each room."""
    chance = secrets.token_bytes
    await store.change(lambda tx: put_agencies(settings, tx))
    hasher = Argon2Hasher(workers=2)
    wanted = demo_accounts(agency_112=AgencyId("agency-112"), agency_119=AgencyId("agency-119"))
    issued = await create_first_accounts(store, hasher, clock, chance, wanted=wanted, demo=True)
    hasher.close()
    keys = {one.id: (await issue_key(store, clock, chance, AgencyId(one.id), sandbox=False)).secret for one in AGENCIES}
    return {one.account.name: one.password for one in issued}, keys


def _empty(data: Path) -> None:
    """A drill begins anew; a folder that is not a drill's is never touched."""
    if data.exists() and any(data.iterdir()) and not (data / MARK).exists():
        raise OperatorsError(
            Text(
                f"{data}은(는) 훈련용 폴더가 아니라 비우지 않습니다. --data로 다른 폴더를 주세요.",
                f"{data} is not a drill's folder and will not be emptied; give another one by --data.",
            )
        )
    for old in data.glob("*") if data.exists() else ():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).write_text("")


def _keep(data: Path, plan: Plan, done: int, clock: SpedClock) -> None:
    """Remember where the drill is, so that it can go on."""
    state = {**asdict(plan), "done": done, "reached": clock.now().isoformat()}
    (data / MARK).write_text(json.dumps(state, ensure_ascii=False))


def _kept(data: Path) -> Plan:
    state = _state(data)
    if not state:
        raise OperatorsError(Text(f"{data}에 이어 할 훈련이 없습니다.", f"There is no drill to go on with in {data}."))
    return Plan(**{key: value for key, value in state.items() if key != "reached"})


def _state(data: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((data / MARK).read_text()))
    except (OSError, ValueError):
        return {}


def _reached(plan: Plan, data: Path) -> datetime:
    """When the played day begins, or where a stopped one goes on."""
    reached = _state(data).get("reached") if plan.done else None
    return datetime.fromisoformat(str(reached)) if reached else datetime.fromisoformat(plan.begins)


def _day(plan: Plan, more: int = 0) -> str:
    return (datetime.fromisoformat(plan.begins) + timedelta(days=more)).date().isoformat()


def _as_json(told: Result) -> dict[str, Any]:
    answers = told.answers
    return {
        "reports": {"planned": told.calls, "sent": answers.sent, "refused": answers.refused, "failed": answers.failed},
        "answers_ms": {"p50": round(answers.quantile(0.5), 1), "p99": round(answers.quantile(0.99), 1)},
        "units": {"ordered": told.truth.ordered, "arrived": told.truth.arrived, "unserved": told.truth.unserved},
        "same": {"precision": round(told.judged.precision, 4), "recall": round(told.judged.recall, 4)},
        "golden": told.golden,
    }


def _write(file: Path, told: dict[str, Any]) -> None:
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1))


def _say(quiet: bool, line: str) -> None:  # noqa: FBT001  (a command's own option)
    if not quiet:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
