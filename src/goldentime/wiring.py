"""The only file that sees every part: it makes them from the settings, starts them in order, stops them in reverse."""

import asyncio
import contextlib
import gc
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from goldentime import __version__
from goldentime.adapters.media_process import MediaProcess
from goldentime.adapters.sql import SqlStore
from goldentime.city.cameras.warm import warm
from goldentime.core.errors import GoldentimeError, MediaUnavailable
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.drawing import draw_beside, map_file
from goldentime.edges.http import interface_log, safety_net, sightings
from goldentime.edges.http.app import Surface, build_app
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.errors import error_response
from goldentime.edges.http.session import Surroundings
from goldentime.edges.live.feed import Feed
from goldentime.edges.live.stream import live_route
from goldentime.edges.wire.links import link_rows
from goldentime.flows.incidents.open_streams import reopen_streams
from goldentime.flows.intake.admit_agency import AgencyDoor
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.intake.reception import Reception
from goldentime.flows.known_city import KnownCity
from goldentime.flows.links.interface_log import InterfaceLog
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.stuck_messages import StuckMessages
from goldentime.flows.people.name_agencies import count_units_of_nobody
from goldentime.flows.recover import end_views_of_the_last_run, recover_video
from goldentime.flows.world import World
from goldentime.from_settings import clock_of, make_linkage, media_options, public_hosts, put_agencies, rules_of
from goldentime.linkages.safety_net_http.settings import settings_from
from goldentime.settings import Settings
from goldentime.wired.asking import Asking
from goldentime.wired.city import ImportedCity, city_files
from goldentime.wired.clearing import Clearing
from goldentime.wired.dispatching import make_dispatching
from goldentime.wired.driving import Driving
from goldentime.wired.linking import describe_linkages, make_doors, make_linking, wires_of
from goldentime.wired.people import People
from goldentime.wired.positioning import Positioning
from goldentime.wired.upkeep import Upkeep

log = structlog.get_logger()
CONSOLE = Path(__file__).parent / "console"
LOOP_WAITS = 0.001  # seconds a thread at work may keep the interpreter from the loop; Python would let it have five


class Platform:
    """One running city; `app` is its ASGI application, whose lifespan starts and stops everything else."""

    def __init__(self, settings: Settings, store: SqlStore) -> None:
        """Make every part; nothing runs yet."""
        self.settings, self.store = settings, store
        self.clock = clock_of(settings)
        self.known = KnownCity(city_files(store))
        self.media = MediaProcess(media_options(settings), clock=self.clock, on_restarted=self._media_is_back)
        rules, pepper = rules_of(settings), store.secret("messages")
        self.linkages = {name: make_linkage(name, given) for name, given in settings.linkages.items()}
        wires = wires_of(settings, self.linkages)
        self.world = World(
            store, self.clock, secrets.token_bytes, self.known, self.media, rules, wires=wires, pepper=pepper
        )
        self.links = LinkHealth(self.clock, self._links_changed)
        self.linking = make_linking(settings, self.world, self.links, linkages=self.linkages, turn=store.turn("outbox"))
        self.intake = Intake(
            self.world,
            self.linkages,
            failed=self._message_failed,
            repeated=lambda agency, linkage: self.links.note_repeat(agency, linkage=linkage),
        )
        self.door = AgencyDoor(self.world)
        self.reception = Reception(self.world, self.door, self.intake, self.links)
        self.tcp_doors = make_doors(settings, self.linkages, self.reception, self.links, self.clock)
        self.feed = Feed(store, partial(link_rows, self.links), self.clock)
        self.driving = Driving(self.world, self.door.find_sender)
        self.dispatching = make_dispatching(settings, self.world)
        self.positioning = Positioning(settings, self.dispatching.dispatch, self.feed, self.links, self.door)
        self.clearing = Clearing(settings, self.dispatching.dispatch)
        self.asking = Asking(settings, self.world, self.links)
        self.upkeep = Upkeep(self.world, self.media, self.feed)
        self.imported = ImportedCity(
            store, self.world, map_file=map_file(settings.data), draw=partial(draw_beside, settings)
        )
        self.gate = Gate(store=store, clock=self.clock, public_hosts=public_hosts(settings))
        self.people = People(settings.web, store, self.world, self.gate)
        self.app = self._compose()

    def _compose(self) -> ASGIApp:
        surface = Surface(
            world=self.world,
            gate=self.gate,
            pictures=self.media,
            linkages=self.linkages,
            find_sender=self.door.find_sender,
            links=partial(link_rows, self.links),
            embedders=lambda: frozenset(origin for agency in self.links.agencies for origin in agency.origins),
            console=CONSOLE,
            map_pack=map_file(self.settings.data),
            routers=[
                *self.people.routers(self.door.find_sender, self.surroundings),
                self._interface_log(),
                self._sightings(),
                *self.dispatching.routers(self.gate, self.media),
                *self.driving.routers(self.gate),
                *self.positioning.routers(self.gate),
                *self.clearing.routers(self.gate),
            ],
            plain=[
                live_route(self.feed, self.gate, self.clock, _refuse),
                *self._agencies_routes(),
                *self.positioning.routes(),
                *self.driving.routes(),
            ],
        )
        return build_app(surface, self._lifespan)

    def _interface_log(self) -> APIRouter:
        kept, stuck = InterfaceLog(self.world), StuckMessages(self.world, self.linking.outbox)
        return interface_log.router(kept, stuck, self.gate, self.linkages, self._described)

    def _sightings(self) -> APIRouter:
        address = self.settings.web.address
        return sightings.router(self.world, self.gate, self.media, self.door.find_sender, address=address)

    def _agencies_routes(self) -> list[Route]:
        given = self.settings.linkages.get("safety_net_http")
        if given is None:  # a door whose messages nobody here could read must not be there at all
            return []
        return safety_net.safety_net_routes(self.reception, clock=self.clock, settings=settings_from(given))

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        await self._begin()
        tasks = [
            asyncio.create_task(_forever(name, work))
            for name, work in (
                ("feed", self.feed.run),
                ("intake", self.intake.run),
                ("outbox", self.linking.outbox.run),
                *self.upkeep.works(),
                *self.imported.works(),
                *self.positioning.tasks(),
                *self.dispatching.works(),
                *self.driving.works(),
                *self.clearing.works(),
                *self.asking.works(),
            )
        ]
        try:
            yield
        finally:
            for tcp_door in self.tcp_doors:
                await tcp_door.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.linking.stop()
            await self.driving.stop()
            await self.media.stop()
            await end_views_of_the_last_run(self.world)
            self.people.close()

    async def _begin(self) -> None:
        seconds = await asyncio.to_thread(warm)
        self.links.agencies = await self.store.change(lambda tx: put_agencies(self.settings, tx))
        strangers = await self.store.read(lambda look: count_units_of_nobody(look, self.links.agencies))
        for agency, units in strangers.items():
            log.warning("units_of_unknown_agency", agency=agency, units=units, mend="[[agencies]] or import units")
        ended = await end_views_of_the_last_run(self.world)
        self.store.subscribe(self.feed.wake)
        self.store.subscribe(self.linking.outbox.wake)
        self.store.subscribe(self.dispatching.bell.wake)
        with contextlib.suppress(MediaUnavailable):  # intake must not wait for video; the supervisor goes on trying
            await self.media.start()
        await reopen_streams(self.world)
        await self.driving.begin()
        await self.positioning.begin()
        await self.clearing.begin()
        for tcp_door in self.tcp_doors:
            await tcp_door.start()
        _collect_seldom()
        sys.setswitchinterval(LOOP_WAITS)
        log.info("platform_ready", warm_seconds=round(seconds, 2), views_ended=ended, media_port=self.media.port)

    def _message_failed(self, agency: AgencyId, problem: str, linkage: str) -> None:
        self.links.note(agency, ok=False, detail=problem, linkage=linkage)

    def _described(self) -> list[dict[str, Any]]:
        rows = link_rows(self.links)
        told = describe_linkages(self.settings, self.linkages, rows, self.tcp_doors)
        return [*told, *self.asking.described(rows)]

    def _links_changed(self) -> None:
        self.feed.links_changed()

    def surroundings(self) -> Surroundings:
        """What a page is told of the city it is in."""
        bounds = self._bounds()
        return Surroundings(
            city_name=Text(self.settings.city.name_ko, self.settings.city.name_en),
            center=((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2),
            bounds=bounds,
            drill=self.settings.city.drill,
            media_port=self.media.port,
            version=__version__,
        )

    def _bounds(self) -> tuple[float, float, float, float]:
        places = [site.place for site in self.known.sites.values()]
        if not places:
            return (124.5, 33.0, 131.9, 38.7)  # the Republic of Korea
        lons, lats = [p.lon for p in places], [p.lat for p in places]
        return (min(lons), min(lats), max(lons), max(lats))

    async def _media_is_back(self, died_at: datetime) -> None:
        await recover_video(self.world, died_at)


def _collect_seldom() -> None:
    """What was loaded for good is never looked at again, and the rest less often: a seventh of a flood's CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


async def _forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Keep a background task going: what it stumbles over is logged, and it starts again after a second."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("background_task_failed", task=name)
        await asyncio.sleep(1.0)


async def _refuse(error: Exception) -> Response:
    if isinstance(error, GoldentimeError):
        return error_response(error)
    raise error
