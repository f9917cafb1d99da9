"""What the offline base map holds of the city's own files, and how it is packed for range requests."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cubao_tippecanoe
from shapely.geometry import MultiPolygon, Polygon

from goldentime.city.places.boundary import GROUND_LAYERS, Boundary, Layer, Shape
from goldentime.city.roads.line import RoadLink, Roads
from goldentime.core.errors import OperatorsError, OurError
from goldentime.core.text import Text
from goldentime.importers.ports import CityStore

Feature = dict[str, Any]
_TIPPECANOE = Path(cubao_tippecanoe.__file__).with_name("__cubao_tippecanoe_tippecanoe.exe")
_DETAIL_ZOOM = 14
_DRAFT = ".map-"  # what the names of folders begin with in which a map is being drawn
_SECONDS = 300
_OSM = "© OpenStreetMap contributors"  # its licence (ODbL) asks for the words
_WIDE_METRES = 8.0  # where nobody counted lanes
_WIDTHS = {1: 3.4, 2: 2.7, 3: 2.1, 4: 1.1}


class NothingToDraw(OperatorsError):  # noqa: N818  (said as the design says errors)
    """There is neither a boundary nor a road to make a map of."""

    code = "nothing_to_draw"


class MapNotPacked(OurError):  # noqa: N818  (the same)
    """The packing program failed; the old map stays."""

    code = "map_not_packed"


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Where the map lies and what is in it; `bounds` are west, south, east, north."""

    path: Path
    bounds: tuple[float, float, float, float]
    features: Mapping[str, int]


def build_base_map(boundary: Boundary | None, roads: Roads, out: Path, *, attribution: str = "") -> BaseMap:
    """The map packed at `out`, with its description beside it (.json); the old one stays until the new is whole.

    Raises NothingToDraw without boundary and roads, MapNotPacked when the packing fails.
    """
    layers = {name: features for name, features in _layers(boundary, roads).items() if features}
    if not layers:
        raise NothingToDraw(
            Text(
                ko="바탕지도를 만들 경계도 도로도 없습니다. import boundary나 import roads를 먼저 실행하세요.",
                en="There is no boundary and no road to draw: run import boundary or import roads first.",
            )
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(out.parent), tempfile.TemporaryDirectory(dir=out.parent, prefix=_DRAFT) as folder:
        packed = Path(folder) / "city.pmtiles"
        _pack(layers, Path(folder), packed)
        bounds = _bounds(layers)
        base_map = BaseMap(out, bounds, {name: len(features) for name, features in layers.items()})
        description = Path(folder) / "city.json"
        description.write_text(json.dumps(_description(base_map, attribution), ensure_ascii=False), encoding="utf-8")
        packed.replace(out)
        description.replace(out.with_suffix(".json"))
    return base_map


def build_city_map(store: CityStore, out: Path) -> BaseMap | None:
    """The map of what has been imported, or None when there is nothing to draw; raises MapNotPacked."""
    try:
        roads = store.load_roads()
        of_osm = any(link.id.startswith("way/") for link in roads.links)
        return build_base_map(store.load_boundary(), roads, out, attribution=_OSM if of_osm else "")
    except NothingToDraw:
        return None


def road_class(link: RoadLink) -> int:
    """1 motorways, 2 national and provincial roads, 3 the city's wide roads, 4 its narrow ones."""
    if link.rank in {"101", "102"}:
        return 1
    if link.rank in {"103", "104", "105", "106"}:
        return 2
    wide = link.lanes >= 2 if link.lanes is not None else link.width_m is None or link.width_m >= _WIDE_METRES
    return 3 if wide and link.rank != "108" else 4


def _layers(boundary: Boundary | None, roads: Roads) -> dict[str, list[Feature]]:
    layers: dict[str, list[Feature]] = {"roads": [_road(link) for link in roads.links if link.lines]}
    if boundary is None:
        return layers
    named = [part for part in boundary.parts if part.layer not in GROUND_LAYERS]
    grounds = [part for part in boundary.parts if part.layer in GROUND_LAYERS]
    layers["boundary"] = [_area(boundary.outline, {})] if boundary.outline else []
    layers["districts"] = [_area(part.shape, {"name": part.name, "layer": str(part.layer)}) for part in named]
    layers["areas"] = [_area(part.shape, {"name": part.name, "kind": str(part.layer)}) for part in grounds]
    # two divisions of the same ground would write two names in one place: the administrative one is in daily use
    shown = {part.layer for part in named}
    hidden = {Layer.LEGAL_DONG} if Layer.ADMIN_DONG in shown else set()
    layers["district_names"] = [
        _label(part.shape, part.name, 10 if part.layer is Layer.DISTRICT else 12)
        for part in named
        if part.layer not in hidden and part.name and part.shape
    ]
    return layers


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Nobody else draws there meanwhile, so that a draft that is left lost its drawer and may go."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        for draft in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(draft, ignore_errors=True)
        yield
    finally:
        os.close(held)


def _road(link: RoadLink) -> Feature:
    kind = road_class(link)
    properties: dict[str, Any] = {"class": kind, "w": _WIDTHS[kind], "link": link.id}
    if link.name and link.name != "-":
        properties["name"] = link.name
    return {
        "type": "Feature",
        "properties": properties,
        "tippecanoe": {"minzoom": {1: 8, 2: 9, 3: 11, 4: 12}[kind]},
        "geometry": {"type": "MultiLineString", "coordinates": link.lines},
    }


def _area(shape: Shape, properties: dict[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": shape},
    }


def _label(shape: Shape, name: str, zoom: int) -> Feature:
    whole = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in shape])
    inside = whole.representative_point()
    return {
        "type": "Feature",
        "properties": {"name": name},
        "tippecanoe": {"minzoom": zoom},
        "geometry": {"type": "Point", "coordinates": [inside.x, inside.y]},
    }


def _pack(layers: Mapping[str, list[Feature]], folder: Path, packed: Path) -> None:
    named = []
    for name, features in layers.items():
        path = folder / f"{name}.geojson"
        with path.open("w", encoding="utf-8") as file:
            for feature in features:
                file.write(json.dumps(feature, ensure_ascii=False) + "\n")
        named.append(f"--named-layer={name}:{path}")
    command = [
        str(_TIPPECANOE),
        *("--quiet", "--force", "--minimum-zoom=8", f"--maximum-zoom={_DETAIL_ZOOM}"),
        "-r1",  # the default thins points out, and labels vanish
        "--no-simplification-of-shared-nodes",
        *("--no-feature-limit", "--no-tile-size-limit", "--no-tiny-polygon-reduction"),
        f"--output={packed}",
        *named,
    ]
    try:
        # fixed program from the package, arguments of our own
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise _not_packed(str(problem)) from problem
    if done.returncode != 0 or not packed.exists():
        raise _not_packed(done.stderr.decode("utf-8", "replace").strip()[-300:])


def _not_packed(why: str) -> MapNotPacked:
    return MapNotPacked(
        Text(
            ko=f"바탕지도를 만들지 못했습니다. 이전 지도를 그대로 둡니다. ({why})",
            en=f"The base map could not be packed; the old one stays. ({why})",
        )
    )


def _bounds(layers: Mapping[str, list[Feature]]) -> tuple[float, float, float, float]:
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    for features in layers.values():
        for feature in features:
            for lon, lat in _points(feature["geometry"]["coordinates"]):
                west, south, east, north = min(west, lon), min(south, lat), max(east, lon), max(north, lat)
    return west, south, east, north


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], float | int):
        yield (coordinates[0], coordinates[1])
        return
    for each in coordinates:
        yield from _points(each)


def _description(base_map: BaseMap, attribution: str) -> dict[str, Any]:
    west, south, east, north = base_map.bounds
    return {
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2, (south + north) / 2],
        "layers": dict(base_map.features),
        "attribution": attribution,
    }
