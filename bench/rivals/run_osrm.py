"""Run inside OSRM's own environment: a contracted graph from a .pbf, then timed tables and routes; answers as JSON."""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import osrm

job = json.loads(Path(sys.argv[1]).read_text())
folder = Path(job["folder"]) / "osrm"
folder.mkdir(exist_ok=True)
pbf = folder / "city.osm.pbf"
shutil.copy(job["pbf"], pbf)
programs = Path(osrm.__file__).parent / "bin"
profile = Path(osrm.__file__).parent / "share/profiles/car.lua"
graph = folder / "city.osrm"
subprocess.run([programs / "osrm-extract", "-p", profile, pbf], check=True, capture_output=True, cwd=folder)
subprocess.run([programs / "osrm-contract", graph], check=True, capture_output=True, cwd=folder)
engine = osrm.OSRM(storage_config=str(graph), algorithm="CH", use_shared_memory=False)


def table(scene: list[float], units: list[list[float]]):
    parameters = osrm.TableParameters(
        coordinates=[tuple(scene), *map(tuple, units)],
        sources=list(range(1, len(units) + 1)),
        destinations=[0],
        annotations=["duration"],
        generate_hints=False,
    )
    return engine.Table(parameters)


def route(a: list[float], b: list[float]):
    return engine.Route(osrm.RouteParameters(coordinates=[tuple(a), tuple(b)], steps=False, generate_hints=False))


def timed(ask, asked) -> tuple[list[list[float]], list]:
    """Each one's milliseconds in every round, and the answers; None for what cannot be answered."""
    took, answers = [[] for _ in asked], [None] * len(asked)
    for _ in range(job["rounds"]):
        for number, one in enumerate(asked):
            start = time.perf_counter()
            with contextlib.suppress(RuntimeError):
                answers[number] = ask(*one)
            took[number].append((time.perf_counter() - start) * 1000)
    return took, answers


def plain(answer, count: int) -> list:
    if answer is None:
        return []
    rows = answer["durations"]
    found = []
    for number in range(count):
        value = rows[number][0]
        found.append(float(value) if isinstance(value, (int, float)) else None)
    return found


timed(table, job["matrices"][:20])
took, answers = timed(table, job["matrices"])
seconds = [plain(answer, len(units)) for answer, (_, units) in zip(answers, job["matrices"], strict=True)]
routed, _ = timed(route, job["routes"])
Path(sys.argv[2]).write_text(json.dumps({"matrix_ms": took, "seconds": seconds, "route_ms": routed}))
