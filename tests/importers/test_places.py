import pytest

from fakes.small_city import boundary, codes, csv_of, geojson
from goldentime.city.places.addresses import build_address_index
from goldentime.city.places.place import PlaceKind
from goldentime.core.place import LonLat
from goldentime.importers.errors import BadFile
from goldentime.importers.places.plan import KnownPlaces, plan_places

POLICE = ("지방청", "경찰서", "관서명", "구분", "주소", "Latitude", "Longitude")
BOX = ("새벌청", "새벌", "큰솔", "지구대", "새벌도 새벌시 한빛로 1", "37.25", "127.05")


def known(*places, index=None):
    return KnownPlaces(places, boundary(), index)


@pytest.mark.parametrize(
    ("header", "row", "kind", "name"),
    [
        (POLICE, BOX, PlaceKind.POLICE_BOX, "큰솔지구대"),
        (
            ("순번", "119안전센터명", "주소", "전화번호", "위도", "경도"),
            (1, "정자119안전센터", "a", "070", 37.25, 127.05),
            PlaceKind.CENTRE_119,
            "정자119안전센터",
        ),
        (
            ("name", "addr", "lon", "lat", "type", "tel"),
            ("큰병원", "a", 127.05, 37.25, "ESB", "1"),
            PlaceKind.EMERGENCY_ROOM,
            "큰병원",
        ),
        (("대피소명", "위도", "경도"), ("중앙공원", 37.25, 127.05), PlaceKind.SHELTER, "중앙공원"),
        (
            ("시설종류", "대상시설명", "위도", "경도", "CCTV설치대수"),
            ("초등학교", "일월초교", 37.25, 127.05, 5),
            PlaceKind.SCHOOL_ZONE,
            "일월초교",
        ),
        (
            ("fcltyNo", "fcltySeNm", "rdnmadr", "latitude", "longitude"),
            ("상대-01", "소화전", "a", 37.25, 127.05),
            PlaceKind.HYDRANT,
            "소화전 상대-01",
        ),
    ],
)
def test_the_kind_is_told_from_what_the_file_holds(header, row, kind, name):
    found = plan_places(csv_of(header, row), "list.csv", known())
    (place,) = found.places
    assert (found.kind, place.kind, place.name, place.place) == (kind, kind, name, LonLat(127.05, 37.25))


def test_the_file_name_decides_only_where_the_columns_leave_it_open():
    data = csv_of(("name", "lon", "lat"), ("소정 어린이공원", 127.05, 37.25))
    assert plan_places(data, "quake_shelter.csv", known()).kind == PlaceKind.SHELTER
    with pytest.raises(BadFile) as asked:
        plan_places(data, "list.csv", known())
    assert "--kind" in asked.value.text.ko
    assert plan_places(data, "list.csv", known(), kind=PlaceKind.HYDRANT).kind == PlaceKind.HYDRANT


@pytest.mark.parametrize(
    "header", [("사고다발지FID", "지점명", "위도", "경도"), ("관리번호", "카메라대수", "위도", "경도")]
)
def test_lists_of_other_things_are_not_taken_for_places(header):
    with pytest.raises(BadFile):
        plan_places(csv_of(header, ("1", "초등학교", "37.25", "127.05")), "school_zone.csv", known())


def test_a_place_without_coordinates_is_located_by_its_address_and_said_so():
    index = build_address_index([("새벌시 한빛로 7", LonLat(127.06, 37.26))])
    data = csv_of(
        ("소방서", "본부명", "주소"), ("새벌소방서", "본부", "새벌시 한빛로 7"), ("먼소방서", "본부", "달나라로 1")
    )
    found = plan_places(data, "fire_station.csv", known(index=lambda: index))
    (place,) = found.places
    assert (place.place, place.estimated) == (LonLat(127.06, 37.26), True)
    assert codes(found.report.repaired) == {2: "located"}
    assert codes(found.report.set_aside) == {3: "not_located"}


def test_an_address_that_is_known_only_by_its_neighbourhood_does_not_locate_a_place():
    index = build_address_index([(f"새벌시 큰동 {n}", LonLat(127.0 + n / 100, 37.26)) for n in range(1, 9)])
    data = csv_of(("소방서", "주소"), ("새벌소방서", "새벌시 큰동"))
    with pytest.raises(BadFile):
        plan_places(data, "fire_station.csv", known(index=lambda: index))


def test_bad_coordinates_empty_rows_and_repetitions_are_set_aside():
    far = (*BOX[:5], "37.9", "127.9")
    found = plan_places(csv_of(POLICE, BOX, far, BOX, ("",) * 7), "police.csv", known())
    assert set(codes(found.report.set_aside).values()) == {"far_outside", "duplicate", "empty_row"}
    assert (found.report.rows_read, found.report.kept) == (4, 1)


def test_the_same_list_again_changes_nothing_and_a_newer_one_shows_what_did():
    other = ("새벌청", "새벌", "작은솔", "파출소", "새벌시 한빛로 9", "37.26", "127.06")
    old = plan_places(csv_of(POLICE, BOX, other), "police.csv", known()).places
    again = plan_places(csv_of(POLICE, BOX, other), "police.csv", known(*old))
    assert not again.report.changed_anything
    moved = (*other[:5], "37.27", "127.06")
    counts = plan_places(csv_of(POLICE, moved), "police.csv", known(*old)).report.counts
    assert [counts[key] for key in ("added", "moved", "changed", "removed")] == [0, 1, 0, 1]


def test_what_the_file_says_besides_is_kept_in_its_own_words():
    data = csv_of(("대피소명", "위도", "경도", "수용인원"), ("중앙공원", 37.25, 127.05, 387))
    (place,) = plan_places(data, "list.csv", known()).places
    assert place.extra == {"수용인원": "387"}


def test_geojson_points_and_areas_are_places_too():
    point = {"type": "Feature", "properties": {"대피소명": "중앙공원"}}
    area = {"type": "Feature", "properties": {"대피소명": "큰운동장"}}
    point["geometry"] = {"type": "Point", "coordinates": [127.05, 37.25]}
    ring = [[127.06, 37.26], [127.07, 37.26], [127.07, 37.27], [127.06, 37.26]]
    area["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    found = plan_places(geojson(point, area), "shelters.geojson", known())
    assert [place.name for place in found.places] == ["중앙공원", "큰운동장"]
    assert 127.06 < found.places[1].place.lon < 127.07
