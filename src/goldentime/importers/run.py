"""How a plan reaches storage: decided in full first, then written in one transaction, or not at all."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial

from goldentime.city.cameras.inventory import Site
from goldentime.city.places.addresses import AddressIndex, build_address_index
from goldentime.city.places.place import PlaceKind
from goldentime.core.clock import Clock
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.importers.boundary import plan_boundary
from goldentime.importers.cameras.plan import City, plan_cameras
from goldentime.importers.columns import ColumnMapping
from goldentime.importers.errors import BadFile
from goldentime.importers.places.plan import KnownPlaces, plan_places
from goldentime.importers.ports import CityStore
from goldentime.importers.report import Report
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.roads.read import Asked, Reading, box_around
from goldentime.importers.source import SourceFile
from goldentime.importers.streams.plan import plan_streams
from goldentime.importers.units.plan import KnownUnits, plan_units

FEW_SITES = 20  # so many may go without a question, however small the city


def _partial(removed: int, known: int) -> BadFile:
    return BadFile(
        Text(
            f"이 파일대로면 {known}개소 중 {removed}개소가 없어집니다. 일부만 담긴 파일이면 --source로 따로 넣고, "
            "전체 목록이 맞으면 --replace를 붙여 다시 실행하세요. 아무것도 바꾸지 않았습니다.",
            f"This file would retire {removed} of {known} sites. If it is only a part, import it under a --source of "
            "its own; if it is the whole inventory, run again with --replace. Nothing was changed.",
        )
    )


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files into one city's storage; a file that changes nothing writes nothing."""

    store: CityStore
    clock: Clock

    def cameras(
        self,
        file: SourceFile,
        *,
        mapping: ColumnMapping | None = None,
        source: str = "cameras",
        replace_most: bool = False,
    ) -> Report:
        """Import a camera inventory; raises BadFile and leaves the old state.

        A file that would retire most of the inventory is taken for a part of it unless `replace_most` says otherwise.
        """
        city = City(self.store.load_sites(), self.store.load_boundary())
        plan = plan_cameras(file.data, file.name, city, mapping=mapping, source=source)
        difference = plan.difference
        known = sum(site.source == source for site in city.sites.values())
        if not replace_most and len(difference.removed) > max(FEW_SITES, known // 2):
            raise _partial(len(difference.removed), known)
        if plan.report.changed_anything:
            changed = (*difference.moved, *difference.changed)
            record = file.record(plan.report, self.clock, to_json(plan.report))
            self.store.replace_sites(difference.added, changed, difference.removed, record)
        return plan.report

    def streams(self, file: SourceFile, *, mapping: ColumnMapping | None = None, replace_all: bool = False) -> Report:
        """Import a list of streams; raises BadFile and leaves the old state."""
        plan = plan_streams(
            file.data,
            file.name,
            self.store.load_sites(),
            self.store.load_streams(),
            mapping=mapping,
            replace_all=replace_all,
        )
        if plan.put or plan.removed:
            record = file.record(plan.report, self.clock, to_json(plan.report))
            self.store.replace_streams(plan.put, plan.removed, record)
        return plan.report

    def boundary(self, file: SourceFile) -> Report:
        """Import one layer of the boundary; raises BadFile and leaves the old state."""
        plan = plan_boundary(file.data, file.name, self.store.load_boundary())
        if plan.changed:
            self.store.replace_boundary(plan.boundary, file.record(plan.report, self.clock, to_json(plan.report)))
        return plan.report

    def roads(
        self, file: SourceFile, asked: Asked | None = None, on_read: Callable[[int], None] = lambda _: None
    ) -> Report:
        """Import a road network or a part of one; raises BadFile and leaves the old state.

        `on_read` hears every few thousand features how many have been read.
        """
        boundary = self.store.load_boundary()
        around = box_around(boundary.outline) if boundary and boundary.outline else None
        plan = plan_roads(file, self.store.load_roads(), asked, Reading(around, on_read))
        if plan.changed:
            self.store.replace_roads(plan.roads, file.record(plan.report, self.clock, to_json(plan.report)))
        return plan.report

    def places(
        self, file: SourceFile, *, kind: PlaceKind | None = None, mapping: ColumnMapping | None = None
    ) -> Report:
        """Import a list of places; raises BadFile and leaves the old state."""
        known = KnownPlaces(
            self.store.load_places(), self.store.load_boundary(), cache(partial(address_index_of, self.store))
        )
        plan = plan_places(file.data, file.name, known, kind=kind, mapping=mapping)
        if plan.report.changed_anything:
            self.store.replace_places(
                plan.kind, plan.places, file.record(plan.report, self.clock, to_json(plan.report))
            )
        return plan.report

    def units(self, file: SourceFile, *, mapping: ColumnMapping | None = None, replace_most: bool = False) -> Report:
        """Import a list of units; raises BadFile and leaves the old state."""
        store = self.store
        known = KnownUnits(
            store.load_units(),
            store.load_agencies(),
            store.load_places(),
            store.load_boundary(),
            cache(partial(address_index_of, store)),
        )
        plan = plan_units(file.data, file.name, known, mapping=mapping, replace_most=replace_most)
        if plan.report.changed_anything:
            store.replace_units(plan.put, plan.removed, file.record(plan.report, self.clock, to_json(plan.report)))
        return plan.report


def address_index_of(store: CityStore) -> AddressIndex:
    """Where the city's own addresses, places and crossings lie."""
    return build_address_index(
        addresses_of(store.load_sites().values()),
        store.load_places(),
        boundary=store.load_boundary(),
        names=[(node.name, node.place) for node in store.load_roads().nodes if node.name],
    )


def addresses_of(sites: Iterable[Site]) -> Iterable[tuple[str, LonLat]]:
    """Each site's addresses with its place."""
    for site in sites:
        for words in dict.fromkeys(filter(None, (site.address, site.lot_address))):
            yield words, site.place


def to_json(report: Report) -> str:
    """The report as `--json` prints it."""
    return json.dumps(report.to_dict(), ensure_ascii=False)
