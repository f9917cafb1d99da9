"""How golden times look on paper: A4, in the console's own letters, every chart with its table."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from goldentime.city.incidents.durations import Summary
from goldentime.city.incidents.golden_time import LEG_NAMES, Leg
from goldentime.core.clock import KST
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Language, Text
from goldentime.edges.wire.golden_time import Names, lag_words, title_of
from goldentime.flows.clocks.read_golden_time import GoldenTimes, Period

FACES = (("", "Pretendard-Regular.ttf"), ("B", "Pretendard-Bold.ttf"))
MOST_ROWS = 80  # groups on paper; the rest is in the sheet
_WIDTH, _LEFT = 180.0, 15.0  # millimetres
_INK, _PALE, _LINE, _BAR, _OLD = (22, 30, 39), (86, 101, 119), (195, 203, 212), (61, 139, 255), (174, 188, 202)
_CAUTION = (184, 92, 0)
_SHOWN = (Leg.INTAKE, Leg.SEEN, Leg.ORDERED, Leg.TURNOUT, Leg.TRAVEL, Leg.RESPONSE)

_TITLE = Text("골든타임 보고서", "Golden time report")
_WORDS = {
    "share": Text("7분 이내 도착 비율 (신고→도착)", "Share that arrived within 7 minutes (call to arrival)"),
    "legs": Text("구간별 소요 시간 · 중앙값 / 90번째 백분위", "Each leg · median / 90th percentile"),
    "group": Text("구분", "Group"),
    "count": Text("상황", "Incidents"),
    "arrived": Text("도착", "Arrived"),
    "now": Text("이번 기간", "This period"),
    "before": Text("비교 기간", "Compared with"),
    "drill": Text("훈련 통계 · 실제 상황이 아닙니다", "Statistics of drills · not real incidents"),
    "note": Text(
        "7분은 소방청이 관리하는 골든타임입니다. 도착하지 않은 상황은 비율에 넣지 않고, "
        "시각이 서로 모순되는 구간은 제외합니다.",
        "Seven minutes is the golden time of the National Fire Agency. Incidents nobody has arrived at are not in the "
        "share; legs whose stamps contradict each other are left out.",
    ),
    "doubtful": Text("시각 모순", "Contradicting"),
    "cut": Text(
        f"구분이 많아 앞의 {MOST_ROWS}개만 실었습니다. 전부는 CSV에 있습니다.",
        f"The first {MOST_ROWS} groups only; the sheet (CSV) has them all.",
    ),
}


def golden_pdf(
    found: GoldenTimes, period: Period, *, names: Names, language: Language, fonts: Path, made_at: datetime
) -> bytes:
    """The report as PDF with its letters embedded; raises OperatorsError when the console's letters are not there."""
    return _Report(found, period, names, language, fonts, made_at).drawn()


def _days(period: Period) -> str:
    last = period.until - timedelta(microseconds=1)  # the period ends before its end
    return f"{period.since.astimezone(KST):%Y-%m-%d} – {last.astimezone(KST):%Y-%m-%d}"


class _Report:
    def __init__(
        self, found: GoldenTimes, period: Period, names: Names, language: Language, fonts: Path, made_at: datetime
    ) -> None:
        missing = [face for _, face in FACES if not (fonts / face).exists()]
        if missing:
            raise OperatorsError(
                Text(
                    f"글꼴이 없어 PDF를 만들 수 없습니다: {fonts / missing[0]}. make console을 실행하세요.",
                    f"No PDF without its font: {fonts / missing[0]}. Run make console.",
                )
            )
        self._found, self._period, self._names, self._language = found, period, names, language
        self._made_at = made_at
        self._pdf = FPDF(format="A4")
        for style, face in FACES:
            self._pdf.add_font("Pretendard", style, fonts / face)
        self._pdf.set_auto_page_break(auto=True, margin=15)
        self._pdf.set_margins(_LEFT, 15, _LEFT)
        self._pdf.set_title(_TITLE.in_language(language))

    def drawn(self) -> bytes:
        self._pdf.add_page()
        self._head()
        rows = self._found.now[:MOST_ROWS]
        self._shares(rows)
        self._legs(rows)
        self._line(_WORDS["note"], 8, _PALE)
        if len(self._found.now) > MOST_ROWS:
            self._line(_WORDS["cut"], 8, _PALE)
        return bytes(self._pdf.output())

    def _say(self, text: Text) -> str:
        return text.in_language(self._language)

    def _line(self, text: Text | str, size: float, ink: tuple[int, int, int] = _INK, *, bold: bool = False) -> None:
        self._pdf.set_font("Pretendard", "B" if bold else "", size)
        self._pdf.set_text_color(*ink)
        words = text if isinstance(text, str) else self._say(text)
        self._pdf.multi_cell(_WIDTH, size * 0.55, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _head(self) -> None:
        self._line(_TITLE, 20, bold=True)
        self._line(f"{_days(self._period)} (KST) · {self._made_at.astimezone(KST):%Y-%m-%d %H:%M}", 9, _PALE)
        if self._found.earlier is not None:
            self._line(f"{self._say(_WORDS['before'])}: {_days(self._found.earlier)}", 9, _PALE)
        if self._period.drill:
            self._line(_WORDS["drill"], 11, _CAUTION, bold=True)
        if self._found.whole_until is not None:
            self._line(lag_words(self._found.whole_until), 11, _CAUTION, bold=True)
        self._pdf.ln(4)

    def _shares(self, rows: Sequence[Summary]) -> None:
        self._line(_WORDS["share"], 12, bold=True)
        self._pdf.ln(1)
        older = {one.key: one for one in self._found.before}
        for one in rows:
            before = older.get(one.key)
            self._bar(one, before)
        self._pdf.ln(2)
        head = [_WORDS[key] for key in ("group", "count", "arrived", "now", "before", "doubtful")]
        table = [
            [
                self._name(one),
                f"{one.incidents:,}",
                f"{one.arrived:,}",
                _share(one),
                _share(older.get(one.key)),
                f"{one.doubtful:,}",
            ]
            for one in rows
        ]
        self._table([self._say(word) for word in head], table, (68, 20, 20, 24, 24, 24))

    def _bar(self, one: Summary, before: Summary | None) -> None:
        pdf, top = self._pdf, self._pdf.get_y()
        if top > 265:
            pdf.add_page()
            top = pdf.get_y()
        pdf.set_font("Pretendard", "", 8.5)
        pdf.set_text_color(*_INK)
        pdf.set_xy(_LEFT, top)
        pdf.cell(62, 5, self._fitted(self._name(one), 60))
        room, at = 96.0, _LEFT + 64
        pdf.set_draw_color(*_LINE)
        pdf.rect(at, top + 0.6, room, 3.8)
        for share, colour, height, down in (
            (before.share_within if before else None, _OLD, 1.2, 3.2),
            (one.share_within, _BAR, 2.6, 0.6),
        ):
            if share:
                pdf.set_fill_color(*colour)
                pdf.rect(at, top + down, room * share, height, style="F")
        pdf.set_xy(at + room + 2, top)
        pdf.cell(18, 5, _share(one), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _legs(self, rows: Sequence[Summary]) -> None:
        self._pdf.ln(4)
        self._line(_WORDS["legs"], 12, bold=True)
        self._pdf.ln(1)
        head = [self._say(_WORDS["group"]), *(self._say(LEG_NAMES[leg]) for leg in _SHOWN)]
        table = [[self._name(one), *(_minutes(one, leg) for leg in _SHOWN)] for one in rows]
        self._table(head, table, (51, 21.5, 21.5, 21.5, 21.5, 21.5, 21.5))
        self._pdf.ln(3)

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: tuple[float, ...]) -> None:
        pdf = self._pdf
        pdf.set_draw_color(*_LINE)
        for number, cells in enumerate([head, *rows]):
            if pdf.get_y() > 275:
                pdf.add_page()
            self._set_row_font(cells, widths, is_head=number == 0)
            pdf.set_text_color(*(_PALE if number == 0 else _INK))
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
                pdf.cell(width, 6, self._fitted(cell, width - 2), border="B", align="L" if column == 0 else "R")
            pdf.ln(6)

    def _set_row_font(self, cells: Sequence[str], widths: tuple[float, ...], *, is_head: bool) -> None:
        """8 points; a head that would not fit goes down to 5."""
        pdf, size = self._pdf, 8.0
        pdf.set_font("Pretendard", "B" if is_head else "", size)
        while (
            is_head
            and size > 5
            and any(pdf.get_string_width(cell) > width - 2 for cell, width in zip(cells, widths, strict=True))
        ):
            size -= 0.25
            pdf.set_font_size(size)

    def _name(self, one: Summary) -> str:
        return title_of(one, self._names).in_language(self._language)

    def _fitted(self, words: str, width: float) -> str:
        """The words, shortened until they fit that many millimetres."""
        if self._pdf.get_string_width(words) <= width:
            return words
        while words and self._pdf.get_string_width(f"{words}…") > width:
            words = words[:-1]
        return f"{words}…"


def _share(one: Summary | None) -> str:
    return "–" if one is None or one.share_within is None else f"{one.share_within * 100:.1f} %"


def _minutes(one: Summary, leg: Leg) -> str:
    spread = one.legs[leg]
    if spread.median is None or spread.ninetieth is None:
        return "–"
    return f"{_clock(spread.median)} / {_clock(spread.ninetieth)}"


def _clock(seconds: float) -> str:
    whole = int(seconds)  # as the console writes it: a second counts when it is over
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"
