"""Signal priority in eclipse-sumo on Suwon's own roads: travel time with and without, for the units and the others.

What drives is explained in docs/explanation/signal-priority.md, which `python -m bench.signals.page` keeps true.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.ending import BenchFailed, die_with_parent
from bench.rivals.environment import NotHere, environment
from bench.signals.figures import figures

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "signals_runs"
SEEDS = 30
WANTED_CUT = 0.30
AT_ONCE = 2


def rows() -> Iterator[dict[str, Any]]:
    try:
        python = environment("3.11", ROOT / "requirements" / "signals.txt") / "python"
    except NotHere as missing:
        yield {
            "what": "signal priority in SUMO",
            "value": None,
            "unit": "",
            "rival": f"not run: {missing}",
            "met": None,
        }
        return
    yield from told(figures(simulated(python, SEEDS)))


def simulated(python: Path, seeds: int) -> list[dict[str, Any]]:
    """A line of figures for each run; kept in build/signals_runs for the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*"):
        old.unlink()
    _call(python, "bench.signals.net", str(FOLDER))
    shares = [range(first, seeds + 1, AT_ONCE) for first in range(1, AT_ONCE + 1)]
    with ThreadPoolExecutor(AT_ONCE) as hands:
        told = list(
            hands.map(lambda share: _call(python, "bench.signals.run", str(FOLDER), ",".join(map(str, share))), shares)
        )
    lines = [line for text in told for line in text.splitlines() if line.startswith("{")]
    (FOLDER / "runs.jsonl").write_text("\n".join(lines) + "\n")
    return [json.loads(line) for line in lines]


def _call(python: Path, module: str, *arguments: str) -> str:
    path = os.pathsep.join((str(python.parent), os.environ.get("PATH", "")))
    variables = {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
    done = subprocess.run(
        [python, "-m", module, *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent,
    )
    if done.returncode != 0:
        msg = f"{module} ended with {done.returncode}: {done.stderr.strip()[-300:]}"
        raise BenchFailed(msg)
    return done.stdout


def told(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The figures as the bench prints them."""
    yield {
        "what": f"signal priority: travel time cut, {found['drives']} emergency trips of {found['seeds']} seeds",
        "value": round(100 * found["cut"], 1),
        "unit": "%",
        "rival": f"no priority: {found['without_s']:.0f} s -> {found['with_s']:.0f} s, the delay part cut by "
        f"{100 * found['delay_cut']:.0f} %; of the {found['arrived']} that arrived both ways "
        f"{100 * found['cut_of_arrived']:.1f} %; 95 % of seeds' resampled means {found['cut_low'] * 100:.0f} to "
        f"{found['cut_high'] * 100:.0f} %",
        "reach": f">= {100 * WANTED_CUT:.0f} %",
        "met": found["cut"] >= WANTED_CUT,
    }
    yield {
        "what": "signal priority: delay added to every other vehicle",
        "value": round(found["others_added_s"], 1),
        "unit": "s a trip",
        "rival": f"no priority: {found['others_without_s']:.0f} s lost a trip",
        "met": None,
    }
    yield {
        "what": "signal priority: conflicting greens, walks cut short and yellows too short, read from SUMO's states",
        "value": found["conflicts"] + found["walks_cut"] + found["short_yellows"],
        "unit": f"of {found['walks']} walks",
        "reach": "0",
        "met": found["conflicts"] + found["walks_cut"] + found["short_yellows"] == 0,
    }
