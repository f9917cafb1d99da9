"""One group of benches runs alone, and leaves what the others measured earlier where it is written."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_GROUP = """
import sys
from pathlib import Path
from bench import __main__ as benches, choose

benches.RESULTS = Path(sys.argv[1])
choose.rows = lambda: [{"what": "round", "value": 2, "unit": ""}]
sys.exit(benches.main(sys.argv[2]))
"""
GROUPS = """
import json
from importlib.util import find_spec
from bench.__main__ import GROUPS

assert all(find_spec(f"bench.{name}") for group in GROUPS.values() for name in group)
print(json.dumps(GROUPS))
"""


def run(script: str, *given: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", script, *given]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_one_group_s_run_replaces_its_own_figures_only(tmp_path: Path) -> None:
    written = tmp_path / "results.json"
    written.write_text(json.dumps([{"bench": "storage", "value": 1}, {"bench": "choose", "value": 1}]))
    assert run(ONE_GROUP, str(written), "choose").returncode == 0
    kept, measured = json.loads(written.read_text())
    assert kept == {"bench": "storage", "value": 1}
    assert (measured["bench"], measured["value"]) == ("choose", 2)


def test_an_unknown_group_runs_nothing_and_names_those_there_are(tmp_path: Path) -> None:
    asked = run(ONE_GROUP, str(tmp_path / "results.json"), "nothing")
    assert (asked.returncode, "tcp_frames" in asked.stdout) == (1, True)
    assert not (tmp_path / "results.json").exists()


def test_every_bench_named_is_there_and_those_of_dispatch_run_alone_too() -> None:
    groups = json.loads(run(GROUPS).stdout)
    assert all([name] in groups.values() for name in groups["dispatch"])
