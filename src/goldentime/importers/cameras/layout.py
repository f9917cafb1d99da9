"""What a camera inventory's columns are called, and which purpose its words mean."""

from collections.abc import Sequence

from goldentime.city.cameras.inventory import Purpose
from goldentime.core.text import Text
from goldentime.importers.columns import (
    Field,
    has_numbers,
    has_words,
    looks_like_latitudes,
    looks_like_longitudes,
)
from goldentime.importers.table import Table

LATITUDE = Field(
    "lat",
    Text(ko="위도", en="latitude"),
    ("WGS84위도", "위도", "latitude", "lat", "위도(WGS84)", "위도좌표", "y좌표(위도)", "y"),
    required=True,
    check=has_numbers,
    by_values=looks_like_latitudes,
)
LONGITUDE = Field(
    "lon",
    Text(ko="경도", en="longitude"),
    ("WGS84경도", "경도", "longitude", "lon", "lng", "경도(WGS84)", "경도좌표", "x좌표(경도)", "x"),
    required=True,
    check=has_numbers,
    by_values=looks_like_longitudes,
)
FIELDS = (
    Field(
        "key", Text(ko="관리번호", en="key"), ("관리번호", "CCTV관리번호", "시설관리번호", "시설물관리번호", "개소번호")
    ),
    LATITUDE,
    LONGITUDE,
    Field(
        "cameras",
        Text(ko="카메라대수", en="number of cameras"),
        ("카메라대수", "설치대수", "카메라수", "CCTV설치대수", "CCTV대수", "카메라설치대수", "대수", "수량"),
        required=True,
        check=has_numbers,
    ),
    Field(
        "purpose",
        Text(ko="설치목적", en="purpose"),
        ("설치목적구분", "설치목적구분명", "설치목적", "목적", "용도", "목적구분", "구분"),
    ),
    Field("road_address", Text(ko="도로명주소", en="road address"), ("소재지도로명주소", "도로명주소", "도로명 주소")),
    Field("lot_address", Text(ko="지번주소", en="lot address"), ("소재지지번주소", "지번주소", "지번 주소")),
    Field(
        "spot",
        Text(ko="설치장소", en="where it stands"),
        ("설치장소", "설치위치", "설치위치주소", "설치지점", "소재지", "설치주소", "주소", "위치", "장소"),
    ),
    Field("name", Text(ko="개소명", en="name"), ("개소명", "CCTV명", "시설명", "설치명", "명칭", "이름")),
    Field(
        "dong", Text(ko="읍면동", en="neighbourhood"), ("읍면동", "행정동", "법정동", "동", "읍면동명"), check=has_words
    ),
    Field("pixels", Text(ko="화소수", en="pixels"), ("카메라화소수", "화소수", "화소", "카메라화소")),
    Field(
        "direction", Text(ko="촬영방면", en="direction"), ("촬영방면정보", "촬영방면", "촬영방향", "설치방향", "방향")
    ),
    Field("retention", Text(ko="보관일수", en="days kept"), ("보관일수", "영상보관일수", "보관기간")),
    Field(
        "installed",
        Text(ko="설치연월", en="installed"),
        ("설치연월", "설치년월", "설치연도", "설치년도", "설치일자", "설치일"),
    ),
    Field(
        "operator", Text(ko="관리기관", en="operator"), ("관리기관명", "관리기관", "관리부서", "운영기관", "담당부서")
    ),
    Field(
        "phone",
        Text(ko="전화번호", en="phone"),
        ("관리기관전화번호", "담당자전화번호", "전화번호", "연락처", "관리부서전화번호"),
    ),
)
_PRESENT = ("관리번호", "소재지도로명주소", "설치목적구분", "카메라대수", "WGS84위도", "WGS84경도", "최종수정시점")
_OLDER = ("관리기관명", "소재지도로명주소", "설치목적구분", "카메라대수", "위도", "경도", "제공기관코드")
_PURPOSES: Sequence[tuple[str, Purpose]] = (
    ("쓰레기", Purpose.WASTE),
    ("투기", Purpose.WASTE),
    ("어린이", Purpose.CHILD),
    ("보호구역", Purpose.CHILD),
    ("차량방범", Purpose.VEHICLE),
    ("차량번호", Purpose.VEHICLE),
    ("단속", Purpose.ENFORCEMENT),
    ("주정차", Purpose.ENFORCEMENT),
    ("재난", Purpose.DISASTER),
    ("재해", Purpose.DISASTER),
    ("화재", Purpose.DISASTER),
    ("산불", Purpose.DISASTER),
    ("하천", Purpose.DISASTER),
    ("방범", Purpose.CRIME),
    ("공원", Purpose.CRIME),
    ("학교", Purpose.CRIME),
    ("범죄", Purpose.CRIME),
    ("교통", Purpose.TRAFFIC),
    ("교차로", Purpose.TRAFFIC),
    ("감응신호", Purpose.TRAFFIC),
    ("시설", Purpose.FACILITY),
)


def layout_of(table: Table) -> str:
    """`standard`, `older standard` or `other`, for the report."""
    header = set(table.header)
    if header.issuperset(_PRESENT):
        return "standard"
    if header.issuperset(_OLDER):
        return "older standard"
    return "other"


def purpose_of(words: str) -> Purpose:
    """The purpose the file's words mean; OTHER for 다목적, 기타 and what is not known."""
    squeezed = words.replace(" ", "")
    return next((purpose for word, purpose in _PURPOSES if word in squeezed), Purpose.OTHER)
