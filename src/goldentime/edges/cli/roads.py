"""What `goldentime roads` asks for and answers: a way through the city's roads, as the console and the API know it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from goldentime.core.place import LonLat


@dataclass(frozen=True, slots=True)
class WayAsked:
    """From where to where, for what vehicle."""

    data: Path | None
    since: LonLat
    to: LonLat
    emergency: bool
    width_m: float | None


def build(route: Callable[[WayAsked], dict[str, Any]], place: Callable[[float, float], LonLat]) -> typer.Typer:
    """The `roads` commands over `route`; `place` makes a point or says why it is none."""
    app = typer.Typer(no_args_is_help=True, help="도로 / roads")

    @app.callback()
    def roads() -> None:
        """Keep `route` a command of its own, however many there are."""

    @app.command("route", help="두 지점 사이 가장 빠른 길 / the quickest way between two points")
    def way(  # noqa: PLR0913, PLR0917  (what one types)
        from_lon: float,
        from_lat: float,
        to_lon: float,
        to_lat: float,
        emergency: Annotated[bool, typer.Option("--emergency", help="긴급차량 / with lights and siren")] = False,  # noqa: FBT002  (a flag)
        width: Annotated[float | None, typer.Option(min=0.5, max=10, help="차폭(m) / vehicle width")] = None,
        as_json: Annotated[bool, typer.Option("--json")] = False,  # noqa: FBT002  (a flag)
        data: Annotated[Path | None, typer.Option("--data", help="도시의 상태가 있는 폴더 / the city's folder")] = None,
    ) -> None:
        asked = WayAsked(data, place(from_lon, from_lat), place(to_lon, to_lat), emergency, width)
        answer = route(asked)
        if as_json:
            typer.echo(json.dumps(answer, ensure_ascii=False))
        else:
            _print(answer)

    return app


def _print(answer: dict[str, Any]) -> None:
    console = Console()
    if not answer["found"]:
        console.print(answer["reason"]["ko"])
        console.print(answer["reason"]["en"])
        return
    minutes, seconds = divmod(round(answer["seconds"]), 60)
    console.print(f"{answer['metres'] / 1000:.1f} km · {minutes}분 {seconds}초 / {minutes} min {seconds} s")
    table = Table("안내", "directions", "s")
    for step in answer["steps"]:
        table.add_row(step["text"]["ko"], step["text"]["en"], f"{step['seconds']:.0f}")
    console.print(table)
