"""A whole platform in a process of its own for the benches: a drawn city, an agency with a key, an operator."""

import asyncio
import contextlib
import json
import multiprocessing as mp
import secrets
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvloop
from starlette.types import ASGIApp

from bench.ending import BenchFailed, die_with_parent
from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.imported import Imported
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.drawing import draw_map
from goldentime.edges.http.server import make_server
from goldentime.flows.people.first_accounts import create_first_accounts, demo_accounts
from goldentime.flows.people.manage_keys import issue_key
from goldentime.from_settings import open_city, put_agencies
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer
from goldentime.settings import AgencySettings, Media, Settings, Web
from goldentime.sim.city import write_sample_city
from goldentime.wiring import Platform

AGENCY = AgencySettings(id="agency-112", name_ko="112", name_en="112", services=("112_video", "road_speeds"))
OTHER = AgencySettings(id="agency-119", name_ko="119", name_en="119", services=("119_dispatch",))


@dataclass(frozen=True)
class Running:
    """Where it is and how to get in; `places` are (lon, lat) of camera sites."""

    port: int
    pid: int
    key: str
    people: dict[str, str]
    places: list[tuple[float, float]]
    media_port: int = 0


def _serve(
    folder: str, rtsp: str, told: Connection, listening: socket.socket, around: Callable[[Platform], ASGIApp]
) -> None:
    die_with_parent(signal.SIGTERM)
    port = listening.getsockname()[1]
    media = Media(open_streams=400, allowed_networks=("127.0.0.0/8",))
    settings = Settings(data=Path(folder), web=Web(port=port), agencies=(AGENCY, OTHER), media=media, log="error")
    with open_city(settings) as store, tempfile.TemporaryDirectory() as files:
        write_sample_city(Path(files))
        import_city(Importer(store.city(), SystemClock()), Path(files), lambda *_: None)
        draw_map(store.city(), settings.data)  # a city at work has its map; drawing beside the figures would blur them
        cameras = store.read_now(lambda look: look.list_cameras())
        if rtsp:
            streams = [Stream(camera.id, f"{rtsp}/cam/{camera.id}") for camera in cameras]
            record = Imported(what="streams", file_name="bench", digest="", at=SystemClock().now(), report="{}")
            store.city().replace_streams(streams, [], record)
        people, key = uvloop.run(_people(settings, store))
        places = sorted({(camera.place.lon, camera.place.lat) for camera in cameras})
        platform = Platform(settings, store)
        server = make_server(around(platform), settings.web)

        async def run() -> None:
            serving = asyncio.create_task(server.serve([listening]))
            while not server.started and not serving.done():  # noqa: ASYNC110  (uvicorn tells by a flag only)
                await asyncio.sleep(0.05)
            told.send(json.dumps({"key": key, "people": people, "places": places, "media": platform.media.port}))
            await serving

        uvloop.run(run())


async def _people(settings: Settings, store: Any) -> tuple[dict[str, str], str]:
    await store.change(lambda tx: put_agencies(settings, tx))
    clock, hasher = SystemClock(), Argon2Hasher(workers=1)
    wanted = demo_accounts(agency_112=AgencyId("agency-112"), agency_119=AgencyId("agency-119"))
    issued = await create_first_accounts(store, hasher, clock, secrets.token_bytes, wanted=wanted, demo=True)
    hasher.close()
    key = await issue_key(store, clock, secrets.token_bytes, AgencyId("agency-112"), sandbox=False)
    return {one.account.name: one.password for one in issued}, key.secret


@contextlib.contextmanager
def running_city(
    rtsp: str = "", around: Callable[[Platform], ASGIApp] = lambda platform: platform.app
) -> Iterator[Running]:
    """A platform on the drawn city; every camera has an address when `rtsp` is given; `around` may add routes."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    here, there = mp.Pipe()
    with tempfile.TemporaryDirectory(prefix="goldentime-bench-") as folder:
        process = mp.get_context("fork").Process(target=_serve, args=(folder, rtsp, there, listening, around))
        process.start()
        try:
            if not here.poll(120):
                raise BenchFailed("the platform did not start")
            told = json.loads(here.recv())
            port = listening.getsockname()[1]
            places = [tuple(place) for place in told["places"]]
            yield Running(port, process.pid or 0, told["key"], told["people"], places, told["media"])
        finally:
            process.terminate()
            process.join(15)
            if process.is_alive():
                process.kill()
            listening.close()


def cpu_seconds(pid: int) -> float:
    """User and system seconds the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
