"""What one types: the goldentime command, its options, its exit codes; what each does is wired in from outside."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from goldentime import __version__
from goldentime.core.errors import GoldentimeError

FAILED, CHAIN_BROKEN = 1, 3
DataOption = Annotated[
    Path | None, typer.Option("--data", help="도시의 상태가 있는 폴더 / where the city's state lives")
]
SettingsOption = Annotated[Path | None, typer.Option("--settings", help="설정 파일(TOML) / settings file (TOML)")]


@dataclass(frozen=True, slots=True)
class Commands:
    """The work behind each command, supplied by wiring."""

    serve: Callable[[Path | None, Path | None, int | None], None]
    demo: Callable[..., None]
    drill: Callable[..., None]
    near: Callable[[Path | None, float, float, float, int], dict[str, Any]]
    verify: Callable[[Path | None, Path | None], tuple[int, int | None]]
    issue_key: Callable[[Path | None, Path | None, str, bool], str]
    renew_password: Callable[[Path | None, Path | None, str], str]
    simcam: Callable[..., None]
    simagency: Callable[..., None]
    simsignals: Callable[..., None]
    simunits: Callable[..., None]
    imports: typer.Typer
    linkage: typer.Typer
    roads: typer.Typer


def build_cli(commands: Commands) -> typer.Typer:
    """The whole command line."""
    cli = typer.Typer(
        name="goldentime",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="스마트시티 통합플랫폼 goldentime / the smart-city integrated operations platform",
    )
    cli.add_typer(commands.roads, name="roads", help="도로 / roads")
    cli.add_typer(commands.imports, name="import", help="도시의 파일을 들여오기 / bring in the city's own files")
    cli.add_typer(commands.linkage, name="linkage", help="연계 / linkages to agencies")
    cameras = typer.Typer(no_args_is_help=True, help="카메라 / cameras")
    cli.add_typer(cameras, name="cameras")
    keys = typer.Typer(no_args_is_help=True, help="기관 인증키 / agency keys")
    cli.add_typer(keys, name="keys")
    _add_accounts(cli, commands)
    cli.command(name="simcam", help="모의 카메라(RTSP) / simulated cameras over RTSP")(commands.simcam)
    cli.command(name="simagency", help="모의 기관(112·119) / simulated agencies over the wire")(commands.simagency)
    cli.command(name="simsignals", help="모의 신호센터 / a simulated signal centre")(commands.simsignals)
    cli.command(name="simunits", help="모의 차량(실제 도로 주행) / simulated crews on the real roads")(
        commands.simunits
    )
    cli.command(name="demo", help="예시 도시로 전체를 실행 / run it all on a sample city, or on --city DIR")(
        commands.demo
    )

    cli.command(name="drill", help="하루치 신고로 훈련 / play a city's day as a drill")(commands.drill)

    @cli.callback(invoke_without_command=True)
    def root(*, version: Annotated[bool, typer.Option("--version", help="버전 / version")] = False) -> None:
        if version:
            typer.echo(__version__)
            raise typer.Exit

    @cli.command(help="플랫폼 실행 / run the platform")
    def serve(
        data: DataOption = None,
        settings: SettingsOption = None,
        port: Annotated[int | None, typer.Option(min=0, max=65535, help="웹 포트 / web port")] = None,
    ) -> None:
        commands.serve(data, settings, port)

    @cli.command(help="접속기록 사슬 검증 / check the chain of the access log")
    def verify(data: DataOption = None, settings: SettingsOption = None) -> None:
        checked, broken = commands.verify(data, settings)
        if broken is None:
            typer.echo(f"정상 · {checked}건 · the chain holds, {checked} entries")
            return
        typer.echo(f"훼손: {broken}번째 기록 / broken at entry {broken}", err=True)
        raise typer.Exit(CHAIN_BROKEN)

    @cameras.command(help="한 지점에 가장 알맞은 카메라 / the best cameras for a point")
    def near(
        lon: float,
        lat: float,
        *,
        radius: Annotated[float, typer.Option(min=1, max=20_000, help="반경(m) / radius in metres")] = 500.0,
        wanted: Annotated[int, typer.Option(min=1, max=64, help="몇 대 / how many")] = 4,
        as_json: Annotated[bool, typer.Option("--json")] = False,
        data: DataOption = None,
    ) -> None:
        answer = commands.near(data, lon, lat, radius, wanted)
        if as_json:
            typer.echo(json.dumps(answer, ensure_ascii=False))
        else:
            _print_near(answer)

    @keys.command(help="인증키 발급(한 번만 보임) / issue a key, shown once")
    def issue(
        agency: str,
        *,
        sandbox: Annotated[bool, typer.Option("--sandbox", help="시험용 / for trials")] = False,
        data: DataOption = None,
        settings: SettingsOption = None,
    ) -> None:
        typer.echo(commands.issue_key(data, settings, agency, sandbox))

    return cli


def _add_accounts(cli: typer.Typer, commands: Commands) -> None:
    people = typer.Typer(no_args_is_help=True, help="계정 / accounts")
    cli.add_typer(people, name="accounts")

    @people.command(help="관리자의 1회용 비밀번호를 새로 냄 / a new one-time password for an administrator")
    def renew(
        name: Annotated[str, typer.Argument()] = "admin",
        *,
        data: DataOption = None,
        settings: SettingsOption = None,
    ) -> None:
        typer.echo(commands.renew_password(data, settings, name))

    @people.callback()
    def accounts() -> None:
        """Keep `renew` a command of its own, however many there are."""


def run(cli: typer.Typer) -> None:
    """Run the command line; a named error is told in both languages and ends with exit code 1."""
    try:
        cli()
    except GoldentimeError as error:
        print(f"{error.text.ko}\n{error.text.en}", file=sys.stderr)  # noqa: T201  the command line's own answer
        raise SystemExit(FAILED) from None


def _print_near(answer: dict[str, Any]) -> None:
    console = Console()
    console.print(answer["text"]["ko"])
    console.print(answer["text"]["en"])
    table = Table("#", "카메라 / camera", "m", "이유 / why")
    for pick in answer["cameras"]:
        table.add_row(str(pick["rank"]), pick["camera_id"], f"{pick['distance_m']:.0f}", pick["reason"]["ko"])
    if answer["cameras"]:
        console.print(table)
