"""Runs the benches and writes bench/results.json; ONLY=name picks one group and leaves the others' figures standing."""

import importlib
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.ending import BenchFailed, end_in_order

GROUPS = {
    "first_light": ["choose", "report", "live", "media_view", "report_to_frame", "soak"],
    "choose": ["choose"],
    "storage": ["storage"],
    "intake": ["intake"],
    "report": ["report"],
    "live": ["live"],
    "media": ["media_view"],
    "report_to_frame": ["report_to_frame"],
    "soak": ["soak"],
    "dispatch": ["dispatch_roads", "positions", "same_place", "tcp_frames", "signals_sumo", "poor_link"],
    "roads": ["dispatch_roads"],
    "positions": ["positions"],
    "same_place": ["same_place"],
    "tcp_frames": ["tcp_frames"],
    "signals": ["signals_sumo"],
    "poor_link": ["poor_link"],
}
RESULTS = Path(__file__).parent / "results.json"
KEYS = ("bench", "what", "value", "unit", "rival", "ratio", "reach", "met")


def main(only: str | None) -> int:
    """Run, print and write; 1 when the name is unknown or a bench could not be run to its end."""
    if only is not None and only not in GROUPS:
        print(f"no bench {only!r}; there are: {', '.join(GROUPS)}")
        return 1
    end_in_order()
    names = GROUPS[only] if only else list(dict.fromkeys(name for group in GROUPS.values() for name in group))
    others = [row for row in written() if only and row.get("bench") not in (None, *names)]
    results: list[dict[str, Any]] = []
    broken: list[str] = []
    for name in names:
        print(f"== {name}", flush=True)
        for row in rows_of(name, broken):
            results.append({key: {"bench": name, **row}.get(key) for key in KEYS})
            print(line_of(row), flush=True)
            RESULTS.write_text(json.dumps([*others, *results], ensure_ascii=False, indent=1))
    missed = [row["what"] for row in results if row["met"] is False]
    print(
        f"{len(results)} figures in {RESULTS}; {len(missed)} not reached" + "".join(f"\n  - {what}" for what in missed)
    )
    return 1 if broken else 0


def written() -> list[dict[str, Any]]:
    """The figures of earlier runs; none where there are none, or nothing can be read."""
    try:
        return list(json.loads(RESULTS.read_text()))
    except (OSError, ValueError):
        return []


def rows_of(name: str, broken: list[str]) -> Iterator[dict[str, Any]]:
    """The bench's figures; one that breaks off is noted and said in a row of its own, and the others still run."""
    try:
        yield from importlib.import_module(f"bench.{name}").rows()
    except BenchFailed as failed:
        broken.append(name)
        yield {"what": f"{name}: not run to its end", "value": None, "unit": "", "rival": str(failed), "met": False}
    except Exception as problem:  # noqa: BLE001  the outermost loop of every bench
        traceback.print_exc()
        broken.append(name)
        what = f"{type(problem).__name__}: {problem}"[:300]
        yield {"what": f"{name}: not run to its end", "value": None, "unit": "", "rival": what, "met": False}


def line_of(row: dict[str, Any]) -> str:
    """One figure in one line."""
    mark = {True: "ok  ", False: "MISS", None: "    "}[row.get("met")]
    ratio = f"x{row['ratio']} of " if row.get("ratio") is not None else ""
    rival = f" ({ratio}{row['rival']})" if row.get("rival") else ""
    return f"{mark} {row['what']}: {row['value']} {row['unit']}{rival}; reach {row.get('reach') or '-'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
