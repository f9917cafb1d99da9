"""How a city's imported files replace what was known: sites with their cameras, streams, places, boundary and roads."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import bindparam as b
from sqlalchemy import delete, func, insert, select, update

from goldentime.adapters.sql.cameras import CAMERAS, SITES, stream_row
from goldentime.adapters.sql.city_tables import (
    boundary_part,
    camera,
    imported,
    place,
    road_link,
    road_node,
    road_turn,
    site,
    stream,
)
from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed, Values, to_json, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.city.cameras.inventory import Camera, Site, Status, camera_id
from goldentime.city.cameras.streams import Stream
from goldentime.city.places.boundary import Boundary, Layer, Part, Shape
from goldentime.city.places.imported import Imported
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.line import RoadLink, RoadNode, Roads, TurnBan
from goldentime.core.ids import CameraId, SiteId

_PLACES = Rowed(Place, place)
_LINKS = Rowed(RoadLink, road_link)
_NODES = Rowed(RoadNode, road_node)
_TURNS = Rowed(TurnBan, road_turn)
_IMPORTS = Rowed(Imported, imported)
_OUTLINE = "outline"

_ALL_PLACES = _PLACES.select().order_by(place.c.kind, place.c.id)
_ALL_LINKS = _LINKS.select().order_by(road_link.c.id)
_ALL_NODES = _NODES.select().order_by(road_node.c.id)
_ALL_TURNS = _TURNS.select().order_by(road_turn.c.number)
_ALL_IMPORTS = _IMPORTS.select().order_by(imported.c.number)
_PARTS = select(boundary_part.c.layer, boundary_part.c.name, boundary_part.c.code, boundary_part.c.shape).order_by(
    boundary_part.c.number
)
_STREAMED = select(stream.c.camera)

_PUT_SITE = put(site)
_PUT_CAMERA = put(camera, keep=("status",))
# a direction set by hand outlives every import
_PUT_AIMED = put(camera, keep=("status", "bearing", "field", "reach", "aimed_by_hand"))
_AIMED = select(camera.c.id).where(camera.c.aimed_by_hand.is_(True))
_REMOVE_SITE = update(site).where(site.c.id == b("which")).values(removed_at=b("at"))
_REMOVE_CAMERAS = (
    update(camera)
    .where(camera.c.site_id == b("which"), camera.c.number > b("beyond"), camera.c.removed_at.is_(None))
    .values(removed_at=b("at"))
)
_SET_STATUS = update(camera).where(camera.c.id == b("which")).values(status=b("status"))
_PUT_STREAM = put(stream)
_REMOVE_STREAM = delete(stream).where(stream.c.camera == b("which"))
_REMOVE_PLACES = delete(place).where(place.c.kind == b("which"))
_ADD_PLACE = insert(place)
_REMOVE_PARTS, _ADD_PART = delete(boundary_part), insert(boundary_part)
_REMOVE_LINKS, _ADD_LINK = delete(road_link), insert(road_link)
_REMOVE_NODES, _ADD_NODE = delete(road_node), insert(road_node)
_REMOVE_TURNS, _ADD_TURN = delete(road_turn), insert(road_turn)
_LAST_IMPORT = select(func.coalesce(func.max(imported.c.number), 0))
_ADD_IMPORT = insert(imported)

_SHAPE = msgspec.json.Decoder(Shape).decode


class InventoryReads:
    """Looks at what was imported."""

    look: Look

    def list_places(self) -> Sequence[Place]:
        """All places, by kind and id."""
        return [_PLACES.value(row) for row in self.look.rows(_ALL_PLACES)]

    def find_boundary(self) -> Boundary | None:
        """The city's outline and parts in the order they were given, or None before an import."""
        outline: Shape | None = None
        parts = []
        for layer, name, code, shape in self.look.rows(_PARTS):
            if layer == _OUTLINE:
                outline = _SHAPE(shape)
            else:
                parts.append(Part(Layer(layer), name, _SHAPE(shape), code))
        return None if outline is None else Boundary(outline, tuple(parts))

    def get_roads(self) -> Roads:
        """The network, links and nodes by id, bans as they were given; empty before an import."""
        return Roads(
            tuple(_LINKS.value(row) for row in self.look.rows(_ALL_LINKS)),
            tuple(_NODES.value(row) for row in self.look.rows(_ALL_NODES)),
            tuple(_TURNS.value(row) for row in self.look.rows(_ALL_TURNS)),
        )

    def list_imports(self) -> Sequence[Imported]:
        """Every import ever made, oldest first."""
        return [_IMPORTS.value(row) for row in self.look.rows(_ALL_IMPORTS)]


class InventoryWrites(InventoryReads):
    """The writes of an import; each also keeps its record."""

    draft: Draft

    def put_sites(self, sites: Iterable[Site]) -> None:
        """Insert or replace sites in use and their cameras 1..n; cameras beyond n are left to `remove_cameras`."""
        streamed = {row[0] for row in self.draft.rows(_STREAMED)}
        aimed = {row[0] for row in self.draft.rows(_AIMED)}
        site_rows: list[Values] = []
        camera_rows: list[Values] = []
        aimed_rows: list[Values] = []
        for one in sites:
            site_rows.append(SITES.row(one, removed_at=None))
            for row in _camera_rows(one, streamed):
                (aimed_rows if row["id"] in aimed else camera_rows).append(row)
        self.draft.write_many(_PUT_SITE, site_rows)
        self.draft.write_many(_PUT_CAMERA, camera_rows)
        self.draft.write_many(_PUT_AIMED, aimed_rows)

    def remove_cameras(self, beyond: Iterable[tuple[SiteId, int]], record: Imported) -> None:
        """Mark each site's cameras with a number above the given one as removed."""
        at = to_micros(record.at)
        rows: list[Values] = [{"which": which, "beyond": count, "at": at} for which, count in beyond]
        self.draft.write_many(_REMOVE_CAMERAS, rows)

    def remove_sites(self, sites: Sequence[SiteId], record: Imported) -> None:
        """Mark the sites and all their cameras as removed; nothing is deleted."""
        at = to_micros(record.at)
        self.draft.write_many(_REMOVE_SITE, [{"which": which, "at": at} for which in sites])
        self.remove_cameras([(which, 0) for which in sites], record)

    def put_streams(self, streams: Sequence[Stream]) -> None:
        """Insert or replace by camera; the cameras count as working until they prove otherwise."""
        self.draft.write_many(_PUT_STREAM, [stream_row(one, self.draft.vault) for one in streams])
        self._set_status([one.camera_id for one in streams], Status.WORKING)

    def remove_streams(self, cameras: Sequence[CameraId]) -> None:
        """Forget how to play them."""
        self.draft.write_many(_REMOVE_STREAM, [{"which": one} for one in cameras])
        self._set_status(cameras, Status.UNREGISTERED)

    def replace_places(self, kind: PlaceKind, places: Sequence[Place]) -> None:
        """These become all places of the kind."""
        self.draft.run(_REMOVE_PLACES, which=kind.value)
        self.draft.write_many(_ADD_PLACE, [_PLACES.row(one) for one in places])

    def replace_boundary(self, boundary: Boundary) -> None:
        """It becomes the city's."""
        self.draft.run(_REMOVE_PARTS)
        rows: list[Values] = [_part_row(0, _OUTLINE, "", "", boundary.outline)]
        rows += [
            _part_row(n, one.layer.value, one.name, one.code, one.shape) for n, one in enumerate(boundary.parts, 1)
        ]
        self.draft.write_many(_ADD_PART, rows)

    def replace_roads(self, roads: Roads) -> None:
        """They become the network."""
        self.draft.run(_REMOVE_LINKS)
        self.draft.run(_REMOVE_NODES)
        self.draft.run(_REMOVE_TURNS)
        self.draft.write_many(_ADD_LINK, [_LINKS.row(one) for one in roads.links])
        self.draft.write_many(_ADD_NODE, [_NODES.row(one) for one in roads.nodes])
        self.draft.write_many(_ADD_TURN, [_TURNS.row(one, number=n) for n, one in enumerate(roads.turns)])

    def put_imported(self, record: Imported) -> None:
        """Append the import's record."""
        row = self.draft.one(_LAST_IMPORT)
        number = 1 if row is None else row[0] + 1
        self.draft.write(_ADD_IMPORT, _IMPORTS.row(record, number=number))

    def _set_status(self, cameras: Sequence[CameraId], status: Status) -> None:
        self.draft.write_many(_SET_STATUS, [{"which": one, "status": status.value} for one in cameras])


def _camera_rows(site: Site, streamed: set[str]) -> Iterable[Values]:
    for number in range(1, site.cameras + 1):
        which = camera_id(site.id, number)
        yield CAMERAS.row(
            Camera(
                which,
                site.id,
                number,
                site.place,
                site.purpose,
                Status.WORKING if which in streamed else Status.UNREGISTERED,
                site.bearing,
                field=360.0 if site.all_round else 60.0,
                megapixels=site.megapixels,
            ),
            removed_at=None,
        )


def _part_row(number: int, layer: str, name: str, code: str, shape: Shape) -> Values:
    return {"number": number, "layer": layer, "name": name, "code": code, "shape": to_json(shape)}
