"""What a camera site and a camera are, as the city's own files tell it."""

from dataclasses import dataclass
from enum import StrEnum

from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat


class Purpose(StrEnum):
    """설치목적구분 of the standard file."""

    CRIME = "crime"  # 생활방범, 방범, 도로방범, 공원 ...
    CHILD = "child"  # 어린이보호
    TRAFFIC = "traffic"  # 교통정보수집, 교통관리, 감응신호
    ENFORCEMENT = "enforcement"  # 교통단속, 주정차단속
    DISASTER = "disaster"  # 재난재해
    FACILITY = "facility"  # 시설물관리
    WASTE = "waste"  # 쓰레기단속
    VEHICLE = "vehicle"  # 차량방범
    OTHER = "other"  # 다목적, 기타


@dataclass(frozen=True, slots=True)
class Site:
    """개소: a pole or a wall with `cameras` cameras; `purpose_words` and the rest are as the file has them.

    `bearing` is degrees clockwise from north when 촬영방면정보 tells one direction, None when unknown;
    `all_round` is True for 360도전방면. `megapixels` is None when the file does not say.
    `flagged` is why a kept row deserves a look (for example: up to 300 m outside the boundary).
    """

    id: SiteId
    name: str
    place: LonLat
    cameras: int
    purpose: Purpose
    purpose_words: str = ""
    address: str = ""  # 소재지도로명주소, else 소재지지번주소
    lot_address: str = ""  # 소재지지번주소
    bearing: float | None = None
    all_round: bool = False
    megapixels: float | None = None
    retention_days: int | None = None
    installed: str = ""
    operator: str = ""  # 관리기관명
    phone: str = ""  # 관리기관전화번호
    flagged: str = ""
    source: str = "cameras"  # the inventory it came from; importing another leaves it alone


class Status(StrEnum):
    """Whether a camera's picture can be had."""

    WORKING = "working"  # has a stream address, and it answers or has not been tried
    FAILED = "failed"  # has an address that does not answer
    UNREGISTERED = "unregistered"  # no stream address is known for it


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera of a site, `number` from 1; `bearing` None when unknown, `field` and `reach` of its sector.

    `bearing` comes from the site's file, or from an operator who dragged the sector on the map (`aimed_by_hand`).
    """

    id: CameraId  # f"{site_id}-{number}"
    site_id: SiteId
    number: int
    place: LonLat
    purpose: Purpose
    status: Status = Status.UNREGISTERED
    bearing: float | None = None
    field: float = 60.0  # degrees; 360 for all-round
    reach: float = 100.0  # metres
    megapixels: float | None = None
    aimed_by_hand: bool = False


def camera_id(site_id: SiteId, number: int) -> CameraId:
    """The id of the site's camera `number`, counted from 1."""
    return CameraId(f"{site_id}-{number}")
