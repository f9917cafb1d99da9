"""What is told of a drill, meanwhile and at its end: answers, golden times, how well calls of one event were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

from goldentime.city.incidents.same import WINDOW
from goldentime.core.clock import KST
from goldentime.sim.city_day.judged import Judgement
from goldentime.sim.city_day.plan import Call
from goldentime.sim.drill.desk import LOOK_EVERY
from goldentime.sim.drill.figures import Answers, Figures, Truth

NOTICED = 30.0  # seconds of the played day; beyond them the golden times are called inflated
LONG_ENOUGH = 3600.0  # seconds of the played day within which somebody arrives, wherever the call is
TIME_TO_SEE = 10.0  # real seconds that crews and desk get for it at the least, however fast the day


@dataclass(frozen=True, slots=True)
class Result:
    """All that is told, of all parts of a drill; `golden` is the platform's own page of the drill's golden times."""

    calls: int
    answers: Answers
    truth: Truth
    judged: Judgement
    golden: dict[str, Any] | None
    speed: float = 1.0
    left: float = 0.0  # seconds of the played day that the first units ordered had to arrive in

    @property
    def is_good(self) -> bool:
        """Whether every report was answered, and accepted, and of units ordered in good time some arrived."""
        accepted = not self.answers.failed and not self.answers.refused and self.answers.sent > 0
        return accepted and not self.has_nobody_arrived

    @property
    def has_nobody_arrived(self) -> bool:
        """Whether units were ordered, had the time to arrive, and none did, by the desk's eyes and the platform's."""
        rows = (self.golden or {}).get("rows") or ()
        arrived = self.truth.arrived or any(row["arrived"] for row in rows)
        in_time = self.left >= max(LONG_ENOUGH, TIME_TO_SEE * self.speed)
        return bool(self.truth.ordered) and in_time and not arrived

    @property
    def waited(self) -> float:
        """Seconds of the played day an order waits for the machine: half of the desk's pause, and the median answer."""
        return (LOOK_EVERY / 2 + self.answers.quantile(0.5) / 1000) * self.speed

    @property
    def is_inflated(self) -> bool:
        """Whether waiting for the machine's answers is a part of the golden times that is worth a word."""
        return self.waited > NOTICED


def left_to_arrive(calls: Sequence[Call], figures: Figures) -> float:
    """Seconds of the played day from the first call that units were ordered to until the last call; 0 without one."""
    ordered = {figures.truth.call_of.get(one) for one in figures.agency_of}
    return next((calls[-1].at - call.at for call in calls if call.number in ordered), 0.0)


def judge(calls: Sequence[Call], truth: Truth) -> Judgement:
    """What the platform suggested and joined, against what the day knows; pairs with a call beyond these do not count.

    A drill that was killed knows of calls that it sends again after it goes on.
    """
    by_number = {call.number: call for call in calls}
    shown = right = joined = wrong = 0
    met: set[int] = set()
    for pair, state in truth.pairs.items():
        both = [by_number[number] for one in pair if (number := truth.call_of.get(one)) in by_number]
        if len(both) != 2:
            continue
        is_one = both[0].event == both[1].event
        shown, right = shown + 1, right + is_one
        joined += state == "joined"
        wrong += state == "joined" and not is_one
        if is_one:
            met.add(max(both, key=lambda call: call.at).number)
    due = [call.number for place, call in enumerate(calls) if _follows(calls, place)]
    found = sum(number in met for number in due)
    return Judgement(len(due), found, shown, right, joined, wrong)


def _follows(calls: Sequence[Call], place: int) -> bool:
    """Whether an earlier call of the same event is still open then."""
    call = calls[place]
    window = WINDOW.total_seconds()
    for other in reversed(calls[:place]):
        if call.at - other.at > window:
            return False
        if other.event == call.event and call.at - other.at < other.ends_after:
            return True
    return False


def progress_words(figures: Figures, total: int, at: datetime) -> str:
    """The line for a terminal while it goes on, Korean and English; `at` is the time of the played day."""
    answers, truth = figures.answers, figures.truth
    return (
        f"[훈련 drill {at.astimezone(KST):%H:%M}] 신고 reports {answers.sent}/{total} · "
        f"p99 {answers.quantile(0.99):.0f} ms · 출동 ordered {truth.ordered} · 도착 arrived {truth.arrived} · "
        f"같은 상황 same event {len(truth.pairs)}"
    )


def result_words(result: Result) -> str:
    """The summary for a terminal, Korean and English."""
    answers, judged, truth = result.answers, result.judged, result.truth
    lines = [
        "훈련 결과 · 실제 상황이 아닙니다 / drill result, nothing of it real",
        (
            f"신고 reports {answers.sent}/{result.calls} · 종료 ended {answers.ended} · 거절 refused "
            f"{answers.refused} · 실패 failed {answers.failed}"
        ),
        f"응답 answers p50 {answers.quantile(0.5):.1f} ms · p99 {answers.quantile(0.99):.1f} ms",
        (
            f"출동 ordered {truth.ordered} · 도착 arrived {truth.arrived} (위치로 by position {truth.by_position}) · "
            f"출동대 없음 unserved {truth.unserved} · 비긴급 not urgent {truth.waived}"
        ),
        (
            f"같은 상황 same event: 정밀도 precision {judged.precision:.3f} ({judged.right}/{judged.shown}) · "
            f"재현율 recall {judged.recall:.3f} ({judged.found}/{judged.due}) · 자동 joined {judged.joined} "
            f"(잘못 wrong {judged.joined_wrong})"
        ),
    ]
    lines += _cautions(result)
    if result.golden:
        lines += ["", *_golden_lines(result.golden)]
    return "\n".join(lines)


def result_json(told: Result) -> dict[str, Any]:
    """The same for other programs."""
    answers, truth = told.answers, told.truth
    return {
        "reports": {
            "planned": told.calls,
            "sent": answers.sent,
            "refused": answers.refused,
            "failed": answers.failed,
        },
        "answers_ms": {"p50": round(answers.quantile(0.5), 1), "p99": round(answers.quantile(0.99), 1)},
        "units": {
            "ordered": truth.ordered,
            "arrived": truth.arrived,
            "by_position": truth.by_position,
            "unserved": truth.unserved,
        },
        "same": {"precision": round(told.judged.precision, 4), "recall": round(told.judged.recall, 4)},
        "speed": told.speed,
        "golden_inflated": told.is_inflated,
        "golden": told.golden,
    }


def _cautions(result: Result) -> list[str]:
    """What must be known to read the figures rightly."""
    lines = []
    if result.has_nobody_arrived:
        lines += [
            "문제: 출동 지령은 나갔으나 현장에 도착한 출동대가 하나도 없음",
            "problem: units were ordered, and not one of them arrived",
        ]
    if whole := (result.golden or {}).get("whole_until"):
        lines.append(
            f"주의: 골든타임 집계가 밀려 {whole}까지만 셌음 / golden times are behind: all counted up to {whole}"
        )
    if not result.is_inflated:
        return lines
    late, speed = round(result.waited), f"{result.speed:g}"
    return [
        *lines,
        f"주의: {speed}배에서는 응답 대기에 놀이된 시간 {late}초가 걸려 골든타임이 부풀려짐. --speed를 낮출 것",
        f"warning: at speed {speed} waiting takes {late} s of the played day: golden times are inflated",
    ]


def _golden_lines(golden: dict[str, Any]) -> list[str]:
    table: list[tuple[str, ...]] = [
        ("골든타임", "상황", "도착", "7분 이내", "중앙값", "p90"),
        ("golden time", "incidents", "arrived", "within 7 min", "p50", "p90"),
    ]
    above = {"ko": "", "en": ""}
    for row in golden["rows"]:
        table.append(_golden_row(row, above))
        above = row["name"] if row["depth"] == 1 else above  # what is below it need not name it again
    widths = [max(map(_cells, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *others in table:
        told = (" " * (width - _cells(one)) + one for one, width in zip(others, widths[1:], strict=True))
        lines.append("  ".join((first + " " * (widths[0] - _cells(first)), *told)))
    return lines


def _golden_row(row: dict[str, Any], above: Mapping[str, str]) -> tuple[str, ...]:
    response = row["legs"]["response"]
    names = dict.fromkeys(row["name"][language].removeprefix(f"{above[language]} · ") for language in ("ko", "en"))
    return (
        "  " * row["depth"] + " ".join(names),
        str(row["incidents"]),
        str(row["arrived"]),
        "–" if row["share"] is None else f"{row['share'] * 100:.1f}%",
        _clock(response["median"]),
        _clock(response["p90"]),
    )


def _cells(text: str) -> int:
    """How wide it is on a terminal, where a Korean letter takes two cells."""
    return sum(1 + (east_asian_width(one) in "WF") for one in text)


def _clock(seconds: float | None) -> str:
    return "–" if seconds is None else f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
