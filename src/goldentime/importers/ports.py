"""What the importers need of storage; every method that writes is one transaction."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from goldentime.city.agencies.agency import Agency
from goldentime.city.cameras.inventory import Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.imported import Imported
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.line import Roads
from goldentime.city.units.unit import Unit
from goldentime.core.ids import CameraId, SiteId, UnitId


class CityStore(Protocol):
    """The city's own state; what a person set by hand (aimed directions) is never touched by an import."""

    def load_sites(self) -> Mapping[SiteId, Site]:
        """The sites in use (not the removed ones)."""
        ...

    def load_boundary(self) -> Boundary | None:
        """The boundary, or None before one was imported."""
        ...

    def load_places(self) -> Sequence[Place]:
        """All places, of every kind."""
        ...

    def load_roads(self) -> Roads:
        """The road network; empty before one was imported."""
        ...

    def load_streams(self) -> Mapping[CameraId, Stream]:
        """The known streams, with their secrets."""
        ...

    def replace_sites(
        self, added: Sequence[Site], changed: Sequence[Site], removed: Sequence[SiteId], record: Imported
    ) -> None:
        """Write all or nothing; a removed site keeps its row and history, with `record.at` as the time of removal.

        A site that comes back under its old id is in `added` again. Cameras 1..n follow `Site.cameras`; their
        streams and directions set by hand stay.
        """
        ...

    def replace_places(self, kind: PlaceKind, places: Sequence[Place], record: Imported) -> None:
        """`places` become all places of that kind."""
        ...

    def replace_boundary(self, boundary: Boundary, record: Imported) -> None:
        """`boundary` becomes the city's."""
        ...

    def replace_roads(self, roads: Roads, record: Imported) -> None:
        """`roads` becomes the network."""
        ...

    def replace_streams(self, put: Sequence[Stream], removed: Sequence[CameraId], record: Imported) -> None:
        """Add or overwrite `put` by camera id, forget `removed`; passwords encrypted at rest."""
        ...

    def load_units(self) -> Mapping[UnitId, Unit]:
        """The units in use."""
        ...

    def load_agencies(self) -> Sequence[Agency]:
        """The agencies the city names."""
        ...

    def replace_units(self, put: Sequence[Unit], removed: Sequence[UnitId], record: Imported) -> None:
        """Add or change `put` as listed, remove `removed`.

        What a unit is doing stays, and one on a call is not removed.
        """
        ...
