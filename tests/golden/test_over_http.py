"""Golden times over the whole HTTP surface: who may ask, what the sheets and the paper hold."""

import csv
import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fpdf import FPDF

from fakes.clock import TickingClock
from fakes.hall import Hall
from fakes.tally import summed_up
from golden.test_golden_time import BLANK, CALL, STORY, after
from goldentime.city.incidents.golden_time import Clock, clock_of
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.core.text import Text
from goldentime.edges.wire import golden_pdf as golden_pdf_module
from goldentime.edges.wire.golden_pdf import golden_pdf
from goldentime.edges.wire.golden_time import incidents_head, incidents_rows, sums_sheet
from goldentime.flows.clocks.read_golden_time import GoldenTimes, Period

NAMES = {AgencyId("agency-119"): Text("=소방 119", "Fire 119")}
FONTS = Path(__file__).parents[2] / "src/goldentime/console/fonts"


def found() -> GoldenTimes:
    clocks = [clock_of(BLANK, STORY), Clock(IncidentId("inc-2"), "GO-2", None, "manual", False, CALL)]
    clocks.append(replace(clocks[0], whose="agency-119"))
    return GoldenTimes(summed_up(clocks), summed_up(clocks[:1]))


def rows_of(sheet: bytes) -> list[list[str]]:
    assert sheet.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))


def test_the_sheet_of_incidents_has_every_stamp_in_seoul_time_and_the_legs_in_seconds() -> None:
    clocks = [clock_of(BLANK, STORY), Clock(IncidentId("inc-2"), "GO-2", None, "manual", False, CALL)]
    head, first, second = rows_of(incidents_head("ko", None) + incidents_rows(clocks, NAMES, "ko"))
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


@pytest.mark.parametrize(("language", "said"), [("ko", "집계가 밀려 있습니다."), ("en", "Figures are behind:")])
def test_sheets_and_paper_of_figures_that_are_behind_say_so_first_and_up_to_when(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = replace(found(), whole_until=after(3))
    for sheet in (sums_sheet(late, NAMES, language), incidents_head(language, after(3))):
        first, second, *_ = rows_of(sheet)
        assert first[0].startswith(said)
        assert "2026-11-23 21:03:00" in first[0]
        assert len(second) > 10
    (line,) = [one for one in words_on_paper(late, language, monkeypatch) if one.startswith(said)]
    assert "2026-11-23 21:03:00" in line
    whole = words_on_paper(found(), language, monkeypatch)
    assert not any(one.startswith(said) for one in [*whole, *rows_of(sums_sheet(found(), NAMES, language))[0]])


def test_the_paper_counts_contradicting_stamps_in_a_column_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(clock_of(BLANK, STORY), departed_at=after(9))
    told = GoldenTimes(summed_up([wrong] * 41), [])
    said = words_on_paper(told, "ko", monkeypatch)
    head = said.index("시각 모순")
    assert said[head - 5 : head + 7] == [
        "구분", "상황", "도착", "이번 기간", "비교 기간", "시각 모순", "전체", "41", "41", "100.0 %", "–", "41",
    ]  # fmt: skip


def words_on_paper(told: GoldenTimes, language: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the report writes, in its order, in letters that every reader of PDF has."""
    said: list[str] = []

    class Listening(FPDF):
        def add_font(self, *_: object, **__: object) -> None: ...
        def set_font(self, *_: object, **__: object) -> None: ...
        def set_font_size(self, *_: object) -> None: ...
        def get_string_width(self, text: str, **_: object) -> float:
            return len(text) * 0.1

        def cell(self, _width: float, _height: float = 0, text: str = "", **_: object) -> None:
            said.append(text)

        def multi_cell(self, _width: float, _height: float, text: str, **_: object) -> None:
            said.append(text)

    monkeypatch.setattr(golden_pdf_module, "FPDF", Listening)
    monkeypatch.setattr(golden_pdf_module, "FACES", ())
    period = Period(CALL, after(60 * 24))
    golden_pdf(told, period, names=NAMES, language=language, fonts=FONTS, made_at=after(99))
    return said


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


FAR_OFF = [
    "since=0001-01-01", "since=0002-11-01&until=2026-11-02", "since=1000-01-01", "until=9999-12-31", "until=0001-01-01",
    "compare_since=0001-01-01&compare_until=2026-01-01", "compare_since=2026-01-01&compare_until=9999-12-31",
]  # fmt: skip


@pytest.mark.slow
async def test_days_far_off_and_half_a_period_to_compare_with_are_refused_in_words_and_by_their_input(
    hall: Hall,
) -> None:
    for page in ("golden-time", "golden-time/incidents", "golden-time.csv", "golden-time-incidents.csv"):
        for asked in FAR_OFF:
            answer = await hall.ask("operator", "GET", f"/api/{page}?{asked}")
            assert answer.status_code == 422, (page, asked)
            error = answer.json()["error"]
            assert error["text"]["ko"].startswith("날짜는 2000-01-01부터 ")
            assert error["text"]["en"].startswith("A day lies between 2000-01-01 and ")
            assert f"{error['field']}=" in asked
    for given, missing in (("compare_since", "compare_until"), ("compare_until", "compare_since")):
        answer = await hall.ask("operator", "GET", f"/api/golden-time?{given}=2026-01-01")
        assert answer.status_code == 422
        assert answer.json()["error"]["field"] == missing
    for asked in ("since=2026-11-02&until=2026-11-01", "compare_since=2026-01-02&compare_until=2026-01-01"):
        answer = await hall.ask("operator", "GET", f"/api/golden-time?{asked}")
        assert answer.status_code == 422
        assert answer.json()["error"]["text"]["ko"] == "시작이 끝보다 늦습니다."


@pytest.mark.slow
async def test_golden_times_made_again_are_on_record_and_called_behind_until_they_are(hall: Hall) -> None:
    await hall.opened()
    clocks = hall.platform.dispatching.clocks
    while await clocks.step():
        pass
    assert (await hall.ask("operator", "GET", "/api/golden-time")).json()["whole_until"] is None
    object.__setattr__(clocks.world, "clock", TickingClock(SystemClock().now() + timedelta(minutes=1)))
    assert (await hall.ask("operator", "POST", "/api/golden-time/rebuild")).status_code == 403
    assert (await hall.ask("admin", "POST", "/api/golden-time/rebuild")).status_code == 202
    told = (await hall.ask("operator", "GET", "/api/golden-time")).json()
    assert (told["rows"][0]["incidents"], told["whole_until"] is None) == (0, False)
    for sheet in ("golden-time", "golden-time-incidents"):
        assert "집계가 밀려" in (await hall.ask("operator", "GET", f"/api/{sheet}.csv?lang=ko")).text.splitlines()[0]
    links = hall.store.read_now(lambda look: look.list_audit(before=0, limit=9))
    entries = [one.entry for one in links if one.entry.action == "GoldenTimesBegunAgain"]
    assert [one.actor for one in entries] == ["acc-admin"]
    while await clocks.step():
        pass
    told = (await hall.ask("operator", "GET", "/api/golden-time")).json()
    assert (told["rows"][0]["incidents"], told["whole_until"]) == (1, None)


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
