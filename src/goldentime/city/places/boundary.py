"""What the city's outline and its named parts are."""

from dataclasses import dataclass
from enum import StrEnum

Ring = tuple[tuple[float, float], ...]  # (lon, lat), first and last the same
Shape = tuple[tuple[Ring, ...], ...]  # polygons; of each the outer ring, then its holes


class Layer(StrEnum):
    """How a boundary file divides the city."""

    CITY = "city"  # 시군구 as a whole
    DISTRICT = "district"  # 구
    ADMIN_DONG = "admin_dong"  # 행정동
    LEGAL_DONG = "legal_dong"  # 법정동
    WATER = "water"  # 하천, 호수: no part of the administration, drawn on the base map
    PARK = "park"  # 공원, 산: likewise
    OTHER = "other"


GROUND_LAYERS = frozenset({Layer.WATER, Layer.PARK})


@dataclass(frozen=True, slots=True)
class Part:
    """One named polygon of a layer; `code` as the file has it, may be empty."""

    layer: Layer
    name: str
    shape: Shape
    code: str = ""


@dataclass(frozen=True, slots=True)
class Boundary:
    """The city: `outline` is the union of its most detailed layer; parts of one layer do not stand for another's."""

    outline: Shape
    parts: tuple[Part, ...] = ()
