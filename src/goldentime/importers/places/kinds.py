"""Which kind of place a file lists, told from its columns, its values or its name; never guessed between two."""

import re
from dataclasses import dataclass, replace

from goldentime.city.places.place import KIND_TEXTS, PlaceKind
from goldentime.core.text import Text
from goldentime.importers.cameras.layout import LATITUDE, LONGITUDE
from goldentime.importers.columns import Field, plain
from goldentime.importers.errors import BadFile
from goldentime.importers.table import Table

FIELDS = (
    replace(LATITUDE, required=False),
    replace(LONGITUDE, required=False),
    Field(
        "number",
        Text(ko="시설번호", en="number"),
        ("fcltyNo", "시설번호", "소화전번호", "소방용수시설번호", "관리번호"),
    ),
    Field(
        "name",
        Text(ko="이름", en="name"),
        (
            "119안전센터명",
            "관서명",
            "대상시설명",
            "대피소명",
            "수용시설명",
            "의료기관명",
            "기관명",
            "병원명",
            "시설명",
            "소방서명",
            "소방서",
            "name",
            "명칭",
            "이름",
            "건물명",
        ),
    ),
    Field(
        "sort",
        Text(ko="구분", en="sort"),
        ("구분", "구분명", "시설종류", "시설구분", "fcltySeNm", "시설유형", "type", "의료기관분류"),
    ),
    Field(
        "road_address",
        Text(ko="도로명주소", en="road address"),
        ("소재지도로명주소", "도로명주소", "rdnmadr", "주소", "소재지", "도로명대지위치", "addr", "address"),
    ),
    Field("lot_address", Text(ko="지번주소", en="lot address"), ("소재지지번주소", "지번주소", "대지위치", "lnmadr")),
    Field(
        "phone",
        Text(ko="전화번호", en="phone"),
        ("응급실전화", "전화번호", "대표전화", "tel", "phone", "연락처", "관리기관전화번호"),
    ),
)
_OTHER_TABLES = re.compile(r"사고다발|발생일시|발생건수|메시지내용|단속카메라|^카메라대수|^설치대수|가로등|sumhpa|rtsp")


@dataclass(frozen=True, slots=True)
class _Signs:
    columns: tuple[str, ...]  # plain names, any of which tells the kind
    values: re.Pattern[str]  # what the names or sorts of most rows say
    file_name: re.Pattern[str]


_SIGNS = {
    PlaceKind.POLICE_BOX: _Signs(
        ("관서명", "지구대명", "파출소명"),
        re.compile(r"지구대|파출소|치안센터"),
        re.compile(r"police|지구대|파출소", re.IGNORECASE),
    ),
    PlaceKind.CENTRE_119: _Signs(
        ("119안전센터명",), re.compile(r"119\s*(?:안전|지역|구조)"), re.compile(r"119|안전센터", re.IGNORECASE)
    ),
    PlaceKind.FIRE_STATION: _Signs(
        ("소방서", "소방서명"), re.compile(r"소방서$"), re.compile(r"fire_?station|소방서", re.IGNORECASE)
    ),
    PlaceKind.EMERGENCY_ROOM: _Signs(
        ("응급실전화", "응급의료기관명", "의료기관명"),
        re.compile(r"병원|의료원|의료재단"),
        re.compile(r"emergency|응급", re.IGNORECASE),
    ),
    PlaceKind.SHELTER: _Signs(
        ("대피소명", "대피장소명", "수용시설명"),
        re.compile(r"대피소|대피장소|방공호"),
        re.compile(r"shelter|대피", re.IGNORECASE),
    ),
    PlaceKind.SCHOOL_ZONE: _Signs(
        ("대상시설명", "보호구역도로폭"),
        re.compile(r"초등학교|초교|유치원|어린이집|특수학교"),
        re.compile(r"school_?zone|어린이보호|스쿨존", re.IGNORECASE),
    ),
    PlaceKind.HYDRANT: _Signs(
        ("소화전번호", "소방용수시설번호"),
        re.compile(r"소화전|급수탑|저수조"),
        re.compile(r"hydrant|소화전|소방용수", re.IGNORECASE),
    ),
    PlaceKind.BUILDING: _Signs(
        ("건물명", "주용도코드명", "주용도", "지상층수", "대지위치"),
        re.compile(r"아파트$|빌라$|오피스텔$"),
        re.compile(r"building|건축물|특정소방대상물", re.IGNORECASE),
    ),
}


def find_kind(table: Table, file_name: str) -> PlaceKind | None:
    """The one kind its columns tell, else its values, else its name; None when none or several."""
    headers = {plain(name) for name in table.header}
    if any(_OTHER_TABLES.search(header) for header in headers):
        return None
    by_columns = [kind for kind, signs in _SIGNS.items() if headers & set(signs.columns)]
    if len(by_columns) == 1:
        return by_columns[0]
    by_values = [kind for kind in (by_columns or _SIGNS) if _most_say(table, _SIGNS[kind].values)]
    if len(by_values) == 1:
        return by_values[0]
    by_name = [kind for kind in (by_columns or _SIGNS) if _SIGNS[kind].file_name.search(file_name)]
    return by_name[0] if len(by_name) == 1 else None


def get_kind(table: Table, file_name: str) -> PlaceKind:
    """The kind; raises BadFile listing what --kind may say."""
    kind = find_kind(table, file_name)
    if kind is not None:
        return kind
    choices = ", ".join(f"{kind.value}({KIND_TEXTS[kind].ko})" for kind in PlaceKind)
    raise BadFile(
        Text(
            ko=f"무엇의 목록인지 알 수 없습니다. --kind로 알려 주십시오: {choices}",
            en=f"It is not clear what the file lists; say so with --kind: {', '.join(PlaceKind)}",
        )
    )


def _most_say(table: Table, pattern: re.Pattern[str]) -> bool:
    return any(
        sum(bool(pattern.search(value)) for value in values) * 10 > len(table.rows) * 6
        for index in range(len(table.header))
        if (values := table.column(index)[:2000])
    )
