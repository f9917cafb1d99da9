"""How services outside are joined to the platform: which are asked, for which cells and areas, and who hears of it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from goldentime.adapters.feeds.poller import Note, Poller, Service
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.world import World
from goldentime.linkages import egen_beds, kma_nowcast
from goldentime.messages.beds import BedReport
from goldentime.messages.weather import Weather
from goldentime.settings import EgenSettings, FeedSettings, KmaSettings, Settings
from goldentime.wired.linking import readme_of

MOST_CELLS = 12  # of 5 km: more than a city of this country has; a day's 10,000 requests allow 69 every ten minutes
NAMES: Mapping[str, Text] = {
    kma_nowcast.NAME: Text("기상청 초단기실황", "Weather service, current readings"),
    egen_beds.NAME: Text("응급실 실시간 병상", "Emergency beds, live"),
}
Works = list[tuple[str, Callable[[], Awaitable[None]]]]


class Asking:
    """The services a running city asks; `works` are to be kept running, none when the settings name none."""

    def __init__(self, settings: Settings, world: World, links: LinkHealth) -> None:
        """Nothing is asked yet."""
        self._world, self._links = world, links
        played = settings.city.drill_clock is not None  # the services know nothing of a day that is played
        self._feeds = feeds = FeedSettings() if played else settings.feeds
        self._weather = self._weather_poller(feeds.kma_nowcast) if feeds.kma_nowcast else None
        self._beds = self._beds_poller(feeds.egen_beds) if feeds.egen_beds else None

    def works(self) -> Works:
        """Background tasks by name."""
        named: list[tuple[str, Poller[Any] | None]] = [(kma_nowcast.NAME, self._weather), (egen_beds.NAME, self._beds)]
        return [(name, poller.run) for name, poller in named if poller is not None]

    def described(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """What the linkages' page tells of each service that is asked: its address, page, settings and light."""
        feeds = self._feeds
        asked: list[tuple[str, KmaSettings | EgenSettings | None]] = [
            (kma_nowcast.NAME, feeds.kma_nowcast),
            (egen_beds.NAME, feeds.egen_beds),
        ]
        return [
            {
                "name": name,
                "title": NAMES[name].to_dict(),
                "addresses": [f"GET {given.url}"],
                "wires": [],
                "readme": readme_of(name),
                "settings": given.model_dump(mode="json"),  # the key as stars
                "lights": lights_of(name, rows),
            }
            for name, given in asked
            if given is not None
        ]

    def _weather_poller(self, given: KmaSettings) -> Poller[Weather]:
        service = Service(given.url, given.key.get_secret_value(), given.every_seconds)

        def feeds() -> list[kma_nowcast.KmaNowcast]:
            return [kma_nowcast.KmaNowcast(cell) for cell in cells_of(self._world)]

        note = self._noting(kma_nowcast.NAME, every_s=given.every_seconds)
        return Poller(service, feeds, self._take_weather, note, clock=self._world.clock)

    def _beds_poller(self, given: EgenSettings) -> Poller[BedReport]:
        service = Service(given.url, given.key.get_secret_value(), given.every_seconds)
        feeds = [egen_beds.EgenBeds(egen_beds.Area(*area.split(maxsplit=1))) for area in given.areas]
        note = self._noting(egen_beds.NAME, every_s=given.every_seconds)
        return Poller(service, lambda: feeds, self._take_beds, note, clock=self._world.clock)

    def _noting(self, name: str, *, every_s: float) -> Note:
        quiet = timedelta(seconds=every_s * 3)
        self._links.expect_service(name, NAMES[name], linkage=name, quiet_after=quiet)

        def note(ok: bool, said: Text | None) -> None:  # noqa: FBT001  the adapter's own shape
            self._links.note_service(name, linkage=name, ok=ok, said=said)

        return note

    def _take_weather(self, weather: Weather) -> None:
        self._world.outside.take_weather(weather)

    def _take_beds(self, report: BedReport) -> Text | None:
        """What is worth knowing beside the beds: rooms of the city that none of the answers is surely about."""
        self._world.outside.take_beds(report)
        matched = self._world.outside.match(self._world.city.places)
        joined, alone = len(matched.beds), len(matched.rooms_without)
        names = ", ".join(room.name for room in matched.rooms_without[:3])
        ko = f"시의 응급실 {joined + alone}곳 중 {joined}곳 연결"
        en = f"{joined} of the city's {joined + alone} emergency rooms joined"
        if alone:
            ko, en = f"{ko}, 연결 안 됨: {names}", f"{en}; not joined: {names}"
        if report.listed > len(report.rooms):
            ko, en = f"{ko}. 일부만 받음({report.listed}곳 중)", f"{en}. Only some of {report.listed} came"
        return Text(f"{ko}.", f"{en}.")


def lights_of(name: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lights of one linkage, each with whose it is."""
    return [
        {"agency_id": row["id"], "agency": row["name"], **light}
        for row in rows
        for light in row["lights"]
        if light["linkage"] == name
    ]


def cells_of(world: World) -> list[kma_nowcast.Cell]:
    """The cells the city's cameras are in, most of them first; its other places' when it has none."""
    places: list[LonLat] = [site.place for site in world.city.sites.values()] or [
        one.place for one in world.city.places
    ]
    counted = Counter(cell for place in places if (cell := kma_nowcast.find_cell(place)) is not None)
    return [cell for cell, _ in counted.most_common(MOST_CELLS)]
