"""What the sample city's lists say, row by row, as the ministries' own layouts have them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

from goldentime.core.place import LonLat
from goldentime.sim.city import names
from goldentime.sim.city.addresses import Address
from goldentime.sim.city.plane import Point, to_lonlat
from goldentime.sim.city.sites import Pole

Row = tuple[object, ...]

CAMERA_HEADER = (
    "개방자치단체코드",
    "관리번호",
    "관리기관명",
    "소재지도로명주소",
    "소재지지번주소",
    "설치목적구분",
    "카메라대수",
    "카메라화소수",
    "촬영방면정보",
    "보관일수",
    "설치연월",
    "관리기관전화번호",
    "WGS84위도",
    "WGS84경도",
    "데이터기준일자",
    "데이터갱신구분",
    "데이터갱신시점",
    "최종수정시점",
)
_CITY_CODE = "9990000"
_PHONES = {"교통정보수집": "070-0000-3301", "교통단속": "070-0000-3302", "재난재해": "070-0000-3303"}  # nobody's
_LAT, _LON = CAMERA_HEADER.index("WGS84위도"), CAMERA_HEADER.index("WGS84경도")


def camera_rows(poles: Sequence[Pole], addresses: Sequence[Address], random: Random) -> list[Row]:
    """The standard file's rows, five of them spoilt the way real files are."""
    rows = [_camera_row(n, pole, where, random) for n, (pole, where) in enumerate(zip(poles, addresses, strict=True))]
    return _spoilt(rows)


def _camera_row(number: int, pole: Pole, where: Address, random: Random) -> Row:
    lon, lat = to_lonlat(pole.spot)
    built = f"{random.randint(2013, 2025)}-{random.randint(1, 12):02d}"
    return (
        _CITY_CODE,
        f"2026{_CITY_CODE}{number + 1:07d}",
        f"{names.PROVINCE} {names.CITY}",
        where.road,
        where.lot,
        pole.purpose,
        pole.cameras,
        pole.megapixels,
        pole.direction,
        30,
        built,
        _PHONES.get(pole.purpose, "070-0000-3300"),
        lat,
        lon,
        "2026-06-30",
        "I",
        "2026-07-01 09:00:00",
        "2026-07-01 09:00:00",
    )


def _spoilt(rows: list[Row]) -> list[Row]:
    """Swapped coordinates, two digit typos, an empty pair and a row twice: what every real file has."""
    middle = len(rows) // 2
    for offset, (lat, lon) in enumerate(
        (
            (rows[middle][_LON], rows[middle][_LAT]),
            (f"1{str(rows[middle + 1][_LAT])[1:]}", rows[middle + 1][_LON]),
            (rows[middle + 2][_LAT], f"2{str(rows[middle + 2][_LON])[1:]}"),
            ("", ""),
        )
    ):
        cells = list(rows[middle + offset])
        cells[_LAT], cells[_LON] = lat, lon
        rows[middle + offset] = tuple(cells)
    return [*rows, rows[10]]


POLICE_HEADER = ("지방청", "경찰서", "관서명", "구분", "주소", "위도", "경도", "전화번호")
CENTRE_HEADER = ("순번", "시도본부", "119안전센터명", "주소", "전화번호", "위도", "경도")
ROOM_HEADER = ("의료기관명", "의료기관분류", "주소", "응급실전화", "병상수", "위도", "경도")
SHELTER_HEADER = ("대피소명", "주소", "수용인원", "위도", "경도")
SCHOOL_HEADER = ("시설종류", "대상시설명", "소재지도로명주소", "소재지지번주소", "위도", "경도", "관할경찰서명")
HYDRANT_HEADER = ("시설번호", "시설구분", "소재지도로명주소", "소재지지번주소", "위도", "경도")
BUILDING_HEADER = (
    "관리번호",
    "건물명",
    "도로명대지위치",
    "주용도",
    "구조",
    "지상층수",
    "지하층수",
    "사용승인일",
    "위험물",
    "위도",
    "경도",
)
_USES = (
    ("공동주택", "철근콘크리트구조", (5, 25), ""),
    ("제2종근린생활시설", "철근콘크리트구조", (3, 8), "도시가스"),
    ("판매시설", "철골조", (1, 4), ""),
    ("공장", "경량철골구조(샌드위치패널)", (1, 3), "시너 200 L"),
    ("단독주택", "벽돌조", (1, 3), "LPG 20 kg"),
)
_ROOMS = (
    ("가온시민의료원", "지역응급의료센터", 36),
    ("한빛나래병원", "지역응급의료기관", 18),
    ("솔내사랑병원", "지역응급의료기관", 14),
    ("해오름종합병원", "권역응급의료센터", 52),
)

_MORE = ("", "동", "서", "남", "북", "중앙", "새")  # as stations of one neighbourhood are called


def stem(dong: str) -> str:
    """A neighbourhood's name without 동."""
    return dong.removesuffix("동")


def _own_names(addresses: Sequence[Address]) -> list[str]:
    """A name for each by its neighbourhood; a second one there has one of its own, and its units call signs with it."""
    told: Counter[str] = Counter()
    found = []
    for where in addresses:
        own = stem(where.neighbourhood.name)
        found.append(f"{_MORE[min(told[own], len(_MORE) - 1)]}{own}")
        told[own] += 1
    return found


def police_rows(spots: Sequence[Point], addresses: Sequence[Address]) -> Iterable[Row]:
    """A police box a neighbourhood."""
    for number, (spot, where, name) in enumerate(zip(spots, addresses, _own_names(addresses), strict=True)):
        lon, lat = to_lonlat(spot)
        station = f"가온{where.neighbourhood.district.removesuffix('구')}"
        sort = "지구대" if number % 3 == 0 else "파출소"
        yield f"{names.PROVINCE}청", station, name, sort, where.road, lat, lon, f"070-0000-4{number:03d}"


def centre_rows(spots: Sequence[Point], addresses: Sequence[Address]) -> Iterable[Row]:
    """119 centres."""
    for number, (spot, where, own) in enumerate(zip(spots, addresses, _own_names(addresses), strict=True), 1):
        lon, lat = to_lonlat(spot)
        name = f"{own}119안전센터"
        yield number, names.PROVINCE, name, where.road, f"070-0000-5{number:03d}", lat, lon


def room_rows(spots: Sequence[Point], addresses: Sequence[Address]) -> Iterable[Row]:
    """Emergency rooms."""
    for number, (room, spot, where) in enumerate(zip(_ROOMS, spots, addresses, strict=False)):
        lon, lat = to_lonlat(spot)
        yield room[0], room[1], where.road, f"070-0000-6{number:03d}", room[2], lat, lon


def shelter_rows(named: Sequence[tuple[str, Point]], addresses: Sequence[Address], random: Random) -> Iterable[Row]:
    """Open-air shelters."""
    for (name, spot), where in zip(named, addresses, strict=True):
        lon, lat = to_lonlat(spot)
        yield f"{name} 옥외대피장소", where.road, random.randrange(300, 4200, 50), lat, lon


def school_rows(named: Sequence[tuple[str, Point]], addresses: Sequence[Address]) -> Iterable[Row]:
    """School zones."""
    for (name, spot), where in zip(named, addresses, strict=True):
        lon, lat = to_lonlat(spot)
        sort = next(s for s in ("초등학교", "중학교", "유치원") if name.endswith(s))
        yield sort, name, where.road, where.lot, lat, lon, f"가온{where.neighbourhood.district.removesuffix('구')}"


def building_rows(named: Sequence[tuple[str, LonLat]], random: Random) -> Iterable[Row]:
    """Buildings at these addresses: use, structure, storeys, and what burns in them."""
    for number, (address, place) in enumerate(named, 1):
        use, structure, (low, high), danger = random.choice(_USES)
        year, name = random.randrange(1984, 2025), f"{address.split()[-1]}번 건물"
        cells = (use, structure, random.randint(low, high), random.randint(0, 3), f"{year}0415", danger)
        yield f"B-{number:04d}", name, address, *cells, round(place.lat, 6), round(place.lon, 6)


def hydrant_rows(spots: Sequence[Point], addresses: Sequence[Address]) -> Iterable[Row]:
    """Hydrants, numbered within their neighbourhood."""
    counts: dict[str, int] = {}
    for spot, where in zip(spots, addresses, strict=True):
        lon, lat = to_lonlat(spot)
        name = stem(where.neighbourhood.name)
        counts[name] = counts.get(name, 0) + 1
        yield f"{name}-{counts[name]:02d}", "소화전", where.road, where.lot, lat, lon
