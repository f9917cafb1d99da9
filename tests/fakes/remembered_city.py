"""A city's storage that lives in memory and can be told to fail."""

from typing import Self

from goldentime.city.agencies.agency import Agency
from goldentime.city.cameras.inventory import Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.imported import Imported
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.line import Roads
from goldentime.city.units.unit import Unit, as_listed
from goldentime.core.ids import CameraId, SiteId, UnitId


class RememberedCity:
    """Keeps what it is given; `removed` remembers sites no longer in use."""

    def __init__(self) -> None:
        self.sites: dict[SiteId, Site] = {}
        self.removed: dict[SiteId, Site] = {}
        self.boundary: Boundary | None = None
        self.places: list[Place] = []
        self.roads = Roads()
        self.streams: dict[CameraId, Stream] = {}
        self.units: dict[UnitId, Unit] = {}
        self.agencies: list[Agency] = []
        self.records: list[Imported] = []
        self.fails = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def load_sites(self) -> dict[SiteId, Site]:
        return dict(self.sites)

    def load_boundary(self) -> Boundary | None:
        return self.boundary

    def load_places(self) -> list[Place]:
        return list(self.places)

    def load_roads(self) -> Roads:
        return self.roads

    def load_streams(self) -> dict[CameraId, Stream]:
        return dict(self.streams)

    def replace_sites(self, added, changed, removed, record) -> None:
        self._write(record)
        for site_id in removed:
            self.removed[site_id] = self.sites.pop(site_id)
        self.sites |= {site.id: site for site in (*added, *changed)}

    def replace_places(self, kind: PlaceKind, places, record) -> None:
        self._write(record)
        self.places = [*(p for p in self.places if p.kind != kind), *places]

    def replace_boundary(self, boundary: Boundary, record) -> None:
        self._write(record)
        self.boundary = boundary

    def replace_roads(self, roads: Roads, record) -> None:
        self._write(record)
        self.roads = roads

    def replace_streams(self, put, removed, record) -> None:
        self._write(record)
        self.streams |= {stream.camera_id: stream for stream in put}
        for camera_id in removed:
            del self.streams[camera_id]

    def load_units(self) -> dict[UnitId, Unit]:
        return dict(self.units)

    def load_agencies(self) -> list[Agency]:
        return list(self.agencies)

    def replace_units(self, put, removed, record) -> None:
        self._write(record)
        self.units |= {one.id: as_listed(self.units.get(one.id), one) for one in put}
        for unit_id in removed:
            del self.units[unit_id]

    def _write(self, record: Imported) -> None:
        if self.fails:
            msg = "the disk is full"
            raise OSError(msg)
        self.records.append(record)
