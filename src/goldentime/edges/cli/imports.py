"""What `goldentime import` asks for and answers; 0 done, 1 nothing usable, 2 asked wrongly."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from goldentime.city.places.place import PlaceKind
from goldentime.core.clock import Clock
from goldentime.core.errors import GoldentimeError
from goldentime.edges.cli.report_table import show_city, show_report
from goldentime.importers.columns import ColumnMapping, read_mapping
from goldentime.importers.directory import import_city
from goldentime.importers.errors import ColumnsNotFound
from goldentime.importers.ports import CityStore
from goldentime.importers.report import Report
from goldentime.importers.roads.read import Asked, RoadFormat
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile, read_source

OpenStore = Callable[[Path], AbstractContextManager[CityStore]]

DataOption = Annotated[
    Path, typer.Option("--data", envvar="GOLDENTIME_DATA", help="도시 상태를 두는 폴더 · where the city's state lives")
]
JsonOption = Annotated[bool, typer.Option("--json", help="보고서를 JSON으로 · the report as JSON")]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help="열 이름을 알려 주는 TOML 파일 · a TOML file that names the columns")
]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="목록에 없는 영상은 지움 · streams not listed go")]
ReplaceMostOption = Annotated[
    bool, typer.Option("--replace", help="개소 대부분이 없어져도 그대로 · even if most sites go")
]
CrossingsOption = Annotated[
    bool | None,
    typer.Option("--crossings/--no-crossings", help="끝점 없이 교차하는 선도 이음 · lines that cross meet there"),
]
FORMAT_HELP = "파일 종류(안 쓰면 내용을 보고 앎) · kind of file, told from its content if not given"
MEET_HELP = "이만큼(m) 안의 선 끝은 한 점 · ends of lines so near (metres) are one node"
ReplaceUnitsOption = Annotated[
    bool, typer.Option("--replace", help="출동대 대부분이 없어져도 그대로 · even if most units go")
]
FileArgument = Annotated[Path, typer.Argument(help="가져올 파일 · the file")]
KIND_HELP = "장소 종류 · kind of place: auto, " + ", ".join(PlaceKind)


def build(open_store: OpenStore, clock: Clock, *, default_data: Path = Path("data")) -> typer.Typer:
    """Build the `import` commands over a storage that `open_store` opens for a data folder."""
    app = typer.Typer(help="도시의 파일을 가져옵니다. Import the city's own files.", no_args_is_help=True)
    _add_inventories(app, open_store, clock, default_data)
    _add_ground(app, open_store, clock, default_data)
    return app


def _add_inventories(app: typer.Typer, open_store: OpenStore, clock: Clock, default_data: Path) -> None:
    @app.command("cameras")
    def cameras(
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
        mapping: MappingOption = None,
        source: Annotated[
            str, typer.Option(help="목록 이름; 다른 목록의 개소는 그대로 · the list's name; sites of others stay")
        ] = "cameras",
        replace: ReplaceMostOption = False,  # noqa: FBT002  (a flag)
    ) -> None:
        """CCTV 개소 목록(표준·이전 표준·기타). Camera sites: CSV, XLS, XLSX."""
        with _told(as_json=as_json):
            read, columns = read_source(file), _mapping(mapping)
            with open_store(data) as store, _working(read.name):
                report = Importer(store, clock).cameras(read, mapping=columns, source=source, replace_most=replace)
            _show(report, as_json=as_json)

    @app.command("streams")
    def streams(
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
        mapping: MappingOption = None,
        replace: ReplaceOption = False,  # noqa: FBT002  (a flag)
    ) -> None:
        """어느 주소가 어느 카메라를 보여 주는지(VMS 목록). Which address plays which camera."""
        with _told(as_json=as_json):
            read, columns = read_source(file), _mapping(mapping)
            with open_store(data) as store, _working(read.name):
                report = Importer(store, clock).streams(read, mapping=columns, replace_all=replace)
            _show(report, as_json=as_json)

    @app.command("places")
    def places(
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
        mapping: MappingOption = None,
        kind: Annotated[str, typer.Option(help=KIND_HELP)] = "auto",
    ) -> None:
        """지구대, 119안전센터, 응급실, 대피소, 보호구역, 소화전. Police boxes, 119 centres, shelters, hydrants."""
        wanted = _kind(kind)
        with _told(as_json=as_json):
            read, columns = read_source(file), _mapping(mapping)
            with open_store(data) as store, _working(read.name):
                report = Importer(store, clock).places(read, kind=wanted, mapping=columns)
            _show(report, as_json=as_json)

    @app.command("units")
    def units(
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
        mapping: MappingOption = None,
        replace: ReplaceUnitsOption = False,  # noqa: FBT002  (a flag)
    ) -> None:
        """순찰차·소방차·구급차 목록. Patrol cars, engines, ambulances: CSV, XLS, XLSX."""
        with _told(as_json=as_json):
            read, columns = read_source(file), _mapping(mapping)
            with open_store(data) as store, _working(read.name):
                report = Importer(store, clock).units(read, mapping=columns, replace_most=replace)
            _show(report, as_json=as_json)


def _add_ground(app: typer.Typer, open_store: OpenStore, clock: Clock, default_data: Path) -> None:
    @app.command("boundary")
    def boundary(
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
    ) -> None:
        """시·구·동 경계(GeoJSON). The city's boundary and its parts."""
        _one_file(file, data, lambda importer, read: importer.boundary(read), as_json=as_json)

    @app.command("roads")
    def roads(  # noqa: PLR0913, PLR0917  (each is an option)
        file: FileArgument,
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
        kind: Annotated[RoadFormat | None, typer.Option("--format", help=FORMAT_HELP)] = None,
        crossings: CrossingsOption = None,
        meet: Annotated[float | None, typer.Option(min=0.1, max=50, help=MEET_HELP)] = None,
        crs: Annotated[str, typer.Option(help=".prj가 없을 때의 좌표계(EPSG:5186) · if there is no .prj")] = "",
    ) -> None:
        """도로망: 표준노드링크(링크·노드·회전정보), 선(GeoJSON, Shapefile), OSM(.osm.pbf). The road network."""
        asked = Asked(kind, crossings, meet, crs)
        with _told(as_json=as_json):
            read = read_source(file)
            with open_store(data) as store, _working(read.name) as on_read:
                report = Importer(store, clock).roads(read, asked, on_read)
            _show(report, as_json=as_json)

    def _one_file(file: Path, data: Path, act: Callable[[Importer, SourceFile], Report], *, as_json: bool) -> None:
        with _told(as_json=as_json):
            read = read_source(file)
            with open_store(data) as store, _working(read.name):
                report = act(Importer(store, clock), read)
            _show(report, as_json=as_json)

    @app.command("city")
    def city(
        folder: Annotated[Path, typer.Argument(help="도시 파일을 모아 둔 폴더 · a folder of a city's files")],
        data: DataOption = default_data,
        as_json: JsonOption = False,  # noqa: FBT002  (a flag)
    ) -> None:
        """폴더의 파일을 알아보고 순서대로 모두 가져옵니다. Everything a city's folder holds, in order."""
        with _told(as_json=as_json):
            with open_store(data) as store, _progress() as progress:
                task = progress.add_task("…", total=None)

                def on_file(name: str, number: int, of: int) -> None:
                    progress.update(task, description=name, completed=number - 1, total=of)

                report = import_city(Importer(store, clock), folder, on_file)
            if as_json:
                typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
            else:
                show_city(Console(), report)


def _kind(words: str) -> PlaceKind | None:
    if words == "auto":
        return None
    try:
        return PlaceKind(words)
    except ValueError as unknown:
        raise typer.BadParameter(KIND_HELP) from unknown


def _mapping(path: Path | None) -> ColumnMapping | None:
    return read_mapping(read_source(path).data) if path is not None else None


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        show_report(Console(), report)


@contextmanager
def _told(*, as_json: bool) -> Iterator[None]:
    """Tell what went wrong in words and leave with 1; nothing was changed."""
    try:
        yield
    except GoldentimeError as wrong:
        mapping = wrong.mapping if isinstance(wrong, ColumnsNotFound) else ""
        if as_json:
            answer = {"error": {"code": wrong.code, "text": wrong.text.to_dict()}}
            typer.echo(json.dumps(answer | ({"mapping": mapping} if mapping else {}), ensure_ascii=False))
        console = Console(stderr=True)
        console.print(f"[red]✗[/] {escape(wrong.text.ko)} [dim]{escape(wrong.text.en)}[/]")
        if mapping:
            console.print("매핑 파일을 이렇게 시작하십시오 · a mapping file to start from:", style="bold")
            console.print(escape(mapping))
        raise typer.Exit(1) from wrong


@contextmanager
def _working(name: str) -> Iterator[Callable[[int], None]]:
    """A sign of life on the terminal; what it gives may be told how many rows have been read."""
    with Console(stderr=True).status(f"{escape(name)} …") as status:
        yield lambda count: status.update(f"{escape(name)} … {count:,}")


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
