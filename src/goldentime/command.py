"""What each typed command does: the command line's shape comes from edges/cli, its work from wiring."""

import asyncio
import secrets
import socket
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
import uvloop
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.adapters.sql import SqlStore, verify
from goldentime.city.cameras.answer import to_dict
from goldentime.city.roads.line import Roads
from goldentime.core.clock import SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.demo import demo
from goldentime.drill import drill
from goldentime.edges.cli import imports, linkage, roads
from goldentime.edges.cli.app import Commands, build_cli
from goldentime.edges.http.roads import snapped
from goldentime.edges.http.server import listen, make_server
from goldentime.edges.wire.roads import route_json, spot_json
from goldentime.flows.known_city import KnownCity
from goldentime.flows.people.first_accounts import create_first_accounts, renew_admin
from goldentime.flows.people.manage_keys import issue_key
from goldentime.from_settings import linkage_names, make_linkage, open_city, put_agencies
from goldentime.importers.ports import CityStore
from goldentime.linkage_kit import Linkage
from goldentime.logs import set_up_logs
from goldentime.settings import Settings, read_settings
from goldentime.sim.agencies.cli import simagency
from goldentime.sim.cameras.cli import simcam
from goldentime.sim.signals import cli as simsignals
from goldentime.sim.units.cli import build_simunits
from goldentime.wired.city import city_files
from goldentime.wired.linking import addresses_of
from goldentime.wiring import Platform


def build() -> typer.Typer:
    """The goldentime command with everything wired in."""
    return build_cli(
        Commands(
            serve=serve,
            demo=demo,
            drill=drill,
            near=near,
            verify=verify_record,
            issue_key=issue,
            renew_password=renew,
            simcam=simcam,
            simagency=simagency,
            simsignals=simsignals.build(_roads_of),
            simunits=build_simunits(_roads_of),
            imports=imports.build(_city_store, SystemClock()),
            linkage=linkage.build(_linkages, _doors, SystemClock()),
            roads=roads.build(route, _place),
        )
    )


def settings_of(file: Path | None, data: Path | None = None, **given: Any) -> Settings:
    """The settings; raises OperatorsError naming each wrong key, never its value (it may be a secret)."""
    if data is not None:
        given["data"] = data
    try:
        return read_settings(file, **given)
    except ValidationError as error:
        wrong = [_fault(one) for one in error.errors(include_input=False)]
        ko, en = "; ".join(one.ko for one in wrong), "; ".join(one.en for one in wrong)
        raise OperatorsError(Text(f"설정이 잘못되었습니다: {ko}", f"The settings are wrong: {en}")) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OperatorsError(
            Text(f"설정 파일을 읽지 못했습니다: {error}", f"Cannot read the settings: {error}")
        ) from None


def _fault(error: ErrorDetails) -> Text:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return Text(f"{key}: 없는 항목입니다", f"{key}: there is no such key")
    if "ko" in (said := error.get("ctx", {})):
        return Text(f"{key}: {said['ko']}", f"{key}: {error['msg']}")
    return Text(f"{key}: 값이 맞지 않습니다 ({error['msg']})", f"{key}: {error['msg']}")


def serve(data: Path | None, file: Path | None, port: int | None) -> None:
    """Run the platform until interrupted; an empty city gets one administrator, whose password is shown once."""
    settings = settings_of(file, data)
    if port is not None:
        settings = _at_port(settings, port)
    set_up_logs(settings.log)
    with open_city(settings) as store, listen(settings.web) as door:
        settings = _at_port(
            settings, door.getsockname()[1]
        )  # the pages' own address, also when any free port was asked
        hasher = Argon2Hasher(workers=1)
        for issued in asyncio.run(create_first_accounts(store, hasher, SystemClock(), secrets.token_bytes)):
            typer.echo(f"첫 관리자 / first administrator: {issued.account.name}  {issued.password}")
        hasher.close()
        uvloop.run(run_server(Platform(settings, store), door))


def _at_port(settings: Settings, port: int) -> Settings:
    return settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})


async def run_server(platform: Platform, door: socket.socket) -> None:
    """Serve until a signal; the platform's own lifespan starts and stops the rest."""
    web = platform.settings.web
    typer.echo(f"http{'s' if web.tls_certificate else ''}://{web.host}:{web.port}/", err=True)
    await make_server(platform.app, web).serve(sockets=[door])


def _place(lon: float, lat: float) -> LonLat:
    try:
        return LonLat(lon, lat)
    except ValueError as error:
        raise OperatorsError(Text(f"좌표가 아닙니다: {error}", f"Not coordinates: {error}")) from None


def near(data: Path | None, lon: float, lat: float, radius: float, wanted: int) -> dict[str, Any]:
    """The best cameras for a point, as the API and the console answer."""
    place = _place(lon, lat)
    with _existing(settings_of(None, data)) as store:
        return to_dict(KnownCity(city_files(store)).near(place, wanted=wanted, radius=radius))


def route(asked: roads.WayAsked) -> dict[str, Any]:
    """The quickest way with what the city last knew of its roads, as the API answers; raises NotFound off the roads."""
    with _existing(settings_of(None, asked.data)) as store:
        city = KnownCity(city_files(store))
        clock, closures = SystemClock(), store.read_now(lambda look: look.list_closures())
        city.live_roads.set_closures(closures, clock.now())
    live = city.live_roads
    a, b = snapped(live.graph, asked.since), snapped(live.graph, asked.to)
    found = live.route(a, b, emergency=asked.emergency, vehicle_width_m=asked.width_m)
    reason = None if found else live.why_not(a, b, emergency=asked.emergency, vehicle_width_m=asked.width_m)
    return {"from": spot_json(live.graph, a), "to": spot_json(live.graph, b), **route_json(found, reason)}


def verify_record(data: Path | None, file: Path | None) -> tuple[int, int | None]:
    """How many audit entries were checked, and the first broken one."""
    with _existing(settings_of(file, data)) as store:
        return verify(store)


def issue(data: Path | None, file: Path | None, agency: str, sandbox: bool) -> str:  # noqa: FBT001  a command's own option
    """A new key of an agency that the settings or the city name; shown once."""
    settings = settings_of(file, data)
    with open_city(settings) as store:
        known = store.change_now(lambda tx: put_agencies(settings, tx))
        if agency not in {one.id for one in known}:
            names = ", ".join(sorted(one.id for one in known)) or "-"
            raise OperatorsError(Text(f"없는 기관입니다. 있는 기관: {names}", f"No such agency. There are: {names}"))
        made = asyncio.run(issue_key(store, SystemClock(), secrets.token_bytes, AgencyId(agency), sandbox=sandbox))
        return made.secret


def renew(data: Path | None, file: Path | None, name: str) -> str:
    """A new one-time password for an administrator who lost theirs; whoever may run this owns the machine anyway."""
    settings = settings_of(file, data)
    with open_city(settings) as store:
        hasher = Argon2Hasher(workers=1)
        try:
            return asyncio.run(renew_admin(store, hasher, SystemClock(), secrets.token_bytes, name)).password
        finally:
            hasher.close()


def _linkages(file: Path | None) -> Mapping[str, Linkage]:
    """The linkages a settings file loads; without one, all there are, each as the standard has it."""
    if file is None:
        return {name: make_linkage(name, {}) for name in linkage_names()}
    return {name: make_linkage(name, given) for name, given in settings_of(file).linkages.items()}


def _doors(file: Path | None) -> Mapping[str, list[str]]:
    """Where agencies send to over each linkage."""
    settings = settings_of(file)
    return {name: addresses_of(settings, one) for name, one in _linkages(file).items()}


def _roads_of(data: Path | None) -> Roads:
    with _existing(settings_of(None, data)) as store:
        return store.city().load_roads()


@contextmanager
def _city_store(data: Path) -> Iterator[CityStore]:
    with open_city(settings_of(None, data)) as store:
        yield store.city()


@contextmanager
def _existing(settings: Settings) -> Iterator[SqlStore]:
    data = settings.data
    if settings.database_url is None and not (data / "goldentime.db").exists():
        text = Text(
            f"{data}에 도시가 없습니다. goldentime import로 시작하세요.",
            f"No city in {data}; begin with goldentime import.",
        )
        raise OperatorsError(text)
    with open_city(settings) as store:
        yield store
