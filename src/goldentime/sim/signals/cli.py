"""What `goldentime simsignals` asks of the person who starts it."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from goldentime.city.roads.line import Roads
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.sim.signals.centre import Centre
from goldentime.sim.signals.layout import lit_junctions

KEY_VARIABLE = "GOLDENTIME_SIGNALS_KEY"
TICK_S = 0.25


def build(load_roads: Callable[[Path | None], Roads]) -> Callable[..., None]:
    """The command; `load_roads` reads the roads of the city in a data folder."""

    def simsignals(
        *,
        data: Annotated[Path | None, typer.Option("--data", help="도시의 상태가 있는 폴더 / a city's folder")] = None,
        host: Annotated[str, typer.Option(help="듣는 주소 / where to listen")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=0, max=65535, help="포트, 0: 빈 포트 / 0: any free one")] = 7911,
        with_parent: Annotated[
            bool, typer.Option("--with-parent", hidden=True, help="표준입력이 닫히면 끝남 / end with standard input")
        ] = False,
        pace: Annotated[float, typer.Option(min=0.1, max=100, help="신호의 빠르기 / how fast the lights go")] = 1.0,
    ) -> None:
        """도로의 신호교차로를 운영하는 모의 신호센터. A strict simulated signal centre for the city's junctions."""
        given = os.environ.get(KEY_VARIABLE, "").strip()
        key = given or secrets.token_urlsafe(24)
        junctions = lit_junctions(load_roads(data))
        if not junctions:
            raise OperatorsError(Text("신호교차로가 없습니다.", "These roads have no junction with lights."))
        typer.echo(f"신호교차로 {len(junctions)}곳 / {len(junctions)} junctions", err=True)
        if not given:
            typer.echo(f"key: {key}", err=True)
        centre = Centre(junctions, key.encode(), pace=pace, tick_s=TICK_S)
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_serve(centre, host, port, with_parent=with_parent))

    return simsignals


async def _serve(centre: Centre, host: str, port: int, *, with_parent: bool) -> None:
    loop = asyncio.get_running_loop()
    started: asyncio.Future[int] = loop.create_future()
    serving = asyncio.ensure_future(centre.serve(host, port, started))
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, serving.cancel)
    if with_parent:  # a parent that was killed cannot tell us; its end of the pipe closes all the same
        loop.add_reader(sys.stdin.fileno(), serving.cancel)
    either: set[asyncio.Future[Any]] = {started, serving}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if started.done():
        typer.echo(f"tcp://{host}:{started.result()}")
    await serving  # ends by a signal, or by a broken rule, which must be seen
