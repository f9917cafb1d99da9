"""What the importers see of storage: the city's own state, read and replaced one transaction at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from goldentime.adapters.sql.changing import SqlChange, SqlReading
from goldentime.city.agencies.agency import Agency
from goldentime.city.cameras.inventory import Site
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.boundary import Boundary
from goldentime.city.places.imported import Imported
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.line import Roads
from goldentime.city.units.unit import BUSY, Unit, as_listed
from goldentime.core.fact import Fact, FactValue
from goldentime.core.ids import CameraId, SiteId, UnitId

T = TypeVar("T")
CITY = "city"  # the subject of what imports record


class _Now(Protocol):
    def change_now(self, decide: Callable[[SqlChange], T]) -> T: ...
    def read_now(self, ask: Callable[[SqlReading], T]) -> T: ...


class SqlCity:
    """`importers.ports.CityStore`; every write also leaves a fact, so that a running server notices."""

    def __init__(self, store: _Now) -> None:
        self._store = store

    def load_sites(self) -> Mapping[SiteId, Site]:
        """The sites in use."""
        return {one.id: one for one in self._store.read_now(SqlReading.list_sites)}

    def load_boundary(self) -> Boundary | None:
        """The boundary, or None before one was imported."""
        return self._store.read_now(SqlReading.find_boundary)

    def load_places(self) -> Sequence[Place]:
        """All places, of every kind."""
        return self._store.read_now(SqlReading.list_places)

    def load_roads(self) -> Roads:
        """The road network; empty before one was imported."""
        return self._store.read_now(SqlReading.get_roads)

    def load_streams(self) -> Mapping[CameraId, Stream]:
        """The known streams, with their secrets."""
        return {one.camera_id: one for one in self._store.read_now(SqlReading.list_streams)}

    def list_imports(self) -> Sequence[Imported]:
        """Every import ever made, oldest first."""
        return self._store.read_now(SqlReading.list_imports)

    def replace_sites(
        self, added: Sequence[Site], changed: Sequence[Site], removed: Sequence[SiteId], record: Imported
    ) -> None:
        """All or nothing; streams and directions set by hand stay as they are."""

        def decide(change: SqlChange) -> None:
            change.put_sites([*added, *changed])
            change.remove_cameras([(one.id, one.cameras) for one in (*added, *changed)], record)
            change.remove_sites(removed, record)
            counts = {"added": len(added), "changed": len(changed), "removed": len(removed)}
            _record(change, "CitySitesImported", record, counts)

        self._store.change_now(decide)

    def replace_places(self, kind: PlaceKind, places: Sequence[Place], record: Imported) -> None:
        """They become all places of that kind."""

        def decide(change: SqlChange) -> None:
            change.replace_places(kind, places)
            _record(change, "CityPlacesImported", record, {"kind": kind.value, "places": len(places)})

        self._store.change_now(decide)

    def replace_boundary(self, boundary: Boundary, record: Imported) -> None:
        """It becomes the city's."""

        def decide(change: SqlChange) -> None:
            change.replace_boundary(boundary)
            _record(change, "CityBoundaryImported", record, {"parts": len(boundary.parts)})

        self._store.change_now(decide)

    def replace_roads(self, roads: Roads, record: Imported) -> None:
        """They become the network."""

        def decide(change: SqlChange) -> None:
            change.replace_roads(roads)
            counts = {"links": len(roads.links), "nodes": len(roads.nodes), "turns": len(roads.turns)}
            _record(change, "CityRoadsImported", record, counts)

        self._store.change_now(decide)

    def replace_streams(self, put: Sequence[Stream], removed: Sequence[CameraId], record: Imported) -> None:
        """Add or overwrite `put` by camera, forget `removed`."""

        def decide(change: SqlChange) -> None:
            change.put_streams(put)
            change.remove_streams(removed)
            _record(change, "CityStreamsImported", record, {"put": len(put), "removed": len(removed)})

        self._store.change_now(decide)

    def load_units(self) -> Mapping[UnitId, Unit]:
        """The units in use."""
        return {one.id: one for one in self._store.read_now(lambda look: look.list_units())}

    def load_agencies(self) -> Sequence[Agency]:
        """The agencies the city names."""
        return [one for one in self._store.read_now(SqlReading.list_agencies) if one.named]

    def replace_units(self, put: Sequence[Unit], removed: Sequence[UnitId], record: Imported) -> None:
        """As listed, still doing what they were doing; one that is on a call by now is not removed."""

        def decide(change: SqlChange) -> None:
            for one in put:
                change.put_unit(as_listed(change.find_unit(one.id), one))
            for unit_id in removed:
                known = change.find_unit(unit_id)
                if known is not None and known.state not in BUSY:
                    change.put_unit(replace(known, removed_at=record.at))
            _record(change, "CityUnitsImported", record, {"put": len(put), "removed": len(removed)})

        self._store.change_now(decide)


def _record(change: SqlChange, kind: str, record: Imported, counts: Mapping[str, FactValue]) -> None:
    change.put_imported(record)
    change.record(Fact(kind, CITY, record.at, {"digest": record.digest, **counts}))
