"""Units listed under an agency that the settings do not name are told to whoever starts the platform."""

import json
from pathlib import Path

import pytest

from fakes.small_city import csv_of
from fakes.walk import wait_for
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile

SETTINGS = """
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
"""
HEADER = ("호출명", "차종", "기관", "위도", "경도")


@pytest.mark.slow
@pytest.mark.socket
def test_units_of_an_agency_nobody_named_are_warned_of_at_the_start(tmp_path: Path, serve) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "goldentime.toml").write_text(SETTINGS, encoding="utf-8")
    rows = [(f"차{n}", "구급차", agency, "37.25", "127.05") for n, agency in enumerate(["agency-112", *["fire"] * 2])]
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        Importer(store.city(), SystemClock()).units(SourceFile("u.csv", csv_of(HEADER, *rows)))
    with serve(tmp_path) as platform:
        wait_for(lambda: "platform_ready" in platform.log.read_text(), 20, "the platform's start")
        lines = [json.loads(line) for line in platform.log.read_text().splitlines() if line.startswith("{")]
    (warned,) = [line for line in lines if line["event"] == "units_of_unknown_agency"]
    assert (warned["level"], warned["agency"], warned["units"]) == ("warning", "fire", 2)
