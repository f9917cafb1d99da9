"""What is typed: help in both languages, exit codes, errors in words, the record checked from outside."""

import json
import logging
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import structlog
import typer

from fakes.small_city import csv_of, geojson, square, standard_csv, standard_row
from goldentime import __version__
from goldentime.adapters.sql import open_store
from goldentime.command import build, listen
from goldentime.core.clock import SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.edges.cli.app import run
from goldentime.settings import Web

AGENCIES = """
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
"""
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """What a command sets up for its own process, undone for the other tests of this one."""
    handlers = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def typed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    logs_as_before: None,
) -> Typed:
    """Type a command as a shell would: exit code, output, errors."""

    def type_(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["goldentime", *words])
        capsys.readouterr()
        try:
            run(build())
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


@pytest.fixture
def city(tmp_path: Path, typed: Typed) -> Path:
    """A data folder with a small city."""
    files = {
        "b.geojson": geojson(square(SIG_KOR_NM="새벌시")),
        "c.csv": standard_csv(*(standard_row(f"K{n}", lat=f"37.25{n}", cameras="2") for n in range(5))),
        "s.csv": csv_of(("관리번호", "카메라번호", "영상주소"), ("K1", "1", "rtsp://10.0.0.1/x")),
        "goldentime.toml": AGENCIES.encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    for what, name in (("boundary", "b.geojson"), ("cameras", "c.csv"), ("streams", "s.csv")):
        code, _, errors = typed("import", what, str(tmp_path / name), "--data", str(tmp_path / "data"))
        assert code == 0, errors
    return tmp_path


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and its words."""

    def below(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        for name, one in getattr(command, "commands", {}).items():
            yield from below(one, f"{words} {name}")

    yield from below(typer.main.get_command(build()), "goldentime")


def is_in_both_languages(words: str | None) -> bool:
    return bool(words and re.search("[가-힣]", words) and re.search("[A-Za-z]{3}", words))


@pytest.mark.parametrize(("words", "command"), [pytest.param(*one, id=one[0]) for one in commands()])
def test_every_command_and_option_explains_itself_in_korean_and_english(words: str, command: click.Command) -> None:
    assert is_in_both_languages(command.help), words
    explained = {option.name: getattr(option, "help", None) for option in command.params}
    assert {name: said for name, said in explained.items() if said and not is_in_both_languages(said)} == {}


def test_help_is_an_answer_and_not_a_fault(typed: Typed) -> None:
    code, told, _ = typed("serve", "--help")
    assert code == 0
    assert "플랫폼 실행" in told


def test_the_version_is_told(typed: Typed) -> None:
    assert typed("--version")[:2] == (0, f"{__version__}\n")


def test_an_unknown_command_or_option_ends_with_2(typed: Typed) -> None:
    assert typed("fly")[0] == 2
    assert typed("verify", "--fast")[0] == 2
    assert typed("cameras", "near", "here", "there")[0] == 2


@pytest.mark.parametrize("words", [["verify"], ["cameras", "near", "127", "37"]])
def test_a_folder_without_a_city_is_told_in_both_languages_and_ends_with_1(
    typed: Typed, tmp_path: Path, words: list[str]
) -> None:
    code, _, errors = typed(*words, "--data", str(tmp_path / "none"))
    assert code == 1
    assert "도시가 없습니다" in errors
    assert "No city in" in errors
    assert not (tmp_path / "none").exists()


def test_coordinates_that_are_none_are_told_in_words(typed: Typed, city: Path) -> None:
    code, _, errors = typed("cameras", "near", "200", "37", "--data", str(city / "data"))
    assert code == 1
    assert "좌표가 아닙니다" in errors


def test_the_best_cameras_come_as_a_table_and_as_json(typed: Typed, city: Path) -> None:
    where = ["cameras", "near", "127.05", "37.2515", "--data", str(city / "data")]
    code, table, _ = typed(*where)
    assert code == 0
    assert "K1-1" in table
    code, told, _ = typed(*where, "--json", "--wanted", "3")
    answer = json.loads(told)
    assert answer["cameras"][0]["camera_id"] == "K1-1"
    assert answer["text"]["ko"]
    assert answer["text"]["en"]


def test_the_record_of_an_untouched_city_holds(typed: Typed, city: Path) -> None:
    code, told, _ = typed("verify", "--data", str(city / "data"))
    assert code == 0
    assert "정상 · 0건" in told


def test_a_changed_entry_is_named_and_ends_with_3(typed: Typed, city: Path) -> None:
    given = ["--data", str(city / "data"), "--settings", str(city / "goldentime.toml")]
    for _ in range(3):
        assert typed("keys", "issue", "agency-112", *given)[0] == 0
    assert "정상 · 3건" in typed("verify", *given)[1]
    with sqlite3.connect(city / "data" / "goldentime.db") as bare:
        assert bare.execute("UPDATE audit_entry SET actor = 'someone else' WHERE position = 2").rowcount == 1
    code, _, errors = typed("verify", *given)
    assert code == 3
    assert "2번째 기록" in errors
    assert "broken at entry 2" in errors


def test_every_command_looks_where_the_settings_say(typed: Typed, city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (city / "goldentime.toml").write_text(f"data = '{city}/data'\n{AGENCIES}", encoding="utf-8")
    given = ["--settings", str(city / "goldentime.toml")]
    monkeypatch.chdir(city)
    assert typed("keys", "issue", "agency-112", *given)[0] == 0
    assert "1건" in typed("verify", *given)[1]
    monkeypatch.setenv("GOLDENTIME_DATA", str(city / "data"))
    assert "1건" in typed("verify")[1]


def test_a_key_is_shown_once_and_kept_as_a_digest(typed: Typed, city: Path) -> None:
    given = ["--data", str(city / "data"), "--settings", str(city / "goldentime.toml")]
    code, told, errors = typed("keys", "issue", "agency-112", "--sandbox", *given)
    key = told.strip()
    assert (code, errors) == (0, "")
    assert len(key) >= 32
    with open_store(city / "data", clock=SystemClock()) as store:
        (kept,) = store.read_now(lambda look: look.list_keys())
    assert kept.sandbox
    assert all(key.encode() not in file.read_bytes() for file in (city / "data").glob("goldentime.db*"))


def test_a_key_for_nobody_is_refused_and_those_there_are_named(typed: Typed, city: Path) -> None:
    given = ["--data", str(city / "data"), "--settings", str(city / "goldentime.toml")]
    code, _, errors = typed("keys", "issue", "agency-999", *given)
    assert code == 1
    assert "없는 기관입니다" in errors
    assert "agency-112" in errors


def test_a_linkage_that_does_not_exist_is_told_before_anything_starts(typed: Typed, city: Path) -> None:
    (city / "goldentime.toml").write_text("[web]\nport = 0\n[linkages.carrier_pigeon]\n", encoding="utf-8")
    code, _, errors = typed("serve", "--data", str(city / "data"), "--settings", str(city / "goldentime.toml"))
    assert code == 1
    assert "carrier_pigeon" in errors
    assert "safety_net_http" in errors


@pytest.mark.socket
def test_a_port_that_is_taken_is_told_in_words() -> None:
    with listen(Web(port=0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OperatorsError) as refused:
            listen(Web(port=port))
    assert f"127.0.0.1:{port}에서 들을 수 없습니다" in refused.value.text.ko


@pytest.mark.slow
def test_the_module_runs_like_the_command(city: Path) -> None:
    words = [sys.executable, "-m", "goldentime", "verify", "--data", str(city / "none")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
