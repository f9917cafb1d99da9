"""The importers over the real storage, killed in the middle too."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes.clock import StandingClock
from fakes.small_city import csv_of, geojson, square, standard_csv, standard_row
from goldentime.adapters.sql import open_store
from goldentime.importers.errors import BadFile
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile

OLD = standard_csv(*(standard_row(f"K{n}", lat=f"37.2{n}") for n in range(1, 6)))
NEW = standard_csv(*(standard_row(f"K{n}", lat=f"37.2{n}5") for n in range(3, 9)))
KILLED_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from goldentime.adapters.sql import open_store
from goldentime.adapters.sql.changing import SqlChange
from goldentime.core.clock import SystemClock
from goldentime.importers.run import Importer
from goldentime.importers.source import read_source

SqlChange.remove_sites = lambda *_: os._exit(9)  # added and moved sites are written by then, nothing is committed
with open_store(Path(sys.argv[1]), clock=SystemClock()) as store:
    Importer(store.city(), SystemClock()).cameras(read_source(Path(sys.argv[2])))
"""


@contextmanager
def importer(folder):
    with open_store(folder, clock=StandingClock()) as store:
        yield Importer(store.city(), StandingClock())


def test_a_whole_city_comes_back_as_it_was_imported(tmp_path):
    vms = csv_of(("관리번호", "카메라번호", "영상주소"), ("K1", "1", "rtsp://a:b@10.0.0.1/x"))
    shelters = csv_of(("대피소명", "위도", "경도"), ("중앙공원", 37.25, 127.05))
    with importer(tmp_path) as first:
        first.boundary(SourceFile("b.geojson", geojson(square(SIG_KOR_NM="새벌시"))))
        first.cameras(SourceFile("c.csv", OLD))
        first.places(SourceFile("p.csv", shelters))
        first.streams(SourceFile("s.csv", vms))
    with importer(tmp_path) as again:
        reports = [
            again.boundary(SourceFile("b.geojson", geojson(square(SIG_KOR_NM="새벌시")))),
            again.cameras(SourceFile("c.csv", OLD)),
            again.places(SourceFile("p.csv", shelters)),
            again.streams(SourceFile("s.csv", vms)),
        ]
        assert not [report.what for report in reports if report.changed_anything]
        assert again.store.load_streams()["K1-1"].password == "b"


def test_streams_survive_while_their_site_is_away(tmp_path):
    with importer(tmp_path) as one:
        one.cameras(SourceFile("c.csv", OLD))
        one.streams(SourceFile("s.csv", csv_of(("관리번호", "카메라번호", "url"), ("K1", "1", "rtsp://10.0.0.1/x"))))
        one.cameras(SourceFile("c2.csv", NEW))
        one.cameras(SourceFile("c.csv", OLD))
        assert one.store.load_streams()["K1-1"].url == "rtsp://10.0.0.1/x"
        assert set(one.store.load_sites()) == {"K1", "K2", "K3", "K4", "K5"}


@pytest.mark.slow
def test_an_import_killed_in_the_middle_leaves_the_old_state(tmp_path):
    with importer(tmp_path / "state") as one:
        one.cameras(SourceFile("c.csv", OLD))
        before = dict(one.store.load_sites())
    (tmp_path / "new.csv").write_bytes(NEW)
    arguments = [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(tmp_path / "state"), str(tmp_path / "new.csv")]
    assert subprocess.run(arguments, check=False, timeout=60).returncode == 9
    with importer(tmp_path / "state") as after:
        assert dict(after.store.load_sites()) == before
        counts = after.cameras(SourceFile("new.csv", NEW)).counts
        assert [counts[key] for key in ("added", "moved", "removed")] == [3, 3, 2]


def test_a_file_that_holds_only_a_part_never_retires_the_city_unasked(tmp_path: Path) -> None:
    whole = "\n".join(["관리번호,위도,경도,카메라대수", *(f"K{n},37.2{n:03d},127.0{n:03d},1" for n in range(60))])
    part = "\n".join(whole.splitlines()[:10])
    with open_store(tmp_path, clock=StandingClock()) as store:
        importer = Importer(store.city(), StandingClock())
        importer.cameras(SourceFile("whole.csv", whole.encode()))
        with pytest.raises(BadFile):
            importer.cameras(SourceFile("part.csv", part.encode()))
        assert len(store.city().load_sites()) == 60
        importer.cameras(SourceFile("part.csv", part.encode()), replace_most=True)
        assert len(store.city().load_sites()) == 9
