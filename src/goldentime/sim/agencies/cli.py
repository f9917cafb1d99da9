"""What `goldentime simagency` asks of the person who starts it."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from goldentime.core.errors import GoldentimeError, OperatorsError
from goldentime.core.text import Text
from goldentime.sim.agencies.receiver import ReceivingAgency
from goldentime.sim.agencies.run import Pace, Tally, run_agency
from goldentime.sim.agencies.scenario import Hotspot, Scenario, load_scenario, placed_at

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
        api_key = read_key(key_file)
        pace = Pace(every=every, count=count, speed=speed, parallel=parallel, follow_up=follow_up, pause=retry_after)
        tally = asyncio.run(_play(played, url, api_key, pace, drill=drill, seed=seed, quiet=quiet))
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


async def _play(  # noqa: PLR0913  (hands the command line on)
    scenario: Scenario, url: str, api_key: str, pace: Pace, *, drill: bool, seed: int | None, quiet: bool
) -> Tally:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    said = None if quiet else _print_line
    return await run_agency(
        scenario, url=url, api_key=api_key, pace=pace, drill=drill, seed=seed, print_line=said, stop=stop
    )


async def _listen(agency: str, port: int, api_key: str) -> None:
    """Take messages until interrupted, then say how many; with a key in the environment a login is asked for."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
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
