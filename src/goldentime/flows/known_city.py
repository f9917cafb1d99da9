"""What the city knows by heart while it runs: cameras in their index, addresses, roads; renewed when facts say so."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from goldentime.city.cameras.approaches import approach_bearings
from goldentime.city.cameras.choose import Choice, Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Site, Status
from goldentime.city.places.addresses import build_address_index
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.place import Place
from goldentime.city.places.words import plain_words
from goldentime.city.roads.candidates import LinkCandidates
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.learned import LearnedSpeeds
from goldentime.city.roads.line import Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.city.roads.nearby import RoadSegments
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat
from goldentime.core.text import Text

CITY_CHANGES = frozenset(f"City{what}Imported" for what in ("Sites", "Places", "Boundary", "Roads", "Streams"))
GIVEN_UNCERTAIN_METRES = 0.0
ROAD_NEAR_METRES = 35.0  # a report at a crossing is rarely further from the road's centre line


@dataclass(frozen=True, slots=True)
class Located:
    """Where a scene is; `estimated` None when the sender gave it, `uncertain_metres` about how far it may be off."""

    place: LonLat
    estimated: Text | None = None
    uncertain_metres: float = GIVEN_UNCERTAIN_METRES


@dataclass(frozen=True, slots=True)
class CityFiles:
    """What a city has imported, as storage gives it back."""

    cameras: Sequence[Camera] = ()
    sites: Sequence[Site] = ()
    places: Sequence[Place] = ()
    roads: Roads = field(default_factory=Roads)
    boundary: Boundary | None = None


class KnownCity:
    """One city's cameras, addresses and roads in memory; all answers are pure reads, `renew` swaps in another."""

    def __init__(self, files: CityFiles | None = None) -> None:
        """Start with what storage has; an empty city is allowed and simply has no camera in range."""
        files = files or CityFiles()
        self.failed_at: dict[CameraId, datetime] = {}  # when a camera failed in this run
        self._meanwhile: dict[CameraId, Camera] = {}  # what has changed since the files were last read
        self.index = CameraIndex(files.cameras)
        self.sites = {site.id: site for site in files.sites}
        self.places = tuple(files.places)
        self.roads = RoadSegments(files.roads.links) if files.roads.links else None
        self.graph = RoadGraph(files.roads)
        self.live_roads = LiveRoads(self.graph)
        self.learned = LearnedSpeeds(self.graph.ids)
        self.candidates = LinkCandidates(files.roads.links) if files.roads.links else None
        self.addresses = build_address_index(
            (
                (words, site.place)
                for site in files.sites
                for words in dict.fromkeys((site.address, site.lot_address))  # a report may say either
            ),
            files.places,
            boundary=files.boundary,
            names=((node.name, node.place) for node in files.roads.nodes if node.name),
        )
        self.site_words = [
            (
                site.id,
                site.name or site.address,
                plain_words(f"{site.id} {site.name} {site.address} {site.lot_address}"),
            )
            for site in files.sites
        ]

    async def renew(self, build: Callable[[], Awaitable["KnownCity"]]) -> None:
        """Take over, at once, everything the city that `build` makes knows, and what changed while it was made."""
        self._meanwhile = {}
        other = await build()
        known = ((other.index.find(camera.id), camera) for camera in self._meanwhile.values())
        other.renew_cameras([_brought_up(old, now) for old, now in known if old is not None])
        other.failed_at = self.failed_at
        other.live_roads = self.live_roads.on(other.graph)
        other.learned = self.learned.on(other.graph.ids)
        self.__dict__.update(other.__dict__)

    def renew_cameras(self, cameras: Sequence[Camera]) -> None:
        """Take over new aims or statuses of some cameras."""
        self._meanwhile |= {camera.id: camera for camera in cameras}
        self.index = self.index.with_changed(cameras)

    def site_name(self, camera: CameraId) -> str:
        """What the camera's site is called, or its id."""
        found = self.index.find(camera)
        site = self.sites.get(found.site_id) if found else None
        return site.name if site and site.name else str(camera)

    def locate(self, place: LonLat | None, *, facility: str | None, words: str) -> Located | None:
        """Where it is: the given place, else the facility's, else an estimate from the words; None if nothing tells."""
        if place is not None:
            return Located(place)
        if facility:
            site = self.sites.get(SiteId(facility))
            if site is not None:
                note = Text(f"시설물 {facility}의 위치", f"position of facility {facility}")
                return Located(site.place, note, 30.0)
            camera = self.index.find(CameraId(facility))
            if camera is not None:
                note = Text(f"카메라 {facility}의 위치", f"position of camera {facility}")
                return Located(camera.place, note, 30.0)
        if words:
            match = self.addresses.find(words)
            if match is not None:
                return Located(match.place, match.text, match.uncertain_metres)
        return None

    def choose(
        self, located: Located, kind: str, *, wanted: int, radius: float, exclude: Collection[CameraId] = ()
    ) -> Choice:
        """The best cameras for the scene, with the road arms around it as its approaches."""
        return rank_cameras(self._scene(located, kind), self.index, wanted=wanted, radius=radius, exclude=exclude)

    def near(self, place: LonLat, *, wanted: int, radius: float) -> Choice:
        """What the command line, the API and the console answer for a bare point."""
        return self.choose(Located(place), "", wanted=wanted, radius=radius)

    def _scene(self, located: Located, kind: str) -> Scene:
        arms: tuple[float, ...] = ()
        if self.roads is not None:
            segments = self.roads.near(located.place, within=ROAD_NEAR_METRES)
            arms = approach_bearings(located.place, segments, within=ROAD_NEAR_METRES)
        return Scene(located.place, kind, arms, located.uncertain_metres)


def _brought_up(imported: Camera, now: Camera) -> Camera:
    """The camera as imported, with the status and the hand-set sector it was given since."""
    if Status.UNREGISTERED not in (imported.status, now.status):
        imported = replace(imported, status=now.status)
    if imported.aimed_by_hand or now.aimed_by_hand:
        by_hand = now.aimed_by_hand
        imported = replace(imported, bearing=now.bearing, field=now.field, reach=now.reach, aimed_by_hand=by_hand)
    return imported
