"""What a boundary file says of the city's outline and its parts; invalid polygons are mended and said so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from goldentime.city.places.boundary import GROUND_LAYERS, Boundary, Layer, Part, Shape
from goldentime.core.text import Text
from goldentime.importers.coordinates import to_geometry
from goldentime.importers.errors import BadFile
from goldentime.importers.geojson import Feature, mended, polygons_of, read_geojson, to_shape, union_of
from goldentime.importers.report import Report, RowNote

_NAMES = ("EMD_KOR_NM", "ADM_DR_NM", "SIG_KOR_NM", "SGG_NM", "ADM_NM", "EMD_NM", "CTP_KOR_NM", "name", "이름", "명칭")
_CODES = ("EMD_CD", "ADM_DR_CD", "SIG_CD", "SGG_CD", "ADM_CD", "CTPRVN_CD", "code", "adm_cd2", "코드")
_LEGAL_FIELDS = frozenset({"emd_cd", "emd_kor_nm"})
_DONG = re.compile(r"(동|읍|면|가|리)$")
_WATER = re.compile(r"(천|강|내|호|호수|저수지|water|river)$")
_PARK = re.compile(r"(공원|산|숲|녹지|park)$")
_KOREA = (124.0, 33.0, 132.0, 39.0)


@dataclass(frozen=True, slots=True)
class BoundaryPlan:
    """The boundary as it will be; `changed` is False when it is already so."""

    boundary: Boundary
    report: Report
    changed: bool


def looks_like_boundary(features: Sequence[Feature]) -> bool:
    """Whether the features are named administrative polygons (and not, say, a statistics grid)."""
    polygonal = [f for f in features if f.geometry is not None and polygons_of(f.geometry)]
    return bool(polygonal) and len(polygonal) == len(features) and all(f.word(*_NAMES) for f in polygonal)


def plan_boundary(data: bytes, file_name: str, known: Boundary | None) -> BoundaryPlan:
    """The known boundary with this file's layer in place of its own; raises BadFile without any usable polygon.

    A file that shares nothing with the known city starts anew.
    """
    features = read_geojson(data)
    geometries: list[tuple[Feature, BaseGeometry]] = []
    aside, repaired = [], []
    for feature in features:
        read = _usable(feature)
        if isinstance(read, Text):
            aside.append(RowNote(feature.number, read, "unusable_polygon", feature.word(*_NAMES)))
            continue
        if feature.geometry is not None and not feature.geometry.is_valid:
            text = Text(ko="꼬인 다각형을 바로잡음", en="an invalid polygon was mended")
            repaired.append(RowNote(feature.number, text, "mended", feature.word(*_NAMES)))
        geometries.append((feature, read))
    if not geometries:
        raise BadFile(Text(ko="쓸 수 있는 경계 다각형이 없습니다.", en="The file holds no usable boundary polygon."))
    layer = layer_of(features)
    parts = tuple(Part(layer, f.word(*_NAMES), to_shape(g), f.word(*_CODES)) for f, g in geometries)
    boundary, anew = _joined(parts, known)
    notes = [Text(ko="앞의 경계와 겹치지 않아 새로 시작함", en="shares nothing with the earlier one: starts anew")]
    report = Report(
        what="boundary",
        file_name=file_name,
        rows_read=len(features),
        kept=len(parts),
        set_aside=tuple(aside),
        repaired=tuple(repaired),
        counts=_counts(boundary, known, layer),
        layout=layer.value,
        notes=tuple(notes if anew else ()),
    )
    return BoundaryPlan(boundary, report, changed=boundary != known)


def _usable(feature: Feature) -> BaseGeometry | Text:
    if feature.geometry is None:
        return feature.broken or Text(ko="도형이 없음", en="no geometry")
    if not polygons_of(feature.geometry):
        return Text(ko="다각형이 아님", en="not a polygon")
    geometry = mended(feature.geometry)
    if not polygons_of(geometry):
        return Text(ko="넓이가 없는 다각형", en="a polygon without area")
    west, south, east, north = geometry.bounds
    if not (_KOREA[0] <= west and _KOREA[1] <= south and east <= _KOREA[2] and north <= _KOREA[3]):
        return Text(ko="우리나라 밖의 좌표", en="coordinates outside Korea")
    return geometry


def layer_of(features: Sequence[Feature]) -> Layer:
    """How the file divides the city, from its fields and names."""
    fields = {key.lower() for f in features for key in f.properties}
    names = [f.word(*_NAMES) for f in features]
    for layer, pattern in ((Layer.WATER, _WATER), (Layer.PARK, _PARK)):
        if all(pattern.search(f.word("kind", "구분") or f.word(*_NAMES)) for f in features):
            return layer
    if sum(bool(_DONG.search(name)) for name in names) * 2 > len(names):
        return Layer.LEGAL_DONG if fields & _LEGAL_FIELDS else Layer.ADMIN_DONG
    if len(features) == 1:
        return Layer.CITY
    if sum(name.endswith(("구", "군", "시")) for name in names) * 2 > len(names):
        return Layer.DISTRICT
    return Layer.OTHER


def _joined(parts: tuple[Part, ...], known: Boundary | None) -> tuple[Boundary, bool]:
    """The parts beside the known ones of other layers; the outline is that of the most detailed layer."""
    layer = parts[0].layer
    if layer in GROUND_LAYERS and known is None:
        raise BadFile(
            Text(ko="물과 공원은 시 경계 다음에 넣으십시오.", en="Import the boundary before water and parks.")
        )
    own = union_of([to_geometry(p.shape) for p in parts])
    others: tuple[Part, ...] = ()
    anew = False
    if known is not None and known.outline:
        city = mended(to_geometry(known.outline))
        if city.intersection(own).area > 0.5 * min(city.area, own.area):
            others = tuple(p for p in known.parts if p.layer != layer)
        else:
            anew = True
    together = tuple(sorted((*others, *parts), key=lambda p: (list(Layer).index(p.layer), p.code, p.name)))
    return Boundary(_outline(together), together), anew


def _outline(parts: Sequence[Part]) -> Shape:
    layers = {layer: [p for p in parts if p.layer == layer] for layer in Layer if layer not in GROUND_LAYERS}
    finest = max(layers.values(), key=_detail)
    return to_shape(union_of([mended(to_geometry(p.shape)) for p in finest]))


def _detail(parts: Sequence[Part]) -> int:
    return sum(len(ring) for part in parts for rings in part.shape for ring in rings)


def _counts(boundary: Boundary, known: Boundary | None, layer: Layer) -> dict[str, int]:
    new = {(p.code, p.name): p for p in boundary.parts if p.layer == layer}
    old = {(p.code, p.name): p for p in known.parts if p.layer == layer} if known else {}
    return {
        "parts": len(new),
        "added": len(new.keys() - old.keys()),
        "changed": sum(old[key] != new[key] for key in new.keys() & old.keys()),
        "removed": len(old.keys() - new.keys()),
        "points": _detail(boundary.parts),
    }
