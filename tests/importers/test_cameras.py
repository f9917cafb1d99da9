import pytest

from fakes.small_city import codes, csv_of, kept, plan, standard_csv, standard_row
from fakes.spreadsheet import xlsx
from goldentime.city.cameras.inventory import Purpose
from goldentime.importers.columns import read_mapping
from goldentime.importers.errors import BadFile, ColumnsNotFound

JINJU = ("목적", "읍면동", "설치장소", "위도", "경도", "설치연도", "설치대수")
OLDER = (
    *("관리기관명", "소재지도로명주소", "소재지지번주소", "설치목적구분", "카메라대수", "카메라화소수", "촬영방면정보"),
    *("보관일수", "설치연월", "관리기관전화번호", "위도", "경도", "데이터기준일자", "제공기관코드", "제공기관명"),
)


def test_a_row_of_the_present_standard_is_a_site_with_its_cameras():
    found = plan(standard_csv(standard_row("K7", 카메라화소수="400", 촬영방면정보="북동")))
    site = kept(found)["K7"]
    assert (site.cameras, site.purpose, site.megapixels, site.retention_days) == (3, Purpose.CRIME, 4.0, 30)
    assert (site.place.lon, site.place.lat, site.bearing) == (127.05, 37.25, 45.0)
    assert site.address == "새벌도 새벌시 큰구 한빛로 7"
    assert site.name == "큰구 다솜동 7-1"
    assert (found.report.layout, found.report.counts["cameras"]) == ("standard", 3)


def test_directions_that_are_not_one_direction_stay_unknown_and_are_said_so():
    rows = (
        standard_row("K1", 촬영방면정보="견인보관소내"),
        standard_row("K2", 촬영방면정보="북,남"),
        standard_row("K3"),
    )
    found = plan(standard_csv(*rows))
    assert [site.bearing for site in found.difference.added] == [None, None, None]
    (note,) = found.report.notes
    assert "2곳" in note.ko
    assert "견인보관소내" in note.ko


def test_the_older_standard_is_understood():
    row = (
        "새벌시",
        "새벌시 한빛로 1",
        "",
        "어린이보호",
        "2",
        "130.0",
        "360도전방면",
        "30",
        "2011-03",
        "",
        37.25,
        127.05,
    )
    found = plan(csv_of(OLDER, (*row, "2020-07-31", "999", "새벌시")))
    (site,) = found.difference.added
    assert found.report.layout == "older standard"
    assert (site.purpose, site.all_round, site.megapixels) == (Purpose.CHILD, True, 1.3)


def test_a_layout_of_its_own_in_cp949_is_recognised_by_its_columns():
    data = csv_of(JINJU, ("주정차단속", "큰동", "작은동 5-1", "37.25", "127.05", "2018", "2"), encoding="cp949")
    found = plan(data)
    (site,) = found.difference.added
    assert (site.name, site.address, site.purpose) == ("작은동 5-1", "큰동 작은동 5-1", Purpose.ENFORCEMENT)
    assert (found.report.layout, found.report.encoding) == ("other", "CP949")


def test_coordinates_without_a_known_name_are_recognised_by_their_values_and_said_so():
    found = plan(csv_of(("대수", "좌표1", "좌표2"), (2, "37.25", "127.05"), (1, "37.26", "127.06")))
    assert found.report.columns == {"lat": "좌표1", "lon": "좌표2", "cameras": "대수"}
    assert any("좌표1" in note.ko for note in found.report.notes)


def test_what_cannot_be_told_apart_is_asked_for_with_a_mapping_file_that_works():
    data = csv_of(("무엇", "북", "동"), ("3", "37.25", "127.05"), ("2", "37.26", "127.06"))
    with pytest.raises(ColumnsNotFound) as asked:
        plan(data)
    assert "카메라대수" in asked.value.text.ko
    mapping = read_mapping(asked.value.mapping.replace("여기에 열 이름", "무엇").encode())
    assert plan(data, mapping=mapping).report.counts["cameras"] == 5


def test_a_mapping_may_say_what_holds_for_every_row():
    mapping = read_mapping('[constants]\ncameras = "1"\npurpose = "차량방범"\n'.encode())
    (site,) = plan(csv_of(("위도", "경도"), ("37.25", "127.05")), mapping=mapping).difference.added
    assert (site.cameras, site.purpose) == (1, Purpose.VEHICLE)


@pytest.mark.parametrize(
    "words", ["[columns]\nlat = '없는열'", "[columns]\nnonsense = '위도'", "[extra]\na = 1", "not toml", "columns = 3"]
)
def test_a_wrong_mapping_is_refused(words):
    with pytest.raises(BadFile):
        plan(csv_of(("위도", "경도", "대수"), ("37.25", "127.05", "1")), mapping=read_mapping(words.encode()))


def test_swapped_coordinates_are_repaired_and_said_so():
    found = plan(standard_csv(standard_row("K1", lat="127.05", lon="37.25")))
    assert kept(found)["K1"].place.lat == 37.25
    assert codes(found.report.repaired) == {2: "swapped"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lat": "", "lon": ""}, "empty_coordinates"),
        ({"lat": "0", "lon": "0"}, "zero_coordinates"),
        ({"lat": "37도"}, "not_a_number"),
        ({"lat": "nan"}, "not_a_number"),
        ({"lat": "17.25"}, "digit_typo"),
        ({"lon": "227.05"}, "digit_typo"),
        ({"lat": "37.305", "lon": "127.095"}, "far_outside"),
        ({"cameras": "0"}, "bad_count"),
        ({"cameras": ""}, "bad_count"),
        ({"cameras": "여러 대"}, "bad_count"),
        ({"cameras": "-2"}, "bad_count"),
        ({"cameras": "9999"}, "bad_count"),
    ],
)
def test_an_unusable_row_is_set_aside_with_its_reason(changed, code):
    found = plan(standard_csv(standard_row("K1"), standard_row("K2", **changed)))
    assert codes(found.report.set_aside) == {3: code}
    assert found.report.rows_read == 2
    assert list(kept(found)) == ["K1"]


def test_a_typo_with_one_plausible_reading_names_it_but_does_not_use_it():
    found = plan(standard_csv(standard_row("K1"), standard_row("K2", lon="227.05")))
    (note,) = found.report.set_aside
    assert "227.05 → 127.05" in note.reason.ko
    assert "K2" not in kept(found)


def test_up_to_300_metres_outside_stays_flagged_and_beyond_is_set_aside():
    north_250, north_350 = 37.30 + 250 / 111_195, 37.30 + 350 / 111_195
    found = plan(standard_csv(standard_row("K1", lat=f"{north_250:.6f}"), standard_row("K2", lat=f"{north_350:.6f}")))
    assert codes(found.report.flagged) == {2: "near_outside"}
    assert codes(found.report.set_aside) == {3: "far_outside"}
    assert "250 m" in kept(found)["K1"].flagged


def test_without_a_boundary_only_impossible_coordinates_are_set_aside_and_the_report_says_so():
    rows = standard_row("K1", lat="33.5", lon="126.5"), standard_row("K2", lat="51.5", lon="0.1")
    found = plan(standard_csv(*rows, standard_row("K3", lat="126.5", lon="33.5")), within=False)
    assert set(kept(found)) == {"K1", "K3"}
    assert any("경계가 없어" in note.ko for note in found.report.notes)


def test_a_repeated_key_is_a_duplicate_even_with_other_content():
    found = plan(standard_csv(standard_row("K1"), standard_row("K1", cameras="5"), standard_row("K1")))
    assert codes(found.report.set_aside) == {3: "duplicate", 4: "duplicate"}
    assert kept(found)["K1"].cameras == 3


def test_a_row_set_aside_does_not_make_a_duplicate_of_the_good_one_after_it():
    found = plan(standard_csv(standard_row("K1", lat="1.5"), standard_row("K1")))
    assert codes(found.report.set_aside) == {2: "far_outside"}
    assert list(kept(found)) == ["K1"]


def test_without_keys_only_rows_alike_in_every_column_are_duplicates():
    a = ("방범", "큰동", "작은동 5-1", "37.25", "127.05", "2018", "2")
    found = plan(csv_of(JINJU, a, a, (*a[:5], "2019", "2")))
    assert codes(found.report.set_aside) == {3: "duplicate"}
    assert found.report.counts["sites"] == 2


def test_a_column_that_only_counts_rows_does_not_hide_a_duplicate():
    found = plan(csv_of(("순번", "위도", "경도", "대수"), (1, "37.25", "127.05", 2), (2, "37.25", "127.05", 2)))
    assert codes(found.report.set_aside) == {3: "duplicate"}


def test_shared_coordinates_are_only_reported():
    found = plan(standard_csv(standard_row("K1"), standard_row("K2"), standard_row("K3", lat="37.26")))
    assert [shared.rows for shared in found.report.shared] == [(2, 3)]
    assert len(kept(found)) == 3


def test_an_empty_row_and_a_cut_row_are_set_aside():
    data = standard_csv(standard_row("K1")) + b"\r\n9990000,K2,abc\r\n"
    assert codes(plan(data).report.set_aside) == {3: "empty_row", 4: "cut_row"}


def test_the_same_file_again_changes_nothing():
    data = standard_csv(standard_row("K1"), standard_row("K2", lat="37.26"))
    again = plan(data, kept(plan(data)))
    assert not again.report.changed_anything
    assert again.report.counts["unchanged"] == 2


def test_a_newer_file_shows_added_moved_changed_and_removed_sites():
    old = kept(plan(standard_csv(*(standard_row(f"K{n}", lat=f"37.2{n}") for n in range(1, 5)))))
    newer = plan(
        standard_csv(
            standard_row("K1", lat="37.21"),
            standard_row("K2", lat="37.29"),
            standard_row("K3", lat="37.23", cameras="8"),
            standard_row("K9"),
        ),
        old,
    )
    counts = newer.report.counts
    assert {key: counts[key] for key in ("added", "moved", "changed", "removed", "unchanged")} == {
        "added": 1,
        "moved": 1,
        "changed": 1,
        "removed": 1,
        "unchanged": 1,
    }
    assert newer.difference.removed == ("K4",)


def test_without_keys_a_site_that_moved_keeps_its_id():
    a, b = (
        ("방범", "동", "작은동 5-1", "37.25", "127.05", "2018", "2"),
        ("방범", "동", "새동 7", "37.26", "127.06", "2018", "2"),
    )
    old = kept(plan(csv_of(JINJU, a, b)))
    newer = plan(csv_of(JINJU, b, (*a[:3], "37.2501", *a[4:])), old)
    assert (newer.report.counts["moved"], newer.report.counts["added"], newer.report.counts["removed"]) == (1, 0, 0)
    assert {site.id for site in newer.difference.moved} <= set(old)


def test_of_several_sites_at_one_address_the_unmoved_ones_keep_their_ids():
    def at(lat, count="2"):
        return ("방범", "동", "작은동 5-1", lat, "127.05", "2018", count)

    old = kept(plan(csv_of(JINJU, at("37.25"), at("37.251", "3"), at("37.252", "4"))))
    newer = plan(csv_of(JINJU, at("37.252", "4"), at("37.25")), old)
    assert newer.report.counts["unchanged"] == 2
    assert [old[gone].cameras for gone in newer.difference.removed] == [3]


def test_another_inventory_of_the_city_is_left_alone():
    old = kept(plan(standard_csv(standard_row("K1"))))
    traffic = plan(standard_csv(standard_row("T1", lat="37.27")), old, source="traffic")
    assert (traffic.report.counts["added"], traffic.report.counts["removed"]) == (1, 0)


def test_keys_that_a_spreadsheet_rounded_are_refused():
    with pytest.raises(BadFile) as refused:
        plan(standard_csv(standard_row("2.02537E+17"), standard_row("2.02537E+17")))
    assert "끝자리" in refused.value.text.ko
    header = ("관리번호", "위도", "경도", "카메라대수")
    with pytest.raises(BadFile):
        plan(xlsx(a=[header, [202537400000808073.0, 37.25, 127.05, 2]]), name="a.xlsx")


def test_a_spreadsheet_reads_like_the_csv():
    header = ("관리번호", "위도", "경도", "카메라대수", "설치목적")
    rows = [("K1", 37.25, 127.05, 2, "공원"), ("K2", 37.26, 127.06, 4, "방범")]
    assert kept(plan(xlsx(a=[header, *rows]), name="a.xlsx")) == kept(plan(csv_of(header, *rows)))


def test_a_file_of_which_nothing_can_be_used_is_refused():
    with pytest.raises(BadFile):
        plan(standard_csv(standard_row("K1", lat="1", lon="2")))
