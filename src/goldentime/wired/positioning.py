"""How vehicles' positions are joined to the platform: every way in, what happens once a second, and who hears of it."""

import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial

from fastapi import APIRouter
from starlette.routing import Route

from goldentime.adapters.cot.stream import CotAddress, CotStream
from goldentime.adapters.mqtt.positions import MqttBroker, MqttPositions
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.edges.http import agency_units, unit_positions
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.positions import PositionDoor, position_routes
from goldentime.edges.live.feed import Feed
from goldentime.edges.live.units import UnitFeed
from goldentime.flows.intake.admit_agency import AgencyDoor
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.positions.follow_positions import PositionBeat, beat_every, beat_for_ever
from goldentime.flows.positions.keep_positions import PositionKeeper, TrackRules
from goldentime.flows.positions.position_sources import PositionSources
from goldentime.flows.positions.spot_arrivals import FRESH_SECONDS, Arrivals
from goldentime.flows.units.change_unit_state import unit_seen
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.world import World
from goldentime.linkages.cot import CotEvent, read_event
from goldentime.messages.position import Position
from goldentime.settings import CotSettings, MqttSettings, PositionSettings, Settings


class Positioning:
    """Everything about positions that runs; `routes` and `tasks` are for the platform to serve and to keep going."""

    def __init__(self, settings: Settings, dispatch: Dispatch, feed: Feed, links: LinkHealth, door: AgencyDoor) -> None:
        """Make every part; nothing runs yet."""
        given, world = settings.positions, dispatch.world
        _must_be_named(settings)
        self._world, self._dispatch, self._find_sender = world, dispatch, door.find_sender
        self._sources = PositionSources(world.positions, links)
        self._listening: list[MqttPositions | CotStream] = [
            *(_mqtt(one, self._sources, world) for one in given.mqtt),
            *(_cot(one, self._sources) for one in given.cot),
        ]
        for kind, some in (("mqtt", given.mqtt), ("cot", given.cot)):
            for one in some:
                links.expect(one.agency, linkage=kind, direction="in")
        self._keeper = PositionKeeper(world.store, world.clock, TrackRules(kept=_days(given)))
        played = settings.city.drill_clock
        pace = played.speed if played else 0.0  # on a faster clock a position is old before it has come
        world.positions.go_by(world.clock, max(1.0, pace))
        arrivals = Arrivals(world, partial(unit_seen, dispatch), FRESH_SECONDS + pace)
        tell = UnitFeed(feed, world.positions, world.store, world.clock).tell
        self._beat = PositionBeat(world, self._keeper, arrivals, tell, self._sources.note_heard)
        self._every = beat_every(max(1.0, pace))
        self.door = PositionDoor(self._sources, door.find_sender, world.clock, self._sources.heard_api)

    def routes(self) -> list[Route]:
        """The plain routes."""
        return position_routes(self.door)

    def routers(self, gate: Gate) -> list[APIRouter]:
        """What pages ask."""
        return [unit_positions.router(self._world, gate), agency_units.router(self._dispatch, self._find_sender)]

    def tasks(self) -> Sequence[tuple[str, Callable[[], Awaitable[None]]]]:
        """What must be kept going, by name."""
        listening = [(f"positions_{number}", one.run) for number, one in enumerate(self._listening)]
        return [("positions", self._run), *listening]

    async def _run(self) -> None:
        await beat_for_ever(self._beat, self._every)

    async def begin(self) -> int:
        """Take up the places of the last run; how many units have one."""
        await self._beat.know_units()
        return await self._keeper.restore(self._world.positions)


def _days(given: PositionSettings) -> timedelta:
    return timedelta(days=given.track_days)


def _must_be_named(settings: Settings) -> None:
    """Raise OperatorsError for a source of an agency that the settings do not name."""
    named = {one.id for one in settings.agencies}
    sources: Iterable[MqttSettings | CotSettings] = (*settings.positions.mqtt, *settings.positions.cot)
    for source in sources:
        if source.agency not in named:
            raise OperatorsError(
                Text(f"positions: 없는 기관입니다: {source.agency}", f"positions: no such agency: {source.agency}")
            )


def _mqtt(given: MqttSettings, sources: PositionSources, world: World) -> MqttPositions:
    broker = MqttBroker(
        host=given.host,
        port=given.port,
        topics=given.topics,
        unit_level=given.unit_level,
        fields={str(name): path for name, path in given.fields.items()},
        speed_unit=given.speed_unit,
        user=given.user,
        password=given.password.get_secret_value() if given.password else None,
        client_id=given.client_id,
        tls=_tls(given) if given.tls else None,
        qos=given.qos,
    )

    def note(ok: bool, detail: str | Text) -> None:  # noqa: FBT001  the adapter's own shape
        sources.note(given.agency, "mqtt", ok=ok, detail=detail)

    return MqttPositions(broker, given.agency, sources.take, note, world.clock)


def _tls(given: MqttSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(given.tls_authority) if given.tls_authority else None)
    except (OSError, ssl.SSLError) as problem:
        raise OperatorsError(
            Text(
                f"TLS 인증기관 파일을 읽을 수 없습니다: {given.tls_authority}",
                f"The TLS authority's file cannot be read: {given.tls_authority}",
            )
        ) from problem


def _cot(given: CotSettings, sources: PositionSources) -> CotStream:
    files = (given.tls_certificate, given.tls_key, given.tls_authority)
    address = CotAddress(given.url, *(str(one) if one else "" for one in files))

    def take(data: bytes) -> None:
        position = position_of(read_event(data), given)
        if position is not None:
            sources.take([position])

    def note(ok: bool, detail: str | Text) -> None:  # noqa: FBT001  the adapter's own shape
        sources.note(given.agency, "cot", ok=ok, detail=detail)

    return CotStream(address, take, note)


def position_of(event: CotEvent, given: CotSettings) -> Position | None:
    """The vehicle's position; None for events about anything else, or of nobody, or nowhere."""
    unit = (event.call_sign or event.uid) if given.unit == "callsign" else event.uid
    if event.place is None or not unit or not event.kind.startswith(given.kinds):
        return None
    speed = None if event.speed_ms is None else event.speed_ms * 3.6
    return Position(unit, given.agency, event.place, event.at, speed, event.course, event.accuracy_m, "cot")
