"""How the whole platform is shown on one machine: a city, cameras that play, agencies that report, one-time logins."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
import uvloop
from pydantic import SecretStr
from rich.console import Console
from rich.panel import Panel

from goldentime.adapters.sql import SqlStore
from goldentime.core.clock import SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.drawing import draw_map
from goldentime.edges.http.server import listen, make_server
from goldentime.flows.people.first_accounts import demo_accounts
from goldentime.from_settings import open_city
from goldentime.importers.run import Importer
from goldentime.importers.source import read_source
from goldentime.logs import set_up_logs
from goldentime.settings import AgencySettings, FeedSettings, Media, Settings, SignalSettings, Web, WireSettings
from goldentime.sim.agencies.receiver import ReceivingAgency
from goldentime.sim.agencies.run import Pace, run_agency, run_agency_over_tcp
from goldentime.sim.agencies.scenario import Hotspot, load_scenario, placed_at
from goldentime.sim.agencies.tcp_client import TcpWay
from goldentime.sim.agencies.tcp_wire import WIRES
from goldentime.sim.cameras.beside import cameras_beside
from goldentime.sim.city.playing import choose_hotspots, streams_csv
from goldentime.sim.portal.beside import portal_beside
from goldentime.sim.signals.beside import signal_centre_beside
from goldentime.sim.traffic import MeasuredLink, tell_traffic
from goldentime.sim.units.crew import Habits
from goldentime.sim.units.run import Fleet, SimulatedUnits
from goldentime.staged import (
    AGENCIES,
    FIRE,
    POLICE,
    TRAFFIC,
    add_missing_units,
    city_of,
    empty_own,
    import_played,
    issue_logins,
)
from goldentime.wiring import Platform

MARK = ".goldentime-demo"  # only a folder with this mark is ever emptied
RIVAL_PORTS = 50
PLACES = 10  # where cameras play and reports happen
SPREAD_METRES = 40.0


@dataclass(frozen=True, slots=True)
class Show:
    """What a demo was asked to be."""

    data: Path
    city: Path | None
    port: int
    every: float
    playing: int
    units: int = 80
    hurry: float = 1.0


def demo(  # noqa: PLR0913  (a command line)
    *,
    city: Annotated[Path | None, typer.Option("--city", help="도시 파일 폴더 / a folder of a city's files")] = None,
    data: Annotated[Path, typer.Option("--data", help="시연 상태 폴더(매번 새로) / demo state, made anew")] = Path(
        "data/demo"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="웹 포트 / web port")] = 8080,
    every: Annotated[
        float, typer.Option(min=0, help="신고 간격(초), 0은 없음 / seconds between reports, 0: none")
    ] = 30.0,
    playing: Annotated[int, typer.Option(min=4, max=400, help="영상이 나오는 카메라 / cameras that play")] = 60,
    units: Annotated[int, typer.Option(min=0, max=500, help="달리는 차량 수, 0은 없음 / vehicles that drive")] = 80,
    hurry: Annotated[
        float, typer.Option(min=0.1, max=4, help="차량이 실제보다 몇 배 빠르게 / vehicles faster than life")
    ] = 1.0,
    logins: Annotated[
        Path | None, typer.Option(help="로그인과 인증키를 JSON 파일로도 / logins and keys as a JSON file, too")
    ] = None,
) -> None:
    """Run it all; stop with Ctrl+C."""
    set_up_logs("warning")
    uvloop.run(_run(Show(data, city, port, every, playing, units, hurry), Console(), logins))


async def _run(show: Show, console: Console, logins: Path | None) -> None:
    empty_own(show.data, MARK, _not_ours(show.data), spared={"film", MARK})  # drawing the film takes longest
    (show.data / MARK).write_text("This folder is emptied at every start of goldentime demo.\n")
    door = _free_door(show.port)
    port = door.getsockname()[1]
    async with contextlib.AsyncExitStack() as stack:
        settings = _settings(show, port, await stack.enter_async_context(_hearing(console)))
        console.print("1/4 모의 카메라 / simulated cameras …")
        rtsp = await stack.enter_async_context(cameras_beside(show.data / "film", count=show.playing))
        store = stack.enter_context(open_city(settings))
        console.print("2/4 도시 / the city …")
        hotspots = await asyncio.to_thread(_fill, show, store, rtsp, console)
        console.print("3/4 바탕지도 / the base map …")
        await asyncio.to_thread(draw_map, store.city(), settings.data)
        console.print("4/4 플랫폼 / the platform …")
        people, secrets_of = await _people(settings, store, hotspots)
        settings = await _with_services(stack, settings, store)
        platform = Platform(settings, store)
        server = make_server(platform.app, settings.web)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn tells by a flag only
            await asyncio.sleep(0.05)
        doors = {door.linkage: door.port for door in platform.tcp_doors}
        _tell(console, port, people, doors, secrets_of)
        if logins is not None:
            issued = {"port": port, "doors": doors, "people": people, "keys": secrets_of}
            _write_logins(logins, issued, hotspots)
        said = _reports(show, port, hotspots, secrets_of, console, tcp_119=doors["fixed_head_tcp"])
        playing = [asyncio.create_task(one) for one in (*said, *_traffic(show, port, platform, secrets_of))]
        await serving
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


def _traffic(show: Show, port: int, platform: Platform, keys: Mapping[str, str]) -> list[Any]:
    """The traffic centre's speeds, and the vehicles that drive."""
    url = f"http://127.0.0.1:{port}"
    links = [MeasuredLink(one.id, one.name, one.free_kmh) for one in platform.known.graph.links]
    moving: list[Any] = [tell_traffic(url, keys[TRAFFIC.id], links, SystemClock())]
    if show.units:
        fleet = Fleet(url, {agency.id: keys[agency.id] for agency in AGENCIES}, show.units)
        habits = Habits(hurry=show.hurry)  # and the roads as they are now: a closure reaches the crews at once
        moving.append(SimulatedUnits(fleet, lambda: platform.known.live_roads, habits=habits).run())
    return moving


async def _with_services(stack: contextlib.AsyncExitStack, settings: Settings, store: SqlStore) -> Settings:
    """The settings that name the simulated signal centre, weather service and bed service, which run until the end."""
    portal = await stack.enter_async_context(portal_beside(store.city().load_places(), SystemClock()))
    weather = {"key": portal.key, "url": f"{portal.url}/1360000/VilageFcstInfoService_2.0"}
    beds = {"key": portal.key, "url": f"{portal.url}/B552657/ErmctInfoInqireService", "areas": portal.areas}
    feeds = {"kma_nowcast": weather} | ({"egen_beds": beds} if portal.areas else {})
    settings = settings.model_copy(update={"feeds": FeedSettings.model_validate(feeds)})
    centre = await stack.enter_async_context(signal_centre_beside(settings.data))
    if centre is None:
        return settings
    asked = SignalSettings(host=centre.host, port=centre.port, key=SecretStr(centre.key))
    return settings.model_copy(update={"signals": asked})


def _settings(show: Show, port: int, agencies: Sequence[AgencySettings]) -> Settings:
    return Settings(
        data=show.data,
        web=Web(port=port, callback_networks=(ip_network("127.0.0.0/8"),)),
        media=Media(open_streams=120, allowed_networks=("127.0.0.0/8",)),
        city=city_of(show.city),
        agencies=(*agencies, TRAFFIC),
        linkages={"safety_net_http": {}, "safety_net_tcp": {"listen": {}}, "fixed_head_tcp": {"listen": {}}},
    )


def _print_heard(console: Console, agency: str, line: str) -> None:
    console.print(f"{agency} {line}", markup=False, soft_wrap=True)


@contextlib.asynccontextmanager
async def _hearing(console: Console) -> AsyncIterator[tuple[AgencySettings, ...]]:
    """The agencies, each listening over TCP for what the control room tells it, printed as it comes."""
    async with contextlib.AsyncExitStack() as stack:
        hearing = []
        for agency in AGENCIES:
            there = ReceivingAgency(told=partial(_print_heard, console, agency.id))
            port = await there.start()
            stack.push_async_callback(there.stop)
            wire = WireSettings(linkage="safety_net_tcp", host="127.0.0.1", port=port)
            hearing.append(agency.model_copy(update={"wire": wire}))
        yield tuple(hearing)


def _not_ours(data: Path) -> Text:
    return Text(
        f"{data}은(는) 시연용 폴더가 아니라 비우지 않습니다. --data로 다른 폴더를 주세요.",
        f"{data} is not a demo's folder and will not be emptied; give another one by --data.",
    )


def _free_door(wanted: int) -> socket.socket:
    """A bound socket at the wanted port, or at the first free one after it."""
    for port in range(wanted, min(65535, wanted + RIVAL_PORTS)):
        with contextlib.suppress(OperatorsError):
            return listen(Web(port=port))
    raise OperatorsError(Text(f"{wanted}번부터 빈 포트가 없습니다.", f"No free port from {wanted} on."))


def _fill(show: Show, store: SqlStore, rtsp: str, console: Console) -> Sequence[Hotspot]:
    """Import the city's files and give addresses to the cameras that play; where reports will happen."""
    importer = Importer(store.city(), SystemClock())

    def told(name: str, done: int, total: int) -> None:
        console.print(f"    {done}/{total} {name}", highlight=False)

    import_played(importer, show.city, told)
    add_missing_units(store, importer)
    hotspots = choose_hotspots(store.city().load_sites(), playing=show.playing, spots=PLACES)
    with TemporaryDirectory() as folder:
        streams = Path(folder) / "streams.csv"
        streams.write_text(streams_csv(hotspots, rtsp))
        importer.streams(read_source(streams))
    return [Hotspot(name=one.words, lon=one.place.lon, lat=one.place.lat, spread=SPREAD_METRES) for one in hotspots]


async def _people(
    settings: Settings, store: SqlStore, hotspots: Sequence[Hotspot]
) -> tuple[dict[str, str], dict[str, str]]:
    """Logins and keys of this run, with crews of units from where most happens."""
    units = await store.read(lambda look: look.list_units())
    near = LonLat(hotspots[0].lon, hotspots[0].lat) if hotspots else None
    wanted = demo_accounts(agency_112=POLICE, agency_119=FIRE, units=units, near=near)
    return await issue_logins(settings, store, SystemClock(), wanted=wanted, keyed=(*AGENCIES, TRAFFIC))


def _tell(
    console: Console, port: int, people: Mapping[str, str], doors: Mapping[str, int], keys: Mapping[str, str]
) -> None:
    pages = (
        ("관제 / operator", "/"),
        ("기관 / agency", "/viewer"),
        ("출동대 / crew", "/field"),
        ("접속기록 / record", "/privacy"),
        ("관리 / admin", "/admin"),
        ("연계 / linkages", "/linkages"),
        ("골든타임 / golden times", "/golden"),
    )
    lines = [f"http://127.0.0.1:{port}{path:<10} {name}" for name, path in pages] + [""]
    lines += [f"tcp://127.0.0.1:{where:<15} {linkage}" for linkage, where in doors.items()] + [""]
    lines += [f"{name:<12} {password}" for name, password in people.items()] + [""]
    lines += ["기관 인증키 / agency keys (GOLDENTIME_AGENCY_KEY)"]
    lines += [f"{agency:<12} {key}" for agency, key in keys.items()]
    lines += ["", "이번 실행에만 쓰이는 로그인입니다. These logins live for this run only. Ctrl+C: 끝 / stop"]
    console.print(Panel("\n".join(lines), title="goldentime demo", expand=False))


def _write_logins(file: Path, issued: Mapping[str, Any], hotspots: Sequence[Hotspot]) -> None:
    places = [{"name": spot.name, "lon": spot.lon, "lat": spot.lat} for spot in hotspots]
    half = file.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_text(json.dumps({**issued, "hotspots": places}))
    half.rename(file)


def _reports(
    show: Show, port: int, hotspots: Sequence[Hotspot], keys: dict[str, str], console: Console, *, tcp_119: int
) -> list[Any]:
    """The simulated agencies in turns, a report every `every` seconds: 112 over HTTP, 119 over the fixed head."""
    if show.every <= 0:
        return []
    pace = Pace(every=show.every * 2)

    async def play_112() -> None:
        scenario, address = placed_at(load_scenario("112"), hotspots), f"http://127.0.0.1:{port}"
        await run_agency(scenario, url=address, api_key=keys["agency-112"], pace=pace, print_line=console.print)

    async def play_119() -> None:
        await asyncio.sleep(show.every)
        way = TcpWay("127.0.0.1", tcp_119, WIRES["fixed_head_tcp"], keys["agency-119"])
        scenario = placed_at(load_scenario("119"), hotspots)
        await run_agency_over_tcp(scenario, way=way, pace=pace, print_line=console.print)

    return [play_112(), play_119()]
