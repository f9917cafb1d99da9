"""What `goldentime simagency` asks of the person who starts it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from goldentime.core.errors import GoldentimeError, OperatorsError
from goldentime.core.text import Text
from goldentime.sim.agencies.receiver import ReceivingAgency
from goldentime.sim.agencies.run import Pace, Tally, run_agency, run_agency_over_tcp
from goldentime.sim.agencies.scenario import Hotspot, Scenario, load_scenario, placed_at
from goldentime.sim.agencies.tcp_client import TcpWay
from goldentime.sim.agencies.tcp_wire import WIRES

KEY_VARIABLE = "GOLDENTIME_AGENCY_KEY"


def simagency(  # noqa: PLR0913  (a command line)
    agency: Annotated[str, typer.Argument(help="112 또는 119, 또는 시나리오 파일 / 112, 119 or a scenario file")],
    *,
    url: Annotated[str, typer.Option(help="플랫폼 주소 / the platform's address")] = "http://127.0.0.1:8080",
    key_file: Annotated[
        Path | None,
        typer.Option(
            help=f"인증키가 든 파일, 없으면 환경변수 {KEY_VARIABLE} / file with the API key, else that variable"
        ),
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="시나리오 TOML / scenario file")] = None,
    every: Annotated[
        float, typer.Option(min=0, help="새 신고 간격(초), 0이면 쉬지 않음 / seconds between new reports")
    ] = 30.0,
    count: Annotated[int | None, typer.Option(min=1, help="신고 건수, 없으면 계속 / how many occurrences")] = None,
    speed: Annotated[float, typer.Option(min=0.001, help="후속 보고의 빠르기 / how much faster they go on")] = 1.0,
    parallel: Annotated[int, typer.Option(min=1, max=256, help="동시에 보내는 수 / messages at once")] = 4,
    follow_up: Annotated[bool, typer.Option(help="변경·종료 보고도 보냄 / also send changes and ends")] = True,
    retry_after: Annotated[float, typer.Option(min=0, help="다시 보내기까지(초) / seconds before sending again")] = 1.0,
    near: Annotated[str | None, typer.Option(help="경도,위도[,반경m]: 이 둘레에서 / LON,LAT[,METRES]")] = None,
    receiver: Annotated[str | None, typer.Option(help="수신기관코드 rcvCd / receiver code")] = None,
    drill: Annotated[bool, typer.Option("--drill", help="훈련으로 표시 / mark as a drill")] = False,
    seed: Annotated[int | None, typer.Option(help="같은 씨앗은 같은 하루 / the same seed plays the same day")] = None,
    tcp: Annotated[str | None, typer.Option(help="HTTP 대신 TCP로: 호스트:포트 / over TCP instead: HOST:PORT")] = None,
    linkage: Annotated[str, typer.Option(help=f"TCP 연계 / {', '.join(WIRES)}")] = "safety_net_tcp",
    units: Annotated[
        int, typer.Option(min=0, max=2000, help="위치를 보내는 차량 수(TCP) / cars that tell where they are")
    ] = 0,
    units_every: Annotated[float, typer.Option(min=0.1, help="위치 간격(초) / seconds between positions")] = 5.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="요약만 / the summary only")] = False,
    listen: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="보내지 않고 이 TCP 포트에서 받기만 함 / only take what the platform tells"
        ),
    ] = None,
) -> None:
    """기관(112·119)을 흉내 내어 실제 연계로 신고를 보냅니다. Plays an agency over the real wire."""
    if listen is not None:
        asyncio.run(_listen(agency, listen, os.environ.get(KEY_VARIABLE, "").strip()))
        return
    try:
        played = load_scenario(str(scenario) if scenario else agency)
        played = _moved(played, near, receiver)
        pace = Pace(every=every, count=count, speed=speed, parallel=parallel, follow_up=follow_up, pause=retry_after)
        choices = _Choices(drill=drill, seed=seed, print_line=None if quiet else _print_line)
        if tcp is None:
            playing = _play(played, url, read_key(key_file), pace, choices)
        else:
            way = _way(tcp, linkage, key_file)
            cars = tuple(f"{units_prefix(played)}{number + 1}" for number in range(units))
            playing = _play_over_tcp(played, way, pace, choices, cars=cars, every=units_every)
        tally = asyncio.run(playing)
    except GoldentimeError as wrong:
        sys.stderr.write(f"{wrong.text.ko}\n{wrong.text.en}\n")
        raise typer.Exit(2) from None
    sys.stdout.write(f"{tally}\n")
    for problem in sorted(set(tally.problems))[:5]:
        sys.stderr.write(f"{problem}\n")
    if tally.failed or tally.refused:
        raise typer.Exit(1)


def read_key(key_file: Path | None) -> str:
    """The API key of the file or the environment; raises OperatorsError. It never comes from the command line."""
    try:
        key = key_file.read_text("utf-8").strip() if key_file else os.environ.get(KEY_VARIABLE, "").strip()
    except OSError as missing:
        problem = Text(f"키 파일을 읽을 수 없습니다: {key_file}", f"The key file cannot be read: {key_file}")
        raise OperatorsError(problem) from missing
    if not key:
        raise OperatorsError(
            Text(f"인증키가 없습니다. --key-file 또는 {KEY_VARIABLE}", f"No API key: --key-file or {KEY_VARIABLE}")
        )
    return key


@dataclass(frozen=True, slots=True)
class _Choices:
    drill: bool
    seed: int | None
    print_line: Callable[[str], None] | None


async def _play(scenario: Scenario, url: str, api_key: str, pace: Pace, choices: _Choices) -> Tally:
    return await run_agency(
        scenario,
        url=url,
        api_key=api_key,
        pace=pace,
        drill=choices.drill,
        seed=choices.seed,
        print_line=choices.print_line,
        stop=_until_a_signal(),
    )


async def _play_over_tcp(
    scenario: Scenario, way: TcpWay, pace: Pace, choices: _Choices, *, cars: tuple[str, ...], every: float
) -> Tally:
    return await run_agency_over_tcp(
        scenario,
        way=way,
        pace=pace,
        units=cars,
        units_every=every,
        drill=choices.drill,
        seed=choices.seed,
        print_line=choices.print_line,
        stop=_until_a_signal(),
    )


def _until_a_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    return stop


def _way(address: str, linkage: str, key_file: Path | None) -> TcpWay:
    """Where to connect; without a key the platform must know the agency by its address."""
    host, _, port = address.rpartition(":")
    if linkage not in WIRES:
        names = ", ".join(WIRES)
        raise OperatorsError(Text(f"--linkage 는 {names} 중 하나입니다.", f"--linkage is one of {names}."))
    if not host or not port.isdigit():
        raise OperatorsError(Text("--tcp 는 호스트:포트입니다.", "--tcp is HOST:PORT."))
    wanted = key_file is not None or bool(os.environ.get(KEY_VARIABLE))
    return TcpWay(host.strip("[]"), int(port), WIRES[linkage], read_key(key_file) if wanted else "")


def units_prefix(scenario: Scenario) -> str:
    """What its cars are called: 순찰1, 순찰2 ... of the police."""
    return "순찰" if scenario.agency.system == "112" else f"{scenario.agency.system}-"


async def _listen(agency: str, port: int, api_key: str) -> None:
    """Take messages until interrupted, then say how many; with a key in the environment a login is asked for."""
    stop = _until_a_signal()
    there = ReceivingAgency(api_key=api_key, told=_print_line)
    _print_line(f"{agency} tcp://127.0.0.1:{await there.start(port=port)}")
    await stop.wait()
    await there.stop()
    _print_line(
        f"받음 {len(there.taken)} · 다시 받음 {there.repeats} · 오류 {len(there.wrong)} / taken, repeated, wrong"
    )
    if there.wrong:
        raise typer.Exit(1)


def _print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _moved(scenario: Scenario, near: str | None, receiver: str | None) -> Scenario:
    if near is None:
        return placed_at(scenario, scenario.hotspots, receive_code=receiver)
    try:
        lon, lat, *rest = (float(one) for one in near.split(","))
        spot = Hotspot(name=f"{lon:.4f}, {lat:.4f}", lon=lon, lat=lat, spread=rest[0] if rest else 500.0)
    except ValueError as wrong:
        raise OperatorsError(Text("--near 는 경도,위도[,반경m] 입니다.", "--near is LON,LAT[,METRES].")) from wrong
    return placed_at(scenario, [spot], receive_code=receiver)
