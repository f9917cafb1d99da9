"""Golden times over the whole HTTP surface: who may ask, what the sheets and the paper hold."""

import csv
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.hall import Hall
from golden.test_golden_time import BLANK, CALL, STORY, after
from goldentime.city.incidents.durations import summed_up
from goldentime.city.incidents.golden_time import Clock, clock_of
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Text
from goldentime.edges.wire.golden_pdf import golden_pdf
from goldentime.edges.wire.golden_time import incidents_sheet, sums_sheet
from goldentime.flows.clocks.read_golden_time import GoldenTimes, Period

NAMES = {AgencyId("agency-119"): Text("=소방 119", "Fire 119")}
FONTS = Path(__file__).parents[2] / "src/goldentime/console/fonts"


def found() -> GoldenTimes:
    clocks = [clock_of(BLANK, STORY), Clock(IncidentId("inc-2"), "GO-2", None, "manual", False, CALL)]
    clocks.append(replace(clocks[0], whose="agency-119"))
    return GoldenTimes(summed_up(clocks), summed_up(clocks[:1]), clocks)


def rows_of(sheet: bytes) -> list[list[str]]:
    assert sheet.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))


def test_the_sheet_of_incidents_has_every_stamp_in_seoul_time_and_the_legs_in_seconds() -> None:
    head, first, second, _ = rows_of(incidents_sheet(found().clocks, NAMES, "ko"))
    told = dict(zip(head, first, strict=True))
    assert told["상황번호"] == "GO-1123-0001"
    assert told["종류"] == "기타"
    assert told["신고"] == "2026-11-23 21:00:00"
    assert told["도착"] == "2026-11-23 21:06:30"
    assert told["신고→도착 (초)"] == "390.0"
    assert dict(zip(head, second, strict=True))["도착"] == ""


def test_a_name_that_a_spreadsheet_would_run_is_kept_as_text() -> None:
    rows = rows_of(sums_sheet(found(), NAMES, "ko"))
    assert any(row[0] == "'=소방 119" for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_sums_say_this_period_and_the_one_before() -> None:
    head, whole, *_ = rows_of(sums_sheet(found(), NAMES, "en"))
    told = dict(zip(head, whole, strict=True))
    assert (told["Incidents"], told["Arrived"], told["Share within 7 min (%)"]) == ("2", "1", "100.0")
    assert told["Share before (%)"] == "100.0"
    assert told["call to arrival median (s)"] == "390.0"


@pytest.mark.skipif(not FONTS.exists() and not os.environ.get("CI"), reason="the console is not built")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_paper_is_a_pdf_with_its_letters_embedded(language: str) -> None:
    period = Period(CALL, after(60 * 24), drill=True)
    made = golden_pdf(found(), period, names=NAMES, language=language, fonts=FONTS, made_at=after(99))
    assert made.startswith(b"%PDF-")
    assert b"/FontFile2" in made
    assert b"Pretendard" in made
    assert len(made) < 400_000


@pytest.mark.slow
@pytest.mark.skipif(not FONTS.exists() and not os.environ.get("CI"), reason="the console is not built")
async def test_the_paper_is_handed_out_by_the_platform_as_it_is_wired(hall: Hall) -> None:
    paper = await hall.ask("operator", "GET", "/api/golden-time.pdf?lang=ko")
    assert paper.status_code == 200, paper.text
    assert paper.content.startswith(b"%PDF-")


@pytest.mark.slow
async def test_operators_and_administrators_ask_what_they_like_and_an_agency_gets_its_own_only(hall: Hall) -> None:
    incident = await hall.opened()
    while await hall.platform.dispatching.clocks.step():
        pass
    for who, status in (("operator", 200), ("admin", 200), ("agency", 200), ("officer", 403), ("nobody", 401)):
        assert (await hall.ask(who, "GET", "/api/golden-time")).status_code == status, who
    answer = (await hall.ask("operator", "GET", "/api/golden-time")).json()
    assert answer["rows"][0]["incidents"] == 1
    assert (await hall.ask("agency", "GET", "/api/golden-time")).json()["rows"][0]["incidents"] == 0
    assert (await hall.ask("agency", "GET", "/api/golden-time?agency=agency-119")).status_code == 403
    rows = (await hall.ask("operator", "GET", "/api/golden-time/incidents")).json()["items"]
    assert [row["id"] for row in rows] == [incident["id"]]
    assert (await hall.ask("operator", "GET", "/api/golden-time?since=2026-02-30")).status_code in (400, 422)
    sheet = await hall.ask("operator", "GET", "/api/golden-time.csv?lang=en")
    assert sheet.headers["content-type"].startswith("text/csv")
    single = await hall.ask("operator", "GET", "/api/golden-time-incidents.csv?lang=en")
    named = [one.headers["content-disposition"] for one in (sheet, single)]
    assert named[0].startswith('attachment; filename="golden-time-sums-')
    assert named[1].startswith('attachment; filename="golden-time-incidents-')


@pytest.mark.slow
async def test_a_stamp_set_right_shows_in_the_incidents_own_line(hall: Hall) -> None:
    incident = await hall.opened()
    path = f"/api/incidents/{incident['id']}/clock/arrived"
    said = {"at": incident["opened_at"], "reason": "무전 기록"}
    assert (await hall.ask("agency", "POST", path, said)).status_code == 403
    assert (await hall.ask("operator", "POST", path, {**said, "at": "2026-11-23 10:00"})).status_code in (400, 422)
    assert (await hall.ask("operator", "POST", path, said)).status_code == 204
    line = (await hall.ask("operator", "GET", f"/api/incidents/{incident['id']}")).json()["clock"]
    arrived = next(one for one in line["stamps"] if one["stamp"] == "arrived")
    assert arrived["by_hand"]
    assert line["within"] is True


@pytest.mark.slow
async def test_two_incidents_are_joined_over_http_by_operators_only(hall: Hall) -> None:
    one, other = await hall.opened(), await hall.opened()
    path = f"/api/incidents/{one['id']}/pairings/{other['id']}"
    assert (await hall.ask("agency", "POST", f"{path}/join")).status_code == 403
    told = (await hall.ask("operator", "POST", f"{path}/join")).json()
    assert [row["id"] for row in told["joined"]] == [other["id"]]
    assert (await hall.ask("operator", "POST", f"{path}/join")).status_code == 409
    assert (await hall.ask("operator", "POST", f"{path}/nonsense")).status_code in (404, 422)
    told = (await hall.ask("operator", "POST", f"{path}/separate")).json()
    assert [row["id"] for row in told["apart"]] == [other["id"]]
