import json

import pytest
from typer.testing import CliRunner

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from fakes.small_city import STANDARD, csv_of, geojson, square, standard_csv, standard_row
from goldentime.edges.cli.imports import build


@pytest.fixture
def city():
    return RememberedCity()


@pytest.fixture
def run(city, tmp_path):
    """Run `goldentime import ...`; bytes among the words become a file."""
    opened = []

    def open_store(folder):
        opened.append(folder)
        return city

    app = build(open_store, StandingClock())

    def run_(*words, name="file.csv"):
        arguments = []
        for word in words:
            if isinstance(word, bytes):
                (tmp_path / name).write_bytes(word)
                word = str(tmp_path / name)  # noqa: PLW2901  (the file in its place)
            arguments.append(word)
        return CliRunner().invoke(app, arguments)

    run_.opened = opened
    return run_


def test_json_holds_the_counts_and_lists_an_integrator_needs(run):
    data = standard_csv(standard_row("K1"), standard_row("K2", lat="127.05", lon="37.25"), standard_row("K3", lat=""))
    answer = run("cameras", data, "--json")
    report = json.loads(answer.stdout)
    assert answer.exit_code == 0
    wanted = ("rows_read", "sites", "cameras", "added", "moved", "removed")
    assert [report[key] for key in wanted] == [3, 2, 6, 2, 0, 0]
    assert [note["row"] for note in report["repaired"]] == [3]
    assert [note["row"] for note in report["set_aside"]] == [4]
    assert set(report["set_aside"][0]["reason"]) == {"ko", "en"}


def test_the_table_tells_the_same_in_words(run):
    answer = run("cameras", standard_csv(standard_row("K1"), standard_row("K3", lat="")))
    assert answer.exit_code == 0
    assert "위도나 경도가 비어 있음" in answer.stdout
    assert "rows read" in answer.stdout


def test_a_failure_while_writing_leaves_the_old_state(run, city):
    run("cameras", standard_csv(standard_row("K1")))
    before = dict(city.sites)
    city.fails = True
    answer = run("cameras", standard_csv(standard_row("K2")))
    assert answer.exit_code != 0
    assert city.sites == before


def test_a_refused_file_leaves_the_old_state_and_ends_with_1(run, city):
    run("cameras", standard_csv(standard_row("K1")))
    answer = run("cameras", b"\xff\xfe\x00", "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["error"]["code"] == "bad_file"
    assert list(city.sites) == ["K1"]


def test_the_same_file_again_writes_nothing(run, city):
    data = standard_csv(standard_row("K1"))
    run("cameras", data)
    run("cameras", data)
    assert len(city.records) == 1
    assert city.records[0].digest
    assert json.loads(city.records[0].report)["added"] == 1


def test_columns_that_are_not_found_are_asked_for_with_a_mapping_file(run, tmp_path):
    data = csv_of(("무엇", "북", "동"), ("3", "37.25", "127.05"))
    asked = run("cameras", data, "--json")
    assert asked.exit_code == 1
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(json.loads(asked.stdout)["mapping"].replace("여기에 열 이름", "무엇"), encoding="utf-8")
    assert run("cameras", data, "--mapping", str(mapping)).exit_code == 0


@pytest.mark.parametrize(
    "words", [("cameras",), ("cameras", "x.csv", "--nonsense"), ("places", "x.csv", "--kind", "zoo")]
)
def test_a_wrong_question_ends_with_2(run, words):
    assert run(*words).exit_code == 2


def test_a_missing_file_ends_with_1_in_words(run):
    answer = run("cameras", "/nowhere/file.csv")
    assert answer.exit_code == 1
    assert "파일을 읽을 수 없습니다" in answer.stderr


def test_every_command_takes_the_folder_of_the_state(run, tmp_path):
    run("cameras", standard_csv(standard_row("K1")), "--data", str(tmp_path / "state"))
    assert run.opened == [tmp_path / "state"]


def test_streams_and_hand_set_state_survive_a_newer_inventory(run, city):
    run("cameras", standard_csv(standard_row("K1")))
    run("streams", csv_of(("관리번호", "카메라번호", "영상주소"), ("K1", "1", "rtsp://h/a")))
    run("cameras", standard_csv(standard_row("K1", lat="37.26")))
    assert city.streams["K1-1"].url == "rtsp://h/a"


def test_a_folder_is_recognised_and_imported_in_order(run, city, tmp_path):
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "a_streams.csv").write_bytes(csv_of(("관리번호", "카메라번호", "RTSP"), ("K1", "1", "rtsp://h/a")))
    (folder / "b_cctv.csv").write_bytes(standard_csv(standard_row("K1"), standard_row("K2", lat="37.9")))
    (folder / "b_older_cctv.csv").write_bytes(standard_csv(standard_row("K8", 데이터기준일자="2019-01-01")))
    (folder / "c_gu.geojson").write_bytes(geojson(square(SIG_KOR_NM="새벌시")))
    (folder / "d_center.csv").write_bytes(csv_of(("119안전센터명", "위도", "경도"), ("큰119안전센터", 37.25, 127.05)))
    (folder / "e_notes.csv").write_bytes(csv_of(("NO", "메시지내용"), ("1", "비")))
    (folder / "f.pdf").write_bytes(b"%PDF")
    newer = standard_csv(standard_row("K1", 데이터기준일자="2026-01-01"), standard_row("K2", lat="37.9"))
    (folder / "b_cctv.csv").write_bytes(newer)
    answer = run("city", str(folder), "--json")
    told = json.loads(answer.stdout)
    assert [report["what"] for report in told["reports"]] == ["boundary", "cameras", "places", "streams"]
    assert {skipped["file"] for skipped in told["skipped"]} == {"b_older_cctv.csv", "e_notes.csv", "f.pdf"}
    assert (list(city.sites), list(city.streams), len(city.places)) == (["K1"], ["K1-1"], 1)


def test_a_folder_with_nothing_to_import_ends_with_1(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("city", str(tmp_path / "empty")).exit_code == 1
    assert run("city", str(tmp_path / "missing")).exit_code == 1


def test_markup_in_a_file_is_shown_as_it_is(run):
    row = standard_row("K1", lat="[red]x[/red]")
    answer = run("cameras", standard_csv(standard_row("K2"), row))
    assert "[red]x[/red]" in answer.stdout.replace("\n", "")
    assert set(row) == set(STANDARD)
