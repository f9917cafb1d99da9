"""Run inside Valhalla's own environment: tiles from a .pbf, then timed matrices and routes; answers as JSON."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from valhalla import PYVALHALLA_DIR, Actor, get_config

job = json.loads(Path(sys.argv[1]).read_text())
folder = Path(job["folder"]) / "valhalla"
(folder / "tiles").mkdir(parents=True, exist_ok=True)
config = get_config(tile_extract="", tile_dir=str(folder / "tiles"), verbose=False)
config["service_limits"]["auto"]["max_matrix_location_pairs"] = 100_000
config["service_limits"]["auto"]["max_matrix_distance"] = 400_000.0
path = folder / "valhalla.json"
path.write_text(json.dumps(config))
build = PYVALHALLA_DIR / "bin/valhalla_build_tiles"
subprocess.run([build, "-c", path.resolve(), Path(job["pbf"]).resolve()], check=True, capture_output=True, cwd=folder)
actor = Actor(str(path))


def place(point: list[float]) -> dict[str, float]:
    return {"lon": point[0], "lat": point[1]}


def timed(ask, asked: list[str]) -> tuple[list[list[float]], list[str]]:
    """Each one's milliseconds in every round, and the raw answers; what cannot be answered is an empty one."""
    took, answers = [[] for _ in asked], ["{}"] * len(asked)
    for _ in range(job["rounds"]):
        for number, one in enumerate(asked):
            start = time.perf_counter()
            with contextlib.suppress(RuntimeError):
                answers[number] = ask(one)
            took[number].append((time.perf_counter() - start) * 1000)
    return took, answers


matrices = [
    json.dumps({"sources": [place(p) for p in units], "targets": [place(scene)], "costing": "auto", "verbose": False})
    for scene, units in job["matrices"]
]
routes = [
    json.dumps({"locations": [place(a), place(b)], "costing": "auto", "directions_type": "none"})
    for a, b in job["routes"]
]
timed(actor.matrix, matrices[:20])  # its tiles are in memory by then
timed(actor.route, routes[:20])
took, answers = timed(actor.matrix, matrices)
seconds = []
for answer in answers:
    rows = json.loads(answer).get("sources_to_targets", {})
    durations = rows["durations"] if isinstance(rows, dict) and rows else []
    seconds.append([row[0] for row in durations])
routed, _ = timed(actor.route, routes)
Path(sys.argv[2]).write_text(json.dumps({"matrix_ms": took, "seconds": seconds, "route_ms": routed}))
