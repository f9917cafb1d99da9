"""How GeoJSON becomes features in WGS84."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import get_coordinates, make_valid, transform
from shapely.errors import ShapelyError  # type: ignore[attr-defined]
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from goldentime.city.places.boundary import Shape
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.table import check_size, decode

_WGS84_NAMES = re.compile(r"CRS84|EPSG:{1,2}4326", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature; `number` counts from 1, `geometry` is None when missing or broken (then `broken` says why)."""

    number: int
    properties: Mapping[str, Any]
    geometry: BaseGeometry | None
    broken: Text | None = None

    def word(self, *names: str) -> str:
        """The first property of these names (any case) that says something; "-" says nothing."""
        lower = {key.lower(): value for key, value in self.properties.items()}
        for name in names:
            value = lower.get(name.lower())
            if value is not None and str(value).strip() not in {"", "-"}:
                return str(value).strip()
        return ""


def looks_like_geojson(data: bytes) -> bool:
    """Whether the bytes begin as a JSON object."""
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_geojson(data: bytes) -> tuple[Feature, ...]:
    """The features, in WGS84; raises BadFile when it is not GeoJSON or its coordinate system is unknown."""
    check_size(data)
    words, _ = decode(data)
    try:
        tree = json.loads(words)
    except (json.JSONDecodeError, RecursionError) as broken:
        raise BadFile(Text(ko=f"GeoJSON이 아닙니다: {broken}", en=f"Not GeoJSON: {broken}")) from broken
    if not isinstance(tree, dict) or not isinstance(tree.get("features"), list):
        raise BadFile(Text(ko="GeoJSON FeatureCollection이 아닙니다.", en="Not a GeoJSON FeatureCollection."))
    to_wgs84 = _to_wgs84(tree)
    return tuple(to_feature(n, one, to_wgs84) for n, one in enumerate(tree["features"], 1))


def to_feature(number: int, one: Any, to_wgs84: Callable[..., Any] | None) -> Feature:
    """The feature a GeoJSON object says; one that cannot be used says why."""
    properties = one.get("properties") if isinstance(one, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    if not isinstance(one, dict) or not one.get("geometry"):
        return Feature(number, properties, None, Text(ko="도형이 없음", en="no geometry"))
    try:
        with np.errstate(invalid="ignore"):  # NaN is told below
            geometry = shape(one["geometry"])
        if to_wgs84 is not None:
            geometry = transform(geometry, to_wgs84, interleaved=False)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as broken:
        text = Text(ko=f"도형을 읽을 수 없음: {broken}", en=f"geometry cannot be read: {broken}")
        return Feature(number, properties, None, text)
    if not np.isfinite(get_coordinates(geometry)).all():
        return Feature(number, properties, None, Text(ko="좌표가 숫자가 아님", en="coordinates are not numbers"))
    if geometry.is_empty:
        return Feature(number, properties, None, Text(ko="도형이 비어 있음", en="empty geometry"))
    return Feature(number, properties, geometry)


def _to_wgs84(tree: Mapping[str, Any]) -> Callable[..., Any] | None:
    crs = tree.get("crs")
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if not name or _WGS84_NAMES.search(name):
        return None
    return to_wgs84_from(name)


@lru_cache(maxsize=8)
def to_wgs84_from(name: str) -> Callable[..., Any]:
    """From this system's coordinates (EPSG code or WKT) to longitude and latitude; raises BadFile when unknown."""
    try:
        found = Transformer.from_crs(CRS.from_user_input(name), "EPSG:4326", always_xy=True).transform
    except CRSError as unknown:
        raise BadFile(Text(ko=f"모르는 좌표계입니다: {name}", en=f"Unknown coordinate system: {name}")) from unknown
    return found


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry; lines and points left behind by mending are dropped."""
    if isinstance(geometry, Polygon):
        return [geometry]
    parts: Sequence[BaseGeometry] = getattr(geometry, "geoms", ())
    return [polygon for part in parts for polygon in polygons_of(part)]


def mended(geometry: BaseGeometry) -> BaseGeometry:
    """The valid polygons with the same area; may be empty."""
    return geometry if geometry.is_valid else MultiPolygon(polygons_of(make_valid(geometry)))


def union_of(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    """All of them as one."""
    joined: BaseGeometry = unary_union(list(geometries))
    return joined


def to_shape(geometry: BaseGeometry) -> Shape:
    """The domain's shape of a polygonal geometry."""
    return tuple(tuple(_ring(ring) for ring in _rings(polygon)) for polygon in polygons_of(geometry))


def _rings(polygon: Polygon) -> Iterator[Any]:
    yield polygon.exterior
    yield from polygon.interiors


def _ring(ring: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(c[0]), float(c[1])) for c in ring.coords)
