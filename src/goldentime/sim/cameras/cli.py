"""What `goldentime simcam` asks of the person who starts it."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from goldentime.sim.cameras.loops import prepare_loops, small_loop
from goldentime.sim.cameras.server import CameraSimulator

PASSWORD_VARIABLE = "GOLDENTIME_SIMCAM_PASSWORD"  # noqa: S105  a variable's name


def simcam(  # noqa: PLR0913  options of one command
    *,
    count: Annotated[
        int, typer.Option(min=1, max=5000, help="주소를 보여 줄 카메라 수 / how many addresses to show")
    ] = 60,
    host: Annotated[str, typer.Option(help="듣는 주소 / where to listen")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="RTSP 포트, 0: 빈 포트 / 0: any free one")] = 8554,
    clips: Annotated[
        Path | None, typer.Option(help="영상 파일 폴더, 없으면 그린 거리 / clips; drawn streets without")
    ] = None,
    cache: Annotated[Path, typer.Option(help="부호화한 필름을 두는 곳 / where encoded film is kept")] = Path(
        "data/film"
    ),
    username: Annotated[str, typer.Option(help=f"암호는 {PASSWORD_VARIABLE} / password in that variable")] = "admin",
    quiet: Annotated[bool, typer.Option("--quiet", help="주소 한 줄만 / the address only")] = False,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", hidden=True, help="표준입력이 닫히면 끝남 / end with standard input")
    ] = False,
) -> None:
    """RTSP로 영상을 내보내는 모의 카메라. Simulated cameras; any /cam/NAME plays, /low/NAME small; /clock/1 to 4."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("필름 / film", total=None)
        loops = prepare_loops(
            cache, clips, lambda done, total, name: progress.update(task, completed=done, total=total, description=name)
        )
        small = [small_loop(cache, loop) for loop in loops]
    password = os.environ.get(PASSWORD_VARIABLE, "")
    simulator = CameraSimulator(loops, small=small, username=username, password=password)
    asyncio.run(_run(simulator, (host, port), 0 if quiet else count, with_parent=with_parent))


async def _run(simulator: CameraSimulator, where: tuple[str, int], count: int, *, with_parent: bool) -> None:
    port = await simulator.start(*where)
    typer.echo(f"rtsp://{where[0]}:{port}")
    for number in range(1, count + 1):
        typer.echo(f"rtsp://{where[0]}:{port}/cam/{number}")
    stopped = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    if with_parent:  # a parent that was killed cannot tell us; its end of the pipe closes all the same
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stopped.set)
    await stopped.wait()
    await simulator.stop()
