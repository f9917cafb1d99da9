"""Draws docs/pictures/signal-priority.png and writes the figures into docs/explanation/signal-priority.md."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from bench.signals.figures import drives_of, figures, pairs_of

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "pictures" / "signal-priority.png"
PAGE = ROOT / "docs" / "explanation" / "signal-priority.md"
BEGIN, END = "<!-- figures: written by bench.signals.page -->", "<!-- /figures -->"
QUIET, LOUD = "#7A8896", "#0B6E4F"


def draw(runs: list[dict[str, Any]], found: dict[str, Any]) -> None:
    """Each drive without and with on the left; what the others lose, seed by seed, on the right."""
    mpl.use("Agg")
    pairs = pairs_of(runs)
    drives = drives_of(pairs)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=(3, 2))
    top = max(a for a, _ in drives) * 1.05
    left.plot([0, top], [0, top], color=QUIET, linewidth=1)
    left.plot([0, top], [0, 0.7 * top], color=QUIET, linewidth=1, linestyle="--")
    left.text(top * 0.98, top * 0.71, "30 % less", ha="right", va="bottom", color=QUIET, rotation=30)
    left.scatter([a for a, _ in drives], [b for _, b in drives], s=18, color=LOUD, alpha=0.75)
    left.set(xlim=(0, top), ylim=(0, top), xlabel="travel time without priority, s", ylabel="with priority, s")
    title = f"{found['drives']} emergency trips, {found['seeds']} seeds: mean {found['without_s']:.0f} s → "
    left.set_title(f"{title}{found['with_s']:.0f} s (−{100 * found['cut']:.0f} %)", fontsize=10)
    before = [plain["car_loss_s"] for plain, _ in pairs]
    after = [helped["car_loss_s"] for _, helped in pairs]
    right.scatter(before, after, s=18, color=LOUD, alpha=0.75)
    ends = [min(before + after) * 0.97, max(before + after) * 1.03]
    right.plot(ends, ends, color=QUIET, linewidth=1)
    right.set(xlabel="others' mean delay without, s", ylabel="with, s")
    right.set_title(f"all other vehicles: {found['others_added_s']:+.1f} s a trip", fontsize=10)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)


def table(found: dict[str, Any]) -> str:
    """The figures as the page has them."""
    rows = (
        ("씨앗 × 출동 · seeds, trips", f"{found['seeds']}, {found['drives']}"),
        ("평균 통행시간 · mean travel time", f"{found['without_s']:.0f} s → **{found['with_s']:.0f} s**"),
        (
            "단축 · cut",
            f"**{100 * found['cut']:.1f} %** (95 %: {100 * found['cut_low']:.0f}–{100 * found['cut_high']:.0f} %)",
        ),
        (
            "두 번 다 도착한 출동만 · of the trips that arrived both ways",
            f"{100 * found['cut_of_arrived']:.1f} % ({found['arrived']})",
        ),
        ("출동별 중앙값 · median of the trips' cuts", f"{100 * found['median_cut']:.1f} %"),
        ("신호·정체로 잃은 시간 · delay", f"−{100 * found['delay_cut']:.0f} %"),
        ("더 느려진 출동 · trips that became slower", f"{found['slower']}"),
        (
            "끝날 때까지 도착 못 함 · not arrived by the end",
            f"{found['unfinished_without']} → {found['unfinished_with']}",
        ),
        ("신호 수(출동당) · signals on a trip", f"{found['signals']:.1f}"),
        (
            "다른 차량의 지체 · other vehicles' delay",
            f"{found['others_without_s']:.0f} s → {found['others_added_s']:+.1f} s a trip",
        ),
        (
            "다른 차량 · other vehicles",
            f"{found['cars']} in a run, {found['others_kmh']:.1f} km/h on average",
        ),
        ("요청, 최대 시간에 걸린 것 · requests, held to the maximum", f"{found['asked']}, {found['maximum']}"),
        ("상충 녹색 · conflicting greens", f"**{found['conflicts']}**"),
        (
            "잘린 보행시간, 짧은 황색 · walks cut, short yellows",
            f"**{found['walks_cut']}** of {found['walks']}, **{found['short_yellows']}**",
        ),
    )
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def main(runs_file: Path) -> None:
    """Picture and page from a file of runs."""
    runs = [json.loads(line) for line in runs_file.read_text().splitlines() if line.startswith("{")]
    found = figures(runs)
    draw(runs, found)
    page = PAGE.read_text()
    new = f"{BEGIN}\n{table(found)}\n{END}"
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: new, page, flags=re.DOTALL))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "signals_runs" / "runs.jsonl")
