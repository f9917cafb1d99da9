"""What is told of a drill: how it is judged, when it is good, and that its figures are whole after a stop."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from goldentime.drill.plan import FIGURES, figures_in
from goldentime.sim.city_day import Wish, paper_spots, plan_day
from goldentime.sim.drill import Answers, Figures, Result, Truth, judge, left_to_arrive, progress_words, result_words


def test_a_day_whose_every_truth_was_suggested_is_judged_perfect_and_one_wrong_pair_is_seen() -> None:
    day = plan_day(Wish(reports=300, seed=5), paper_spots(7))
    truth = Truth()
    for call in day.calls:
        truth.incident_of[call.number], truth.call_of[f"inc-{call.number}"] = f"inc-{call.number}", call.number
    for place, call in enumerate(day.calls):
        for other in day.calls[:place]:
            if other.event == call.event:
                truth.pairs[frozenset({f"inc-{call.number}", f"inc-{other.number}"})] = "alike"
    perfect = judge(day.calls, truth)
    assert (perfect.precision, perfect.recall) == (1.0, 1.0)
    a, b = (next(c for c in day.calls if c.event == event) for event in (day.calls[0].event, day.calls[-1].event))
    truth.pairs[frozenset({f"inc-{a.number}", f"inc-{b.number}"})] = "joined"
    assert judge(day.calls, truth).joined_wrong == 1


def test_pairs_with_calls_that_a_drill_sends_again_only_later_are_not_judged_yet() -> None:
    day = plan_day(Wish(reports=60, seed=5), paper_spots(3)).calls
    figures = Figures()
    for call in day[:10]:
        figures.opened(call.number, f"inc-{call.number}")
    figures.paired(f"inc-{day[8].number}", f"inc-{day[9].number}", "joined")
    figures.paired(f"inc-{day[3].number}", f"inc-{day[9].number}", "joined")
    figures.paired(f"inc-{day[0].number}", f"inc-{day[1].number}", "alike")
    assert (judge(day[:4], figures.truth).shown, judge(day[:4], figures.truth).joined) == (1, 0)
    assert (judge(day, figures.truth).shown, judge(day, figures.truth).joined) == (3, 2)


def test_a_drill_with_an_unanswered_report_is_not_good_and_says_so() -> None:
    answers = Answers(milliseconds=[5.0], sent=2, failed=1)
    told = Result(2, answers, Truth(), judge([], Truth()), None)
    assert not told.is_good
    assert "failed 1" in result_words(told)


def came_of(figures: Figures, *, speed: float = 60.0, ordered: int = 0, golden: int = 0) -> Result:
    day = plan_day(Wish(reports=60, seed=5), paper_spots(3)).calls
    figures.answered(day[0].number, 5.0, "", ended=False)
    figures.opened(day[ordered].number, "inc")
    figures.ordered("inc", "agency-112", 2)
    row = {"arrived": golden, "incidents": 60, "share": None, "depth": 0, "name": {"ko": "전체", "en": "All"}}
    table = {"rows": [row | {"legs": {"response": {"median": None, "p90": None}}}]}
    left = left_to_arrive(day, figures)
    return Result(60, figures.answers, figures.truth, judge(day, figures.truth), table, speed=speed, left=left)


def test_a_drill_whose_ordered_units_all_stay_away_is_not_good_and_says_so() -> None:
    told = came_of(Figures())
    assert not told.is_good
    assert "not one of them arrived" in result_words(told)
    assert "도착한 출동대가 하나도 없음" in result_words(told)


def test_a_drill_is_good_where_somebody_came_and_where_nobody_could_have_come_yet() -> None:
    seen = Figures()
    seen.came("P011", "ord-1", by_position=True)
    fine = (came_of(seen), came_of(Figures(), golden=1), came_of(Figures(), ordered=59))
    for told in (*fine, came_of(Figures(), speed=20_000.0)):  # the last one's day was over in four seconds
        assert told.is_good
        assert "not one of them arrived" not in result_words(told)
    assert left_to_arrive([], Figures()) == 0.0


def test_what_a_drill_tells_is_told_in_both_languages_and_its_table_stands_in_columns() -> None:
    figures = Figures()
    figures.answered(1, 12.0, "", ended=False)
    figures.came("P011", "ord-1", by_position=True)
    line = progress_words(figures, 60, datetime(2026, 11, 23, 3, 5, tzinfo=UTC))
    assert line.startswith("[훈련 drill 12:05] 신고 reports 1/60 · p99 12 ms")
    assert "도착 arrived 1" in line
    leg = {"response": {"median": 245.0, "p90": 601.0}}
    row = {"incidents": 6, "arrived": 5, "share": 0.8, "legs": leg, "depth": 0, "name": {"ko": "전체", "en": "All"}}
    inner = row | {"depth": 1, "name": {"ko": "112 출동지원", "en": "112 dispatch support"}}
    least = row | {"depth": 2, "name": {"ko": "112 출동지원 · 소란·주취", "en": "112 dispatch support · disorder"}}
    told = Result(1, figures.answers, figures.truth, judge([], Truth()), {"rows": [row, inner, least]})
    table = result_words(told).splitlines()[-5:]
    assert [one.split()[0] for one in table] == ["골든타임", "golden", "전체", "112", "소란·주취"]
    assert "incidents" in table[1]
    assert table[2].startswith("전체 All ")
    assert table[3].startswith("  112 출동지원 112 dispatch support  ")
    assert table[4].startswith("    소란·주취 disorder  ")
    assert all("80.0%" in one and one.endswith("4:05  10:01") for one in table[2:])
    assert len({sum(2 if "가" <= letter <= "힣" else 1 for letter in one) for one in table}) == 1


@pytest.mark.parametrize(("milliseconds", "speed", "said"), [(40.0, 2000.0, True), (40.0, 60.0, False)])
def test_golden_times_of_a_drill_played_too_fast_for_its_machine_are_called_inflated(milliseconds, speed, said) -> None:
    answers = Answers(milliseconds=[milliseconds] * 3, sent=3)
    told = Result(3, answers, Truth(), judge([], Truth()), None, speed=speed)
    assert told.is_inflated is said
    assert ("inflated" in result_words(told)) is said


def test_the_figures_of_all_parts_of_a_stopped_drill_are_summed_and_what_comes_again_counts_once(
    tmp_path: Path,
) -> None:
    with figures_in(tmp_path) as first:
        first.answered(1, 5.0, "", ended=False)
        first.answered(2, 9.0, "no such place", ended=False)
        first.answered(1, 7.0, "", ended=True)
        first.opened(1, "inc-1")
        first.paired("inc-1", "inc-2", "alike")
        first.ordered("inc-1", "agency-112", 2)
        first.came("P011", "ord-1", by_position=True)
    with (tmp_path / FIGURES).open("a") as torn:
        torn.write('["report", 3')  # the machine lost its power while it wrote
    with figures_in(tmp_path) as second:
        second.answered(1, 700.0, "", ended=False)  # sent again after the stop
        second.came("P011", "ord-1", by_position=True)  # and still there
        second.answered(3, None, "TimeoutError", ended=False)
        second.came("P012", "ord-1", by_position=False)
        second.left_alone("inc-3", urgent=True)
    with figures_in(tmp_path) as whole:
        assert whole.answers == Answers([5.0, 7.0], 3, 1, 1, 1, ["no such place", "TimeoutError"])
        truth = Truth({1: "inc-1"}, {"inc-1": 1}, {frozenset({"inc-1", "inc-2"}): "alike"}, 2, 2, 1, 1)
        assert whole.truth == truth
        assert whole.agency_of == {"inc-1": "agency-112"}


def test_a_suggested_pair_that_is_joined_later_counts_as_joined_in_every_part_of_a_drill(tmp_path: Path) -> None:
    pair = frozenset({"inc-1", "inc-2"})
    with figures_in(tmp_path) as first:
        first.paired("inc-1", "inc-2", "alike")
        first.paired("inc-2", "inc-1", "joined")
        for _ in range(3):
            first.paired("inc-1", "inc-2", "joined")
        assert first.truth.pairs == {pair: "joined"}
    assert len((tmp_path / FIGURES).read_text().splitlines()) == 2
    with figures_in(tmp_path) as second:
        assert second.truth.pairs == {pair: "joined"}
        second.paired("inc-1", "inc-2", "alike")  # taken apart, and suggested again
        assert second.truth.pairs == {pair: "alike"}
