"""What a place people go to, or that crews need, is: police boxes, 119 centres, shelters, hydrants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from goldentime.core.place import LonLat
from goldentime.core.text import Text

PlaceId = NewType("PlaceId", str)


class PlaceKind(StrEnum):
    """What the place is for."""

    POLICE_BOX = "police_box"  # 지구대, 파출소, 치안센터
    CENTRE_119 = "centre_119"  # 119안전센터
    FIRE_STATION = "fire_station"  # 소방서
    EMERGENCY_ROOM = "emergency_room"  # 응급의료기관
    SHELTER = "shelter"  # 지진 옥외대피장소, 대피소
    SCHOOL_ZONE = "school_zone"  # 어린이보호구역
    HYDRANT = "hydrant"  # 소화전, 급수탑, 저수조
    BUILDING = "building"  # 건축물대장, 소방대상물: 용도, 층수, 위험물


KIND_TEXTS: Mapping[PlaceKind, Text] = {
    PlaceKind.POLICE_BOX: Text(ko="지구대·파출소", en="police box"),
    PlaceKind.CENTRE_119: Text(ko="119안전센터", en="119 centre"),
    PlaceKind.FIRE_STATION: Text(ko="소방서", en="fire station"),
    PlaceKind.EMERGENCY_ROOM: Text(ko="응급실", en="emergency room"),
    PlaceKind.SHELTER: Text(ko="대피소", en="shelter"),
    PlaceKind.SCHOOL_ZONE: Text(ko="어린이보호구역", en="school zone"),
    PlaceKind.HYDRANT: Text(ko="소화전", en="hydrant"),
    PlaceKind.BUILDING: Text(ko="건축물", en="building"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `estimated` says that `place` was found from the address, not read from the file.

    `extra` holds what the file says besides (구분, 수용인원, 병상 ...), by its own column names.
    """

    id: PlaceId
    kind: PlaceKind
    name: str
    place: LonLat
    address: str = ""
    phone: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    estimated: bool = False
    flagged: str = ""
